"""InvokeModel's answers as the Messages API gives them."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes import event_stream

from proxycast.model.exchange import Usage
from proxycast.store.language import translator
from proxycast.store.paths import resources
from proxycast.upstream.bedrock.answer import InvocationAnswer, count_reply, message_reply
from proxycast.upstream.headers import Headers
from proxycast.upstream.reply import Reply

HEADERS: Headers = [
    (b"Content-Type", b"application/vnd.amazon.eventstream"),
    (b"x-amzn-RequestId", b"id-1"),
    (b"X-Amzn-Bedrock-Content-Type", b"application/json"),
]
METRICS = {
    "inputTokenCount": 25,
    "outputTokenCount": 7,
    "invocationLatency": 1,
    "firstByteLatency": 1,
    "cacheReadInputTokenCount": 1024,
    "cacheWriteInputTokenCount": 2048,
}
START = b'{"type":"message_start","message":{"model":"claude-opus-5-5","usage":{"input_tokens":25,"output_tokens":1}}}'
DELTA = '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\\u4f60 好  1.0"} }'.encode()
END = b'{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}'
STOP = b'{"type":"message_stop","amazon-bedrock-invocationMetrics":' + json.dumps(METRICS).encode() + b"}"
EVENTS = [START, DELTA, DELTA, END, STOP]
STREAM = b"".join(event_stream.chunk(event) for event in EVENTS)
EXPECTED = (
    b"event: message_start\ndata: " + START + b"\n\n"
    b"event: content_block_delta\ndata: " + DELTA + b"\n\n"
    b"event: content_block_delta\ndata: " + DELTA + b"\n\n"
    b"event: message_delta\ndata: " + END + b"\n\n"
    b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
)


def begun() -> InvocationAnswer:
    answer = InvocationAnswer()
    assert answer.begin(200, HEADERS) is not None
    return answer


def fed(pieces: Iterable[bytes], answer: InvocationAnswer | None = None) -> tuple[bytes, InvocationAnswer]:
    """What the client gets, and the answer after it; its tap was fed as the data path does."""
    answer = answer or begun()
    out = b""
    for piece in pieces:
        translated = answer.feed(piece)
        answer.tap.feed(translated)
        out += translated
        if answer.failed:
            break
    answer.tap.finish()
    return out, answer


def said(event: bytes) -> dict[str, Any]:
    """The content of the `error` event that this is."""
    assert event.startswith(b"event: error\ndata: ")
    assert event.endswith(b"\n\n")
    content: dict[str, Any] = json.loads(event.removeprefix(b"event: error\ndata: "))
    assert content["type"] == "error"
    return content


def test_an_event_stream_becomes_server_sent_events() -> None:
    answer = InvocationAnswer()
    assert answer.begin(200, HEADERS) == [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-cache"),
        (b"request-id", b"id-1"),
    ]
    out, answer = fed([STREAM], answer)
    assert out == EXPECTED
    assert (answer.complete, answer.failed) == (True, False)


def test_the_metrics_of_aws_tell_the_usage_that_the_stream_does_not() -> None:
    _, answer = fed([STREAM])
    assert answer.tap.usage == Usage(
        input_tokens=25, output_tokens=7, cache_creation_input_tokens=2048, cache_read_input_tokens=1024
    )
    assert answer.tap.model == "claude-opus-5-5"
    _, bare = fed([event_stream.chunk(STOP)])
    assert bare.tap.usage == answer.tap.usage
    _, silent = fed([event_stream.chunk(b'{"type":"message_stop"}')])
    assert silent.tap.usage is None


@pytest.mark.parametrize("metrics", ["null", "[]", '{"inputTokenCount":"many"}'])
def test_odd_metrics_are_taken_out_and_ignored(metrics: str) -> None:
    stop = f'{{"amazon-bedrock-invocationMetrics":{metrics},"type":"message_stop"}}'.encode()
    out, answer = fed([event_stream.chunk(stop)])
    assert out == b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
    assert answer.complete
    assert answer.tap.usage is None


@given(st.lists(st.integers(1, 700), min_size=1, max_size=12))
def test_any_split_gives_the_same_events(sizes: list[int]) -> None:
    pieces, start, number = [], 0, 0
    while start < len(STREAM):
        pieces.append(STREAM[start : start + sizes[number % len(sizes)]])
        start += len(pieces[-1])
        number += 1
    out, answer = fed(pieces)
    assert out == EXPECTED
    assert answer.complete


@given(st.data())
def test_any_damage_ends_in_an_error_and_never_in_a_clean_end(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(STREAM) - 1))
    size = data.draw(st.integers(1, len(STREAM)))
    damaged = bytearray(STREAM)
    damaged[place] ^= data.draw(st.integers(1, 255))
    out, answer = fed([bytes(damaged[start : start + size]) for start in range(0, len(STREAM), size)])
    whole, error, told = out.rpartition(b"event: error\n")
    assert EXPECTED.startswith(whole)
    assert said(error + told)["error"]["type"] == "api_error"
    assert answer.failed
    assert not answer.complete
    assert answer.tap.error_type == "api_error"
    assert answer.feed(STREAM) == b""


@given(st.integers(0, len(STREAM) - 1))
def test_a_cut_stream_is_not_complete(length: int) -> None:
    out, answer = fed([STREAM[:length]])
    assert EXPECTED.startswith(out)
    assert not answer.complete


def test_bytes_after_the_end_make_it_incomplete() -> None:
    _, answer = fed([STREAM, event_stream.chunk(DELTA)[:9]])
    assert not answer.complete


@pytest.mark.parametrize(
    ("frame", "kind", "message"),
    [
        (event_stream.exception("internalServerException", "Oops."), "api_error", "Oops."),
        (event_stream.exception("throttlingException", "Slow down."), "rate_limit_error", "Slow down."),
        (event_stream.exception("validationException", "Odd."), "invalid_request_error", "Odd."),
        (event_stream.exception("modelTimeoutException", "Late."), "timeout_error", "Late."),
        (event_stream.exception("serviceUnavailableException", "Busy."), "overloaded_error", "Busy."),
        (
            event_stream.exception("modelStreamErrorException", "Failed.", originalStatusCode=529),
            "overloaded_error",
            "Failed.",
        ),
        (event_stream.failure("InternalFailure", "Account 123456789012."), "api_error", "Account (account)."),
    ],
)
def test_exceptions_become_error_events(frame: bytes, kind: str, message: str) -> None:
    out, answer = fed([event_stream.chunk(START) + frame + event_stream.chunk(STOP)])
    assert out.startswith(b"event: message_start\n")
    error = said(out.partition(b"\n\n")[2])
    assert error == {"type": "error", "error": {"type": kind, "message": message}, "request_id": "id-1"}
    assert answer.failed
    assert not answer.complete
    assert answer.tap.error_type == kind


def test_an_error_inside_a_chunk_passes_and_ends_the_stream() -> None:
    error = b'{"type":"error","error":{"type":"overloaded_error","message":"for arn:aws:iam::123456789012:role/R"}}'
    out, answer = fed([event_stream.chunk(START), event_stream.chunk(error), event_stream.chunk(STOP)])
    assert said(out.partition(b"\n\n")[2])["error"] == {"type": "overloaded_error", "message": "for (ARN)"}
    assert answer.failed
    assert answer.tap.error_type == "overloaded_error"


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{}", id="no bytes"),
        pytest.param(b'{"bytes":"@@@"}', id="no base64"),
        pytest.param(b'{"bytes":1}', id="a number"),
    ],
)
def test_a_chunk_that_cannot_be_read_is_an_error(payload: bytes) -> None:
    out, answer = fed([event_stream.frame(payload, {":message-type": "event", ":event-type": "chunk"})])
    assert said(out)["error"]["type"] == "api_error"
    assert answer.failed


@pytest.mark.parametrize(
    "event", [b"", b"{", b"[]", b"{}", b'{"type":1}', b'{"type":"a\\nb"}', b'{"type":"ping"} x', b"[" * 100_000]
)
def test_an_event_that_cannot_be_read_is_an_error(event: bytes) -> None:
    out, _ = fed([event_stream.chunk(event)])
    assert said(out)["error"]["type"] == "api_error"


def test_events_that_nobody_knows_pass_and_stay_on_their_line() -> None:
    out, answer = fed([event_stream.chunk(b'{\r\n"type": "new_event",\n"x": "\\n"}')])
    assert out == b'event: new_event\ndata: {  "type": "new_event", "x": "\\n"}\n\n'
    assert not answer.failed


def test_other_events_of_aws_are_passed_over() -> None:
    frame = event_stream.frame(b"{}", {":message-type": "event", ":event-type": "initial-response"})
    assert fed([frame + STREAM])[0] == EXPECTED


def test_a_long_stream_takes_no_memory() -> None:
    answer = begun()
    piece = event_stream.chunk(DELTA) * 100
    answer.tap.feed(answer.feed(piece))
    tracemalloc.start()
    try:
        for _ in range(1000):
            answer.tap.feed(answer.feed(piece))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


def reply(status: int, body: bytes, *headers: tuple[bytes, bytes]) -> Reply:
    answer = InvocationAnswer()
    sent = [(b"content-type", b"application/json"), (b"x-amzn-requestid", b"id-2"), *headers]
    assert answer.begin(status, sent) is None
    return answer.whole(status, sent, body)


def test_a_whole_message_keeps_its_bytes() -> None:
    body = b'{"type": "message", "model":"claude-opus-5-5","usage":{"input_tokens":1.0}}'
    answer = reply(200, body, (b"X-Amzn-Bedrock-Input-Token-Count", b"1"))
    assert (answer.status, answer.body, answer.error) == (200, body, None)
    assert answer.headers == [(b"content-type", b"application/json"), (b"request-id", b"id-2")]


@pytest.mark.parametrize("body", [b"", b"<html>Sign in</html>", b"[]", b'{"type":"message"', b'{"output":1}'])
def test_a_success_that_is_no_message_is_an_error(body: bytes) -> None:
    answer = reply(200, body)
    assert answer.status == 502
    assert answer.error == "api_error"


def test_errors_get_the_envelope_of_the_messages_api() -> None:
    answer = reply(
        429,
        b'{"message":"Too many tokens for 123456789012."}',
        (b"x-amzn-errortype", b"ThrottlingException"),
        (b"Retry-After", b"3"),
    )
    assert (answer.status, answer.error, answer.stale) == (429, "rate_limit_error", False)
    assert (b"Retry-After", b"3") in answer.headers
    assert json.loads(answer.body) == {
        "type": "error",
        "error": {"type": "rate_limit_error", "message": "Too many tokens for (account)."},
        "request_id": "id-2",
    }


def test_expired_credentials_are_told_apart() -> None:
    assert reply(403, b'{"message":"x"}', (b"x-amzn-errortype", b"ExpiredTokenException")).stale


def test_an_error_may_get_more_words() -> None:
    answer = InvocationAnswer(lambda fault, headers: f"({fault.name}, {len(headers)})")
    said_so = answer.whole(403, [(b"x-amzn-errortype", b"AccessDeniedException")], b'{"message":"No."}')
    assert json.loads(said_so.body)["error"]["message"] == "No. (accessdenied, 1)"
    answer.begin(200, HEADERS)
    out = answer.feed(event_stream.exception("throttlingException", "Slow."))
    assert said(out)["error"]["message"] == "Slow. (throttling, 3)"


def test_what_aws_does_not_put_into_words_is_in_the_user_s_language() -> None:
    chinese = translator("zh_CN", resources() / "translations")
    silent = message_reply(403, [], b"", None, chinese)
    assert json.loads(silent.body)["error"]["message"] == "AWS Bedrock 返回了 403，但没有说明原因。"
    strange = count_reply(200, HEADERS, b"{}", lambda *_: "More.", chinese)
    words = json.loads(strange.body)["error"]["message"]
    assert words.startswith("这不是 AWS Bedrock 的回答")
    assert words.endswith(" More.")
    answer = InvocationAnswer(translate=chinese)
    answer.begin(200, HEADERS)
    assert said(answer.feed(b"\x00" * 40))["error"]["message"].startswith("AWS Bedrock 的事件流已损坏")


def test_counted_tokens_are_spelt_as_the_messages_api_does() -> None:
    assert count_reply(200, HEADERS, b'{"inputTokens":42}').body == b'{"input_tokens":42}'
    assert count_reply(200, HEADERS, b"{}").status == 502
    refused = count_reply(400, HEADERS, b'{"message":"No."}')
    assert (refused.status, refused.error) == (400, "invalid_request_error")


def test_a_message_s_reply_needs_no_translator() -> None:
    assert message_reply(200, [], b'{"type":"message"}').headers == [(b"content-type", b"application/json")]
