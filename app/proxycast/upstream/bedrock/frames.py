"""AWS's event stream encoding: frames of headers and a payload, each with two checksums.

Source: "Amazon event stream encoding" in the documentation of AWS's SDKs.
"""

from __future__ import annotations

from functools import lru_cache
from struct import Struct, error, unpack_from
from typing import NamedTuple
from zlib import crc32

_PRELUDE = Struct(">III")
_CHECKSUM = Struct(">I")
_OVERHEAD = _PRELUDE.size + _CHECKSUM.size
_HEADERS_LIMIT = 128 * 1024
_FRAME_LIMIT = 16 * 1024 * 1024
_CACHED_LENGTH = 512
_STRING = 7
_MEASURED = (6, _STRING)
_LENGTHS = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
"""How long the values of a type are; those of the types 6 (bytes) and 7 (a string) say it themselves."""


class FrameHead(NamedTuple):
    """What the headers of a frame say: `kind` is `event`, `exception` or `error`.

    `name` is the type of the event or exception, or the error's code; `message` is an error's.
    """

    kind: str
    name: str
    message: str = ""


class FrameDecoder:
    """Takes the bytes of a stream in any pieces, gives its frames; holds no more than one unfinished frame of 16 MiB.

    `broken`: what came is no event stream, so nothing more is read. `between_frames`: no frame is cut.
    """

    def __init__(self) -> None:
        self.broken = False
        self._rest = bytearray()
        self._awaited = 0

    @property
    def between_frames(self) -> bool:
        """Whether what was fed ends where a frame ends."""
        return not self._rest and not self.broken

    def feed(self, data: bytes) -> list[tuple[FrameHead, bytes]]:
        """The frames that these bytes complete, up to the first broken one, as their head and payload. Never raises."""
        if self.broken:
            return []
        if self._rest:
            self._rest += data
            if len(self._rest) < self._awaited:
                return []
            data = bytes(self._rest)
            self._rest.clear()
        frames: list[tuple[FrameHead, bytes]] = []
        try:
            done = self._read(data, frames)
        except (ValueError, error):
            self.broken = True
            return frames
        if done < len(data):
            self._rest += data[done:] if done else data
        return frames

    def _read(self, data: bytes, frames: list[tuple[FrameHead, bytes]]) -> int:
        """Append all complete frames of `data`; where the next one starts. Raises ValueError, struct.error."""
        view, start, size = memoryview(data), 0, len(data)
        while size - start >= _PRELUDE.size:
            length, headers_length, checksum = _PRELUDE.unpack_from(data, start)
            computed = crc32(view[start : start + 8])
            if computed != checksum:
                raise ValueError("the checksum of the prelude is wrong")
            if not headers_length + _OVERHEAD <= length <= _FRAME_LIMIT or headers_length > _HEADERS_LIMIT:
                raise ValueError("the lengths of the frame are impossible")
            end = start + length
            if end > size:
                self._awaited = length
                return start
            payload_end = end - _CHECKSUM.size
            if crc32(view[start + 8 : payload_end], computed) != _CHECKSUM.unpack_from(data, payload_end)[0]:
                raise ValueError("the checksum of the frame is wrong")
            payload_start = start + _PRELUDE.size + headers_length
            headers = data[start + _PRELUDE.size : payload_start]
            head = _cached_head(headers) if headers_length <= _CACHED_LENGTH else _head(headers)
            frames.append((head, data[payload_start:payload_end]))
            start = end
        self._awaited = _PRELUDE.size
        return start


def _head(headers: bytes) -> FrameHead:
    """Read the headers. Raises ValueError, struct.error."""
    said: dict[bytes, str] = {}
    place = 0
    while place < len(headers):
        name_start = place + 1
        name_end = name_start + headers[place]
        kind = unpack_from(">B", headers, name_end)[0]
        place = name_end + 1
        if kind in _LENGTHS:
            length = _LENGTHS[kind]
        elif kind in _MEASURED:
            length = unpack_from(">H", headers, place)[0]
            place += 2
        else:
            raise ValueError("a header of the frame has an unknown type")
        if kind == _STRING:
            said[headers[name_start:name_end]] = headers[place : place + length].decode()
        place += length
    if place > len(headers):
        raise ValueError("the headers of the frame are cut")
    match said.get(b":message-type"):
        case "event":
            return FrameHead("event", said.get(b":event-type", ""))
        case "exception":
            return FrameHead("exception", said.get(b":exception-type", ""))
        case "error":
            return FrameHead("error", said.get(b":error-code", ""), said.get(b":error-message", ""))
        case _:
            raise ValueError("the frame does not say what it is")


_cached_head = lru_cache(maxsize=64)(_head)
