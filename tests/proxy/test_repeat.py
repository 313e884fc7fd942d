"""A head that a client sends again is compared and not parsed: nothing but the speed may show it."""

from __future__ import annotations

import asyncio

from tests.fakes.messages_api import FakeMessagesApi

from proxycast.model.secret import Secret

from .conftest import TOKEN, Setup
from .raw import next_reply


def post(setup: Setup, body: bytes, *headers: str) -> bytes:
    length = f"Content-Length: {len(body)}"
    return setup.head("POST /v1/messages HTTP/1.1", "Content-Type: application/json", length, *headers) + body


def body(words: str) -> bytes:
    return b'{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"%b"}]}' % words.encode()


async def test_requests_that_differ_in_their_bodies_alone_arrive_as_they_are(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    reader, writer = await setup.connect()
    for size in (1, 5, 5, 1000, 70_000, 0):
        writer.write(post(setup, body("x" * size), "X-After: 1"))
        assert (await next_reply(reader)).status == 200
        request = await fake_api.next_request()
        assert request.body == body("x" * size)
        assert TOKEN.encode() not in request.raw


async def test_a_repeated_request_may_be_cut_anywhere_and_followed_by_another(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    reader, writer = await setup.connect()
    first, second = post(setup, body("first")), post(setup, body("the second"))
    writer.write(first)
    assert (await next_reply(reader)).status == 200
    both = first + second
    for place in range(1, len(both), 7):
        writer.write(both[:place])
        await asyncio.sleep(0.002)  # let the pieces arrive apart
        writer.write(both[place:])
        assert [(await next_reply(reader)).status for _ in range(2)] == [200, 200]
    bodies = [request.body for request in fake_api.requests[1:]]
    assert bodies == [body("first"), body("the second")] * (len(bodies) // 2)


async def test_a_repeated_head_shows_no_token_that_was_renewed(setup: Setup, fake_api: FakeMessagesApi) -> None:
    reader, writer = await setup.connect()
    for _ in range(2):
        writer.write(post(setup, body("x")))
        assert (await next_reply(reader)).status == 200
    setup.router.token = Secret("pc_another")
    writer.write(post(setup, body("x")))
    assert (await next_reply(reader)).status == 401
    assert len(fake_api.requests) == 2


async def test_a_repeated_head_with_a_body_beyond_the_limit_is_refused(setup: Setup) -> None:
    reader, writer = await setup.connect()
    writer.write(post(setup, body("x")))
    assert (await next_reply(reader)).status == 200
    head = post(setup, b"").replace(b"Content-Length: 0", b"Content-Length: 99999999")
    writer.write(head)
    assert (await next_reply(reader)).status == 413


async def test_a_length_that_is_no_number_is_refused_after_a_head_that_was_right(setup: Setup) -> None:
    for length in (b"+5", b"-1", b"0x5", b"5, 5", b"", b"5 5"):
        reader, writer = await setup.connect()
        writer.write(post(setup, body("x")))
        assert (await next_reply(reader)).status == 200
        writer.write(post(setup, b"").replace(b"Content-Length: 0", b"Content-Length: " + length) + body("x"))
        assert (await next_reply(reader)).status == 400
