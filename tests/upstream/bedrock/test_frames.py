"""AWS's event stream, taken apart."""

from __future__ import annotations

import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes import event_stream

from proxycast.upstream.bedrock.frames import FrameDecoder, FrameHead

CHUNK = FrameHead("event", "chunk")


def raw(payload: bytes, headers: bytes) -> bytes:
    """A frame with these bytes for headers, its checksums right."""
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    checked = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + payload
    return checked + struct.pack(">I", zlib.crc32(checked))


def test_frames_are_read_with_their_heads() -> None:
    decoder = FrameDecoder()
    frames = decoder.feed(
        event_stream.frame(b"one", {":event-type": "chunk", ":message-type": "event"})
        + event_stream.frame(b"", {":message-type": "exception", ":exception-type": "throttlingException"})
        + event_stream.failure("Code", "Said")
    )
    assert frames == [
        (CHUNK, b"one"),
        (FrameHead("exception", "throttlingException"), b""),
        (FrameHead("error", "Code", "Said"), b""),
    ]
    assert decoder.between_frames


def test_headers_of_every_type_are_passed_over() -> None:
    values = [b"\x00", b"\x01", b"\x02b", b"\x03ss", b"\x04iiii", b"\x05llllllll", b"\x06\x00\x02by", b"\x08timestam"]
    values.append(b"\x09uuiduuiduuiduuid")
    headers = b"".join(b"\x01x" + value for value in values)
    named = b"\x0d:message-type\x07\x00\x05event\x0b:event-type\x07\x00\x05chunk"
    assert FrameDecoder().feed(raw(b"p", headers + named)) == [(CHUNK, b"p")]


def test_long_headers_are_read_too() -> None:
    headers = {"fill": "x" * 60_000, ":message-type": "event", ":event-type": "chunk"}
    assert FrameDecoder().feed(event_stream.frame(b"p", headers)) == [(CHUNK, b"p")]


@given(st.lists(st.binary(max_size=60), max_size=6), st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_how_the_bytes_are_cut_makes_no_difference(payloads: list[bytes], sizes: list[int]) -> None:
    stream = b"".join(event_stream.frame(one, {":message-type": "event", ":event-type": "chunk"}) for one in payloads)
    decoder, frames, start, number = FrameDecoder(), [], 0, 0
    while start < len(stream):
        size = sizes[number % len(sizes)]
        frames += decoder.feed(stream[start : start + size])
        start, number = start + size, number + 1
    assert frames == [(CHUNK, payload) for payload in payloads]
    assert decoder.between_frames


@given(st.data())
def test_any_changed_byte_breaks_the_stream_where_it_stands(data: st.DataObject) -> None:
    one = event_stream.chunk(b'{"type":"ping"}')
    place = data.draw(st.integers(0, len(one) - 1))
    changed = bytearray(one * 3)
    changed[len(one) + place] ^= data.draw(st.integers(1, 255))
    decoder = FrameDecoder()
    frames = decoder.feed(bytes(changed))
    assert len(frames) == 1
    assert decoder.broken
    assert not decoder.between_frames
    assert decoder.feed(one) == []


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="something else"),
        pytest.param(struct.pack(">III", 16, 1, zlib.crc32(struct.pack(">II", 16, 1))), id="headers beyond the frame"),
        pytest.param(struct.pack(">III", 1, 0, zlib.crc32(struct.pack(">II", 1, 0))), id="shorter than a frame"),
        pytest.param(
            struct.pack(">III", 1 << 30, 0, zlib.crc32(struct.pack(">II", 1 << 30, 0))), id="a frame of 1 GiB"
        ),
        pytest.param(
            struct.pack(">III", 1 << 20, 1 << 19, zlib.crc32(struct.pack(">II", 1 << 20, 1 << 19))),
            id="headers of 512 KiB",
        ),
        pytest.param(raw(b"", b"\x01x\x0b"), id="a header of unknown type"),
        pytest.param(raw(b"", b"\x01x\x07\x00\x09cut"), id="a header that is cut"),
        pytest.param(raw(b"", b"\xffx"), id="a name that is cut"),
        pytest.param(raw(b"", b"\x01x\x07\x00\x01\xff"), id="a value that is no text"),
        pytest.param(raw(b"", b""), id="no headers"),
    ],
)
def test_what_is_no_frame_breaks_the_stream_at_once(stream: bytes) -> None:
    decoder = FrameDecoder()
    assert decoder.feed(stream) == []
    assert decoder.broken


def test_a_cut_frame_is_noticed() -> None:
    decoder = FrameDecoder()
    decoder.feed(event_stream.chunk(b"{}")[:-1])
    assert not decoder.broken
    assert not decoder.between_frames


def test_a_large_frame_in_small_pieces_takes_linear_time_and_its_own_size() -> None:
    stream = event_stream.frame(bytes(8 << 20), {":message-type": "event", ":event-type": "chunk"})
    decoder = FrameDecoder()
    tracemalloc.start()
    try:
        frames = [
            frame for start in range(0, len(stream), 4096) for frame in decoder.feed(stream[start : start + 4096])
        ]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(frames) == 1
    assert peak < 4 * len(stream)
