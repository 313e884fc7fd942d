"""The fake Messages API against the official Python SDK, as if it were the service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import anthropic
import pytest
from tests.fakes.answers import Behaviour, error
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY

MODEL = "claude-sonnet-5-5"
TURN: dict[str, Any] = {"model": MODEL, "max_tokens": 64, "messages": [{"role": "user", "content": "Say hello."}]}
WEATHER = {
    "name": "weather",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}},
}


@pytest.fixture
async def client(fake_api: FakeMessagesApi) -> AsyncIterator[anthropic.AsyncAnthropic]:
    async with anthropic.AsyncAnthropic(api_key=KEY, base_url=fake_api.base_url, max_retries=0) as sdk:
        yield sdk


async def test_a_message_is_answered_and_recorded(client: anthropic.AsyncAnthropic, fake_api: FakeMessagesApi) -> None:
    answer = await client.messages.create(**TURN)
    assert answer.content[0].text == fake_api.service.says.text
    assert answer.usage.cache_read_input_tokens == 1024
    request = await fake_api.next_request()
    assert request.raw.startswith(b"POST /v1/messages HTTP/1.1\r\n")
    assert request.json() == TURN
    assert request.value("authorization") == f"Bearer {KEY}"


async def test_a_stream_carries_the_same_message(client: anthropic.AsyncAnthropic, fake_api: FakeMessagesApi) -> None:
    whole = await client.messages.create(**TURN)
    async with client.messages.stream(**TURN) as stream:
        text = "".join([piece async for piece in stream.text_stream])
        final = await stream.get_final_message()
    assert text == fake_api.service.says.text
    assert final.usage.output_tokens == whole.usage.output_tokens
    assert final.stop_reason == "end_turn"


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 413, 429, 500, 504, 529])
async def test_every_error_status_reaches_the_sdk(
    client: anthropic.AsyncAnthropic, fake_api: FakeMessagesApi, status: int
) -> None:
    fake_api.enqueue(error(status, "scripted", retry_after="3"))
    with pytest.raises(anthropic.APIStatusError) as caught:
        await client.messages.create(**TURN)
    assert caught.value.status_code == status
    assert caught.value.response.headers["retry-after"] == "3"
    envelope = caught.value.response.json()
    assert envelope["error"]["message"] == "scripted"
    assert envelope["request_id"] == caught.value.request_id


async def test_a_client_that_hangs_up_is_noticed(client: anthropic.AsyncAnthropic, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(stall_after=3))
    async with client.messages.stream(**TURN) as stream:
        await anext(aiter(stream))
    disconnect = await fake_api.next_disconnect()
    assert disconnect.request is not None
    assert disconnect.request.json()["stream"] is True
    assert disconnect.body_bytes > 0


async def test_a_whole_answer_is_no_disconnect(client: anthropic.AsyncAnthropic, fake_api: FakeMessagesApi) -> None:
    for _ in range(20):
        async with client.messages.stream(**TURN) as stream:
            await stream.get_final_message()
    await client.close()
    await fake_api.idle()
    assert fake_api.disconnects == []
    assert all(delivery.complete for delivery in fake_api.deliveries)


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_tool_is_used_and_its_result_answered(client: anthropic.AsyncAnthropic, *, streamed: bool) -> None:
    turn = {**TURN, "tools": [WEATHER], "thinking": {"type": "adaptive"}}
    first = await _ask(client, turn, streamed=streamed)
    assert [block.type for block in first.content] == ["thinking", "tool_use"]
    use = first.content[1]
    assert use.type == "tool_use"
    assert (first.stop_reason, use.name, use.input) == ("tool_use", "weather", {"city": "value", "days": 7})

    result = {"type": "tool_result", "tool_use_id": use.id, "content": "Rain."}
    answered = [first.to_param(), {"role": "user", "content": [result]}]
    last = await _ask(client, {**turn, "messages": [*turn["messages"], *answered]}, streamed=streamed)
    assert [block.type for block in last.content] == ["thinking", "text"]
    assert last.stop_reason == "end_turn"


async def _ask(client: anthropic.AsyncAnthropic, turn: dict[str, Any], *, streamed: bool) -> anthropic.types.Message:
    if not streamed:
        message: anthropic.types.Message = await client.messages.create(**turn)
        return message
    async with client.messages.stream(**turn) as stream:
        return await stream.get_final_message()


async def test_tokens_are_counted(client: anthropic.AsyncAnthropic) -> None:
    short = await client.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "word "}])
    long = await client.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "word " * 401}])
    assert long.input_tokens - short.input_tokens == 500


async def test_models_are_listed_and_shown(client: anthropic.AsyncAnthropic, fake_api: FakeMessagesApi) -> None:
    listed = [model.id async for model in client.models.list(limit=2)]
    assert listed == list(fake_api.service.models)
    shown = await client.models.retrieve(MODEL)
    assert (shown.display_name, shown.lifecycle) == ("Claude Sonnet 5.5", "active")


async def test_a_base_url_may_have_a_path() -> None:
    async with (
        FakeMessagesApi(prefix="/apps/anthropic") as fake,
        anthropic.AsyncAnthropic(api_key=KEY, base_url=fake.base_url, max_retries=0) as client,
    ):
        await client.messages.create(**TURN)
        with pytest.raises(anthropic.NotFoundError):
            await client.with_options(base_url=f"http://127.0.0.1:{fake.port}").messages.create(**TURN)
    assert [request.path for request in fake.requests] == ["/apps/anthropic/v1/messages", "/v1/messages"]


async def test_the_head_tells_whether_a_path_exists(fake_api: FakeMessagesApi) -> None:
    reader, writer = await asyncio.open_connection(fake_api.host, fake_api.port)
    writer.write(b"HEAD /api/hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    raw = await reader.read()
    assert raw.startswith(b"HTTP/1.1 404 ")
    assert raw.endswith(b"\r\n\r\n")
    writer.transport.abort()


def test_waiting_for_what_does_not_come_ends() -> None:
    async def wait() -> None:
        async with FakeMessagesApi() as fake:
            await fake.next_request(within=0.01)

    with pytest.raises(TimeoutError):
        asyncio.run(wait())


def test_it_runs_on_uvloop_too() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def exchange() -> None:
        async with FakeMessagesApi() as fake:
            fake.enqueue(Behaviour(cut_before_head=True, reset=True))
            async with anthropic.AsyncAnthropic(api_key=KEY, base_url=fake.base_url, max_retries=1) as client:
                await client.messages.create(**TURN)
            assert len(fake.requests) == 2

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(exchange())
