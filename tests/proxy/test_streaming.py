"""Streams: each event at once, all of them in order, never more in memory than is read, nothing left when they end."""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.fakes import messages
from tests.fakes.answers import (
    Answer,
    Behaviour,
    Framing,
    error,
    framed,
    gzipped,
    huge,
    with_done_tail,
    without_event_lines,
)
from tests.fakes.messages_api import FakeMessagesApi
from tests.proxy.conftest import Setup, until
from tests.proxy.raw import reply

from proxycast.model.credential import Credential

MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 1000, "messages": [{"role": "user", "content": "hi"}]}
STREAM = {**MESSAGE, "stream": True}
TYPES = ("Content-Type: application/json", "anthropic-version: 2023-06-01")
PROC = Path("/proc/self")
MEBIBYTE = 1 << 20


def post(setup: Setup, body: dict[str, object], *headers: str, path: str = "/v1/messages") -> bytes:
    data = json.dumps(body).encode()
    return setup.head(f"POST {path} HTTP/1.1", *TYPES, f"Content-Length: {len(data)}", *headers) + data


def resident() -> int:
    """The memory that this process holds, in bytes."""
    return int((PROC / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def standstill(fake: FakeMessagesApi) -> int:
    """How much of its first answer a service could send when it cannot send more."""
    await fake.delivered(1)
    before = 0
    while fake.deliveries[0].body_bytes > before:
        before = fake.deliveries[0].body_bytes
        await asyncio.sleep(0.1)
    return before


async def read_chunk(reader: asyncio.StreamReader) -> bytes:
    """The next chunk of a chunked body; the head before it is skipped."""
    line = await asyncio.wait_for(reader.readuntil(b"\r\n"), 5)
    if line.startswith(b"HTTP/"):
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        return await read_chunk(reader)
    return (await asyncio.wait_for(reader.readexactly(int(line, 16) + 2), 5))[:-2]


@pytest.mark.parametrize("sent", [1, 2, 5])
async def test_an_event_is_there_while_the_service_still_thinks_about_the_next(
    setup: Setup, fake_api: FakeMessagesApi, sent: int
) -> None:
    fake_api.enqueue(Behaviour(stall_after=sent))
    reader, writer = await setup.connect()
    writer.write(post(setup, STREAM))
    received = b""
    while received.count(b"\n\n") < sent:
        received += await read_chunk(reader)
    assert received.count(b"\n\n") == sent
    assert fake_api.deliveries[0].body_bytes == len(received)


async def test_the_head_is_there_before_the_first_byte_of_the_body(setup: Setup, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(stall_after=0))
    reader, writer = await setup.connect()
    writer.write(post(setup, STREAM))
    assert b"text/event-stream" in await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)


@pytest.mark.parametrize("edit", [None, without_event_lines, with_done_tail, framed(Framing.CLOSE)])
async def test_pings_comments_and_oddities_pass_byte_for_byte(
    setup: Setup, fake_api: FakeMessagesApi, edit: Callable[[Answer], Answer] | None
) -> None:
    fake_api.enqueue(Behaviour(edit=edit))
    answer = reply(await setup.talk(post(setup, STREAM, "Connection: close")))
    expected = b"".join(messages.stream(messages.message(STREAM, fake_api.service.says)))
    if edit is not None:
        proper = Answer(parts=messages.stream(messages.message(STREAM, fake_api.service.says)))
        expected = edit(proper).body
    assert answer.body == expected
    assert b"event: ping" in answer.body or edit is without_event_lines
    assert messages.COMMENT in answer.body


class Listener(asyncio.Protocol):
    """The smallest client there is: keeps what comes, and sees its end."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.ended = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        self.received += data

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set()


async def test_two_hundred_streams_of_fifty_events_a_second_arrive_complete_and_in_order(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    words = 100
    fake_api.service.says = messages.numbered(words)
    fake_api.script = lambda _: Behaviour(rate=50)
    loop = asyncio.get_running_loop()
    clients = [await loop.create_connection(Listener, "127.0.0.1", setup.proxy.port) for _ in range(200)]
    for transport, _ in clients:
        transport.write(post(setup, STREAM, "Connection: close"))
    listeners = [listener for _, listener in clients]
    async with asyncio.timeout(30):
        for listener in listeners:
            await listener.ended.wait()
    expected = [f"{number} " for number in range(words - 1)] + [str(words - 1)]
    for listener in listeners:
        body = reply(bytes(listener.received)).body
        said = [json.loads(data)["delta"]["text"] for data in re.findall(rb'data: (.*"text_delta".*)\n', body)]
        assert said == expected
        assert body.endswith(b'{"type":"message_stop"}\n\n')
    assert {exchange.error for exchange in setup.observer.exchanges} == {None}
    assert fake_api.opened == 200


@pytest.mark.skipif(sys.platform != "linux", reason="reads its own memory from /proc")
@pytest.mark.parametrize("framing", [Framing.CHUNKED, Framing.LENGTH])
async def test_a_client_that_pauses_holds_the_service_back_and_gets_everything_later(
    setup: Setup, fake_api: FakeMessagesApi, framing: Framing
) -> None:
    size = 192 * MEBIBYTE
    fake_api.enqueue(huge(size, framing=framing))
    reader, writer = await setup.connect(limit=64 * 1024)
    gc.collect()
    before = resident()
    writer.write(post(setup, MESSAGE, "Connection: close"))
    stalled_at = await standstill(fake_api)
    assert 0 < stalled_at < 64 * MEBIBYTE, "what the kernel's buffers hold"
    assert resident() - before < 20 * MEBIBYTE
    received, peak = 0, 0
    async with asyncio.timeout(20):
        for number in itertools.count():
            data = await reader.read(MEBIBYTE)
            if not data:
                break
            received += len(data)
            peak = max(peak, resident()) if number % 64 == 0 else peak
    assert received >= size
    assert fake_api.deliveries[0].complete
    assert peak - before < 20 * MEBIBYTE
    assert (await setup.observer.next()).response_bytes == size


async def test_an_answer_that_comes_before_the_whole_body_was_sent_reaches_the_client(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(answer=error(413, "Too large for me"), early=True))
    body = {**MESSAGE, "system": "x" * 20_000_000}
    answer = reply(await setup.talk(post(setup, body, "Connection: close"), within=10))
    assert (answer.status, answer.json()["error"]["message"]) == (413, "Too large for me")
    assert (await setup.observer.next()).error == "request_too_large"


async def test_a_broken_stream_that_is_compressed_gets_no_plain_words_mixed_in(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(edit=gzipped, cut_after_parts=3))
    received = (await setup.talk(post(setup, STREAM))).partition(b"\r\n\r\n")[2]
    assert b"event: error" not in received
    assert not received.endswith(b"0\r\n\r\n")
    record = await setup.observer.next()
    assert record.error == "connection_lost"
    assert record.usage is not None, "what was billed before the break is known all the same"
    assert record.usage.input_tokens == 25


async def test_a_broken_stream_of_known_length_stays_short(setup: Setup, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(edit=framed(Framing.LENGTH), cut_after_parts=3))
    head, _, body = (await setup.talk(post(setup, STREAM))).partition(b"\r\n\r\n")
    assert b"event: error" not in body
    assert len(body) < int(re.findall(rb"(?i)content-length: (\d+)", head)[0])


async def test_r06_two_hundred_clients_that_hang_up_leave_nothing_behind(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    dialer = setup.dialer
    fake_api.script = lambda _: Behaviour(rate=20)
    warm = await setup.talk(post(setup, MESSAGE, "Connection: close"))
    assert reply(warm).status == 200
    await fake_api.idle()
    await until(lambda: not setup.clients)
    tasks, files = len(asyncio.all_tasks()), len(list((PROC / "fd").iterdir())) if PROC.exists() else 0
    connections = dialer.open_connections
    for _ in range(4):
        for _ in range(50):
            _, writer = await setup.connect()
            writer.write(post(setup, STREAM))
        await until(lambda: setup.proxy.active == 50)
        await until(lambda: dialer.open_connections >= 50)
        await setup.hang_up()
        await until(lambda: setup.proxy.active == 0, within=1)
        await until(lambda: not fake_api._busy, within=1)
    assert len(fake_api.disconnects) == 200
    assert [exchange.error for exchange in setup.observer.exchanges[1:]] == ["client_gone"] * 200
    await until(lambda: dialer.open_connections <= connections)
    await until(lambda: len(asyncio.all_tasks()) <= tasks)
    if PROC.exists():
        await until(lambda: len(list((PROC / "fd").iterdir())) <= files)
    assert setup.clients == set()


async def test_r22_streams_finish_where_they_began_and_new_requests_go_where_is_selected_now(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    async with FakeMessagesApi() as other:
        setup.router.add(Credential(id="1" * 12, name="other", base_url=other.base_url))
        fake_api.script = lambda _: Behaviour(rate=100)
        streams = []
        for _ in range(10):
            reader, writer = await setup.connect()
            writer.write(post(setup, STREAM, "Connection: close"))
            streams.append(reader)
        for _ in range(10):
            await fake_api.next_request()
        setup.router.selected = "other"
        assert reply(await setup.talk(post(setup, MESSAGE, "Connection: close"))).status == 200
        assert len(other.requests) == 1
        for reader in streams:
            answer = reply(await asyncio.wait_for(reader.read(), 5))
            assert answer.body.endswith(b'{"type":"message_stop"}\n\n')
        assert len(fake_api.requests) == 10
    names = [exchange.credential for exchange in setup.observer.exchanges]
    assert sorted(name or "" for name in names) == ["main"] * 10 + ["other"]
