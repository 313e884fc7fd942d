"""How fast AWS Bedrock's event streams become server-sent events, and how fast requests are translated.

`python -m tests.bench.transcoding` prints events per second on one core, the memory that a long stream takes, and the
time for a request of Claude Code's size.
"""

from __future__ import annotations

import json
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from tests.fakes import event_stream

from proxycast.upstream.bedrock.answer import InvocationAnswer
from proxycast.upstream.bedrock.invocation import invocation
from proxycast.upstream.bedrock.tables import Tables

EVENTS = 100_000
ROUNDS = 5
_READ = 64 * 1024
_HEADERS = [(b"content-type", event_stream.CONTENT_TYPE.encode())]
_TABLES = Tables.read(Path(__file__).parents[2] / "resources" / "bedrock.yaml")


def stream_of(events: int) -> Iterator[bytes]:
    """A stream of that many events as it comes from a socket, in reads of 64 KiB."""
    rest = b""
    for number in range(events - 1):
        delta = {"type": "text_delta", "text": f"word {number} "}
        rest += event_stream.chunk(json.dumps({"type": "content_block_delta", "index": 0, "delta": delta}).encode())
        while len(rest) >= _READ:
            yield rest[:_READ]
            rest = rest[_READ:]
    yield rest + event_stream.chunk(b'{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":1}}')


def transcode(pieces: list[bytes] | Iterator[bytes]) -> InvocationAnswer:
    """Translate a stream, and read its usage, as the data path does."""
    answer = InvocationAnswer()
    answer.begin(200, _HEADERS)
    for piece in pieces:
        answer.tap.feed(answer.feed(piece))
    answer.tap.finish()
    return answer


def events_per_second() -> float:
    """The best of some rounds."""
    pieces = list(stream_of(EVENTS))
    return EVENTS / min(_seconds_of(pieces) for _ in range(ROUNDS))


def _seconds_of(pieces: list[bytes]) -> float:
    began = time.perf_counter()
    answer = transcode(pieces)
    taken = time.perf_counter() - began
    assert answer.complete
    return taken


def peak_megabytes() -> float:
    """What a stream takes at most while it is translated, its own bytes included as they come."""
    tracemalloc.start()
    try:
        assert transcode(stream_of(EVENTS)).complete
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def request_of(size: int) -> bytes:
    """A request of about that size as Claude Code sends it: tools, cache marks with a scope, a long conversation."""
    cached = {"type": "ephemeral", "scope": "global", "ttl": "1h"}
    turns = [
        {"role": role, "content": [{"type": "text", "text": "a line of code\n" * 20, **mark}]}
        for number in range(size // 700)
        for role, mark in (("user", {"cache_control": cached} if number == size // 700 - 1 else {}), ("assistant", {}))
    ]
    tools = [{"name": f"tool{number}", "input_schema": {"type": "object", "properties": {}}} for number in range(20)]
    body = {
        "model": "claude-opus-5-5",
        "stream": True,
        "max_tokens": 32000,
        "system": [{"type": "text", "text": "You are …", "cache_control": cached}],
        "tools": tools,
        "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
        "messages": turns,
    }
    return json.dumps(body).encode()


def milliseconds_per_request(size: int) -> float:
    """How long it takes to make one request into an invocation."""
    body = request_of(size)
    betas = [b"oauth-2025-04-20,prompt-caching-scope-2026-01-05,claude-code-20250219"]
    times = []
    for _ in range(20):
        began = time.perf_counter()
        invocation(body, betas, "anthropic.claude-opus-5-5", _TABLES)
        times.append(time.perf_counter() - began)
    return min(times) * 1000


def main() -> None:
    """Print the figures."""
    sys.stdout.write(f"events: {events_per_second():,.0f} per second\n")
    sys.stdout.write(f"memory: {peak_megabytes():.1f} MB at most, for a stream of {EVENTS:,} events\n")
    for size in (50_000, 1_000_000):
        sys.stdout.write(f"request of {size // 1000} kB: {milliseconds_per_request(size):.2f} ms\n")


if __name__ == "__main__":
    main()
