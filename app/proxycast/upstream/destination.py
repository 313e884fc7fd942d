"""Where a connection goes."""

from __future__ import annotations

import msgspec


class Destination(msgspec.Struct, frozen=True, cache_hash=True):
    """Where a connection goes: what must be equal for a kept-alive connection to serve another request.

    `proxy` is `system`, `none` or a proxy's URL; `own_proxy` tells whether the credential itself names it.
    """

    tls: bool
    host: str
    port: int
    ca_file: str | None = None
    proxy: str = "system"
    own_proxy: bool = False
