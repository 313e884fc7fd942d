"""Damaged answers before our readers of them: they say the same however it is cut, never raise, and invent nothing."""

from __future__ import annotations

import gzip
import json
import re
import tracemalloc

from botocore.eventstream import EventStreamBuffer, ParserError
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes import event_stream, messages
from tests.fuzz.budget import examples
from tests.fuzz.mutations import mutated, split

from proxycast.model.errors import InputError
from proxycast.store.paths import resources
from proxycast.upstream.bedrock.answer import InvocationAnswer
from proxycast.upstream.bedrock.frames import FrameDecoder
from proxycast.upstream.bedrock.invocation import invocation
from proxycast.upstream.bedrock.tables import Tables
from proxycast.upstream.body import peek, replace_model
from proxycast.upstream.usage import Tap, usage_tap

TABLES = Tables.read(resources() / "bedrock.yaml")
WHOLE = messages.message(
    {"model": "claude-opus-5-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}, messages.Script()
)
SSE = b"".join(messages.stream(WHOLE))
JSON = json.dumps(WHOLE).encode()
EVENTS = [part.partition(b"data: ")[2].strip() for part in messages.stream(WHOLE)]
FRAMES = b"".join(event_stream.chunk(event) for event in EVENTS if event)
REQUEST = json.dumps(
    {
        "model": "claude-opus-5-5",
        "max_tokens": 64,
        "stream": True,
        "system": [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral", "scope": "global"}}],
        "tools": [{"name": "t", "input_schema": {"type": "object"}, "strict": True}],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": 'a "model" \\ \u4f60'}]},
            {"role": "assistant", "content": "b", "output_config": {"effort": "low"}},
            {"role": "system", "content": "c"},
        ],
        "thinking": {"type": "enabled", "display": "updates"},
        "context_management": {"edits": [{"type": "clear_thinking_20251015"}]},
        "metadata": None,
        "temperature": 1.0e0,
    }
).encode()
TEXTUAL = [
    *(bytes([one]) for one in b"\r\n\0 :,{}[]\"'\\\xff\xef09-"),
    b"\n\n",
    b"\r\n\r\n",
    b"data: ",
    b"event: error\n",
    b'data: {"type":"error","error":{"type":"overloaded_error"}}\n\n',
    b'data: {"type":"message_stop"}\n\n',
    b'{"type":"message_stop"}',
    b'"usage":{"input_tokens":5},',
    b'"usage":{"input_tokens":99999999999999999999},',
    b'"usage":[],',
    b'"model":"other",',
    b'"model":null,',
    b'"model":{"model":"x"},',
    b'"mod\\u0065l":"y",',
    b'"stream":false,',
    b"[DONE]",
    b"\\ud800",
    b"1e999",
    b"[" * 300,
    b'{"a":' * 100,
    b": comment\n",
    b"x" * 700,
]
BINARY = [
    *(bytes([one]) for one in (0, 1, 7, 16, 127, 128, 255)),
    event_stream.chunk(b'{"type":"ping"}'),
    event_stream.chunk(b'{"type":"error","error":{"type":"api_error","message":"arn:aws:iam::123456789012:role/x"}}'),
    event_stream.exception("throttlingException", "Too many"),
    event_stream.failure("Code", "Said"),
    event_stream.frame(b"{}", {":message-type": "event", ":event-type": "other"}),
    event_stream.frame(b"no json", {":message-type": "event", ":event-type": "chunk"}),
    b"\xff\xff\xff\xff",
    b"\0" * 16,
]
CUTS = st.lists(st.integers(0, 1 << 13), max_size=12)


def read_by(tap: Tap, pieces: list[bytes]) -> tuple[object, ...]:
    for piece in pieces:
        tap.feed(piece)
    tap.finish()
    return tap.usage, tap.model, tap.error_type, tap.stopped


@examples(600)
@given(mutated(st.sampled_from([SSE, SSE.replace(b"\n", b"\r\n"), JSON]), TEXTUAL), CUTS, st.booleans())
def test_a_tap_says_the_same_however_an_answer_is_cut(answer: bytes, cuts: list[int], compressed: bool) -> None:
    kind = b"application/json" if answer[:1] == b"{" else b"text/event-stream"
    encoding = b"gzip" if compressed else None
    sent = gzip.compress(answer, 1) if compressed else answer
    whole = read_by(usage_tap(kind, encoding), [sent])
    assert read_by(usage_tap(kind, encoding), split(sent, cuts)) == whole
    usage, model, error_type, _ = whole
    assert model is None or (isinstance(model, str) and model.isprintable())
    assert error_type is None or re.fullmatch(r"[A-Za-z_]{1,64}", str(error_type))
    assert usage is None or all(
        count is None or 0 <= count <= 10**9
        for count in (getattr(usage, name) for name in usage.__struct_fields__)  # type: ignore[attr-defined]
    )


@examples(200)
@given(mutated(st.just(gzip.compress(SSE, 1)), BINARY), CUTS)
def test_a_damaged_compressed_answer_never_raises(answer: bytes, cuts: list[int]) -> None:
    read_by(usage_tap(b"text/event-stream", b"gzip"), split(answer, cuts))


@examples(600)
@given(mutated(st.just(FRAMES), BINARY), CUTS)
def test_frames_are_those_that_botocore_reads(stream: bytes, cuts: list[int]) -> None:
    """Up to the first broken one; botocore's reader is an independent one."""
    ours, decoder = [], FrameDecoder()
    for piece in split(stream, cuts):
        ours += [payload for _, payload in decoder.feed(piece)]
    theirs, buffer = list[bytes](), EventStreamBuffer()
    buffer.add_data(stream)
    broken = False
    try:
        for message in buffer:
            theirs.append(message.payload)
    except (ParserError, ValueError, IndexError, KeyError, OverflowError):
        broken = True
    assert ours == theirs[: len(ours)]
    if not decoder.broken:
        assert not broken
        assert ours == theirs


@examples(500)
@given(mutated(st.just(FRAMES), BINARY), CUTS)
def test_a_damaged_event_stream_becomes_whole_events_and_ends_as_what_it_is(stream: bytes, cuts: list[int]) -> None:
    def translated(pieces: list[bytes]) -> tuple[bytes, bool, bool]:
        answer = InvocationAnswer()
        answer.begin(200, [(b"content-type", event_stream.CONTENT_TYPE.encode())])
        return b"".join(answer.feed(piece) for piece in pieces), answer.complete, answer.failed

    out, complete, failed = translated([stream])
    assert translated(split(stream, cuts)) == (out, complete, failed)
    assert not (complete and failed)
    events = out.split(b"\n\n")
    assert events.pop() == b""
    for event in events:
        name, data = event.split(b"\n")
        kind = name.removeprefix(b"event: ").decode()
        assert json.loads(data.removeprefix(b"data: "))["type"] == kind
    kinds = [event.partition(b"\n")[0] for event in events]
    assert failed == (kinds[-1:] == [b"event: error"])
    assert b"123456789012" not in out
    if complete:
        assert b"event: message_stop" in kinds


@examples(800)
@given(mutated(st.just(REQUEST), TEXTUAL), st.sampled_from(["m", 'a"b\\', "arn:aws:bedrock:us-east-1:1:x/y"]))
def test_another_model_changes_nothing_else(body: bytes, model: str) -> None:
    try:
        changed = replace_model(body, model)
        old = json.loads(body)
    except ValueError:  # a body that is not UTF-8 passes to the service, which will refuse it
        return
    new = json.loads(changed)
    assert new["model"] == model
    assert {**old, "model": model} == new
    assert peek(changed).model == model
    assert changed.count(b"\n") == body.count(b"\n")


@examples(800)
@given(
    mutated(st.just(REQUEST), TEXTUAL), st.sampled_from(["anthropic.claude-opus-5-5", "anthropic.claude-3-haiku", ""])
)
def test_what_is_invoked_is_an_object_with_each_key_once(body: bytes, base: str) -> None:
    try:
        made = invocation(body, [b"oauth-2025-04-20,context-1m-2025-08-07"], base, TABLES)
        body.decode()
    except (InputError, UnicodeDecodeError):  # what is not UTF-8 passes, for AWS to refuse
        return
    keys: list[list[str]] = []

    def pairs(found: list[tuple[str, object]]) -> dict[str, object]:
        keys.append([key for key, _ in found])
        return dict(found)

    sent = json.loads(made.body, object_pairs_hook=pairs)
    top = keys[-1]
    assert len(top) == len(set(top))
    assert sent["anthropic_version"] == "bedrock-2023-05-31"
    assert not {"model", "stream"} & sent.keys()
    asked = json.loads(body)
    for name in ("max_tokens", "temperature", "metadata"):
        if name in asked and name in sent:
            assert sent[name] == asked[name]


def test_what_never_ends_takes_no_memory() -> None:
    """32 MiB of one line, one frame that is announced as huge, and one compressed bomb."""
    bomb = gzip.compress(b"\0" * (64 << 20))
    for kind, encoding, pieces in (
        (b"text/event-stream", None, [b"data: " + b"x" * 65_536] * 512),
        (b"application/json", None, [b'{"a":"' + b"x" * 65_536] * 512),
        (b"text/event-stream", b"gzip", [bomb]),
    ):
        tap = usage_tap(kind, encoding)
        tracemalloc.start()
        read_by(tap, pieces)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 12 << 20, (kind, encoding, peak)
