"""Both ends of many steady streams, each in a process of its own.

`python -m tests.bench.streams serve` is a service and prints its address; `python -m tests.bench.streams read ADDRESS
STREAMS EVENTS` reads that many streams of that many events at the same time, and prints how many events came.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

RATE = 100
"""Events per second of one stream."""

_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
_EVENT = b'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"text":"word"}}\n\n'
_CHUNK = b"%x\r\n%b\r\n" % (len(_EVENT), _EVENT)


async def serve() -> None:
    """Stream as many events as a request's `max_tokens` says, `RATE` per second."""
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    events = json.loads(await reader.readexactly(length))["max_tokens"]
    head = (
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    )
    writer.write(head)
    began = time.monotonic()
    for number in range(events):
        await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
        writer.write(_CHUNK)
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    writer.close()


async def read(address: str, streams: int, events: int) -> None:
    """Be the clients."""
    port = int(address.rpartition(":")[2])
    body = b'{"model":"m","max_tokens":%d,"stream":true,"messages":[]}' % events
    head = f"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nx-api-key: pc_bench\r\nconnection: close\r\n"
    request = f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body

    async def one() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        arrived = (await reader.read()).count(b"event: ")
        writer.close()
        return arrived

    sys.stdout.write(f"{sum(await asyncio.gather(*[one() for _ in range(streams)]))}\n")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            asyncio.run(serve())
        case ["read", address, streams, events]:
            asyncio.run(read(address, int(streams), int(events)))
        case _:
            sys.exit(__doc__)
