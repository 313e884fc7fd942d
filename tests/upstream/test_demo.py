"""The offline demo, asked by the official Python SDK and by raw bytes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import anthropic
import pytest

from proxycast.model.secret import Secret
from proxycast.upstream.demo import DemoUpstream
from proxycast.upstream.demo_answers import DEMO_MODEL, answer, reply_text

KEY = "demo-key-of-this-process"
TURN: dict[str, Any] = {"model": DEMO_MODEL, "max_tokens": 1000, "messages": [{"role": "user", "content": "Hello"}]}
TOOL = {"name": "weather", "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}}}


@pytest.fixture
async def demo() -> AsyncIterator[DemoUpstream]:
    async with DemoUpstream(Secret(KEY), words_per_second=2000) as running:
        yield running


@pytest.fixture
async def client(demo: DemoUpstream) -> AsyncIterator[anthropic.AsyncAnthropic]:
    async with anthropic.AsyncAnthropic(api_key=KEY, base_url=demo.base_url, max_retries=0) as sdk:
        yield sdk


async def raw(demo: DemoUpstream, request: bytes) -> bytes:
    """All that comes back until the demo closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(demo.base_url.rpartition(":")[2]))
    writer.write(request)
    async with asyncio.timeout(5):
        answered = await reader.read()
    writer.transport.abort()
    return answered


def post(body: object = TURN, *, close: bool = True) -> bytes:
    content = json.dumps(body).encode()
    end = "Connection: close\r\n" if close else ""
    return (
        f"POST /v1/messages?beta=true HTTP/1.1\r\nHost: x\r\nX-Api-Key: {KEY}\r\n{end}"
        f"Content-Length: {len(content)}\r\n\r\n"
    ).encode() + content


@pytest.mark.parametrize("turn", [TURN, {**TURN, "model": "claude-opus-5-5", "tools": [TOOL]}])
async def test_a_message_says_that_no_model_was_asked(client: anthropic.AsyncAnthropic, turn: dict[str, Any]) -> None:
    message = await client.messages.create(**turn)
    assert message.content[0].text == reply_text(None)
    assert "No model was asked" in message.content[0].text
    assert "没有调用任何模型" in message.content[0].text
    assert (message.model, message.stop_reason) == (DEMO_MODEL, "end_turn")


async def test_a_stream_says_the_same_word_by_word(client: anthropic.AsyncAnthropic) -> None:
    async with client.messages.stream(**TURN) as stream:
        pieces = [piece async for piece in stream.text_stream]
        final = await stream.get_final_message()
    assert "".join(pieces) == reply_text(None)
    assert len(pieces) == final.usage.output_tokens > 80
    assert final.usage.input_tokens > 0


async def test_the_words_are_paced_and_pings_lie_between() -> None:
    async with DemoUpstream(Secret(KEY), language="en", words_per_second=400) as demo:
        began = asyncio.get_running_loop().time()
        answered = await raw(demo, post({**TURN, "stream": True}))
        took = asyncio.get_running_loop().time() - began
    events = answered.count(b"\r\nevent: ")
    assert took >= 0.9 * (events - 1) / 400
    assert answered.count(b"event: ping") >= 2
    assert b"x-proxycast-demo: true\r\n" in answered
    assert answered.endswith(b'event: message_stop\ndata: {"type":"message_stop"}\n\n\r\n0\r\n\r\n')


async def test_an_answer_stops_at_max_tokens(client: anthropic.AsyncAnthropic) -> None:
    message = await client.messages.create(**{**TURN, "max_tokens": 3})
    assert (message.content[0].text, message.stop_reason) == ("This is ProxyCast's ", "max_tokens")


@pytest.mark.parametrize(("language", "opening"), [("en", "This is"), ("fr", "This is"), ("zh_CN", "这是")])
async def test_the_language_can_be_chosen(language: str, opening: str) -> None:
    async with DemoUpstream(Secret(KEY), language=language) as demo:
        answered = await raw(demo, post())
    text = json.loads(answered.partition(b"\r\n\r\n")[2])["content"][0]["text"]
    assert text == reply_text(language)
    assert text.startswith(opening)


async def test_tokens_are_estimated_and_marked_so(client: anthropic.AsyncAnthropic) -> None:
    counted = []
    for words in (1, 401):
        content = "word " * words
        response = await client.messages.with_raw_response.count_tokens(
            model=DEMO_MODEL, messages=[{"role": "user", "content": content}]
        )
        assert response.headers["x-proxycast-demo"] == "true"
        counted.append((await response.parse()).input_tokens)
    assert counted[1] - counted[0] == 500


async def test_it_lists_one_model_that_is_none(client: anthropic.AsyncAnthropic) -> None:
    assert [model.id async for model in client.models.list()] == [DEMO_MODEL]
    assert (await client.models.retrieve(DEMO_MODEL)).display_name == "ProxyCast offline demo (no model)"
    with pytest.raises(anthropic.NotFoundError):
        await client.models.retrieve("claude-opus-5-5")


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "wrong"}, {"authorization": f"Basic {KEY}"}, {"x-other": KEY}])
async def test_only_the_key_opens_it(demo: DemoUpstream, headers: dict[str, str]) -> None:
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    answered = await raw(demo, f"GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{fields}\r\n".encode())
    assert answered.startswith(b"HTTP/1.1 401 ")
    assert json.loads(answered.partition(b"\r\n\r\n")[2])["error"]["type"] == "authentication_error"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/", b"", 404),
        ("POST", "/v1/complete", b"{}", 404),
        ("POST", "/v1/messages/", b"{}", 404),
        ("GET", "/v1/messages", b"", 405),
        ("POST", "/v1/models", b"{}", 405),
        ("POST", "/v1/messages", b"{", 400),
        ("POST", "/v1/messages", b"[" * 100_000, 400),
        ("POST", "/v1/messages", b"[]", 400),
        ("POST", "/v1/messages", b'{"messages":[{}],"max_tokens":1}', 400),
        ("POST", "/v1/messages", b'{"model":"m","messages":[],"max_tokens":1}', 400),
        ("POST", "/v1/messages", b'{"model":"m","messages":[{}]}', 400),
        ("POST", "/v1/messages", b'{"model":"m","messages":[{}],"max_tokens":0}', 400),
    ],
)
def test_a_wrong_request_gets_an_envelope(method: str, path: str, body: bytes, status: int) -> None:
    wrong = answer(method, path, body, None)
    envelope = json.loads(wrong.body)
    assert (wrong.status, envelope["type"]) == (status, "error")
    assert envelope["error"]["message"]


async def test_a_connection_serves_request_after_request(demo: DemoUpstream) -> None:
    streamed = post({**TURN, "stream": True, "max_tokens": 5}, close=False)
    answered = await raw(demo, post(close=False) + streamed + post())
    first, second, third = answered.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert b"content-type: application/json" in first
    assert second.endswith(b"0\r\n\r\n")
    assert b"connection: close" in third


async def test_a_head_request_gets_no_body(demo: DemoUpstream) -> None:
    head = f"HEAD / HTTP/1.1\r\nHost: x\r\nx-api-key: {KEY}\r\nConnection: close\r\n\r\n"
    answered = await raw(demo, head.encode())
    assert answered.startswith(b"HTTP/1.1 404 ")
    assert answered.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"nonsense\r\n\r\n", b"HTTP/1.1 400 "),
        (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", b"HTTP/1.1 401 "),
    ],
)
async def test_what_it_does_not_speak_ends_the_connection(
    demo: DemoUpstream, request_bytes: bytes, status: bytes
) -> None:
    answered = await raw(demo, request_bytes)
    assert answered.startswith(status)
    assert answered.count(b"HTTP/1.1 ") == 1


async def test_a_request_without_end_is_cut_off(demo: DemoUpstream) -> None:
    head = b"POST /v1/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n%s\r\n" % bytes(1 << 20)
    try:
        answered = await raw(demo, head + chunk * 34)
    except ConnectionResetError:
        answered = b""
    assert answered == b""


async def test_leaving_cuts_a_stream() -> None:
    async with DemoUpstream(Secret(KEY), words_per_second=1) as demo:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(demo.base_url.rpartition(":")[2]))
        writer.write(post({**TURN, "stream": True}))
        await reader.readuntil(b"message_start")
    async with asyncio.timeout(5):
        rest = await reader.read()
    assert not rest.endswith(b"0\r\n\r\n")
    writer.transport.abort()


async def test_a_client_that_hangs_up_is_forgotten() -> None:
    async with DemoUpstream(Secret(KEY), words_per_second=50) as demo:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(demo.base_url.rpartition(":")[2]))
        writer.write(post({**TURN, "stream": True}))
        await reader.readuntil(b"message_start")
        writer.transport.abort()
        assert (await raw(demo, post())).startswith(b"HTTP/1.1 200 ")
        assert demo._connections == set()


def test_it_runs_on_uvloop_too() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def exchange() -> bytes:
        async with DemoUpstream(Secret(KEY), words_per_second=2000) as demo:
            return await raw(demo, post({**TURN, "stream": True}))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(exchange()).endswith(b"0\r\n\r\n")


async def test_the_key_shows_nowhere(demo: DemoUpstream) -> None:
    assert KEY not in repr(vars(demo))
