"""An exchange: one request of a client and its answer, as it is remembered."""

from __future__ import annotations

from typing import Annotated

import msgspec

Count = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
"""A number of tokens; a service that names more is not believed."""


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens as the service counted them. None: the service did not say."""

    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cache_creation_input_tokens: Count | None = None
    cache_read_input_tokens: Count | None = None


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """Metadata of one exchange; never a header's value, a body or a prompt.

    `started` is seconds since the epoch. `credential` is the name at that time and `credential_id` its id, both None
    when no credential was found. `path` is the client's path without the query. `status` is what the client was sent, 0
    if it hung up before. `error` is a `ProxyCastError.code`, the upstream's error type, `client_gone`, or None.
    `first_byte` and `duration` are seconds from `started`, `first_byte` None if none came. `request_bytes` and
    `response_bytes` count bodies. `removed` names what was taken out of the request because the service refuses it.
    """

    started: float
    credential: str | None
    credential_id: str | None
    path: str
    model: str | None
    status: int
    error: str | None
    first_byte: float | None
    duration: float
    request_bytes: int
    response_bytes: int
    usage: Usage | None
    removed: tuple[str, ...] = ()
