"""How one kind of credential speaks to its service."""
