"""Answers on the wire: the head as a client gets it, and how the body's end is marked."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from http import HTTPStatus

from proxycast.upstream.headers import HOP_BY_HOP, Headers, named_by_connection
from proxycast.upstream.reply import Reply

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
EMPTY_OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"
REDIRECTS = frozenset({301, 302, 303, 307, 308})

_BODILESS = frozenset({204, 304})
_NOT_RELAYED = HOP_BY_HOP | {b"alt-svc", b"content-length", b"set-cookie", b"strict-transport-security"}
_CORS = b"access-control-"
_NOTED = frozenset(
    {b"connection", b"content-encoding", b"content-length", b"content-type", b"location", b"transfer-encoding"}
)
_USUAL_HEAD = 8192
_STATUS_LINE = re.compile(rb"HTTP/1\.1 ([2-5][0-9]{2}) ([\t\x20-\x7e\x80-\xff]*)")
_HEADER_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*)")
_PHRASES = {status.value: status.phrase.encode("ascii") for status in HTTPStatus}


class Framing(Enum):
    """How the end of a body is marked."""

    NONE = "no body"
    LENGTH = "content-length"
    CHUNKED = "chunked"
    CLOSE = "the connection's end"


class Field:
    """One header of an answer: what it means here, and how the client gets it.

    `subject` is its name in lower case where an `AnswerHead` looks at it, else empty; `line` is empty for what is not
    relayed.
    """

    __slots__ = ("line", "name", "subject", "value")

    def __init__(self, name: bytes, value: bytes, subject: bytes, line: bytes) -> None:
        self.name = name
        self.value = value
        self.subject = subject
        self.line = line


class AnswerHead:
    """The head of a service's answer, read from its headers.

    `length` is its Content-Length, if it has one; `framing` how the service marks the end of the body. `readable` tells
    whether that is told once, and its transfer coding, if it has one, is `chunked` alone. `persistent` tells whether
    the headers leave the connection open and concern nothing else of it.
    """

    __slots__ = (
        "_fields",
        "content_encoding",
        "content_type",
        "framing",
        "length",
        "location",
        "persistent",
        "readable",
        "reason",
        "status",
    )

    def __init__(self, status: int, reason: bytes, fields: list[Field], *, to_head: bool) -> None:
        self.status = status
        self.reason = reason
        self.content_type = b""
        self.content_encoding = b""
        self.location = b""
        self.length: int | None = None
        self.readable = True
        self.persistent = True
        self._fields = fields
        chunked = False
        for field in fields:
            if not field.subject:
                continue
            match field.subject:
                case b"content-type":
                    self.content_type = field.value.strip().lower()
                case b"content-encoding":
                    self.content_encoding = field.value.strip().lower()
                case b"content-length":
                    self.readable = self.readable and self.length is None
                    self.length = int(field.value)
                case b"transfer-encoding":
                    self.readable = not chunked and field.value.strip().lower() == b"chunked"
                    chunked = True
                case b"location":
                    self.location = field.value
                case b"connection":
                    self.persistent = self.persistent and field.value.lower() == b"keep-alive"
        if to_head or status in _BODILESS:
            self.framing = Framing.NONE
        elif chunked:
            self.framing = Framing.CHUNKED
        else:
            self.framing = Framing.CLOSE if self.length is None else Framing.LENGTH

    @property
    def headers(self) -> Headers:
        """All headers as they came."""
        return [(field.name, field.value) for field in self._fields]

    @property
    def takes_events(self) -> bool:
        """Whether the body is server-sent events to which one of our own can be added."""
        return self.content_type.startswith(b"text/event-stream") and self.content_encoding in {b"", b"identity"}

    def client_framing(self, *, http10: bool) -> Framing:
        """How the end of the body is marked towards the client."""
        if self.framing is Framing.CHUNKED or self.framing is Framing.CLOSE:
            return Framing.CLOSE if http10 else Framing.CHUNKED
        return self.framing

    def to_client(self, framing: Framing, *, keep_alive: bool) -> bytes:
        """The head for the client: all headers but those of the service's connection, cookies and CORS permissions."""
        lines = [b"HTTP/1.1 %d %b\r\n" % (self.status, self.reason)]
        if self.persistent:
            lines += [field.line for field in self._fields]
        else:
            named = named_by_connection(self.headers)
            lines += [field.line for field in self._fields if field.name.lower() not in named]
        if framing is Framing.CHUNKED:
            lines.append(b"transfer-encoding: chunked\r\n")
        elif self.length is not None and framing is not Framing.CLOSE and self.status not in _BODILESS:
            lines.append(b"content-length: %d\r\n" % self.length)
        lines.append(b"\r\n" if keep_alive else b"connection: close\r\n\r\n")
        return b"".join(lines)


def fields_of(headers: Headers) -> list[Field]:
    """The headers of an answer, as the parser gave them."""
    return [_field(name, value) for name, value in headers]


def answer_in_one(data: bytes) -> tuple[AnswerHead, bytes] | None:
    """The head and the body of an answer that arrived in one piece, alone and in the usual form: a Content-Length.

    None for whatever differs, be it broken or only unusual: ask the parser. Services repeat most of their header lines
    with every answer, so a line is looked at once.
    """
    end = data.find(b"\r\n\r\n", 0, _USUAL_HEAD)
    if end < 0:
        return None
    first, *lines = data[:end].split(b"\r\n")
    status, reason = _read_status_line(first)
    fields = [field for field in map(_read_line, lines) if field is not None]
    if not status or len(fields) < len(lines):
        return None
    head = AnswerHead(status, reason, fields, to_head=False)
    if head.framing is not Framing.LENGTH or not head.readable or not head.persistent:
        return None
    return (head, data[end + 4 :]) if head.length == len(data) - end - 4 else None


@lru_cache(maxsize=64)
def _read_status_line(line: bytes) -> tuple[int, bytes]:
    """The status, 0 if it is not a final one of an answer with a body, and its reason."""
    found = _STATUS_LINE.fullmatch(line)
    status = 0 if found is None else int(found[1])
    return (0, b"") if found is None or status in _BODILESS else (status, found[2])


@lru_cache(maxsize=512)
def _read_line(line: bytes) -> Field | None:
    """The header that is written as the specification has it, or None."""
    found = _HEADER_LINE.fullmatch(line)
    if found is None:
        return None
    field = _field(found[1], found[2].rstrip(b"\t "))
    return None if field.subject == b"content-length" and not field.value.isdigit() else field


def _field(name: bytes, value: bytes) -> Field:
    lower = name.lower()
    relayed = lower not in _NOT_RELAYED and not lower.startswith(_CORS)
    return Field(name, value, lower if lower in _NOTED else b"", b"%b: %b\r\n" % (name, value) if relayed else b"")


def head_of(reply: Reply, *, keep_alive: bool) -> bytes:
    """The head of a whole answer."""
    lines = [b"HTTP/1.1 %d %b\r\n" % (reply.status, _PHRASES.get(reply.status, b""))]
    for name, value in reply.headers:
        lines += (name, b": ", value, b"\r\n")
    lines.append(b"content-length: %d\r\n" % len(reply.body))
    if not keep_alive:
        lines.append(b"connection: close\r\n")
    lines.append(b"\r\n")
    return b"".join(lines)


def chunk(data: bytes) -> tuple[bytes, bytes, bytes]:
    """`data`, which is not empty, as a chunk of a chunked body, in three pieces."""
    return b"%x\r\n" % len(data), data, b"\r\n"
