"""The strict reading of requests."""

from __future__ import annotations

import asyncio

import pytest
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.wire import Violation, parse_head


def test_a_head_is_kept_as_it_was_spelt() -> None:
    raw = b"GET /v1/models?limit=1&x=%2F HTTP/1.1\r\nHost: h:1\r\nX-Thing:  a b \r\nx-thing:\xe9\r\nEmpty:\r\n\r\n"
    head = parse_head(raw)
    assert head.raw == raw
    assert (head.method, head.path, head.query, head.version) == ("GET", "/v1/models", "limit=1&x=%2F", "1.1")
    assert head.headers == ((b"Host", b"h:1"), (b"X-Thing", b"a b"), (b"x-thing", b"\xe9"), (b"Empty", b""))
    assert head.values("X-THING") == ["a b", "é"]
    assert head.value("missing") is None


@pytest.mark.parametrize(
    "raw",
    [
        b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.2\r\nHost: x\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\nHost: x\r\n\r\n",
        b"G(T / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: a\nY: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: a\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_what_the_rfc_forbids_is_a_violation(raw: bytes) -> None:
    with pytest.raises(Violation):
        parse_head(raw)


async def _exchange(raw: bytes, fake: FakeMessagesApi) -> bytes:
    reader, writer = await asyncio.open_connection(fake.host, fake.port)
    writer.write(raw)
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.transport.abort()
    return answer


async def test_a_chunked_request_is_put_together() -> None:
    async with FakeMessagesApi() as fake:
        head = b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        await _exchange(head + b"3\r\nabc\r\nA;ext=1\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n", fake)
        request = fake.requests[0]
    assert request.body == b"abc0123456789"
    assert request.trailers == ((b"X-Sum", b"1"),)
    assert fake.violations == []


@pytest.mark.parametrize("chunks", [b"x\r\nabc\r\n0\r\n\r\n", b"3\r\nabcd\r\n0\r\n\r\n", b"-3\r\nabc\r\n0\r\n\r\n"])
async def test_bad_chunks_are_a_violation(chunks: bytes) -> None:
    async with FakeMessagesApi() as fake:
        head = b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        answer = await _exchange(head + chunks, fake)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"type":"invalid_request_error"' in answer
    assert len(fake.violations) == 1
    assert fake.requests == []
