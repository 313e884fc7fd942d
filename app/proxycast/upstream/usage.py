"""What an answer says about itself: token usage, model and error type, read beside the stream.

A tap is fed the chunks of an answer's body as they pass. It holds a bounded amount of
memory whatever comes, and never raises: an answer that it cannot read has no usage. How the chunks are cut makes no
difference.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache

import msgspec

from proxycast.model.exchange import Usage
from proxycast.upstream.said import Message, Said

_LINE_LIMIT = 64 * 1024
_BODY_LIMIT = 1024 * 1024
_TAIL_LIMIT = 16 * 1024
_DECODED_LIMIT = 4 * 1024 * 1024
_DECODED_STEP = 64 * 1024
_NAME_LIMIT = 200
_COUNT_LIMIT = 10**9

_EVENT = b'"message_'
_ERROR = b"error"
"""The marks of the lines that can matter. Most chunks of a stream hold neither, and no more is asked of them."""

_WORDS = re.compile(r"(?=.{1,64}\Z)[A-Za-z]+(?:_[A-Za-z]+)*")
_LINE_END = re.compile(rb"[\r\n]")
_USAGE_AT_THE_END = re.compile(rb'(?<!\\)"usage"\s*:\s*(\{[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+\})\s*\}\s*\Z')
_WINDOW_BITS = {b"gzip": 16 + zlib.MAX_WBITS, b"x-gzip": 16 + zlib.MAX_WBITS, b"deflate": zlib.MAX_WBITS}


class Tap:
    """The tap of an answer that says nothing, and what all taps share.

    `usage`, `model` and `error_type` are None when the answer does not tell. `stopped` says whether an event stream
    had its `message_stop`; None: this cannot be known. They are final after `finish`.
    """

    usage: Usage | None = None
    model: str | None = None
    error_type: str | None = None
    stopped: bool | None = None

    def feed(self, chunk: bytes) -> None:
        """Take note of the next bytes of the body."""

    def finish(self) -> None:
        """The body is over, whole or cut. Called once."""

    def _note(self, said: Said) -> None:
        if isinstance(said.message, dict):
            self._note_message(said.message.get("model"), said.message.get("usage"))
        self._note_message(said.model, said.usage)
        if said.type == "error" or said.error:
            kind = said.error.get("type") if isinstance(said.error, dict) else None
            self.error_type = _error_type(kind) or self.error_type or "error"

    def _note_message(self, model: object, usage: object) -> None:
        self.model = self.model or _name(model)
        if isinstance(usage, dict):
            self.usage = _merge(self.usage, usage)


class JsonTap(Tap):
    """Reads an answer that is one JSON document; of one over 1 MiB only a `usage` that is its last member."""

    def __init__(self) -> None:
        self._body: bytes | bytearray = b""  # one piece, as most are, is not copied
        self._cut = False

    def feed(self, chunk: bytes) -> None:
        """Take note of the next bytes of the body."""
        if self._cut or len(self._body) + len(chunk) > _BODY_LIMIT:
            self._cut = True
            self._body = (bytes(self._body[-_TAIL_LIMIT:]) + chunk[-_TAIL_LIMIT:])[-_TAIL_LIMIT:]
        elif not self._body:
            self._body = chunk
        else:
            if isinstance(self._body, bytes):
                self._body = bytearray(self._body)
            self._body += chunk

    def finish(self) -> None:
        """Read what was collected."""
        body, self._body = self._body, b""
        if self._cut:
            # What closes after the usage closes the document, so this usage is the document's own.
            found = _USAGE_AT_THE_END.search(body)
            body = b'{"usage":%b}' % found[1] if found else b""
        if self._read_message(body):
            return
        said = _decode(body)
        if said is not None:
            self._note(said)

    def _read_message(self, body: bytes | bytearray) -> bool:
        """Whether it is a message in the usual form, which takes a fraction of the time to read."""
        try:
            message = _message_decoder.decode(body)
        except (ValueError, RecursionError):
            return False
        self.model = _name(message.model)
        self.usage = None if message.usage == _NO_USAGE else message.usage
        return True


class SseTap(Tap):
    """Reads an event stream, line by line; lines over 64 KiB are skipped.

    Only lines that can matter are decoded: what looks like one inside a text is told apart by the type of its event.
    """

    def __init__(self) -> None:
        self.stopped = False
        self._line = bytearray()
        self._skipping = False

    def feed(self, chunk: bytes) -> None:
        """Take note of the next bytes of the body."""
        if self._line or self._skipping:
            chunk = self._complete_line(chunk)
        if chunk and chunk[-1] not in b"\r\n":
            chunk = self._keep_last_line(chunk)
        if _EVENT in chunk or _ERROR in chunk:
            for line in _marked_lines(chunk):
                self._read(line)

    def finish(self) -> None:
        """Read a last line that was not ended."""
        self._end_line()

    def _complete_line(self, chunk: bytes) -> bytes:
        """End the line that the chunks before began, if this chunk does; the rest of the chunk."""
        found = _LINE_END.search(chunk)
        if found is None:
            self._keep(chunk)
            return b""
        self._keep(chunk[: found.start()])
        self._end_line()
        return chunk[found.end() :]

    def _keep_last_line(self, chunk: bytes) -> bytes:
        """Put the unfinished line at the end of the chunk aside; the chunk before it."""
        start = max(chunk.rfind(b"\n"), chunk.rfind(b"\r")) + 1
        self._keep(chunk[start:])
        return chunk[:start]

    def _keep(self, piece: bytes) -> None:
        if self._skipping:
            return
        self._line += piece
        if len(self._line) > _LINE_LIMIT:
            self._line.clear()
            self._skipping = True

    def _end_line(self) -> None:
        if _EVENT in self._line or _ERROR in self._line:
            self._read(bytes(self._line))
        self._line.clear()
        self._skipping = False

    def _read(self, line: bytes) -> None:
        if len(line) > _LINE_LIMIT:
            return
        field, _, value = line.partition(b":")
        if field == b"event" and value.strip() == b"error":
            self.error_type = self.error_type or "error"
        said = _decode(value) if field == b"data" else None
        if said is None:
            return
        self._note(said)
        if said.type == "message_stop":
            self.stopped = True


class DecodingTap(Tap):
    """Decodes a copy of a compressed answer for another tap, once it is over.

    The copy is at most 1 MiB compressed and 4 MiB decoded; an answer beyond either says nothing.
    """

    def __init__(self, inner: Tap, window_bits: int) -> None:
        self._inner = inner
        self._window_bits = window_bits
        self._body = bytearray()
        self._given_up = False

    def feed(self, chunk: bytes) -> None:
        """Take note of the next bytes of the body."""
        self._given_up = self._given_up or len(self._body) + len(chunk) > _BODY_LIMIT
        if self._given_up:
            self._body.clear()
        else:
            self._body += chunk

    def finish(self) -> None:
        """Decode what was collected, and read it."""
        if self._given_up or not self._decode_into_inner():
            return
        self._inner.finish()
        self.usage, self.model = self._inner.usage, self._inner.model
        self.error_type, self.stopped = self._inner.error_type, self._inner.stopped

    def _decode_into_inner(self) -> bool:
        decoder = zlib.decompressobj(self._window_bits)
        compressed, size = bytes(self._body), 0
        self._body.clear()
        try:
            while piece := decoder.decompress(compressed, _DECODED_STEP):
                size += len(piece)
                if size > _DECODED_LIMIT:
                    return False
                self._inner.feed(piece)
                compressed = decoder.unconsumed_tail
        except zlib.error:
            return False
        return True


def usage_tap(content_type: bytes | None, content_encoding: bytes | None) -> Tap:
    """The tap for an answer with these header values."""
    return _kind_of_tap(content_type or b"", content_encoding or b"")()


@lru_cache(maxsize=64)
def _kind_of_tap(content_type: bytes, content_encoding: bytes) -> Callable[[], Tap]:
    media_type = content_type.partition(b";")[0].strip().lower()
    kind: Callable[[], Tap]
    if media_type == b"text/event-stream":
        kind = SseTap
    elif media_type.endswith((b"/json", b"+json")):
        kind = JsonTap
    else:
        return Tap
    encoding = content_encoding.strip().lower()
    if encoding in {b"", b"identity"}:
        return kind
    window_bits = _WINDOW_BITS.get(encoding)
    return Tap if window_bits is None else lambda: DecodingTap(kind(), window_bits)


_decoder = msgspec.json.Decoder(Said)
_message_decoder = msgspec.json.Decoder(Message)
_NO_USAGE = Usage()


def _decode(document: bytes | bytearray) -> Said | None:
    try:
        return _decoder.decode(document)
    except (ValueError, RecursionError):
        return None


def _marked_lines(lines: bytes) -> Iterator[bytes]:
    """The lines that hold a mark, in order."""
    end = 0
    for position in sorted(_positions(lines, _EVENT) + _positions(lines, _ERROR)):
        if position >= end:
            start = max(lines.rfind(b"\n", end, position), lines.rfind(b"\r", end, position), end - 1) + 1
            line_end = _LINE_END.search(lines, position)
            end = line_end.start() if line_end else len(lines)
            yield lines[start:end]


def _positions(lines: bytes, mark: bytes) -> list[int]:
    positions, found = [], lines.find(mark)
    while found >= 0:
        positions.append(found)
        found = lines.find(mark, found + 1)
    return positions


def _merge(known: Usage | None, said: dict[object, object]) -> Usage | None:
    """Both together. Counts only grow, and some services send zeros in one place or the other: the larger one holds."""
    counts = {field: _larger(getattr(known, field, None), said.get(field)) for field in Usage.__struct_fields__}
    return known if all(count is None for count in counts.values()) else Usage(**counts)


def _larger(known: int | None, said: object) -> int | None:
    if not isinstance(said, int) or isinstance(said, bool) or not 0 <= said <= _COUNT_LIMIT:
        return known
    return said if known is None else max(known, said)


def _error_type(value: object) -> str | None:
    """The value if it is one or more plain words, such as `rate_limit_error`: services repeat keys in odd places."""
    return value if isinstance(value, str) and _WORDS.fullmatch(value) else None


def _name(value: object) -> str | None:
    """The value if it can be the name of a model."""
    return value if isinstance(value, str) and 0 < len(value) <= _NAME_LIMIT and value.isprintable() else None
