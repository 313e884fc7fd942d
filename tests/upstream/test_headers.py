"""Which of a client's headers travel on."""

from __future__ import annotations

import pytest

from proxycast.upstream.headers import named_by_connection, travelling

PASSES = [
    (b"anthropic-version", b"2026-10-21"),
    (b"anthropic-beta", b"a,b"),
    (b"Anthropic-Beta", b"c"),
    (b"anthropic-odd-new-header", b"1"),
    (b"anthropic-workspace-id", b"w"),
    (b"x-claude-code-session-id", b"s"),
    (b"x-stainless-lang", b"python"),
    (b"user-agent", b"me"),
    (b"accept", b"application/json"),
    (b"Accept-Language", b"*"),
    (b"content-type", b"application/json"),
    (b"content-encoding", b"gzip"),
    (b"idempotency-key", b"k"),
    (b"traceparent", b"00-1-1-01"),
]


@pytest.mark.parametrize("order", [1, -1])
def test_what_services_understand_passes_in_its_order_and_spelling(order: int) -> None:
    assert travelling(PASSES[::order]) == PASSES[::order]


@pytest.mark.parametrize(
    "name",
    [
        "authorization",
        "x-api-key",
        "api-key",
        "cookie",
        "proxy-authorization",
        "proxy-connection",
        "proxy-anything",
        "x-amz-security-token",
        "x-amz-date",
        "x-goog-api-key",
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-real-ip",
        "via",
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "te",
        "trailer",
        "upgrade",
        "expect",
        "http2-settings",
        "max-forwards",
        "accept-encoding",
        "sec-fetch-mode",
        "sec-ch-ua",
    ],
)
def test_credentials_addresses_and_framing_stay_behind_in_any_spelling(name: str) -> None:
    headers = [(spelling.encode(), b"1") for spelling in (name, name.upper(), name.title())]
    assert travelling([*headers, *PASSES]) == PASSES


def test_what_connection_names_stays_behind_but_adds_no_right_to_pass() -> None:
    headers = [(b"Connection", b"close, X-One ,x-two,,"), (b"CONNECTION", b"anthropic-beta"), (b"x-one", b"1")]
    headers += [(b"X-TWO", b"2"), (b"anthropic-beta", b"a"), (b"x-api-key", b"k"), (b"x-three", b"3")]
    assert travelling(headers) == [(b"x-three", b"3")]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], set()),
        ([b"close"], set()),
        ([b"keep-alive"], set()),
        ([b"X-A"], {b"x-a"}),
        ([b"close, X-A ,,"], {b"close", b"x-a", b""}),
        ([b"Keep-Alive", b"x-b"], {b"keep-alive", b"x-b"}),
    ],
)
def test_connection_names_headers_in_any_spelling(values: list[bytes], expected: set[bytes]) -> None:
    assert named_by_connection([(b"CONNECTION", value) for value in values]) == expected
