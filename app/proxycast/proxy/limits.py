"""What a client may ask of the proxy."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes in bytes, times in seconds.

    A body has `body_seconds` to arrive, and after that as long as it keeps up `body_rate` bytes per second on average.
    `linger` is how long a refused client may go on sending before its connection is aborted. A translated stream that
    is silent for `ping_seconds` gets a ping: Claude Code gives up after 300 s, other clients sooner.
    """

    head_bytes: int = 32 * 1024
    headers: int = 100
    body_bytes: int = 32 * 1024 * 1024
    connections: int = 512
    head_seconds: float = 10.0
    body_seconds: float = 60.0
    body_rate: int = 16 * 1024
    keep_alive: float = 75.0
    linger: float = 2.0
    ping_seconds: float = 15.0
