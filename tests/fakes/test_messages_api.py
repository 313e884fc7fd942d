"""The fake Messages API against the official Python SDK, as if it were the service."""

from __future__ import annotations

import json
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
    assert caught.value.body["error"]["message"] == "scripted"
    assert caught.value.body["request_id"] == caught.value.request_id


async def test_a_client_that_hangs_up_is_noticed(client: anthropic.AsyncAnthropic, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(stall_after=3))
    async with client.messages.stream(**TURN) as stream:
        await anext(aiter(stream))
    disconnect = await fake_api.next_disconnect()
    assert json.loads(disconnect.request.body)["stream"] is True
    assert disconnect.body_bytes > 0
