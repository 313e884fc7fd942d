"""How long, and for how many, the proxy waits: slow senders, idle connections, crowds, readers that do not read."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.fakes.answers import Behaviour, Framing, huge
from tests.fakes.messages_api import FakeMessagesApi
from tests.proxy.conftest import Setup, running_proxy, until
from tests.proxy.raw import next_reply, reply

from proxycast.model.credential import Credential, Timeouts
from proxycast.proxy.limits import Limits

BODY = json.dumps(
    {"model": "claude-sonnet-5-5", "max_tokens": 1, "messages": [{"role": "user", "content": "hi"}]}
).encode()
TYPES = ("Content-Type: application/json", "anthropic-version: 2023-06-01")


@asynccontextmanager
async def impatient(fake: FakeMessagesApi, *, idle: float = 300, **limits: float) -> AsyncIterator[Setup]:
    """A proxy with these limits, whose credential leads to `fake`."""
    async with running_proxy(Limits(**limits)) as running:  # type: ignore[arg-type]
        timeouts = Timeouts(idle=idle)
        running.router.add(Credential(id="0" * 12, name="main", base_url=fake.base_url, timeouts=timeouts))
        yield running


def post(setup: Setup, *headers: str, body: bytes = BODY) -> bytes:
    return setup.head("POST /v1/messages HTTP/1.1", *TYPES, f"Content-Length: {len(body)}", *headers) + body


async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes, *, every: float) -> bytes:
    """Send `data` byte by byte, and stop when something comes back; all that comes."""
    answer = asyncio.ensure_future(reader.read())
    for place in range(len(data)):
        if answer.done() or len(reader._buffer):  # type: ignore[attr-defined]
            break
        writer.write(data[place : place + 1])
        await asyncio.sleep(every)
    return await asyncio.wait_for(answer, 5)


async def seconds_until_closed(reader: asyncio.StreamReader) -> float:
    """How long it takes until the proxy closes (or resets) a connection on which it says nothing."""
    began = time.monotonic()
    with contextlib.suppress(ConnectionResetError):
        assert await asyncio.wait_for(reader.read(), 5) == b""
    return time.monotonic() - began


async def test_a_head_has_an_absolute_time_however_it_trickles(fake_api: FakeMessagesApi) -> None:
    async with impatient(fake_api, head_seconds=0.3) as setup:
        reader, writer = await setup.connect()
        began = time.monotonic()
        answer = reply(await trickle(reader, writer, post(setup), every=0.02))
        assert (answer.status, answer.error) == (408, "timeout_error")
        assert 0.25 < time.monotonic() - began < 2


async def test_a_body_that_trickles_is_given_up_below_the_rate(fake_api: FakeMessagesApi) -> None:
    async with impatient(fake_api, body_seconds=0.3, body_rate=2000, linger=0.1) as setup:
        reader, writer = await setup.connect()
        head, body = post(setup, body=bytes(10_000))[:-10_000], bytes(10_000)
        writer.write(head)
        began = time.monotonic()
        assert reply(await trickle(reader, writer, body, every=0.02)).status == 408
        assert 0.25 < time.monotonic() - began < 2


async def test_a_slow_body_that_keeps_up_the_rate_has_all_the_time_it_needs(fake_api: FakeMessagesApi) -> None:
    body = BODY + b" " * 3000
    async with impatient(fake_api, body_seconds=0.1, body_rate=500, linger=0.1) as setup:
        reader, writer = await setup.connect()
        data = post(setup, "Connection: close", body=body)
        writer.write(data[: -len(body)])
        for place in range(0, len(body), 100):
            writer.write(body[place : place + 100])
            await asyncio.sleep(0.02)
        assert reply(await asyncio.wait_for(reader.read(), 5)).status == 200


async def test_a_connection_that_says_nothing_is_closed(fake_api: FakeMessagesApi) -> None:
    async with impatient(fake_api, head_seconds=0.2) as setup:
        reader, _ = await setup.connect()
        assert 0.15 < await seconds_until_closed(reader) < 2


async def test_an_unused_connection_is_closed_after_a_while_and_empty_lines_do_not_count_as_use(
    fake_api: FakeMessagesApi,
) -> None:
    async with impatient(fake_api, keep_alive=0.3) as setup:
        reader, writer = await setup.connect()
        writer.write(post(setup))
        assert (await next_reply(reader)).status == 200
        chatter = asyncio.ensure_future(_send_empty_lines(writer))
        assert 0.2 < await seconds_until_closed(reader) < 2
        chatter.cancel()


async def _send_empty_lines(writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b"\r\n")
        await asyncio.sleep(0.02)


async def test_empty_lines_do_not_hold_a_new_connection_open(fake_api: FakeMessagesApi) -> None:
    async with impatient(fake_api, head_seconds=0.3, keep_alive=30) as setup:
        reader, writer = await setup.connect()
        chatter = asyncio.ensure_future(_send_empty_lines(writer))
        assert 0.2 < await seconds_until_closed(reader) < 2
        chatter.cancel()


async def test_a_head_begun_during_an_answer_has_its_time_too(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(head_delay=0.1))
    async with impatient(fake_api, head_seconds=0.3) as setup:
        began = time.monotonic()
        data = await setup.talk(post(setup) + b"POST /v1/mess")
        assert 0.25 < time.monotonic() - began < 2
        assert data.startswith(b"HTTP/1.1 200 ")
        assert b"HTTP/1.1 408 " in data


async def test_time_does_not_run_for_a_request_that_the_proxy_itself_leaves_unread(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(head_delay=0.3), Behaviour(head_delay=0.3), Behaviour())
    async with impatient(fake_api, head_seconds=0.2) as setup:
        reader, writer = await setup.connect()
        third = post(setup, "Connection: close")
        writer.write(post(setup) + post(setup) + third[:10])
        await fake_api.next_request()
        writer.write(third[10:])
        data = await asyncio.wait_for(reader.read(), 5)
        assert data.count(b"HTTP/1.1 200 ") == 3


async def test_a_crowd_is_refused_and_those_who_are_in_are_served(fake_api: FakeMessagesApi) -> None:
    async with impatient(fake_api, connections=3, linger=0.2) as setup:
        inside = [await setup.connect() for _ in range(3)]
        outside = [await setup.connect() for _ in range(3)]
        for reader, _ in outside:
            answer = reply(await asyncio.wait_for(reader.read(), 5))
            assert (answer.status, answer.error) == (503, "api_error")
            assert "x-should-retry" not in answer.headers
        for reader, writer in inside:
            writer.write(post(setup, "Connection: close"))
            assert reply(await asyncio.wait_for(reader.read(), 5)).status == 200
        await asyncio.sleep(0)
        assert reply(await setup.talk(post(setup, "Connection: close"))).status == 200


async def test_a_larger_crowd_does_not_even_get_an_answer(fake_api: FakeMessagesApi) -> None:
    async with impatient(fake_api, connections=2) as setup:
        for _ in range(4):
            await setup.connect()
        reader, _ = await setup.connect()
        assert await seconds_until_closed(reader) < 1


async def test_a_client_that_never_reads_its_stream_is_dropped_and_so_is_its_service(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(huge(1 << 30, framing=Framing.CHUNKED))
    async with impatient(fake_api, idle=0.4) as setup:
        _, writer = await setup.connect(limit=1)
        writer.write(post(setup))
        gone = await fake_api.next_disconnect()
        assert gone.body_bytes < 1 << 27
        record = await setup.observer.next()
        assert (record.status, record.error) == (200, "client_gone")


async def test_a_client_that_does_not_take_the_end_of_its_answer_is_dropped(fake_api: FakeMessagesApi) -> None:
    """The exchange is over long before: the answer is smaller than what may wait to be written."""
    fake_api.enqueue(huge(60_000))
    async with impatient(fake_api, keep_alive=0.3) as setup:
        clients = setup.clients
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        sock.connect(("127.0.0.1", setup.proxy.port))
        await until(lambda: bool(clients))
        for client in clients:
            client._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
        sock.sendall(post(setup))
        await setup.observer.next()
        assert clients
        await until(lambda: not clients)
        sock.close()
