"""What the Messages API says: messages, streams, models, token counts. Pure, and the same for the same request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

MODELS = {
    "claude-fable-5-2": "Claude Fable 5.2",
    "claude-opus-5-5": "Claude Opus 5.5",
    "claude-sonnet-5-5": "Claude Sonnet 5.5",
    "claude-haiku-5-5": "Claude Haiku 5.5",
    "claude-opus-5": "Claude Opus 5",
    "claude-sonnet-4-6": "Claude Sonnet 4.6",
}

COMMENT = b": keep-alive\n\n"


@dataclass(frozen=True, kw_only=True)
class Script:
    """What the fake model says and what it is billed. Output tokens are counted in words."""

    text: str = "The quick brown fox jumps over the lazy dog. 敏捷的棕毛狐狸从懒狗身上跃过。"
    thinking: str = "The user asks something. I answer with the usual sentence."
    input_tokens: int = 25
    cache_creation_input_tokens: int = 2048
    cache_read_input_tokens: int = 1024


def message(request: Json, script: Script) -> dict[str, Any]:
    """The whole answer to a request, as without `stream`."""
    content, stop_reason = _content(request, script)
    digest = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
    return {
        "model": request["model"],
        "id": f"msg_01{digest[:22]}",
        "type": "message",
        "role": "assistant",
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "stop_details": None,
        "usage": {
            "input_tokens": script.input_tokens,
            "cache_creation_input_tokens": script.cache_creation_input_tokens,
            "cache_read_input_tokens": script.cache_read_input_tokens,
            "cache_creation": {
                "ephemeral_5m_input_tokens": script.cache_creation_input_tokens,
                "ephemeral_1h_input_tokens": 0,
            },
            "output_tokens": sum(_tokens(block) for block in content),
            "service_tier": "standard",
            "inference_geo": "not_available",
        },
    }


def stream(whole: Json) -> list[bytes]:
    """The events of a message as a stream, each with its empty line; pings and a comment among them."""
    start = {**whole, "content": [], "stop_reason": None, "usage": {**whole["usage"], "output_tokens": 1}}
    parts = [event("message_start", message=start)]
    for index, block in enumerate(whole["content"]):
        opening, deltas = _block_deltas(block)
        parts.append(event("content_block_start", index=index, content_block=opening))
        if index == 0:
            parts += [event("ping"), COMMENT]
        parts += [event("content_block_delta", index=index, delta=delta) for delta in deltas]
        parts.append(event("content_block_stop", index=index))
    usage = {name: count for name, count in whole["usage"].items() if name.endswith("_tokens")}
    delta = {name: whole[name] for name in ("stop_reason", "stop_sequence", "stop_details")}
    return [*parts, event("message_delta", delta=delta, usage=usage), event("message_stop")]


def long_stream(whole: Json, deltas: int) -> list[bytes]:
    """A stream whose text comes in this many numbered deltas, `0 1 2 …`, so that a gap or a swap shows."""
    usage = {**whole["usage"], "output_tokens": deltas}
    text = "".join(f"{number} " for number in range(deltas))
    return stream({**whole, "content": [{"type": "text", "text": text}], "stop_reason": "end_turn", "usage": usage})


def event(kind: str, **fields: object) -> bytes:
    """One server-sent event as the API writes it."""
    data = json.dumps({"type": kind, **fields}, separators=(",", ":"), ensure_ascii=False)
    return f"event: {kind}\ndata: {data}\n\n".encode()


def token_count(request: Json) -> int:
    """A number that depends on what is sent: a quarter of the characters of system, tools and messages."""
    counted = [request.get(name) for name in ("system", "tools", "messages")]
    return max(1, len(json.dumps(counted, ensure_ascii=False)) // 4)


def model_info(identity: str, display_name: str) -> dict[str, Any]:
    """One entry of the list of models."""
    return {
        "type": "model",
        "id": identity,
        "display_name": display_name,
        "created_at": "2026-09-01T00:00:00Z",
        "lifecycle": "active",
        "deprecated_at": None,
        "retires_at": None,
    }


def model_page(models: Sequence[Json], *, limit: int = 20, after: str | None = None) -> dict[str, Any]:
    """One page of the list of models."""
    ids = [model["id"] for model in models]
    start = ids.index(after) + 1 if after in ids else 0
    shown = list(models[start : start + limit])
    return {
        "data": shown,
        "has_more": start + limit < len(models),
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
    }


def _content(request: Json, script: Script) -> tuple[list[dict[str, Any]], str]:
    content: list[dict[str, Any]] = []
    if request.get("thinking", {}).get("type") in {"enabled", "adaptive"}:
        signature = hashlib.sha256(script.thinking.encode()).hexdigest()
        content.append({"type": "thinking", "thinking": script.thinking, "signature": signature})
    tools = [tool for tool in request.get("tools", ()) if "input_schema" in tool]
    wants_tool = request.get("tool_choice", {}).get("type") != "none"
    if tools and wants_tool and not _ends_in_tool_result(request["messages"]):
        content.append(_tool_use(tools[0]))
        return content, "tool_use"
    words = script.text.split(" ")
    limit = request["max_tokens"]
    content.append({"type": "text", "text": " ".join(words[:limit])})
    return content, "end_turn" if len(words) <= limit else "max_tokens"


def _ends_in_tool_result(messages: Sequence[Json]) -> bool:
    last = messages[-1]["content"]
    return isinstance(last, list) and any(block.get("type") == "tool_result" for block in last)


def _tool_use(tool: Json) -> dict[str, Any]:
    properties = tool["input_schema"].get("properties", {})
    samples = {"string": "value", "integer": 7, "number": 0.5, "boolean": True, "array": [], "object": {}}
    arguments = {name: samples.get(schema.get("type", "string"), "value") for name, schema in properties.items()}
    digest = hashlib.sha256(tool["name"].encode()).hexdigest()
    return {"type": "tool_use", "id": f"toolu_01{digest[:22]}", "name": tool["name"], "input": arguments}


def _block_deltas(block: Json) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if block["type"] == "text":
        return {"type": "text", "text": ""}, [{"type": "text_delta", "text": piece} for piece in _pieces(block["text"])]
    if block["type"] == "thinking":
        deltas = [{"type": "thinking_delta", "thinking": piece} for piece in _pieces(block["thinking"])]
        signature = {"type": "signature_delta", "signature": block["signature"]}
        return {"type": "thinking", "thinking": "", "signature": ""}, [*deltas, signature]
    arguments = json.dumps(block["input"])
    halves = ("", arguments[: len(arguments) // 2], arguments[len(arguments) // 2 :])
    return {**block, "input": {}}, [{"type": "input_json_delta", "partial_json": half} for half in halves]


def _pieces(text: str) -> list[str]:
    """The words of a text, each with the space after it."""
    return [piece for piece in text.replace(" ", " \0").split("\0") if piece]


def _tokens(block: Json) -> int:
    return len(str(block.get("text", block.get("thinking", block.get("input")))).split(" "))
