"""The page of the credential pool."""

from proxycast.desktop.pages.pool.page import PoolPage

__all__ = ["PoolPage"]
