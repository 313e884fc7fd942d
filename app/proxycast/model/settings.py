"""What applies to the program as a whole."""

from __future__ import annotations

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The program's settings.

    `host` and `port` are where the proxy listens; port 0 picks a free one. `proxy` is `system`, `none` or the URL of an
    HTTP CONNECT or SOCKS5 proxy on the way to the services.
    """

    host: str = "127.0.0.1"
    port: int = 8999
    proxy: str = "system"
