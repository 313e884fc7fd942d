"""The near side of streams, large bodies and idle connections, in a process of its own. It prints JSON.

- `python -m tests.bench.client paced URL STREAMS EVENTS` reads streams of so many events at the same time: how many
  events came, and percentiles of their way from the service in milliseconds;
- `… fast URL MEGABYTES` reads one stream: MB/s;
- `… upload URL MEGABYTES` sends bodies: MB/s;
- `… idle URL CONNECTIONS` has one message answered on each connection, keeps all of them open, and prints when they are
  there; it ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import socket
import sys
import time
from urllib.parse import urlsplit

import uvloop
from tests.bench.traffic import SMALL, TOKEN, question

_SENT = re.compile(rb"at (\d+) ns")
_END = b"0\r\n\r\n"


def _request(url: str, body: str) -> bytes:
    place = urlsplit(url)
    head = f"POST {place.path} HTTP/1.1\r\nhost: {place.netloc}\r\nx-api-key: {TOKEN}\r\ncontent-type: application/json"
    return f"{head}\r\nanthropic-version: 2023-06-01\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()


def _port(url: str) -> int:
    return urlsplit(url).port or 80


async def paced(url: str, streams: int, events: int) -> dict[str, float]:
    """See the module."""
    request = _request(url, question(10, stream=True, max_tokens=events))
    delays: list[int] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", _port(url))
        writer.write(request)
        rest = b""
        while not rest.endswith(_END):
            read = await reader.read(65536)
            now = time.monotonic_ns()
            if not read:
                break
            rest += read
            whole, _, rest = rest.rpartition(b"\n\n")
            delays.extend(now - int(sent) for sent in _SENT.findall(whole))
        writer.close()

    await asyncio.gather(*[one() for _ in range(streams)])
    delays.sort()
    shown = {f"p{percent}": delays[len(delays) * percent // 100] / 1e6 for percent in (50, 99)} if delays else {}
    return {"events": len(delays), **shown}


def fast(url: str, megabytes: int) -> dict[str, float]:
    """See the module."""
    with socket.create_connection(("127.0.0.1", _port(url))) as connection:
        began = time.perf_counter()
        connection.sendall(_request(url, question(10, stream=True, max_tokens=megabytes)))
        taken, end = 0, b""
        while not end.endswith(_END):
            read = connection.recv(1 << 18)
            if not read:
                raise ConnectionError(f"the stream broke off after {taken} bytes: {end!r}")
            taken += len(read)
            end = (end + read)[-len(_END) :]
        return {"rate": taken / 1e6 / (time.perf_counter() - began)}


def upload(url: str, megabytes: int, times: int = 4) -> dict[str, float]:
    """See the module."""
    request = _request(url, question(megabytes * 1_000_000))
    with socket.create_connection(("127.0.0.1", _port(url))) as connection:
        began = time.perf_counter()
        for _ in range(times):
            connection.sendall(request)
            answer = connection.recv(65536)
            if not answer.startswith(b"HTTP/1.1 200 "):
                raise ConnectionError(repr(answer))
        return {"rate": times * megabytes / (time.perf_counter() - began)}


def idle(url: str, connections: int) -> None:
    """See the module."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    request = _request(url, SMALL)
    kept = []
    for _ in range(connections):
        connection = socket.create_connection(("127.0.0.1", _port(url)))
        connection.sendall(request)
        answer = connection.recv(65536)
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise ConnectionError(repr(answer))
        kept.append(connection)
    sys.stdout.write("{}\n")
    sys.stdout.flush()
    sys.stdin.read()


def main(arguments: list[str]) -> None:
    """Do what the arguments say."""
    match arguments:
        case ["paced", url, streams, events]:
            figures = uvloop.run(paced(url, int(streams), int(events)))
        case ["fast", url, megabytes]:
            figures = fast(url, int(megabytes))
        case ["upload", url, megabytes]:
            figures = upload(url, int(megabytes))
        case ["idle", url, connections]:
            return idle(url, int(connections))
        case _:
            sys.exit(__doc__)
    sys.stdout.write(json.dumps(figures) + "\n")
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
