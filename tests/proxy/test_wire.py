"""Heads of answers: how a service frames a body, and what of its head a client gets."""

from __future__ import annotations

import pytest

from proxycast.proxy.wire import AnswerHead, Framing, chunk, fields_of
from proxycast.upstream.headers import Headers

JSON = (b"Content-Type", b"application/json")


def head(*headers: tuple[bytes, bytes], status: int = 200, to_head: bool = False) -> AnswerHead:
    return AnswerHead(status, b"OK", fields_of(list(headers)), to_head=to_head)


@pytest.mark.parametrize(
    ("status", "headers", "to_head", "service", "clients"),
    [
        (200, [(b"Content-Length", b"5")], False, Framing.LENGTH, (Framing.LENGTH, Framing.LENGTH)),
        (200, [(b"Transfer-Encoding", b"chunked")], False, Framing.CHUNKED, (Framing.CHUNKED, Framing.CLOSE)),
        (200, [], False, Framing.CLOSE, (Framing.CHUNKED, Framing.CLOSE)),
        (200, [(b"Content-Length", b"5")], True, Framing.NONE, (Framing.NONE, Framing.NONE)),
        (204, [], False, Framing.NONE, (Framing.NONE, Framing.NONE)),
        (204, [(b"Content-Length", b"5")], False, Framing.NONE, (Framing.NONE, Framing.NONE)),
        (304, [(b"Transfer-Encoding", b"chunked")], False, Framing.NONE, (Framing.NONE, Framing.NONE)),
        (205, [(b"Transfer-Encoding", b"chunked")], False, Framing.CHUNKED, (Framing.CHUNKED, Framing.CLOSE)),
        (500, [(b"content-length", b"0")], False, Framing.LENGTH, (Framing.LENGTH, Framing.LENGTH)),
    ],
)
def test_the_end_of_a_body_is_marked_for_each_client_as_it_understands(
    status: int, headers: Headers, to_head: bool, service: Framing, clients: tuple[Framing, Framing]
) -> None:
    answer = head(*headers, status=status, to_head=to_head)
    assert answer.framing is service
    assert (answer.client_framing(http10=False), answer.client_framing(http10=True)) == clients


@pytest.mark.parametrize(
    ("framing", "expected"),
    [
        (Framing.CHUNKED, [b"transfer-encoding: chunked"]),
        (Framing.CLOSE, []),
        (Framing.LENGTH, [b"content-length: 5"]),
        (Framing.NONE, [b"content-length: 5"]),
    ],
)
def test_a_head_says_once_how_its_body_ends(framing: Framing, expected: list[bytes]) -> None:
    lines = head((b"Content-Length", b"5"), (b"CONTENT-length", b"5"), JSON).to_client(framing, keep_alive=True)
    framed = [
        line for line in lines.split(b"\r\n") if line.lower().startswith((b"content-length", b"transfer-encoding"))
    ]
    assert framed == expected


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_has_no_length(status: int) -> None:
    assert b"content-length" not in head((b"Content-Length", b"5"), status=status).to_client(
        Framing.NONE, keep_alive=True
    )


def test_what_concerns_the_services_connection_stays_behind() -> None:
    stays = [
        (b"Connection", b"keep-alive, X-Hop , x-other"),
        (b"connection", b"X-Third"),
        (b"X-Hop", b"1"),
        (b"x-OTHER", b"1"),
        (b"x-third", b"1"),
        (b"Keep-Alive", b"timeout=5"),
        (b"Proxy-Authenticate", b"Basic"),
        (b"TE", b"trailers"),
        (b"Trailer", b"x"),
        (b"Upgrade", b"h2c"),
        (b"Alt-Svc", b'h3=":443"'),
        (b"Set-Cookie", b"a=b"),
        (b"Strict-Transport-Security", b"max-age=1"),
        (b"Access-Control-Allow-Origin", b"*"),
        (b"ACCESS-CONTROL-allow-headers", b"*"),
    ]
    passes = [
        (b"Content-Type", b"text/event-stream"),
        (b"request-id", b"req_1"),
        (b"Retry-After", b"3"),
        (b"x-should-retry", b"false"),
        (b"anthropic-ratelimit-requests-limit", b"5"),
        (b"Warning", b"a"),
        (b"Warning", b"b"),
        (b"X-Odd", b"\xe4 \t"),
    ]
    lines = head(*stays, *passes).to_client(Framing.CHUNKED, keep_alive=False).split(b"\r\n")
    sent = [b"%b: %b" % header for header in passes]
    assert lines == [b"HTTP/1.1 200 OK", *sent, b"transfer-encoding: chunked", b"connection: close", b"", b""]


@pytest.mark.parametrize(
    ("content_type", "content_encoding", "expected"),
    [
        (b"text/event-stream", b"", True),
        (b"Text/Event-Stream; charset=utf-8", b"identity", True),
        (b"text/event-stream", b"gzip", False),
        (b"application/json", b"", False),
        (b"", b"", False),
    ],
)
def test_an_error_event_fits_into_plain_event_streams_only(
    content_type: bytes, content_encoding: bytes, expected: bool
) -> None:
    answer = head((b"content-type", content_type), (b"content-encoding", content_encoding))
    assert answer.takes_events is expected


def test_a_chunk_says_its_size_in_hexadecimal() -> None:
    assert b"".join(chunk(b"x" * 26)) == b"1a\r\n" + b"x" * 26 + b"\r\n"
