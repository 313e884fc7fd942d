"""The activity page."""

from proxycast.desktop.pages.activity.page import ActivityPage

__all__ = ["ActivityPage"]
