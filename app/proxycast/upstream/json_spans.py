"""Where the parts of a JSON text stand, so that some can be changed while every other byte stays as it is.

Re-serialised JSON breaks the signatures of thinking blocks and misses prompt caches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_OPENING = re.compile(rb"\s*[{\[]\s*")
_KEY = re.compile(rb"(%b)\s*:\s*" % _STRING)
_STRING_OR_WORD = re.compile(rb"%b|[^\s,{}\[\]]+" % _STRING)
_COMMA = re.compile(rb"\s*,\s*")


class Span(NamedTuple):
    """One member of an object or element of a list: the text from `start` to `end`, its value from `value` on.

    `key` is the member's, "" for an element.
    """

    key: str
    start: int
    value: int
    end: int


def members(text: bytes) -> Iterator[Span]:
    """The members of the object that `text` is, also those whose key was there before.

    Raises ValueError if it is not a JSON object in which every key with a list or an object is there once.
    """
    try:
        values = _object_decoder.decode(text)
    except (ValueError, RecursionError):
        raise ValueError("the request cannot be read as a JSON object") from None
    separator = _OPENING.match(text)
    while separator and (spelling := _KEY.match(text, separator.end())):
        key, start = msgspec.json.decode(spelling[1], type=str), spelling.end()
        end = _value_end(text, start, bytes(values[key]))
        yield Span(key, spelling.start(), start, end)
        separator = _COMMA.match(text, end)


def unique_members(text: bytes) -> dict[str, Span]:
    """The members of the object that `text` is, in order. Raises ValueError if it is none, or has a key twice."""
    found: dict[str, Span] = {}
    for span in members(text):
        if span.key in found:
            raise ValueError("a key of the request is there twice")
        found[span.key] = span
    return found


def elements(text: bytes) -> list[Span]:
    """The elements of the list that `text` is. Raises ValueError if it is none."""
    try:
        values = _list_decoder.decode(text)
    except (ValueError, RecursionError):
        raise ValueError("the request holds what cannot be read as a JSON list") from None
    spans: list[Span] = []
    separator = _OPENING.match(text)
    while separator and len(spans) < len(values):
        start = separator.end()
        end = start + len(memoryview(values[len(spans)]))
        spans.append(Span("", start, start, end))
        separator = _COMMA.match(text, end)
    return spans


def splice(text: bytes, spans: Sequence[Span], changes: Mapping[int, bytes | None]) -> bytes:
    """The object or list with some of its values changed, by their place in `spans`; None takes one out."""
    pieces, done = [], 0
    last_kept: Span | None = None
    dropping = False
    for place, span in enumerate(spans):
        change = changes.get(place, b"")
        if change is None:
            if last_kept is not None and not dropping:
                pieces.append(text[done : last_kept.end])
            elif last_kept is None and not dropping:
                pieces.append(text[done : span.start])
            dropping = True
            done = span.end
            continue
        if dropping and last_kept is None:
            done = span.start  # nothing stands before this one, so no comma may
        dropping = False
        if change:
            pieces += [text[done : span.value], change]
            done = span.end
        last_kept = span
    return b"".join([*pieces, text[done:]])


def _value_end(text: bytes, start: int, decoded: bytes) -> int:
    """Where the value at `start` ends; `decoded` is the text of the value that the decoder found for its key."""
    simple = _STRING_OR_WORD.match(text, start)
    if simple:
        return simple.end()
    # A list or an object is as long as the decoder says, which saves walking through it.
    if not text.startswith(decoded, start):
        raise ValueError("a key of the request is there twice")
    return start + len(decoded)


_object_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
_list_decoder = msgspec.json.Decoder(list[msgspec.Raw])
