"""Which of a client's headers travel on to a service.

The list of what may pass is open (Anthropic's "Gateway protocol reference": header values and `anthropic-*` headers are
open lists); what must not pass is closed: hop-by-hop headers, framing, addresses, cookies and credentials of any kind.
"""

from __future__ import annotations

from proxycast.upstream.request import Headers

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
_NEVER_SENT_PREFIXES = (b"proxy-", b"sec-", b"x-amz-", b"x-forwarded-", b"x-goog-")


def travelling(headers: Headers) -> Headers:
    """The client's headers that go to the service: all but framing, hop-by-hop ones and credentials."""
    named = connection_options(headers)
    kept: Headers = []
    for header in headers:
        name = header[0].lower()
        if name not in _NEVER_SENT and not name.startswith(_NEVER_SENT_PREFIXES) and name not in named:
            kept.append(header)
    return kept


def connection_options(headers: Headers) -> frozenset[bytes]:
    """The lower-case tokens of all `Connection` headers."""
    values = [value for name, value in headers if name.lower() == b"connection"]
    return (
        frozenset(token.strip().lower() for value in values for token in value.split(b",")) if values else frozenset()
    )
