"""The page of the clients: what points each of them at the proxy, and a first message."""

from proxycast.desktop.pages.clients.page import ClientsPage

__all__ = ["ClientsPage"]
