"""The first steps: a credential or the demo, its check, and the lines for a client."""

from proxycast.desktop.first_run.dialog import FirstRun

__all__ = ["FirstRun"]
