"""Answers on the wire: the head as a client gets it, and how the body's end is marked."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from http import HTTPStatus

from proxycast.upstream.headers import HOP_BY_HOP, named_by_connection, without
from proxycast.upstream.request import Headers, Reply

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
EMPTY_OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"
REDIRECTS = frozenset({301, 302, 303, 307, 308})

_BODILESS = frozenset({204, 304})
_NOT_RELAYED = HOP_BY_HOP | {b"alt-svc", b"content-length", b"set-cookie", b"strict-transport-security"}
_CORS = b"access-control-"
_PHRASES = {status.value: status.phrase.encode("ascii") for status in HTTPStatus}


class Framing(Enum):
    """How the end of a body is marked."""

    NONE = "no body"
    LENGTH = "content-length"
    CHUNKED = "chunked"
    CLOSE = "the connection's end"


class AnswerHead:
    """The head of a service's answer, read from its headers.

    `length` is its Content-Length, if it has one; `framing` how the service marks the end of the body. `readable` tells
    whether its transfer coding, if it has one, is `chunked` alone.
    """

    __slots__ = (
        "content_encoding",
        "content_type",
        "framing",
        "headers",
        "length",
        "location",
        "readable",
        "reason",
        "status",
    )

    def __init__(self, status: int, reason: bytes, headers: Headers, *, to_head: bool) -> None:
        self.status = status
        self.reason = reason
        self.headers = headers
        self.content_type = b""
        self.content_encoding = b""
        self.location = b""
        self.length: int | None = None
        self.readable = True
        chunked = False
        for name, value in headers:
            match name.lower():
                case b"content-type":
                    self.content_type = value.strip().lower()
                case b"content-encoding":
                    self.content_encoding = value.strip().lower()
                case b"content-length":
                    self.length = int(value)
                case b"transfer-encoding":
                    self.readable = not chunked and value.strip().lower() == b"chunked"
                    chunked = True
                case b"location":
                    self.location = value
        if to_head or status in _BODILESS:
            self.framing = Framing.NONE
        elif chunked:
            self.framing = Framing.CHUNKED
        else:
            self.framing = Framing.CLOSE if self.length is None else Framing.LENGTH

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
        for name, value in without(self.headers, named_by_connection(self.headers)):
            if _is_relayed(name):
                lines += (name, b": ", value, b"\r\n")
        if framing is Framing.CHUNKED:
            lines.append(b"transfer-encoding: chunked\r\n")
        elif self.length is not None and framing is not Framing.CLOSE and self.status not in _BODILESS:
            lines.append(b"content-length: %d\r\n" % self.length)
        if not keep_alive:
            lines.append(b"connection: close\r\n")
        lines.append(b"\r\n")
        return b"".join(lines)


@lru_cache(maxsize=1024)
def _is_relayed(name: bytes) -> bool:
    lower = name.lower()
    return lower not in _NOT_RELAYED and not lower.startswith(_CORS)


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
