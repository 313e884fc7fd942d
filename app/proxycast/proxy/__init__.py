"""The data path: from a client's bytes to the service's, and back."""
