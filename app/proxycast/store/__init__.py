"""Where credentials, secrets and records live."""
