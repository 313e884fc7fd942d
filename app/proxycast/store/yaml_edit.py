"""Small changes to YAML text that leave every other character of it alone.

Each function takes the text and gives the new one, working on a fresh tree, so that changes can follow one another.
They know the forms that people write (blocks and braces, comments, quotes, either line ending), not all of YAML, so
whoever changes a text reads the result again and compares it with what was wanted. They raise LookupError for a path
that leads nowhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from proxycast.store.yaml_document import ListNode, MappingNode, Node, Path, ScalarNode, after_gap, compose, find, place

Plain = str | int | Mapping[str, "Plain"] | list["Plain"]
"""What can be written: text, whole numbers, truth values, mappings and lists of them."""

_INDENT = 2
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_./-]+|\d+(?:ms|s|m|h)")
_NOT_TEXT = frozenset({"true", "false", "yes", "no", "on", "off", "null"})
_ESCAPED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_COMMENT_LINE = re.compile(r"( *)#[^\n]*(?:\n|\Z)")


def put(text: str, path: Path, value: Plain) -> str:
    """Make `path` lead to `value`. What is missing on the way is added at the end of its block."""
    root = compose(text, "").root
    depth = next(length for length in range(len(path), -1, -1) if length == 0 or _given(find(root, path[:length])))
    node = find(root, path[:depth])
    if node is None or not _given(node):
        return _insert_lines(text, len(text), _lines(_nested(path, value), 0))
    if depth == len(path):
        style = node.style if isinstance(node, ScalarNode) else ""
        return text[: node.start] + _inline(value, style) + text[node.end :]
    key, missing = str(path[depth]), _nested(path[depth + 1 :], value)
    if isinstance(node, MappingNode):
        return _add(text, node, key, missing) if node.entry(key) is None else _fill(text, node, key, missing)
    raise LookupError(path)


def append(text: str, path: Path, item: Plain) -> str:
    """Add `item` to the list at `path`, which is made if it is not there."""
    node = find(compose(text, "").root, path)
    if not isinstance(node, ListNode):
        return put(text, path, [item])
    if node.flow:
        return _add_inline(text, node, _inline(item))
    dash = _column(text, node.start)
    lines = _lines(item, max(_column(text, node.items[0].start), dash + _INDENT))
    lines[0] = " " * dash + "-" + lines[0][dash + 1 :]
    return _insert_lines(text, _block_end(text, node.end, dash), lines)


def drop(text: str, path: Path) -> str:
    """Remove what `path` leads to and the comments in it; a mapping in a mapping goes with the last of its keys."""
    way, last = path[:-1], path[-1]
    parent = find(compose(text, "").root, way)
    if find(parent, (last,)) is None or isinstance(parent, ScalarNode | None):
        raise LookupError(path)
    if isinstance(parent, MappingNode):
        if len(parent.entries) == 1 and way and isinstance(way[-1], str):
            return drop(text, way)
        index = [entry.key.text for entry in parent.entries].index(str(last))
    else:
        index = int(last)
    spans = _spans(text, parent)
    return _drop_inline(text, spans, index) if parent.flow else _drop_lines(text, *spans[index])


def rename(text: str, path: Path, key: str) -> str:
    """Replace the last key of `path` by `key`."""
    parent = find(compose(text, "").root, path[:-1])
    entry = parent.entry(str(path[-1])) if isinstance(parent, MappingNode) else None
    if entry is None:
        raise LookupError(path)
    return text[: entry.key.start] + _scalar(key, entry.key.style) + text[entry.key.end :]


def reorder(text: str, path: Path, order: Sequence[str | int]) -> str:
    """Let what `order` names, keys or positions below `path`, trade places so that they follow one another like that.

    What it does not name stays where it is. In a block, comments go with what they are in, or stand directly above.
    """
    parent = find(compose(text, "").root, path)
    if parent is None or isinstance(parent, ScalarNode):
        raise LookupError(path)
    keys: Sequence[str | int] = (
        [entry.key.text for entry in parent.entries] if isinstance(parent, MappingNode) else range(len(parent.items))
    )
    if not set(order) <= set(keys):
        raise LookupError(path)
    spans = _spans(text, parent)
    if not parent.flow:
        spans = [_lines_of(text, *span) for span in spans]
    pieces = [text[start:end] for start, end in spans]
    if not parent.flow and not pieces[-1].endswith("\n"):
        pieces[-1] += _newline(text)
    arranged = list(pieces)
    for index, key in zip(sorted(keys.index(key) for key in order), order, strict=True):
        arranged[index] = pieces[keys.index(key)]
    gaps = [text[end:start] for (_, end), (start, _) in pairwise(spans)]
    inner = "".join(piece + gap for piece, gap in zip(arranged, [*gaps, ""], strict=True))
    return text[: spans[0][0]] + inner + text[spans[-1][1] :]


def _given(node: Node | None) -> bool:
    return node is not None and not (isinstance(node, ScalarNode) and node.is_null)


def _nested(path: Path, value: Plain) -> Plain:
    for key in reversed(path):
        value = {str(key): value}
    return value


# Adding


def _add(text: str, mapping: MappingNode, key: str, value: Plain) -> str:
    if mapping.flow:
        return _add_inline(text, mapping, f"{_scalar(key)}: {_inline(value)}")
    column = _column(text, mapping.start)
    return _insert_lines(text, _block_end(text, mapping.end, column - 1), _lines({key: value}, column))


def _add_inline(text: str, container: MappingNode | ListNode, piece: str) -> str:
    spans = _spans(text, container)
    if not spans:
        return _insert(text, container.start + 1, piece)
    return _insert(text, spans[-1][1], f", {piece}")


def _fill(text: str, mapping: MappingNode, key: str, value: Plain) -> str:
    """Give a value to a key that has none, or a null."""
    entry = next(entry for entry in mapping.entries if entry.key.text == key)
    start, end = entry.value.start, entry.value.end
    if mapping.flow or not isinstance(value, Mapping | list):
        return text[:start] + (" " if start == end else "") + _inline(value) + text[end:]
    text = text[:start].rstrip(" ") + text[end:]
    return _insert_lines(text, _line_end(text, entry.key.end), _lines(value, _column(text, entry.key.start) + _INDENT))


def _insert(text: str, offset: int, piece: str) -> str:
    return text[:offset] + piece + text[offset:]


def _insert_lines(text: str, offset: int, lines: Sequence[str]) -> str:
    newline = _newline(text)
    lead = newline if offset and text[offset - 1] != "\n" else ""
    return _insert(text, offset, lead + "".join(line + newline for line in lines))


# Removing


def _drop_inline(text: str, spans: Sequence[tuple[int, int]], index: int) -> str:
    """Remove an item together with the comma after it, or, if there is none, the one before it."""
    start, end = spans[index]
    comma = after_gap(text, end)
    if text[comma] == ",":
        end = comma + 1
        line_start, line_end = _line_start(text, start), _line_end(text, end)
        if not text[line_start:start].strip() and not text[end:line_end].strip():
            return text[:line_start] + text[line_end:]
        return text[:start] + text[end:].lstrip(" ")
    if index == 0:
        return text[:start] + text[end:]
    before = after_gap(text, spans[index - 1][1])
    gap = text[before + 1 : start]
    return text[:before] + (gap if gap.strip() else "") + text[end:]


def _drop_lines(text: str, start: int, end: int) -> str:
    """Remove part of a block, from the line of `start` on; a dash that a first key shares this line with stays."""
    stop = _block_end(text, end, _column(text, start))
    line_start = _line_start(text, start)
    if text[line_start:start].strip(" ?"):
        return text[:start].rstrip(" ") + _newline(text) + text[stop:]
    return text[:line_start] + text[stop:]


# Where things stand


def _spans(text: str, container: MappingNode | ListNode) -> list[tuple[int, int]]:
    """Where each entry or item begins and ends; the items of a block begin at their dash."""
    if isinstance(container, MappingNode):
        return [(entry.key.start, max(entry.key.end, entry.value.end)) for entry in container.entries]
    if container.flow:
        return [(item.start, item.end) for item in container.items]
    dashes = [container.start, *(after_gap(text, item.end) for item in container.items[:-1])]
    return [(dash, item.end) for dash, item in zip(dashes, container.items, strict=True)]


def _lines_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole lines of an entry or item of a block, with the comments directly above it in the same column."""
    column, top = _column(text, start), _line_start(text, start)
    if text[top:start].strip():
        raise LookupError(start)
    while top and (comment := _COMMENT_LINE.fullmatch(text, _line_start(text, top - 1), top)):
        if len(comment[1]) != column:
            break
        top = comment.start()
    return top, _block_end(text, end, column)


def _block_end(text: str, end: int, column: int) -> int:
    """Where the line after a block begins: below the line of `end` and the comments indented deeper than `column`."""
    offset = _line_end(text, end)
    while (comment := _COMMENT_LINE.match(text, offset)) and len(comment[1]) > column and comment.end() > offset:
        offset = comment.end()
    return offset


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _line_end(text: str, offset: int) -> int:
    """Where the line after that of `offset` begins."""
    newline = text.find("\n", offset)
    return len(text) if newline < 0 else newline + 1


def _column(text: str, offset: int) -> int:
    return place(text, offset)[1] - 1


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


# Spelling


def _lines(value: Plain, column: int) -> list[str]:
    """A mapping or a list as the lines of a block."""
    lines: list[str] = []
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, Mapping | list) and inner:
                lines += [" " * column + _scalar(key) + ":", *_lines(inner, column + _INDENT)]
            else:
                lines.append(" " * column + f"{_scalar(key)}: {_inline(inner)}")
    elif isinstance(value, list):
        for item in value:
            first, *others = _lines(item, column + _INDENT)
            lines += [" " * column + "- " + first.lstrip(" "), *others]
    else:
        lines.append(" " * column + _inline(value))
    return lines


def _inline(value: Plain, style: str = "") -> str:
    """A value on one line; `style` is the quotation mark that stood there before."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    return _scalar(value, style)


def _scalar(value: str | int, style: str = "") -> str:
    """A scalar so that every YAML reader takes a text for a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if style == "'" and not _ESCAPED.search(value):
        return "'" + value.replace("'", "''") + "'"
    if style != '"' and _WORD.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return value
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
