"""The request target: what a client may ask for, rebuilt from validated segments."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

import msgspec

_PROBE = re.compile(rb"HEAD (?:/c/[^/]+)?(?:/|/api/hello)?|(?:GET|HEAD) /health")
_SEGMENT = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%[0-9A-Fa-f]{2})+")
_QUERY = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?\[\]|-]|%[0-9A-Fa-f]{2})*")
_FORBIDDEN_ESCAPES = frozenset(b"/\\.;%?#") | frozenset(range(0x20)) | {0x7F}
_AWS = ([b"model"], [b"inference-profiles"], [b"foundation-models"])
_BEFORE_ARN = frozenset({b"model", b"inference-profiles"})
_ARN = re.compile(rb"arn(?::|%3A)", re.IGNORECASE)


class Target(msgspec.Struct, frozen=True):
    """A validated target: `path` starts with `/v1/`, or is one of AWS Bedrock's, as `/model/<id>/invoke`.

    `credential` is the name pinned by `/c/<name>/…`, None for the selected one.
    """

    credential: str | None
    path: bytes
    query: bytes


class BadTarget(ValueError):
    """The target has a form that no client of the Messages API sends, and that servers may read differently."""


@lru_cache(maxsize=256)
def parse_target(raw: bytes) -> Target | None:
    """The target of a request line, its segments validated one by one; None for a path that nothing serves.

    Dot segments, empty segments, escapes of dots, slashes, percent signs and control characters, escapes that are not
    UTF-8, backslashes, semicolons, fragments, absolute-form and authority-form are refused: raises BadTarget. Only the
    ARN of a model may have one escaped slash. A doubled `/v1/v1/`, which clients make of a base URL that ends in `/v1`,
    counts once.
    """
    path, _, query = raw.partition(b"?")
    if not path.startswith(b"/") or not _QUERY.fullmatch(query):
        raise BadTarget
    segments = path[1:].split(b"/")
    if segments == [b""]:
        return None
    readable = [
        _check(segment, arn=bool(place) and segments[place - 1] in _BEFORE_ARN)
        for place, segment in enumerate(segments)
    ]
    credential = None
    if segments[0] == b"c" and len(segments) > 1:
        credential = readable[1]
        segments = segments[2:]
    if segments[:2] == [b"v1", b"v1"]:
        segments = segments[1:]
    served = (len(segments) > 1 and segments[0] == b"v1") or segments[:1] in _AWS
    return Target(credential, b"/" + b"/".join(segments), query) if served else None


@lru_cache(maxsize=256)
def is_probe(method: bytes, raw: bytes) -> bool:
    """Whether anyone may send this and gets an empty 200: start-up probes of Claude Code, and those of monitoring."""
    return _PROBE.fullmatch(method + b" " + raw.partition(b"?")[0]) is not None


def _check(segment: bytes, *, arn: bool) -> str:
    """The segment with its escapes undone; an ARN has one escaped slash. Raises BadTarget."""
    if segment in {b".", b".."} or not _SEGMENT.fullmatch(segment):
        raise BadTarget
    if arn and _ARN.match(segment):
        segment = re.sub(rb"%2F(?!\.)", b"", segment, count=1, flags=re.IGNORECASE)
    if any(int(escape[1:], 16) in _FORBIDDEN_ESCAPES for escape in re.findall(rb"%..", segment)):
        raise BadTarget
    try:
        return unquote(segment.decode("ascii"), errors="strict")
    except UnicodeDecodeError:
        raise BadTarget from None
