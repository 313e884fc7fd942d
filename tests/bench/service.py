"""The far side of streams and large bodies; `python -m tests.bench.service` serves it and prints its address.

The path says what is answered, once the request is whole:

- `/paced/RATE/…`: as many events as `max_tokens` says, RATE per second, each with the moment of its sending;
- `/fast/…`: as many megabytes of events as `max_tokens` says, as quickly as they are taken;
- `/events/…`: the answer of Claude Code's size at once;
- `/model/…`: the same, as AWS Bedrock streams it;
- anything else: a small answer.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Coroutine
from typing import Any, cast

import httptools
import uvloop
from tests.bench.traffic import ANSWER, BLOCK, ENDING, EVENTS, START, delta, message, sse
from tests.fakes import event_stream

_PIECE = 64
"""Events that a fast stream writes at once."""
_SMALL = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (
    len(ANSWER),
    ANSWER.encode(),
)
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\ntransfer-encoding: chunked\r\n\r\n"
_SSE = _HEAD % b"text/event-stream; charset=utf-8"
_END = b"0\r\n\r\n"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


_AT_ONCE = _SSE + b"".join(_chunk(sse(event)) for event in message(EVENTS)) + _END
_BY_BEDROCK = (
    _HEAD % event_stream.CONTENT_TYPE.encode()
    + b"".join(_chunk(event_stream.chunk(json.dumps(event).encode())) for event in message(EVENTS))
    + _END
)
_FAST = _chunk(b"".join(sse(delta("w" * 140)) for _ in range(_PIECE)))


class _Exchange(asyncio.Protocol):
    """A connection."""

    def __init__(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._writable = asyncio.Event()
        self._answering: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._writable.set()

    def connection_lost(self, _: Exception | None) -> None:
        for task in self._answering:
            task.cancel()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._body: list[bytes] = []

    def on_url(self, url: bytes) -> None:
        self._path = url

    def on_body(self, body: bytes) -> None:
        if len(self._body) < 2:
            self._body.append(body)

    def on_message_complete(self) -> None:
        match self._path.split(b"/"):
            case [b"", b"paced", rate, *_]:
                self._answer_by(self._paced(int(rate), self._wanted()))
            case [b"", b"fast", *_]:
                self._answer_by(self._fast(self._wanted()))
            case [b"", b"events", *_]:
                self._transport.write(_AT_ONCE)
            case [b"", b"model", *_]:
                self._transport.write(_BY_BEDROCK)
            case _:
                self._transport.write(_SMALL)

    def _wanted(self) -> int:
        return int(json.loads(b"".join(self._body))["max_tokens"])

    def _answer_by(self, answer: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(answer)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _paced(self, rate: int, events: int) -> None:
        self._transport.write(_SSE + _chunk(sse(START)) + _chunk(sse(BLOCK)))
        began = time.monotonic() + random.random() / rate
        for number in range(events):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            self._transport.write(_chunk(sse(delta(f"at {time.monotonic_ns()} ns"))))
        self._transport.write(b"".join(_chunk(sse(event)) for event in ENDING) + _END)

    async def _fast(self, megabytes: int) -> None:
        self._transport.write(_SSE + _chunk(sse(START)) + _chunk(sse(BLOCK)))
        for _ in range(megabytes * 1_000_000 // len(_FAST)):
            await self._writable.wait()
            self._transport.write(_FAST)
        self._transport.write(b"".join(_chunk(sse(event)) for event in ENDING) + _END)


async def main() -> None:
    """Serve until killed."""
    server = await asyncio.get_running_loop().create_server(_Exchange, "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
