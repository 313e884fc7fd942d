"""What the Messages API says: messages, streams, models, token counts. Pure, and the same for the same request."""

from __future__ import annotations

import base64
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
    """What the fake model says and what it is billed. Output tokens are counted in words.

    `uses_tools`: asked with tools, it uses one before it says anything, and none once a result is there. `tool` names
    which (else the demanded one, else the first), `tool_input` what it is given (else samples of what it requires).
    """

    text: str = "The quick brown fox jumps over the lazy dog. 敏捷的棕毛狐狸从懒狗身上跃过。"
    thinking: str = "The user asks something. I answer with the usual sentence."
    uses_tools: bool = True
    tool: str | None = None
    tool_input: Json | None = None
    input_tokens: int = 25
    cache_creation_input_tokens: int = 2048
    cache_read_input_tokens: int = 1024


def numbered(words: int) -> Script:
    """A script that says `0 1 2 …`, one number per delta, so that a gap or a swap shows."""
    return Script(text=" ".join(str(number) for number in range(words)))


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


def event(kind: str, **fields: object) -> bytes:
    """One server-sent event as the API writes it."""
    data = json.dumps({"type": kind, **fields}, separators=(",", ":"), ensure_ascii=False)
    return f"event: {kind}\ndata: {data}\n\n".encode()


def thinking_signature(thinking: str, request: Json, turns: int) -> str:
    """What signs a thinking block: it binds system, tools and the first `turns` messages.

    Changed, dropped or reordered content gives another signature; so does a number written in another way. Cache marks,
    a billing header and whether a text stands alone or as a block make no difference: Claude Code varies them.
    """
    bound = {"system": request.get("system"), "tools": request.get("tools"), "messages": request["messages"][:turns]}
    text = json.dumps([_essence(bound), thinking], separators=(",", ":"))
    return base64.b64encode(hashlib.sha512(text.encode()).digest()).decode()


def wrong_signature(request: Json) -> str | None:
    """Where a thinking block stands that was not signed for what now precedes it, as `messages.1.content.0`."""
    for turn, entry in enumerate(request["messages"]):
        for place, block in enumerate(entry["content"] if isinstance(entry["content"], list) else ()):
            if block["type"] == "thinking":
                expected = thinking_signature(block["thinking"], request, turn)
                if block["signature"] != expected:
                    return f"messages.{turn}.content.{place}"
    return None


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
    wanted = request.get("thinking", {})
    if wanted.get("type") in {"enabled", "adaptive"}:
        thinking = "" if wanted.get("display") == "omitted" else script.thinking
        signature = thinking_signature(thinking, request, len(request["messages"]))
        content.append({"type": "thinking", "thinking": thinking, "signature": signature})
    tool = _chosen_tool(request, script.tool) if script.uses_tools else None
    if tool is not None:
        content.append(_tool_use(tool, script.tool_input))
        return content, "tool_use"
    words = _pieces(script.text)
    limit = request["max_tokens"]
    content.append({"type": "text", "text": "".join(words[:limit])})
    return content, "end_turn" if len(words) <= limit else "max_tokens"


def _chosen_tool(request: Json, name: str | None) -> Json | None:
    choice = request.get("tool_choice", {"type": "auto"})
    if choice["type"] == "none" or any(_is_tool_result(turn) for turn in request["messages"]):
        return None
    name = name or choice.get("name")
    tools = [tool for tool in request.get("tools", ()) if "input_schema" in tool]
    return next((tool for tool in tools if name in {None, tool["name"]}), None)


def _is_tool_result(turn: Json) -> bool:
    return isinstance(turn["content"], list) and any(block.get("type") == "tool_result" for block in turn["content"])


def _tool_use(tool: Json, given: Json | None) -> dict[str, Any]:
    """A use of a tool: as given, or with a sample of every required argument (of every one if it requires none)."""
    properties = tool["input_schema"].get("properties", {})
    required = tool["input_schema"].get("required", properties)
    arguments = given if given is not None else {name: _sample(properties.get(name, {})) for name in required}
    digest = hashlib.sha256(tool["name"].encode()).hexdigest()
    return {"type": "tool_use", "id": f"toolu_01{digest[:22]}", "name": tool["name"], "input": arguments}


def _sample(schema: Json) -> object:
    samples = {"integer": 7, "number": 0.5, "boolean": True, "array": [], "object": {}}
    return schema["enum"][0] if "enum" in schema else samples.get(schema.get("type", "string"), "value")


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


def _essence(value: Any) -> Any:
    if isinstance(value, list):
        return [_essence(inner) for inner in value if not _is_billing_header(inner)]
    if not isinstance(value, dict):
        return value
    blocks = {
        name: [{"type": "text", "text": inner}] if name in {"system", "content"} and isinstance(inner, str) else inner
        for name, inner in value.items()
        if name != "cache_control"
    }
    return {name: _essence(inner) for name, inner in blocks.items()}


def _is_billing_header(block: Any) -> bool:
    return isinstance(block, dict) and str(block.get("text")).startswith("x-anthropic-billing-header:")


def _pieces(text: str) -> list[str]:
    """The words of a text, each with the space after it."""
    return [piece for piece in text.replace(" ", " \0").split("\0") if piece]


def _tokens(block: Json) -> int:
    return len(_pieces(str(block.get("text", block.get("thinking", block.get("input"))))))
