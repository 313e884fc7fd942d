"""The body of an InvokeModel for Claude, as strict as AWS takes it. Its lists are its own, not the product's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

FIELDS = {
    "anthropic_version", "max_tokens", "messages", "anthropic_beta", "system", "stop_sequences", "temperature",
    "top_p", "top_k", "tools", "tool_choice", "thinking", "metadata", "output_config", "safeguards",
    "context_management",
}  # fmt: skip
BETAS = {
    "interleaved-thinking-2025-05-14",
    "tool-search-tool-2025-10-19",
    "thinking-token-count-2026-05-13",
    "compact-2026-01-12",
    "computer-use-2025-01-24",
    "computer-use-2025-11-24",
    "context-1m-2025-08-07",
    "context-management-2025-06-27",
    "dangerous-tool-use-2026-09-03",
    "effort-2025-11-24",
    "fine-grained-tool-streaming-2025-05-14",
    "thinking-binding-controls-2026-08-01",
    "mid-conversation-output-config-2026-07-01",
    "thinking-display-updates-2026-08-18",
    "mid-conversation-tool-changes-2026-07-01",
    "claude-code-20250219",
}
_CACHE_FIELDS = {"type", "ttl"}
_EXTRA = "Extra inputs are not permitted"


class Invalid(Exception):
    """The body is refused, in AWS's words."""


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What a model takes: `system` turns, `ttl` in `cache_control`, the Claude API's own `anthropic_version`."""

    system_turns: bool = True
    cache_ttl: bool = True
    new_version: bool = True


def check_body(body: object, traits: Traits) -> Json:
    """The body if AWS takes it for a model with these traits. Raises Invalid."""
    if not isinstance(body, dict):
        raise Invalid("Malformed input request, please reformat your input and try again.")
    if "anthropic_version" not in body:
        raise Invalid("anthropic_version: Field required")
    versions = {"bedrock-2023-05-31", "2026-10-21"} if traits.new_version else {"bedrock-2023-05-31"}
    if body["anthropic_version"] not in versions:
        raise Invalid(f"anthropic_version: '{body['anthropic_version']}' is not a valid version")
    for name in body:
        if name not in FIELDS:
            raise Invalid(f"{name}: {_EXTRA}")
    betas = body.get("anthropic_beta", [])
    if not isinstance(betas, list) or not set(betas) <= BETAS:
        raise Invalid("invalid beta flag")
    if not isinstance(body.get("max_tokens"), int):
        raise Invalid("max_tokens: Field required")
    for place, cache_control in _cache_controls(body):
        for name in cache_control:
            if name not in _CACHE_FIELDS or (name == "ttl" and not traits.cache_ttl):
                raise Invalid(f"{place}.cache_control.ephemeral.{name}: {_EXTRA}")
    _check_context_management(body.get("context_management"))
    _check_thinking(body.get("thinking"), betas)
    _check_messages(body.get("messages"), betas, system_turns=traits.system_turns)
    return body


def _cache_controls(body: Json) -> Iterator[tuple[str, Json]]:
    """Every `cache_control` of a block, and where it stands."""
    for name in ("system", "tools"):
        if isinstance(body.get(name), list):
            yield from _in_blocks(name, body[name])
    for number, turn in enumerate(body.get("messages", ())):
        if isinstance(turn, dict) and isinstance(turn.get("content"), list):
            yield from _in_blocks(f"messages.{number}.content", turn["content"])


def _in_blocks(place: str, blocks: list[Any]) -> Iterator[tuple[str, Json]]:
    for number, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        if isinstance(block.get("cache_control"), dict):
            yield f"{place}.{number}", block["cache_control"]
        if isinstance(block.get("content"), list):
            yield from _in_blocks(f"{place}.{number}.content", block["content"])


def _check_context_management(value: Any) -> None:
    for number, edit in enumerate((value or {}).get("edits", ())):
        if edit.get("type") == "clear_thinking_20251015":
            raise Invalid(
                f"context_management.edits.{number}: Input tag 'clear_thinking_20251015' found using 'type' does not "
                "match any of the expected tags: 'clear_tool_uses_20250919', 'compact_20260112'"
            )


def _check_thinking(value: Any, betas: list[str]) -> None:
    thinking = value or {}
    kind = thinking.get("type")
    if "block_binding" in thinking and "thinking-binding-controls-2026-08-01" not in betas:
        raise Invalid(f"thinking.{kind}.block_binding: {_EXTRA}")
    if thinking.get("display") == "updates" and "thinking-display-updates-2026-08-18" not in betas:
        raise Invalid(f"thinking.{kind}.display: Input should be 'summarized' or 'omitted'")


def _check_messages(messages: Any, betas: list[str], *, system_turns: bool) -> None:
    if not isinstance(messages, list):
        raise Invalid("messages: Field required")
    if not messages:
        raise Invalid("messages: at least one message is required")
    allowed = {"role", "content"}
    if "mid-conversation-output-config-2026-07-01" in betas:
        allowed.add("output_config")
    roles = {"user", "assistant", "system"} if system_turns else {"user", "assistant"}
    for number, turn in enumerate(messages):
        if turn.get("role") not in roles:
            raise Invalid(
                f'messages: Unexpected role "{turn.get("role")}". The Messages API accepts a top-level `system` '
                'parameter, not "system" as an input message role.'
            )
        for name in turn:
            if name not in allowed:
                raise Invalid(f"messages.{number}.{name}: {_EXTRA}")
        for place, block in enumerate(_blocks(turn)):
            changes_tools = block.get("type") in {"tool_addition", "tool_removal"}
            if changes_tools and "mid-conversation-tool-changes-2026-07-01" not in betas:
                raise Invalid(
                    f"messages.{number}.content.{place}: Input tag '{block['type']}' found using 'type' does not match "
                    "any of the expected tags: 'document', 'image', 'text', 'thinking', 'tool_result', 'tool_use'"
                )
    _check_results(messages)


def _check_results(messages: list[Json]) -> None:
    """Every use of a tool has its result at the start of the turn that follows; neighbours of one role are one turn."""
    merged: list[tuple[str, list[Json]]] = []
    for turn in messages:
        if not merged or merged[-1][0] != turn["role"]:
            merged.append((turn["role"], []))
        merged[-1][1].extend(_blocks(turn))
    for number, (role, blocks) in enumerate(merged):
        used = {block["id"] for block in blocks if block.get("type") == "tool_use"} if role == "assistant" else set()
        answered = set()
        for block in merged[number + 1][1] if number + 1 < len(merged) else ():
            if block.get("type") != "tool_result":
                break
            answered.add(block["tool_use_id"])
        if not used <= answered:
            raise Invalid(
                f"messages.{number}: `tool_use` ids were found without `tool_result` blocks immediately after: "
                f"{', '.join(sorted(used - answered))}. Each `tool_use` block must have a corresponding `tool_result` "
                "block in the next message."
            )


def _blocks(turn: Json) -> list[Any]:
    content = turn.get("content", [])
    return content if isinstance(content, list) else [{"type": "text", "text": content}]
