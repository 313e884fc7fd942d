"""Request bodies: what they ask for, and the one change that is ever made to them."""

from __future__ import annotations

import msgspec

from proxycast.upstream.json_spans import members


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
    for span in members(body):
        if span.key == "model":
            if not body.startswith(b'"', span.value):
                raise ValueError("the model of the request is not a string")
            pieces += [body[done : span.value], value]
            done = span.end
    if not pieces:
        raise ValueError("the request names no model")
    return b"".join([*pieces, body[done:]])


class _Request(msgspec.Struct):
    """Untyped, because a request with a value of an odd type is still forwarded."""

    model: object = None
    stream: object = None


_request_decoder = msgspec.json.Decoder(_Request)
