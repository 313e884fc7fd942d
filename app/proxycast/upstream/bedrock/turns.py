"""The `messages` of a request: turns of the role `system` where the model does not take them, fields without a beta."""

from __future__ import annotations

import re

import msgspec

from proxycast.upstream.bedrock.blocks import BlockEditor, type_of
from proxycast.upstream.bedrock.removals import Removals
from proxycast.upstream.bedrock.tables import Unlocked
from proxycast.upstream.json_spans import Span, elements, splice, unique_members

_OF_ANY_TURN = frozenset({"role", "content"})
_SYSTEM = b'"system"'
_USER = b'"user"'


class TurnEditor:
    """Makes messages into what one model takes.

    `locked` is what has lost its beta, `system_blocks` what no user turn may hold. Without `system_turns`, a system
    turn becomes a user turn in its place: it is never hoisted into `system`, which would change the prompt's start,
    and never put between the use of a tool and its result, which is refused.
    """

    def __init__(
        self,
        removals: Removals,
        blocks: BlockEditor,
        locked: Unlocked,
        *,
        system_turns: bool,
        system_blocks: tuple[str, ...],
    ) -> None:
        self._removals = removals
        self._blocks = blocks
        self._locked = locked
        self._system_turns = system_turns
        self._system_blocks = system_blocks
        marks = (*locked.message_fields, *locked.blocks, "cache_control")
        self._marks = re.compile("|".join(re.escape(mark) for mark in marks).encode())

    def edit(self, messages: bytes) -> bytes:
        """The list of messages; values that need not change keep their bytes. Raises ValueError."""
        has_system_turns = _SYSTEM in messages
        if not messages.startswith(b"[") or not (has_system_turns or self._marks.search(messages)):
            return messages
        spans = elements(messages)
        turns = [messages[span.start : span.end] for span in spans]
        roles = [_head(turn).role for turn in turns] if has_system_turns else [None] * len(turns)
        last_user = max((place for place, role in enumerate(roles) if role == "user"), default=-1)
        changes: dict[int, bytes | None] = {}
        for place, turn in enumerate(turns):
            edited = self._turn(turn, is_system=roles[place] == "system", before_user=place < last_user)
            if edited != turn:
                changes[place] = edited
        if self._system_turns or "system" not in roles:
            return splice(messages, spans, changes) if changes else messages
        kept = [(role, edited) for place, role in enumerate(roles) if (edited := changes.get(place, turns[place]))]
        order = _behind_results(kept)
        if order == [turn for _, turn in kept]:
            return splice(messages, spans, changes)
        return b"[" + b",".join(order) + b"]"

    def _turn(self, turn: bytes, *, is_system: bool, before_user: bool) -> bytes | None:
        demoted = is_system and not self._system_turns
        if not turn.startswith(b"{") or not (demoted or self._marks.search(turn)):
            return turn
        found = unique_members(turn)
        if "clear_at" in found and (demoted or "clear_at" in self._locked.message_fields):
            self._removals.note("messages[].{}", "clear_at")
            if before_user and _text(turn, found["clear_at"]) == b'"next_user_message"':
                return None  # the model was not to see it any more
        changes = {place: self._member(turn, span, demoted=demoted) for place, span in enumerate(found.values())}
        left = {key for key, change in zip(found, changes.values(), strict=True) if change is not None}
        if ("content" in found and "content" not in left) or left <= {"role"} < set(found):
            return None
        return splice(turn, list(found.values()), changes)

    def _member(self, turn: bytes, span: Span, *, demoted: bool) -> bytes | None:
        value = _text(turn, span)
        if span.key in self._locked.message_fields or (demoted and span.key not in _OF_ANY_TURN):
            self._removals.note("messages[].{}", span.key)
            return None
        if span.key == "role" and demoted:
            self._removals.note("messages[].role: system → user")
            return _USER
        if span.key == "content":
            blocks = self._system_blocks if demoted else self._locked.blocks
            return self._blocks.edit(value, blocks, noted="messages[].content: {}")
        return value


def _behind_results(turns: list[tuple[object, bytes]]) -> list[bytes]:
    """The turns in their order, except that a system turn after the use of a tool waits for its results."""
    order: list[bytes] = []
    waiting: list[bytes] = []
    after_use = False
    for role, turn in turns:
        if role == "system" and after_use:
            waiting.append(turn)
            continue
        if after_use and not (role == "user" and _holds(turn, b"tool_result")):
            order += waiting
            waiting = []
            after_use = False
        order.append(turn)
        if role == "assistant":
            after_use = _holds(turn, b"tool_use")
    return order + waiting


def _holds(turn: bytes, kind: bytes) -> bool:
    """Whether the turn has a block of this type."""
    if kind not in turn:
        return False
    content = bytes(_head(turn).content)
    if not content.startswith(b"["):
        return False
    return any(type_of(content[span.start : span.end]) == kind.decode() for span in elements(content))


def _text(turn: bytes, span: Span) -> bytes:
    return turn[span.value : span.end]


class _Head(msgspec.Struct):
    role: object = None
    content: msgspec.Raw = msgspec.Raw(b"null")


_decoder = msgspec.json.Decoder(_Head)


def _head(turn: bytes) -> _Head:
    try:
        return _decoder.decode(turn)
    except (ValueError, RecursionError):
        return _Head()
