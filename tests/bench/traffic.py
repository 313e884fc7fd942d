"""What the benchmark sends and what its services answer."""

from __future__ import annotations

import json
from collections.abc import Mapping

Event = Mapping[str, object]

TOKEN = "pc_" + "t" * 43
KEY = "sk-ant-api03-bench"
MODEL = "claude-sonnet-5-5"
EVENTS = 300
"""Of one answer of Claude Code's size."""

ANSWER = json.dumps(
    {
        "id": "msg_01bench",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [{"type": "text", "text": "a" * 260}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 2095, "output_tokens": 503},
    }
)
"""Half a kilobyte."""

_STARTED = {**json.loads(ANSWER), "content": [], "stop_reason": None}
START: Event = {"type": "message_start", "message": _STARTED}
BLOCK: Event = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
ENDING: tuple[Event, ...] = (
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 503}},
    {"type": "message_stop"},
)


def delta(text: str) -> Event:
    """An event that carries text."""
    return {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}


def message(events: int) -> list[Event]:
    """The events of a whole answer, that many."""
    return [START, BLOCK, *[delta(f"word {number} ") for number in range(events - 5)], *ENDING]


def sse(event: Event) -> bytes:
    """An event as the Messages API streams it."""
    return f"event: {event['type']}\ndata: {json.dumps(event, separators=(',', ':'))}\n\n".encode()


def question(characters: int, *, stream: bool = False, max_tokens: int = 1) -> str:
    """The body of a request for one message, with a prompt of that many characters."""
    body = {
        "model": MODEL,
        "max_tokens": max_tokens,
        "messages": [{"role": "user", "content": "x" * characters}],
        "stream": stream,
    }
    return json.dumps(body)


SMALL = question(900)
LARGE = question(50_000, stream=True)
LARGE_OF_AWS = LARGE.replace(MODEL, f"us.anthropic.{MODEL}")
"""With the name of an inference profile, so that nothing has to be looked up."""
