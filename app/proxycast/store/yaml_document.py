"""YAML text as a tree whose nodes know where they stand.

PyYAML turns the text into events; here they become nodes with the offsets that messages and edits need. Only the part
of YAML that a configuration needs is taken: one document of mappings, lists and text. Anchors, aliases, merge keys,
tags and duplicate keys are refused, and a scalar stays the text that it is: `no` is never False, `2023-06-01` no date.

libyaml reads ten times as fast as PyYAML's own parser, but differs from it in a few characters and explains less. So it
only has the word where there is none of them and it finds nothing to object to: a file means the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import yaml

from proxycast.model.errors import ConfigError, InputError
from proxycast.model.text import Text

SIZE_LIMIT = 1024 * 1024
"""The longest file that is read, in bytes."""

_DEPTH_LIMIT = 16
_FAST = getattr(yaml, "CSafeLoader", None)
_DISPUTED = re.compile(r"[\t\ufeff?\ud800-\udfff]|[|>][-+0-9]*#")
_GAP = re.compile(r"(?:\s+|#[^\r\n]*)*")


class ScalarNode(msgspec.Struct, frozen=True):
    """A text: `start` and `end` are offsets into the document's text; `style` is empty or one of `'`, `"`, `|`, `>`."""

    start: int
    end: int
    text: str
    style: str = ""

    @property
    def is_null(self) -> bool:
        """Whether it says that there is no value."""
        return not self.style and self.text in {"", "~", "null", "Null", "NULL"}


class Entry(msgspec.Struct, frozen=True):
    """A key of a mapping and its value."""

    key: ScalarNode
    value: Node


class MappingNode(msgspec.Struct, frozen=True):
    """Keys and values, in braces if `flow`, else by indentation."""

    start: int
    end: int
    flow: bool
    entries: tuple[Entry, ...]

    def entry(self, key: str) -> Entry | None:
        """The entry of `key`, if there is one."""
        return next((entry for entry in self.entries if entry.key.text == key), None)


class ListNode(msgspec.Struct, frozen=True):
    """A list, in brackets if `flow`, else with a dash before each item."""

    start: int
    end: int
    flow: bool
    items: tuple[Node, ...]


Node = ScalarNode | MappingNode | ListNode

Path = tuple[str | int, ...]
"""Leads from the top of a document to a value, by keys and by positions in lists: `("providers", 0, "name")`."""


class Document(msgspec.Struct, frozen=True):
    """A text, the name of the file it is from, and its tree; `root` is None if it holds nothing but comments."""

    text: str
    file: str
    root: Node | None

    def error(self, node: Node, what: Text, remedy: Text | None = None) -> ConfigError:
        """A ConfigError that points at the start of `node`."""
        return _error(self.text, self.file, node.start, what, remedy)

    @contextmanager
    def blaming(self, node: Node) -> Iterator[None]:
        """Make an InputError raised inside into a ConfigError that points at `node`."""
        try:
            yield
        except ConfigError:
            raise
        except InputError as error:
            raise self.error(node, error.what, error.remedy) from None


def compose(text: str, file: str) -> Document:
    """The tree of `text`, which has no byte order mark. Raises ConfigError."""
    if len(text.encode("utf-8", "surrogatepass")) > SIZE_LIMIT:
        raise ConfigError(Text("The file is longer than {limit} KiB.", limit=SIZE_LIMIT // 1024), file=file)
    if _FAST is not None and not _DISPUTED.search(text):
        try:
            return _Composer(text, file).document(yaml.parse(text, _FAST))
        except yaml.YAMLError:
            pass  # PyYAML's own parser says what is wrong.
    try:
        return _Composer(text, file).document(yaml.parse(text, yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise _explained(error, text, file) from None


def find(root: Node | None, path: Path) -> Node | None:
    """The node that `path` leads to from `root`, if there is one."""
    node = root
    for step in path:
        if isinstance(node, MappingNode):
            entry = node.entry(str(step))
            node = None if entry is None else entry.value
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def after_gap(text: str, offset: int) -> int:
    """The offset of the first character from `offset` on that is neither white space nor part of a comment."""
    match = _GAP.match(text, offset)
    return match.end() if match else offset


class _Composer:
    """Makes nodes of the parser's events."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file

    def document(self, events: Iterator[yaml.Event]) -> Document:
        root: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._error(event, Text("A second document begins here."), Text("Keep one in a file."))
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, _DEPTH_LIMIT)
        return Document(self._text, self._file, root)

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        self._refuse_sharing(event)
        if not depth:
            raise self._error(event, Text("This is nested too deeply."))
        start, end = _offset(event.start_mark), _offset(event.end_mark)
        if isinstance(event, yaml.ScalarEvent):
            if event.style in {"|", ">"}:
                end = start + len(self._text[start:end].rstrip())
            return ScalarNode(start, end, event.value, event.style or "")
        if isinstance(event, yaml.SequenceStartEvent):
            flow, items = bool(event.flow_style), list[Node]()
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self._node(event, events, depth - 1))
            return ListNode(start, _offset(event.end_mark) if flow else items[-1].end, flow, tuple(items))
        flow, entries = bool(getattr(event, "flow_style", None)), dict[str, Entry]()
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._key(event, entries)
            value = self._node(next(events), events, depth - 1)
            entries[key.text] = Entry(key, self._placed(key, value))
        end = _offset(event.end_mark) if flow else next(reversed(entries.values())).value.end
        return MappingNode(start, end, flow, tuple(entries.values()))

    def _key(self, event: yaml.Event, entries: dict[str, Entry]) -> ScalarNode:
        self._refuse_sharing(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise self._error(event, Text("A mapping or a list cannot be a key."))
        key = ScalarNode(_offset(event.start_mark), _offset(event.end_mark), event.value, event.style or "")
        if key.is_null:
            raise self._error(event, Text("A key is missing here."))
        if key.text == "<<" and not key.style:
            raise self._error(event, Text("Merge keys (<<) are not supported."), Text("Write the values out."))
        if key.text in entries:
            line, _ = place(self._text, entries[key.text].key.start)
            raise self._error(
                event,
                Text(
                    "The key {key} stands here for the second time; the first is in line {line}.",
                    key=key.text,
                    line=line,
                ),
                Text("Keep one of them."),
            )
        return key

    def _placed(self, key: ScalarNode, value: Node) -> Node:
        """The value; an empty one is placed right after its colon, where the parsers differ about it."""
        if value.start < value.end:
            return value
        colon = after_gap(self._text, key.end)
        if self._text[colon : colon + 1] != ":":
            return value
        return ScalarNode(colon + 1, colon + 1, "")

    def _refuse_sharing(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise self._error(
                event, Text("Anchors and aliases (& and *) are not supported."), Text("Write the values out.")
            )
        if getattr(event, "tag", None) is not None:
            raise self._error(
                event, Text("Tags (!) are not supported."), Text("Put quotes around a value that starts with !.")
            )

    def _error(self, event: yaml.Event, what: Text, remedy: Text | None = None) -> ConfigError:
        return _error(self._text, self._file, _offset(event.start_mark), what, remedy)


def place(text: str, offset: int) -> tuple[int, int]:
    """The line and the column of an offset, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _offset(mark: object) -> int:
    """The offset of a mark of either parser, 0 for None."""
    return int(getattr(mark, "index", 0))


def _error(text: str, file: str, offset: int, what: Text, remedy: Text | None = None) -> ConfigError:
    line, column = place(text, offset)
    return ConfigError(what, remedy, file=file, line=line, column=column)


def _explained(error: yaml.YAMLError, text: str, file: str) -> ConfigError:
    """What PyYAML objects to, in words that need no knowledge of its grammar and show nothing of the text."""
    if isinstance(error, yaml.reader.ReaderError):
        what = Text("There is a control character here.")
        return _error(text, file, error.position, what, Text("Delete it."))
    here = _offset(getattr(error, "problem_mark", None))
    began = _offset(getattr(error, "context_mark", None))
    problem = getattr(error, "problem", None) or ""
    if text[here : here + 1] == "\t":
        return _error(text, file, here, Text("There is a tab here."), Text("YAML wants spaces."))
    if "end of stream" in problem and text[began : began + 1] in {"'", '"'}:
        return _error(text, file, began, Text("The quotation mark that opens here is never closed."))
    if "unknown escape character" in problem:
        what = Text("A backslash between double quotes starts an escape, and this is none.")
        return _error(text, file, here, what, Text("Use single quotes."))
    if "mapping values are not allowed" in problem:
        what = Text("There is a second colon in this line, or the indentation is not right.")
        return _error(text, file, here, what, Text("Put quotes around a value with a colon in it."))
    if "could not find expected ':'" in problem:
        return _error(text, file, began, Text("A colon and a space are missing after this key."))
    if "cannot start any token" in problem:
        what = Text("A value cannot begin with this character.")
        return _error(text, file, here, what, Text("Put quotes around the value."))
    if "or '}'" in problem or "or ']'" in problem:
        what = Text("A comma or a closing bracket is missing here.")
        return _error(text, file, here, what)
    if "expected <block end>" in problem:
        what = Text("The indentation does not fit the lines above.")
        return _error(text, file, here, what, Text("Lines of one block begin in the same column."))
    return _error(
        text, file, here, Text("This is not valid YAML."), Text("Look at the indentation, colons and quotes.")
    )
