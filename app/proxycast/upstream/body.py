"""Request bodies: what they ask for, and the one change that is ever made to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_OPENING = re.compile(rb"\s*\{\s*")
_KEY = re.compile(rb"(%b)\s*:\s*" % _STRING)
_STRING_OR_WORD = re.compile(rb"%b|[^\s,{}\[\]]+" % _STRING)
_COMMA = re.compile(rb"\s*,\s*")


class Peek(msgspec.Struct, frozen=True):
    """What a request asks for by its top-level keys. `model` None: it names none, or the body is no JSON object."""

    model: str | None
    stream: bool


def peek(body: bytes) -> Peek:
    """The model of a request and whether its answer shall stream. Of duplicate keys the last one counts."""
    try:
        request = _request_decoder.decode(body)
    except (ValueError, RecursionError):
        return Peek(None, False)
    return Peek(request.model if isinstance(request.model, str) else None, request.stream is True)


def replace_model(body: bytes, model: str) -> bytes:
    """The body with another model and every other byte as it was.

    Re-serialised JSON would break the signatures of thinking blocks, so only the value of the top-level `model` changes
    (of each one, should the key be there twice). Raises ValueError if there is none, if one is not a string, or if the
    body is not a JSON object in which every other key with a list or an object is there once.
    """
    value = msgspec.json.encode(model)
    pieces, done = [], 0
    for key, start, end in _members(body):
        if key == "model":
            if body[start : start + 1] != b'"':
                raise ValueError("the model of the request is not a string")
            pieces += [body[done:start], value]
            done = end
    if not pieces:
        raise ValueError("the request names no model")
    return b"".join([*pieces, body[done:]])


def _members(body: bytes) -> Iterator[tuple[str, int, int]]:
    """Of each top-level member its key, and where its value starts and ends."""
    try:
        values = _member_decoder.decode(body)
    except (ValueError, RecursionError):
        raise ValueError("the request cannot be read as a JSON object") from None
    separator = _OPENING.match(body)
    while separator and (spelling := _KEY.match(body, separator.end())):
        key, start = msgspec.json.decode(spelling[1], type=str), spelling.end()
        end = _value_end(body, start, bytes(values[key]))
        yield key, start, end
        separator = _COMMA.match(body, end)


def _value_end(body: bytes, start: int, decoded: bytes) -> int:
    """Where the value at `start` ends; `decoded` is the text of the value that the decoder found for its key."""
    simple = _STRING_OR_WORD.match(body, start)
    if simple:
        return simple.end()
    # A list or an object is as long as the decoder says, which saves walking through it.
    if not body.startswith(decoded, start):
        raise ValueError("a key of the request is there twice")
    return start + len(decoded)


class _Request(msgspec.Struct):
    """Untyped, because a request with a value of an odd type is still forwarded."""

    model: object = None
    stream: object = None


_request_decoder = msgspec.json.Decoder(_Request)
_member_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
