"""The staged check in the window: its stages as they run, its result, and what can be done about it."""
