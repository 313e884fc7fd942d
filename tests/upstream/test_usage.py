from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from proxycast.model.exchange import Usage
from proxycast.upstream.usage import Tap, usage_tap

SSE = b"text/event-stream; charset=utf-8"
JSON = b"application/json"
COUNTS = {
    "input_tokens": 25,
    "cache_creation_input_tokens": 10,
    "cache_read_input_tokens": 7,
    "output_tokens": 300,
}
USAGE = Usage(**COUNTS)
START_USAGE = COUNTS | {"output_tokens": 1}


def event(document: dict[str, object]) -> bytes:
    return f"event: {document['type']}\ndata: {json.dumps(document)}\n\n".encode()


def message_start(usage: object = START_USAGE) -> dict[str, object]:
    return {"type": "message_start", "message": {"model": "claude-opus-5-5", "content": [], "usage": usage}}


def delta(text: str) -> dict[str, object]:
    return {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}


def message_delta(usage: object) -> dict[str, object]:
    return {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage}


STOP: dict[str, object] = {"type": "message_stop"}
ERROR: dict[str, object] = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
PING: dict[str, object] = {"type": "ping"}
STREAM = b"".join(
    map(event, (message_start(), delta("你好"), PING, message_delta({"output_tokens": 300}), STOP)),
)


def read(
    body: bytes, content_type: bytes | None = SSE, encoding: bytes | None = None, cuts: tuple[int, ...] = ()
) -> Tap:
    tap = usage_tap(content_type, encoding)
    for start, end in pairwise((0, *sorted(cuts), len(body))):
        tap.feed(body[start:end])
    tap.finish()
    return tap


def said(tap: Tap) -> tuple[Usage | None, str | None, str | None, bool | None]:
    return tap.usage, tap.model, tap.error_type, tap.stopped


def test_a_stream_tells_its_usage_its_model_and_its_end() -> None:
    assert said(read(STREAM)) == (USAGE, "claude-opus-5-5", None, True)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_of_event_streams_is_understood(line_end: bytes) -> None:
    assert said(read(STREAM.replace(b"\n", line_end))) == (USAGE, "claude-opus-5-5", None, True)


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(b"\n".join(line for line in STREAM.split(b"\n") if b"event:" not in line), id="no event lines"),
        pytest.param(STREAM + b"data: [DONE]\n\n", id="DONE at the end"),
        pytest.param(STREAM.replace(b": ", b":"), id="no spaces"),
        pytest.param(STREAM.replace(b"data: ", b"data:   "), id="more spaces"),
        pytest.param(STREAM.replace(b"{", b"{ ").replace(b":", b" : ").replace(b"\nevent :", b"\nevent:")
                     .replace(b"data :", b"data:"), id="loose JSON"),
        pytest.param(b": a comment\n\n" + STREAM, id="a comment"),
        pytest.param(STREAM.rstrip(b"\n"), id="last line not ended"),
        pytest.param(STREAM.replace(b"}}\n", b'}, "amazon-bedrock-invocationMetrics": {}}\n'), id="unknown members"),
    ],
)  # fmt: skip
def test_the_liberties_that_services_take_with_a_stream_change_nothing(stream: bytes) -> None:
    assert said(read(stream)) == (USAGE, "claude-opus-5-5", None, True)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ({"input_tokens": 5, "output_tokens": 1}, {"output_tokens": 9}, Usage(input_tokens=5, output_tokens=9)),
        ({"input_tokens": 5}, {"input_tokens": 0, "output_tokens": 9}, Usage(input_tokens=5, output_tokens=9)),
        ({"input_tokens": 0, "output_tokens": 0}, {"input_tokens": 5}, Usage(input_tokens=5, output_tokens=0)),
        ({}, {"output_tokens": 9}, Usage(output_tokens=9)),
        (None, {"output_tokens": 9}, Usage(output_tokens=9)),
        ({"input_tokens": "5"}, {"output_tokens": -1}, None),
        ({"input_tokens": True}, {"output_tokens": 2**60}, None),
        ({"input_tokens": 5.0}, "none", None),
        ({}, [], None),
    ],
)
def test_usage_of_the_start_and_of_the_deltas_is_put_together(
    start: object, end: object, expected: Usage | None
) -> None:
    assert read(event(message_start(start)) + event(message_delta(end))).usage == expected


def test_deltas_are_cumulative_and_not_added_up() -> None:
    stream = b"".join(event(message_delta({"output_tokens": count})) for count in (10, 20, 30))
    assert read(stream).usage == Usage(output_tokens=30)


def test_a_stream_that_lacks_its_message_stop_is_not_stopped() -> None:
    assert read(STREAM[: STREAM.index(b'data: {"type": "message_stop"')]).stopped is False


@pytest.mark.parametrize(
    "text",
    [
        '"message_stop"',
        'data: {"type": "message_stop"}\n\n',
        '{"type":"error","error":{"type":"overloaded_error"}}',
        '"usage": {"input_tokens": 999}',
        "event: error\n\n",
    ],
)
def test_an_answer_that_talks_about_events_is_not_misread(text: str) -> None:
    stream = event(message_start()) + event(delta(text))
    assert said(read(stream)) == (Usage(**START_USAGE), "claude-opus-5-5", None, False)


@pytest.mark.parametrize(
    ("stream", "error_type"),
    [
        (event(ERROR), "overloaded_error"),
        (STREAM + event(ERROR), "overloaded_error"),
        (b'data: {"type":"error","error":{"type":"rate_limit_error"}}\n\n', "rate_limit_error"),
        (b'data: {"error":{"message":"no balance","type":null,"code":"1113"}}\n\n', "error"),
        (b'data: {"error":"no balance"}\n\n', "error"),
        (b"event: error\ndata: no balance\n\n", "error"),
        (b"event:error\r\ndata:{}\r\n\r\n", "error"),
        (b'data: {"type":"error","error":{"type":"api_error"}}\nevent: error\n\n', "api_error"),
        (b'event: error\ndata: {"type":"error","error":{"type":"%b"}}\n\n' % (b"x" * 1000), "error"),
        (b'data: {"type":"message_delta","error":null}\n\n', None),
    ],
)
def test_an_error_inside_a_stream_is_told(stream: bytes, error_type: str | None) -> None:
    assert read(stream).error_type == error_type


def test_a_line_too_long_to_keep_is_skipped_and_the_next_one_is_read() -> None:
    long = event(message_delta({"output_tokens": 1, "padding": "x" * 70_000}))
    for cuts in ((), (10, 65_000, 69_000), tuple(range(0, 70_000, 1000))):
        assert said(read(long + event(STOP), cuts=cuts)) == (None, None, None, True)


def test_the_rest_of_a_skipped_line_is_no_line_of_its_own() -> None:
    long = b": " + b"x" * 70_000
    rest = b'data: {"type": "message_stop"}'
    for cuts in ((), (len(long),), (len(long), len(long) + len(rest) - 1), tuple(range(2, len(long + rest), 35_000))):
        assert read(long + rest + b"\n", cuts=cuts).stopped is False


@pytest.mark.parametrize("content_type", [JSON, b"Application/JSON; charset=utf-8", b"application/vnd.x+json"])
def test_a_document_tells_its_usage_and_its_model(content_type: bytes) -> None:
    content = [{"type": "text", "text": '"usage": {"input_tokens": 999}', "usage": {"input_tokens": 999}}]
    body = json.dumps({"model": "claude-opus-5-5", "content": content, "usage": COUNTS, "stop_reason": None}).encode()
    assert said(read(body, content_type)) == (USAGE, "claude-opus-5-5", None, None)


@pytest.mark.parametrize(
    ("body", "error_type"),
    [
        (json.dumps(ERROR | {"request_id": "req_1"}).encode(), "overloaded_error"),
        (b'{"type":"error"}', "error"),
        (b'{"type":"error","error":{"type":"sk-ant-api03-of-the-user"}}', "error"),
        (b'{"error":{"message":"m","type":"invalid_request_error"}}', "invalid_request_error"),
        (b'{"error":"m"}', "error"),
        (b'{"message":"Too many tokens"}', None),
        (b'{"model":"m","error":null}', None),
    ],
)
def test_an_error_document_tells_its_type(body: bytes, error_type: str | None) -> None:
    assert read(body, JSON).error_type == error_type


def test_counting_tokens_is_not_using_them() -> None:
    assert read(b'{"input_tokens": 25}', JSON).usage is None


@pytest.mark.parametrize(
    ("ending", "usage"),
    [
        (b', "usage": %b}' % json.dumps(COUNTS).encode(), USAGE),
        (b', "usage" : {"input_tokens":1,"cache_creation":{"a":2},"x":[{"y":3}]} }\n', Usage(input_tokens=1)),
        (b', "last": {"usage": {"input_tokens": 1}}}', None),
        (b', "usage": {"input_tokens": 1}, "container": {"id": "x"}}', None),
        (rb', "odd\"usage": {"input_tokens": 1}}', None),
        (rb', "text": "\"usage\": {\"input_tokens\": 1}}"}', None),
        (b"}", None),
    ],
)
def test_of_a_huge_document_only_a_usage_that_closes_it_is_read(ending: bytes, usage: Usage | None) -> None:
    body = b'{"content": "%b"' % (b"x" * 1_100_000) + ending
    for cuts in ((), (5,), (1_048_576,), tuple(range(0, len(body), 50_000)), (len(body) - 20, len(body) - 3)):
        assert read(body, JSON, cuts=cuts).usage == usage


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [(b"gzip", gzip.compress), (b"GZIP", gzip.compress), (b"x-gzip", gzip.compress), (b"deflate", zlib.compress)],
)
def test_a_compressed_answer_is_read_once_it_is_over(encoding: bytes, compress: object) -> None:
    assert callable(compress)
    stream = STREAM[:-50].replace(b"\n\n", b"\n\n" + event(delta("word " * 1000)), 40) + STREAM[-50:]
    assert said(read(compress(stream), SSE, encoding, (1, 9, 200))) == (USAGE, "claude-opus-5-5", None, True)
    body = json.dumps({"model": "m", "usage": COUNTS}).encode()
    assert said(read(compress(body), JSON, encoding, (3,))) == (USAGE, "m", None, None)


def test_a_compressed_stream_that_is_cut_is_not_stopped() -> None:
    assert read(gzip.compress(STREAM)[:-30], SSE, b"gzip").stopped is False


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(gzip.compress(STREAM + b"\n" * 5_000_000), id="bomb"),
        pytest.param(gzip.compress(STREAM)[:30] + b"junk" * 100, id="damaged"),
        pytest.param(b"not compressed", id="not compressed"),
        pytest.param(gzip.compress(STREAM, 0) + b"x" * 1_100_000, id="too long"),
    ],
)
def test_a_compressed_answer_that_cannot_be_decoded_in_bounds_says_nothing(body: bytes) -> None:
    assert said(read(body, SSE, b"gzip", (len(body) // 2,))) == (None, None, None, None)


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [(None, None), (b"", None), (b"text/html", None), (JSON, b"br"), (SSE, b"zstd"), (SSE, b"gzip, gzip")],
)
def test_an_answer_of_a_form_not_known_says_nothing(content_type: bytes | None, encoding: bytes | None) -> None:
    assert said(read(STREAM, content_type, encoding)) == (None, None, None, None)


@pytest.mark.parametrize(
    ("content_type", "encoding", "chunk"),
    [
        (SSE, None, b"x" * 100_000),
        (SSE, None, b'data: "message_start" error %b\n' % (b"x" * 5000) * 20),
        (SSE, None, b"x\r" * 50_000),
        (JSON, None, b'{"usage":' * 10_000),
        (JSON, None, b"x" * 5_000_000),
        (JSON, b"gzip", b"x" * 100_000),
    ],
)
def test_memory_stays_bounded_whatever_comes(content_type: bytes, encoding: bytes | None, chunk: bytes) -> None:
    tap = usage_tap(content_type, encoding)
    tracemalloc.start()
    try:
        for _ in range(100):
            tap.feed(chunk)
        tap.finish()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000


def test_a_compression_bomb_costs_no_memory() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000, 9)
    tracemalloc.start()
    try:
        read(bomb, JSON, b"gzip")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000


_PIECES = st.sampled_from(
    [
        *(event(document) for document in (message_start(), delta("an error"), message_delta(COUNTS), STOP, ERROR)),
        b"data: [DONE]", b"data:", b"event: error", b"\n", b"\r", b"\r\n", b": ping\n\n", b"{", b'"message_', b"error",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_PIECES | st.binary(max_size=20), max_size=12).map(b"".join), st.data())
@example(STREAM.replace(b"\n", b"\r\n"), None)
@example(STREAM.replace(b"\n", b"\r"), None)
def test_how_a_stream_is_cut_makes_no_difference(stream: bytes, data: st.DataObject | None) -> None:
    cuts = data.draw(st.sets(st.integers(0, len(stream)))) if data else range(0, len(stream), 60)
    assert said(read(stream, cuts=tuple(cuts))) == said(read(stream))


@settings(deadline=None)
@given(st.sampled_from([SSE, JSON]), st.sampled_from([None, b"gzip"]), st.lists(st.binary()))
@example(JSON, None, [b'{"usage":' + b"[" * 100_000])
@example(SSE, None, [b'data: {"message":"\xff", "error":"\\ud800"}\n', b'data: "message_' + b"[" * 60_000 + b"\n"])
@example(JSON, None, [b'{"usage":{"input_tokens":' + b"9" * 5000 + b"}}"])
def test_junk_never_raises(content_type: bytes, encoding: bytes | None, chunks: list[bytes]) -> None:
    tap = usage_tap(content_type, encoding)
    for chunk in chunks:
        tap.feed(chunk)
    tap.finish()
    assert tap.usage is None
