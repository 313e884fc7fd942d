"""A Messages request as InvokeModel takes it: some fields move, some go, and every value that stays keeps its bytes."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping

import msgspec

from proxycast.model.errors import InputError
from proxycast.model.text import Text
from proxycast.upstream.bedrock.blocks import BlockEditor
from proxycast.upstream.bedrock.removals import Removals
from proxycast.upstream.bedrock.tables import Tables
from proxycast.upstream.bedrock.turns import TurnEditor
from proxycast.upstream.json_spans import elements, splice, unique_members

_MOVED = frozenset({"model", "stream", "anthropic_version", "anthropic_beta"})


class Invocation(msgspec.Struct, frozen=True):
    """What InvokeModel is sent for a request.

    `model` is the id that the client asked for, None if it named none; `stream` whether the answer shall stream.
    `removed` names what was taken out, for the user: `cache_control.scope`, `anthropic-beta: oauth-2025-04-20`.
    """

    body: bytes
    model: str | None
    stream: bool
    removed: tuple[str, ...]


def invocation(body: bytes, betas: Iterable[bytes], model: str, tables: Tables) -> Invocation:
    """The request `body` for a model of Bedrock.

    `betas` are the values of the client's `anthropic-beta` headers; `model` is the base id that decides what is taken,
    see `Tables.traits`. Raises InputError for a body that is no JSON object, or has a key twice where it matters.
    """
    return _translated(body, betas, model, tables, {})


def count_request(body: bytes, betas: Iterable[bytes], model: str, tables: Tables) -> Invocation:
    """The same for CountTokens, which takes the body of an InvokeModel inside its own. Raises InputError."""
    inner = _translated(body, betas, model, tables, {"max_tokens": b"1"})
    wrapped = b'{"input":{"invokeModel":{"body":"%b"}}}' % base64.b64encode(inner.body)
    return msgspec.structs.replace(inner, body=wrapped, stream=False)


def _translated(
    body: bytes, betas: Iterable[bytes], model: str, tables: Tables, defaults: Mapping[str, bytes]
) -> Invocation:
    try:
        fields = unique_members(body)
        values = {key: body[span.value : span.end] for key, span in fields.items()}
        asked = _string(values.get("model"))
        editor = _FieldEditor(tables, model, _asked(betas, values.get("anthropic_beta", b"")))
        changes = editor.edit(values)
        rest = splice(body, list(fields.values()), dict(enumerate(changes)))
    except ValueError:
        raise InputError(
            Text(
                "The request's body cannot be made into one for AWS Bedrock: it must be a JSON object that has each "
                "key once and is not nested deeply."
            ),
            Text("Send a body as the Messages API takes it."),
        ) from None
    added = {"anthropic_version": msgspec.json.encode(tables.version)}
    if editor.betas:
        added["anthropic_beta"] = msgspec.json.encode(editor.betas)
    added |= {key: value for key, value in defaults.items() if key not in values}
    return Invocation(
        body=_with_members(rest, added),
        model=asked,
        stream=values.get("stream") == b"true",
        removed=editor.removals.names,
    )


class _FieldEditor:
    """Edits the top-level fields of one request. `betas` are those to send."""

    def __init__(self, tables: Tables, model: str, asked: Iterable[str]) -> None:
        self.removals = Removals()
        self.betas, dropped = tables.betas.sort(asked)
        for beta in dropped:
            self.removals.note("anthropic-beta: {}", beta)
        traits = tables.traits(model)
        self._tables = tables
        self._locked = tables.locked(self.betas, dropped)
        self._blocks = BlockEditor(self.removals, keeps_ttl=traits.cache_ttl)
        self._turns = TurnEditor(
            self.removals,
            self._blocks,
            self._locked,
            system_turns=traits.system_turns,
            system_blocks=tables.system_blocks,
        )

    def edit(self, values: Mapping[str, bytes]) -> list[bytes | None]:
        """The values in their order, None for those to leave out. Raises ValueError."""
        edited = {key: self._field(key, value) for key, value in values.items()}
        if "tools" in edited and edited["tools"] is None and edited.get("tool_choice"):
            self.removals.note("{}", "tool_choice")
            edited["tool_choice"] = None
        return list(edited.values())

    def _field(self, key: str, value: bytes) -> bytes | None:
        if key in _MOVED:
            return None
        if key not in self._tables.fields:
            self.removals.note("{}", key)
            return None
        match key:
            case "system":
                return self._blocks.edit(value)
            case "tools":
                return self._tools(value)
            case "messages":
                return self._turns.edit(value)
            case "thinking":
                return self._thinking(value)
            case "context_management":
                return self._context_management(value)
            case _:
                return value

    def _tools(self, tools: bytes) -> bytes | None:
        edited = self._blocks.edit(tools, self._locked.tools, noted="tools: {}")
        if not self._locked.tool_fields or edited is None or not edited.startswith(b"["):
            return edited
        spans = elements(edited)
        kept = {place: self._tool(edited[span.start : span.end]) for place, span in enumerate(spans)}
        return splice(edited, spans, kept)

    def _tool(self, tool: bytes) -> bytes:
        fields = unique_members(tool) if tool.startswith(b"{") else {}
        changes: dict[int, bytes | None] = {}
        for place, key in enumerate(fields):
            if key in self._locked.tool_fields:
                self.removals.note("tools[].{}", key)
                changes[place] = None
        return splice(tool, list(fields.values()), changes)

    def _thinking(self, thinking: bytes) -> bytes:
        locked = self._locked
        if not (locked.thinking_fields or locked.thinking_values) or not thinking.startswith(b"{"):
            return thinking
        fields = unique_members(thinking)
        changes: dict[int, bytes | None] = {}
        for place, (key, span) in enumerate(fields.items()):
            value = _string(thinking[span.value : span.end])
            if key in locked.thinking_fields or (value is not None and locked.thinking_values.get(key) == value):
                self.removals.note("thinking.{}", key)
                changes[place] = None
        return splice(thinking, list(fields.values()), changes)

    def _context_management(self, value: bytes) -> bytes | None:
        """The field without the edits that are refused; None if no edit is left."""
        fields = unique_members(value) if value.startswith(b"{") else {}
        if "edits" not in fields:
            return value
        span = fields["edits"]
        edits = self._blocks.edit(
            value[span.value : span.end], self._tables.refused_edits, noted="context_management.edits: {}"
        )
        if edits is None:
            return None
        return splice(value, list(fields.values()), {list(fields).index("edits"): edits})


def _asked(headers: Iterable[bytes], in_body: bytes) -> list[str]:
    """The betas that the client asks for, in its headers and in the body."""
    asked = [one.strip() for value in headers for one in value.decode("latin-1").split(",")]
    if in_body.startswith(b"["):
        asked += [beta for beta in msgspec.json.decode(in_body) if isinstance(beta, str)]
    return [beta for beta in asked if beta]


def _with_members(rest: bytes, added: Mapping[str, bytes]) -> bytes:
    """The object `rest` with more members at its start."""
    opening, _, others = rest.partition(b"{")
    text = b",".join(b'"%b":%b' % (key.encode(), value) for key, value in added.items())
    separator = b"" if others.lstrip().startswith(b"}") else b","
    return opening + b"{" + text + separator + others


def _string(value: bytes | None) -> str | None:
    """The text of a JSON string; None for anything else."""
    if value is None or not value.startswith(b'"'):
        return None
    return msgspec.json.decode(value, type=str)
