"""Which of a client's headers travel on to a service.

The list of what may pass is open (Anthropic's "Gateway protocol reference": header values and `anthropic-*` headers are
open lists); what must not pass is closed: hop-by-hop headers, framing, addresses, cookies and credentials of any kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

Headers = list[tuple[bytes, bytes]]
"""Names and values in the order of the wire; names as they were written."""

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""Headers that concern one connection only (RFC 9110, section 7.6.1)."""

_NEVER_SENT = HOP_BY_HOP | {
    b"accept-encoding",
    b"api-key",
    b"authorization",
    b"content-length",
    b"cookie",
    b"expect",
    b"forwarded",
    b"host",
    b"http2-settings",
    b"max-forwards",
    b"via",
    b"x-api-key",
    b"x-real-ip",
}
_NONE: frozenset[bytes] = frozenset()
_CONNECTION_LENGTH = len(b"connection")
_USUAL_CONNECTION = ([b"keep-alive"], [b"close"])
_NEVER_SENT_PREFIXES = (b"proxy-", b"sec-", b"x-amz-", b"x-forwarded-", b"x-goog-")


def travelling(headers: Sequence[tuple[bytes, bytes]]) -> Headers:
    """The client's headers that go to the service: all but framing, hop-by-hop ones and credentials."""
    return without([header for header in headers if _may_travel(header[0])], named_by_connection(headers))


def without(headers: Headers, names: frozenset[bytes]) -> Headers:
    """The headers but those of these lower-case names."""
    return [header for header in headers if header[0].lower() not in names] if names else headers


def named_by_connection(headers: Sequence[tuple[bytes, bytes]]) -> frozenset[bytes]:
    """The lower-case names of further headers that concern one connection only, as `Connection` headers give them."""
    values = [value for name, value in headers if len(name) == _CONNECTION_LENGTH and name.lower() == b"connection"]
    if not values or values in _USUAL_CONNECTION:
        return _NONE
    return frozenset(token.strip().lower() for value in values for token in value.split(b","))


@lru_cache(maxsize=1024)
def _may_travel(name: bytes) -> bool:
    lower = name.lower()
    return lower not in _NEVER_SENT and not lower.startswith(_NEVER_SENT_PREFIXES)
