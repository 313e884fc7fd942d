"""HTTP/1.1 requests as the fakes read them: by the letter, and kept byte for byte.

This parser shares no code with the product's, so that a fault in one is not hidden by the same fault in the other.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from tests.fakes.loopback import Connection

HEAD_LIMIT = 1 << 20
BODY_LIMIT = 64 << 20

_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e]+) HTTP/1\.([01])")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\x80-\xff\t]*?)[ \t]*")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;[\x20-\x7e]*)?\r\n")


class Violation(Exception):
    """A request that RFC 9112 does not allow."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """The head of a request. `raw` is every byte of it, `headers` the fields in order and as spelt."""

    raw: bytes
    method: str
    target: str
    version: str
    headers: tuple[tuple[bytes, bytes], ...]

    @property
    def path(self) -> str:
        """The target without the query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What follows the first `?`; empty if there is none."""
        return self.target.partition("?")[2]

    @property
    def header_names(self) -> list[str]:
        """The names of the headers in order, lower case."""
        return [name.decode().lower() for name, _ in self.headers]

    def values(self, name: str) -> list[str]:
        """Every value of the header of this name, in order."""
        wanted = name.lower().encode()
        return [value.decode("latin-1") for field, value in self.headers if field.lower() == wanted]

    def value(self, name: str) -> str | None:
        """The value of a header that may come once; None without it."""
        values = self.values(name)
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None

    @property
    def wants_close(self) -> bool:
        """Whether the client asks to end the connection after the answer."""
        options = {option.strip().lower() for value in self.values("connection") for option in value.split(",")}
        return "close" in options or (self.version == "1.0" and "keep-alive" not in options)


@dataclass(frozen=True, kw_only=True)
class RecordedRequest(Head):
    """One request exactly as it came.

    `connection` numbers the connections from 1 in the order they were opened, `number` the requests. `body` is the
    payload without any transfer encoding, `trailers` what followed it. `at` is the time on the monotonic clock when the
    last byte of it was read.
    """

    connection: int
    number: int
    body: bytes
    trailers: tuple[tuple[bytes, bytes], ...] = ()
    at: float

    def json(self) -> Any:
        """The body parsed as JSON."""
        return json.loads(self.body)

    def carries(self, secret: str) -> bool:
        """Whether the bytes of `secret` occur anywhere in the request."""
        return secret.encode() in self.raw or secret.encode() in self.body


def parse_head(raw: bytes) -> Head:
    """The parts of a request head that ends in an empty line. Raises Violation."""
    line, *fields = raw[:-4].split(b"\r\n")
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise Violation(f"bad request line {line!r}")
    head = Head(
        raw=raw,
        method=match[1].decode(),
        target=match[2].decode(),
        version=f"1.{match[3].decode()}",
        headers=parse_fields(fields),
    )
    if len(head.values("host")) != 1:
        raise Violation(f"{len(head.values('host'))} Host headers")
    lengths, encodings = head.values("content-length"), head.values("transfer-encoding")
    if len(lengths) > 1 or (lengths and encodings):
        raise Violation(f"ambiguous framing: {lengths} {encodings}")
    if lengths and not re.fullmatch("[0-9]+", lengths[0]):
        raise Violation(f"bad Content-Length {lengths[0]!r}")
    if encodings not in ([], ["chunked"]):
        raise Violation(f"bad Transfer-Encoding {encodings}")
    return head


def parse_fields(lines: list[bytes]) -> tuple[tuple[bytes, bytes], ...]:
    """The header or trailer fields of these lines. Raises Violation."""
    fields = []
    for line in lines:
        match = _FIELD.fullmatch(line)
        if match is None:
            raise Violation(f"bad field line {line!r}")
        fields.append((match[1], match[2]))
    return tuple(fields)


async def read_head(connection: Connection) -> Head:
    """The next request head. Raises PeerGone, Violation."""
    try:
        return parse_head(await connection.read_until(b"\r\n\r\n", limit=HEAD_LIMIT))
    except ValueError as error:
        raise Violation(str(error)) from None


async def read_body(connection: Connection, head: Head) -> tuple[bytes, tuple[tuple[bytes, bytes], ...]]:
    """The payload of a request and its trailers. Raises PeerGone, Violation."""
    length = head.value("content-length")
    if length is not None:
        if int(length) > BODY_LIMIT:
            raise Violation(f"a body of {length} bytes")
        return await connection.read_exactly(int(length)), ()
    if head.value("transfer-encoding") is None:
        return b"", ()
    body = bytearray()
    while True:
        try:
            size_line = await connection.read_until(b"\r\n", limit=256)
        except ValueError as error:
            raise Violation(str(error)) from None
        match = _CHUNK_SIZE.fullmatch(size_line)
        if match is None:
            raise Violation(f"bad chunk size {size_line!r}")
        size = int(match[1], 16)
        if size == 0:
            return bytes(body), await _read_trailers(connection)
        body += await connection.read_exactly(size)
        if len(body) > BODY_LIMIT:
            raise Violation(f"a body of more than {BODY_LIMIT} bytes")
        if await connection.read_exactly(2) != b"\r\n":
            raise Violation("a chunk that does not end where it should")


async def _read_trailers(connection: Connection) -> tuple[tuple[bytes, bytes], ...]:
    lines: list[bytes] = []
    while (line := (await connection.read_until(b"\r\n", limit=HEAD_LIMIT))[:-2]) != b"":
        lines.append(line)
    return parse_fields(lines)
