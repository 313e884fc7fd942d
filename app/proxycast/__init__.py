"""ProxyCast: a desktop credential manager for Claude with an embedded proxy."""

__version__ = "0.1.0"
