"""A client's request as the data path hands it to an upstream, and what the upstream makes of it."""

from __future__ import annotations

from typing import Protocol

import msgspec

from proxycast.model.credential import Credential

Headers = list[tuple[bytes, bytes]]
"""Names and values in the order of the wire; names as they were written."""


class Request:
    """A client's request after the guard.

    `path` starts with `/v1/` and holds validated segments only; `query` is without its question mark. `headers` are all
    that the client sent; `body` is complete. Its repr shows none of them.
    """

    __slots__ = ("body", "headers", "method", "path", "query")

    def __init__(self, method: bytes, path: bytes, query: bytes, headers: Headers, body: bytes) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body


class Destination(msgspec.Struct, frozen=True):
    """Where a connection goes: what must be equal for a kept-alive connection to serve another request.

    `proxy` is `system`, `none` or a proxy's URL; `own_proxy` tells whether the credential itself names it.
    """

    tls: bool
    host: str
    port: int
    ca_file: str | None = None
    proxy: str = "system"
    own_proxy: bool = False


class Outgoing:
    """A request as it goes to the service: the complete head, ending in an empty line, and the body.

    `model` is the id that the service is asked for, None if the body names none. The head holds the credential, so the
    repr shows nothing.
    """

    __slots__ = ("body", "head", "model")

    def __init__(self, head: bytes, body: bytes, model: str | None) -> None:
        self.head = head
        self.body = body
        self.model = model


class Upstream(Protocol):
    """How one credential speaks to its service; made anew when the credential or its secrets change."""

    credential: Credential
    destination: Destination

    def prepare(self, request: Request) -> Outgoing:
        """The request as the service takes it, with the credential added. Pure; raises ProxyCastError."""
        ...
