"""Requests in whatever pieces and order they arrive, and how large they may be."""

from __future__ import annotations

import asyncio
import json
import random
import socket

import pytest
from tests.fakes.answers import Behaviour, json_answer
from tests.fakes.messages_api import FakeMessagesApi
from tests.proxy.conftest import Setup, running_proxy
from tests.proxy.raw import Reply, next_reply, replies, reply

from proxycast.model.credential import Credential
from proxycast.proxy.limits import Limits

BODY = json.dumps(
    {"model": "claude-sonnet-5-5", "max_tokens": 1, "messages": [{"role": "user", "content": "hi"}]}
).encode()
TYPES = ("Content-Type: application/json", "anthropic-version: 2023-06-01")


def post(setup: Setup, *headers: str, body: bytes = BODY, path: str = "/v1/messages") -> bytes:
    return setup.head(f"POST {path} HTTP/1.1", *TYPES, f"Content-Length: {len(body)}", *headers) + body


def chunked(setup: Setup, *pieces: bytes, headers: tuple[str, ...] = ()) -> bytes:
    """A request whose body is what stands in `pieces`, framing included."""
    head = setup.head("POST /v1/messages HTTP/1.1", *TYPES, "Transfer-Encoding: chunked", *headers)
    return head + b"".join(pieces)


def a_chunk(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x%b\r\n%b\r\n" % (len(data), extension, data)


async def in_pieces(setup: Setup, pieces: list[bytes]) -> Reply:
    """The answer to a request that the proxy reads in these pieces."""
    reader, writer = await setup.connect()
    for piece in pieces:
        writer.write(piece)
        for _ in range(3):  # the proxy runs on this very loop: it has read the piece by then
            await asyncio.sleep(0)
    return await next_reply(reader)


async def test_pieces_may_be_bytearrays(
    setup: Setup, fake_api: FakeMessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As asyncio's own loop on Windows gives them."""
    read = socket.socket.recv
    monkeypatch.setattr(socket.socket, "recv", lambda own, *limits: bytearray(read(own, *limits)))
    for body in (BODY, BODY, BODY + b" " * 100_000):  # a new head, the same again, and one in several pieces
        answer = await in_pieces(setup, [post(setup, body=body)])
        assert (answer.status, (await fake_api.next_request()).body) == (200, body)


async def test_a_request_split_anywhere_is_the_same_request(setup: Setup, fake_api: FakeMessagesApi) -> None:
    whole = post(setup)
    for place in range(1, len(whole)):
        assert (await in_pieces(setup, [whole[:place], whole[place:]])).status == 200
    assert {request.body for request in fake_api.requests} == {BODY}
    assert len({tuple(request.headers) for request in fake_api.requests}) == 1


async def test_a_request_that_comes_byte_by_byte_is_the_same_request(setup: Setup, fake_api: FakeMessagesApi) -> None:
    for data in (post(setup), chunked(setup, a_chunk(BODY[:20]), a_chunk(BODY[20:], b";x=y"), b"0\r\nX-T: 1\r\n\r\n")):
        answer = await in_pieces(setup, [data[place : place + 1] for place in range(len(data))])
        assert answer.status == 200
        assert (await fake_api.next_request()).body == BODY


async def test_chunks_of_any_cut_become_one_body(setup: Setup, fake_api: FakeMessagesApi) -> None:
    dice = random.Random(7)
    for _ in range(20):
        cuts = sorted(dice.sample(range(1, len(BODY)), dice.randint(1, 12)))
        parts = [BODY[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
        data = chunked(setup, *map(a_chunk, parts), b"0\r\n\r\n")
        size = dice.randint(1, len(data))
        assert (
            await in_pieces(setup, [data[place : place + size] for place in range(0, len(data), size)])
        ).status == 200
        assert (await fake_api.next_request()).body == BODY


async def test_trailers_are_dropped(setup: Setup, fake_api: FakeMessagesApi) -> None:
    data = chunked(
        setup, a_chunk(BODY), b"0\r\nx-api-key: theirs\r\nHost: evil.example\r\n\r\n", headers=("Connection: close",)
    )
    assert reply(await setup.talk(data)).status == 200
    request = await fake_api.next_request()
    assert (request.trailers, b"theirs" in request.raw, request.body) == ((), False, BODY)


async def test_pipelined_requests_are_answered_in_order(setup: Setup, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(
        Behaviour(answer=json_answer({"n": 1}), head_delay=0.1), json_answer({"n": 2}), json_answer({"n": 3})
    )
    probe = b"HEAD / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % setup.proxy.port
    data = post(setup) + probe + post(setup) + post(setup, "Connection: close")
    found = replies(await setup.talk(data))
    assert [one.status for one in found] == [200, 200, 200, 200]
    assert [one.json()["n"] for one in found if one.body] == [1, 2, 3]


async def test_a_refused_request_waits_for_its_turn_and_ends_the_connection(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(head_delay=0.1))
    data = post(setup) + post(setup, "Origin: null") + post(setup)
    assert [one.status for one in replies(await setup.talk(data))] == [200, 403]
    assert len(fake_api.requests) == 1


async def test_a_garbled_request_waits_for_its_turn_too(setup: Setup, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(head_delay=0.1))
    found = replies(await setup.talk(post(setup) + b"\x00\r\n\r\n"))
    assert [one.status for one in found] == [200, 400]


async def test_a_hundred_pipelined_requests_are_served_one_after_another(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    data = post(setup) * 99 + post(setup, "Connection: close")
    assert [one.status for one in replies(await setup.talk(data, within=10))] == [200] * 100
    assert fake_api.opened == 1, "never two at a time"


async def test_the_version_of_one_request_does_not_colour_the_answer_to_another(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    streamed = json.dumps({**json.loads(BODY), "stream": True}).encode()
    fake_api.enqueue(Behaviour(head_delay=0.1), Behaviour(head_delay=0.1))
    old = setup.head("POST /v1/messages HTTP/1.0", *TYPES, f"Content-Length: {len(BODY)}") + BODY
    first, second = replies(await setup.talk(post(setup, body=streamed) + old))
    assert (first.headers["transfer-encoding"], first.headers.get("connection")) == ("chunked", None)
    assert second.headers["connection"] == "close"


async def test_http_1_0_gets_a_body_that_the_connections_end_ends(setup: Setup) -> None:
    streamed = json.dumps({**json.loads(BODY), "stream": True}).encode()
    head = setup.head(
        "POST /v1/messages HTTP/1.0", *TYPES, "Connection: keep-alive", f"Content-Length: {len(streamed)}"
    )
    answer, _, body = (await setup.talk(head + streamed)).partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in answer.lower()
    assert b"\r\nconnection: close" in answer
    assert body.startswith(b"event: message_start\n")
    assert body.endswith(b'event: message_stop\ndata: {"type":"message_stop"}\n\n')


async def test_a_client_that_expects_it_is_told_to_go_on(setup: Setup) -> None:
    reader, writer = await setup.connect()
    data = post(setup, "Expect: 100-continue")
    writer.write(data[: -len(BODY)])
    assert await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5) == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(BODY)
    assert (await next_reply(reader)).status == 200


@pytest.mark.parametrize(
    ("version", "headers", "status"),
    [("1.1", ("Origin: null",), 403), ("1.0", (), 200), ("1.1", ("Expect: wonders",), 200)],
)
async def test_nobody_else_is_told_to_go_on(setup: Setup, version: str, headers: tuple[str, ...], status: int) -> None:
    expect = () if "Expect: wonders" in headers else ("Expect: 100-continue",)
    sent = (*TYPES, *expect, *headers, "Connection: close", f"Content-Length: {len(BODY)}")
    data = await setup.talk(setup.head(f"POST /v1/messages HTTP/{version}", *sent) + BODY)
    assert reply(data).status == status


async def test_an_end_of_sending_is_taken_for_hanging_up(setup: Setup, fake_api: FakeMessagesApi) -> None:
    """The two look the same on the wire, and a stream that nobody reads costs money."""
    fake_api.enqueue(Behaviour(head_delay=30))
    _, writer = await setup.connect()
    writer.write(post(setup))
    await fake_api.next_request()
    writer.write_eof()
    await fake_api.next_disconnect(within=1)
    assert (await setup.observer.next()).error == "client_gone"


@pytest.mark.parametrize(
    ("size", "count", "status"),
    [(30_000, 1, 200), (40_000, 1, 431), (200, 80, 200), (1, 120, 431), (400, 90, 431)],
)
async def test_a_head_has_32_kib_and_100_headers_at_most(setup: Setup, size: int, count: int, status: int) -> None:
    headers = [f"X-{number}: {'a' * size}" for number in range(count)]
    assert reply(await setup.talk(post(setup, *headers, "Connection: close"))).status == status


@pytest.mark.parametrize(
    "start", ["GET /v1/", "GET /v1/models HTTP/1.1\r\nX-", "GET /v1/models HTTP/1.1\r\nX-A: ", "GET /?"]
)
async def test_a_line_without_end_is_cut_short(setup: Setup, start: str) -> None:
    reader, writer = await setup.connect()
    writer.write(start.encode())
    sent = 0
    while not reader.at_eof() and sent < 10_000_000:
        writer.write(b"a" * 4096)
        sent += 4096
        await asyncio.sleep(0)
        if len(reader._buffer):  # type: ignore[attr-defined]
            break
    assert sent < 1_000_000
    answer = reply(await asyncio.wait_for(reader.read(), 5))
    assert (answer.status, answer.error) == (431, "request_too_large")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"2;a=", b"x" * 4096),
        (b"", b"1\r\nx\r\n" * 1000),
        (b"2\r\n{}\r\n0\r\nX-T: ", b"x" * 4096),
        (b"2\r\n{}\r\n0\r\n", b"X-T: 1\r\n" * 500),
    ],
    ids=["chunk extension", "tiny chunks", "one trailer", "many trailers"],
)
async def test_what_surrounds_a_body_may_not_outgrow_it(
    setup: Setup, fake_api: FakeMessagesApi, first: bytes, then: bytes
) -> None:
    reader, writer = await setup.connect()
    writer.write(chunked(setup, first))
    sent = 0
    while sent < 10_000_000 and not len(reader._buffer):  # type: ignore[attr-defined]
        writer.write(then)
        sent += len(then)
        await asyncio.sleep(0)
    assert sent < 1_000_000
    assert reply(await asyncio.wait_for(reader.read(), 5)).status == 400
    assert fake_api.opened == 0


async def test_a_chunked_body_over_the_cap_is_refused_as_soon_as_it_is(fake_api: FakeMessagesApi) -> None:
    async with running_proxy(Limits(body_bytes=100_000)) as running:
        running.router.add(Credential(id="0" * 12, name="main", base_url=fake_api.base_url))
        reader, writer = await running.connect()
        writer.write(chunked(running, a_chunk(bytes(60_000)), a_chunk(bytes(60_000))))
        assert reply(await asyncio.wait_for(reader.read(), 5)).status == 413
        assert fake_api.opened == 0


async def test_keep_alive_is_the_clients_to_end(setup: Setup) -> None:
    reader, writer = await setup.connect()
    for _ in range(2):
        writer.write(post(setup))
        assert "connection" not in (await next_reply(reader)).headers
    writer.write(post(setup, "Connection: close"))
    assert (await next_reply(reader)).headers["connection"] == "close"
    assert await asyncio.wait_for(reader.read(), 5) == b""


async def test_empty_lines_before_a_request_are_skipped(setup: Setup) -> None:
    assert reply(await setup.talk(b"\r\n\r\n" + post(setup, "Connection: close"))).status == 200
