"""Many streams at once through `proxycast serve`, and clients that hang up."""

from __future__ import annotations

import asyncio
import json
import time

from tests.acceptance.configurations import pool
from tests.acceptance.program import TOKEN, Program
from tests.fakes.answers import Behaviour
from tests.fakes.messages import numbered
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import MessagesService

STREAMS = 200
EVENTS = 100
EVENTS_PER_SECOND = 50
HANGING_UP = 20
BODY = json.dumps(
    {
        "model": "claude-sonnet-5-5",
        "max_tokens": 10 * EVENTS,
        "stream": True,
        "messages": [{"role": "user", "content": "Count."}],
    }
)


async def test_200_streams_arrive_complete_and_in_order(program: Program, fake_api: FakeMessagesApi) -> None:
    fake_api.service = MessagesService(says=numbered(EVENTS))
    fake_api.script = lambda _: Behaviour(rate=EVENTS_PER_SECOND)
    file = program.folder / "pool.yaml"
    file.write_text(pool(one=fake_api.base_url))
    async with program.serve("--config", file) as serving:
        began = time.monotonic()
        async with asyncio.timeout(30):
            answers = await asyncio.gather(*[_stream(serving.port) for _ in range(STREAMS)])
        assert time.monotonic() - began >= EVENTS / EVENTS_PER_SECOND
    for answer in answers:
        events = [json.loads(line[6:]) for line in _payload(answer).splitlines() if line.startswith(b"data: ")]
        deltas = [event["delta"] for event in events if event["type"] == "content_block_delta"]
        assert "".join(delta["text"] for delta in deltas).split() == [str(number) for number in range(EVENTS)]
        assert len(deltas) == EVENTS
        assert events[-1]["type"] == "message_stop"
    assert len(fake_api.requests) == STREAMS
    assert fake_api.disconnects == []


async def test_clients_that_hang_up_are_gone_upstream_within_a_second(
    program: Program, fake_api: FakeMessagesApi
) -> None:
    fake_api.service = MessagesService(says=numbered(EVENTS))
    fake_api.script = lambda _: Behaviour(rate=1)
    file = program.folder / "pool.yaml"
    file.write_text(pool(one=fake_api.base_url))
    async with program.serve("--config", file) as serving:
        writers = []
        for _ in range(HANGING_UP):
            reader, writer = await _ask(serving.port)
            assert b"message_start" in await reader.readuntil(b"\n\n")
            writers.append(writer)
        hung_up = time.monotonic()
        for writer in writers:
            writer.close()
        last = await fake_api.next_disconnect(count=HANGING_UP)
        assert last.at - hung_up < 1
        await asyncio.gather(*[writer.wait_closed() for writer in writers])


async def _ask(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A client that has sent its request and read the head of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nx-api-key: {TOKEN}\r\nconnection: close\r\n"
    head += f"content-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n"
    writer.write(head.encode() + BODY.encode())
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    return reader, writer


async def _stream(port: int) -> bytes:
    """The body of a streamed answer as it came over the wire, in chunks."""
    reader, writer = await _ask(port)
    try:
        return await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()


def _payload(chunked: bytes) -> bytes:
    """The body inside its chunks, which must come to a proper end."""
    parts: list[bytes] = []
    while True:
        size, _, chunked = chunked.partition(b"\r\n")
        length = int(size, 16)
        assert chunked[length : length + 2] == b"\r\n"
        if length == 0:
            assert chunked == b"\r\n"
            return b"".join(parts)
        parts.append(chunked[:length])
        chunked = chunked[length + 2 :]
