"""What applies to the program as a whole."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class LogLevel(StrEnum):
    """From which weight on the program writes its own records into its log."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The program's settings.

    `host` and `port` are where the proxy listens; port 0 picks a free one. `proxy` is `system`, `none` or the URL of an
    HTTP CONNECT or SOCKS5 proxy on the way to the services.
    """

    host: str = "127.0.0.1"
    port: int = 8999
    proxy: str = "system"
    log_level: LogLevel = LogLevel.INFO
