"""Answers in one piece: of a service, and those that the program makes of them."""

from __future__ import annotations

import msgspec

from proxycast.upstream.headers import Headers


class Collected(msgspec.Struct, frozen=True):
    """A whole answer of a service."""

    status: int
    headers: Headers
    body: bytes


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A whole answer of the Messages API that the program makes, or has made of a service's.

    `headers` go out as they stand, with the length of `body`. `error` is the word for the journal if it is an error.
    `stale`: it says that the request was out of date (an expired token, say), so prepared anew it may succeed.
    """

    status: int
    headers: Headers
    body: bytes
    error: str | None = None
    stale: bool = False
