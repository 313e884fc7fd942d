"""Dialogs over the window, opened with `open()`, never with a loop of their own."""
