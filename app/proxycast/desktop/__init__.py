"""The window, the tray and the event loop they share with the proxy."""
