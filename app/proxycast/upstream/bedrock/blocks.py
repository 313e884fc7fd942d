"""Lists of blocks: `system`, `tools` and the content of messages, without what Bedrock refuses in them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from proxycast.upstream.bedrock.removals import Removals
from proxycast.upstream.bedrock.tables import matches
from proxycast.upstream.json_spans import elements, splice, unique_members

_MARK = b"cache_control"
_DEPTH_LIMIT = 8


class BlockEditor:
    """Takes `cache_control.scope`, and without `keeps_ttl` also `ttl`, out of blocks; notes what it took."""

    def __init__(self, removals: Removals, *, keeps_ttl: bool) -> None:
        self._removals = removals
        self._refused = ("scope",) if keeps_ttl else ("scope", "ttl")

    def edit(self, blocks: bytes, dropped: Iterable[str] = (), *, noted: str = "{}") -> bytes | None:
        """The list without blocks whose type is `dropped`; None if none is left. Other values come back as they were.

        `noted` is how a dropped type is noted. Raises ValueError.
        """
        dropped = tuple(dropped)
        if not (_MARK in blocks or dropped) or not blocks.startswith(b"["):
            return blocks
        changes: dict[int, bytes | None] = {}
        spans = elements(blocks)
        for place, span in enumerate(spans):
            block = blocks[span.start : span.end]
            if dropped and matches(kind := type_of(block), dropped):
                self._removals.note(noted, str(kind))
                changes[place] = None
            elif _MARK in block:
                changes[place] = self._uncached(block, 0)
        if spans and len(changes) == len(spans) and all(change is None for change in changes.values()):
            return None
        return splice(blocks, spans, changes) if changes else blocks

    def _uncached(self, block: bytes, depth: int) -> bytes:
        """The block, and those inside it, without what is refused in their `cache_control`.

        Only where blocks stand: the arguments of tools and their schemas may have a key of that name for themselves.
        """
        if not block.startswith(b"{") or depth > _DEPTH_LIMIT:
            return block
        found = unique_members(block)
        changes: dict[int, bytes | None] = {}
        for place, (key, span) in enumerate(found.items()):
            value = block[span.value : span.end]
            if key == _MARK.decode():
                changes[place] = self._without_refused(value)
            elif key == "content" and _MARK in value and value.startswith(b"["):
                inner = elements(value)
                changes[place] = splice(
                    value,
                    inner,
                    {at: self._uncached(value[one.start : one.end], depth + 1) for at, one in enumerate(inner)},
                )
            elif key == "source" and _MARK in value:
                changes[place] = self._uncached(value, depth + 1)
        return splice(block, list(found.values()), changes)

    def _without_refused(self, cache_control: bytes) -> bytes:
        if not cache_control.startswith(b"{"):
            return cache_control
        found = unique_members(cache_control)
        changes: dict[int, bytes | None] = {}
        for place, key in enumerate(found):
            if key in self._refused:
                self._removals.note("cache_control.{}", key)
                changes[place] = None
        return splice(cache_control, list(found.values()), changes)


def type_of(block: bytes) -> object:
    """The `type` of a block; None if it has none."""
    try:
        return _decoder.decode(block).type
    except (ValueError, RecursionError):
        return None


class _Typed(msgspec.Struct):
    type: object = None


_decoder = msgspec.json.Decoder(_Typed)
