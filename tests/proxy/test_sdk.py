"""Anthropic's own Python SDK against the proxy: what an application sees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import anthropic
import pytest
from tests.fakes.answers import Behaviour, error, first_parts
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY
from tests.proxy.conftest import TOKEN, Setup

from proxycast.model.errors import KeyringLocked, NothingSelected
from proxycast.model.text import Text

MODEL = "claude-sonnet-5-5"
HI: list[Any] = [{"role": "user", "content": "hi"}]
ASK: dict[str, Any] = {"model": MODEL, "max_tokens": 100, "messages": HI}
TOOL: dict[str, Any] = {
    "name": "weather",
    "description": "The weather of a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
TEXT = "The quick brown fox jumps over the lazy dog. 敏捷的棕毛狐狸从懒狗身上跃过。"


@pytest.fixture(autouse=True)
def nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def sdk(setup: Setup) -> AsyncIterator[anthropic.AsyncAnthropic]:
    """The SDK as an application sets it up: a base URL and a key, without retries."""
    http_client = anthropic.DefaultAsyncHttpxClient(trust_env=False, verify=False)
    async with anthropic.AsyncAnthropic(
        base_url=setup.address, api_key=TOKEN, max_retries=0, http_client=http_client
    ) as made:
        yield made


async def test_a_message(sdk: anthropic.AsyncAnthropic, fake_api: FakeMessagesApi, setup: Setup) -> None:
    message = await sdk.messages.create(**ASK)
    (block,) = message.content
    assert block.type == "text"
    assert block.text == TEXT
    assert message.usage.input_tokens == 25
    request = await fake_api.next_request()
    assert request.values("x-api-key") == [KEY]
    assert not request.carries(TOKEN)
    record = await setup.observer.next()
    assert (record.model, record.status, record.error) == (MODEL, 200, None)
    assert record.usage is not None
    assert (record.usage.input_tokens, record.usage.cache_read_input_tokens) == (25, 1024)


@pytest.mark.parametrize("options", [{"api_key": TOKEN}, {"auth_token": TOKEN}])
async def test_the_token_may_be_given_as_key_or_as_token(setup: Setup, options: dict[str, str]) -> None:
    http_client = anthropic.DefaultAsyncHttpxClient(trust_env=False, verify=False)
    async with anthropic.AsyncAnthropic(base_url=setup.address, http_client=http_client, **options) as sdk:  # type: ignore[arg-type]
        assert (await sdk.messages.create(**ASK)).type == "message"


async def test_a_credential_pinned_by_the_base_url(setup: Setup, sdk: anthropic.AsyncAnthropic) -> None:
    pinned = sdk.with_options(base_url=f"{setup.address}/c/main")
    assert (await pinned.messages.create(**ASK)).type == "message"
    with pytest.raises(anthropic.NotFoundError, match="no credential named other"):
        await sdk.with_options(base_url=f"{setup.address}/c/other").messages.create(**ASK)


async def test_a_stream(sdk: anthropic.AsyncAnthropic, setup: Setup) -> None:
    async with sdk.messages.stream(**ASK) as stream:
        pieces = [piece async for piece in stream.text_stream]
        message = await stream.get_final_message()
    assert "".join(pieces) == TEXT
    assert len(pieces) > 5
    assert message.stop_reason == "end_turn"
    usage = (await setup.observer.next()).usage
    assert usage is not None
    assert usage.output_tokens == message.usage.output_tokens


async def test_a_stream_of_thinking_and_the_turn_after_it(
    sdk: anthropic.AsyncAnthropic, fake_api: FakeMessagesApi
) -> None:
    """A changed byte of system, tools or messages would make the second turn a 400."""
    asked = {**ASK, "system": "Sois bref : 短い", "thinking": {"type": "enabled", "budget_tokens": 1024}}
    async with sdk.messages.stream(**asked) as stream:
        first = await stream.get_final_message()
    assert [block.type for block in first.content] == ["thinking", "text"]
    turns = [*HI, {"role": "assistant", "content": [block.to_dict() for block in first.content]}, *HI]
    second = await sdk.messages.create(**{**asked, "messages": turns})
    assert second.stop_reason == "end_turn"
    assert [request.path for request in fake_api.requests] == ["/v1/messages"] * 2


async def test_a_tool_is_used_and_its_result_given(sdk: anthropic.AsyncAnthropic) -> None:
    asked = {**ASK, "tools": [TOOL]}
    async with sdk.messages.stream(**asked) as stream:
        message = await stream.get_final_message()
    (use,) = message.content
    assert use.type == "tool_use"
    assert (message.stop_reason, use.name, use.input) == ("tool_use", "weather", {"city": "value"})
    result = {"type": "tool_result", "tool_use_id": use.id, "content": "sunny"}
    turns = [*HI, {"role": "assistant", "content": [use.to_dict()]}, {"role": "user", "content": [result]}]
    assert (await sdk.messages.create(**{**asked, "messages": turns})).stop_reason == "end_turn"


async def test_tokens_are_counted_and_models_listed(sdk: anthropic.AsyncAnthropic) -> None:
    assert (await sdk.messages.count_tokens(model=MODEL, messages=HI)).input_tokens > 0
    models = [model.id async for model in sdk.models.list(limit=2)]
    assert MODEL in models
    assert len(models) > 4
    assert (await sdk.models.retrieve(MODEL)).display_name == "Claude Sonnet 5.5"
    with pytest.raises(anthropic.NotFoundError):
        await sdk.models.retrieve("claude-none")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, anthropic.BadRequestError),
        (401, anthropic.AuthenticationError),
        (403, anthropic.PermissionDeniedError),
        (404, anthropic.NotFoundError),
        (409, anthropic.ConflictError),
        (422, anthropic.UnprocessableEntityError),
        (429, anthropic.RateLimitError),
        (500, anthropic.InternalServerError),
        (529, anthropic.InternalServerError),
    ],
)
async def test_an_error_of_the_service_is_the_error_it_would_be_without_a_proxy(
    sdk: anthropic.AsyncAnthropic, fake_api: FakeMessagesApi, status: int, kind: type[anthropic.APIStatusError]
) -> None:
    fake_api.enqueue(error(status, "the service's own words"))
    with pytest.raises(kind, match="the service's own words") as caught:
        await sdk.messages.create(**ASK)
    assert caught.value.status_code == status
    assert caught.value.request_id is not None
    assert caught.value.request_id.startswith("req_011CS")


async def test_the_sdk_repeats_what_a_repetition_can_help_and_nothing_else(
    sdk: anthropic.AsyncAnthropic, fake_api: FakeMessagesApi, setup: Setup
) -> None:
    trying = sdk.with_options(max_retries=2)
    fake_api.enqueue(error(529, retry_after_ms="1"), error(500, retry_after_ms="1"))
    assert (await trying.messages.create(**ASK)).type == "message"
    assert len(fake_api.requests) == 3
    began = setup.observer.begun
    setup.router.refusals[None] = NothingSelected(Text("No credential is selected."), Text("Select one."))
    with pytest.raises(anthropic.PermissionDeniedError, match=r"No credential is selected\. Select one\."):
        await trying.messages.create(**ASK)
    assert setup.observer.begun == began + 1
    with pytest.raises(anthropic.AuthenticationError, match="not ProxyCast's client token"):
        await sdk.with_options(api_key="sk-ant-forgotten", max_retries=2).messages.create(**ASK)
    setup.router.refusals[None] = KeyringLocked(Text("The keyring is locked."), Text("Unlock it."))
    with pytest.raises(anthropic.InternalServerError, match="The keyring is locked"):
        await sdk.with_options(max_retries=1).messages.create(**ASK)
    assert setup.observer.begun == began + 3


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(cut_after_parts=6),
        Behaviour(cut_after_parts=6, reset=True),
        Behaviour(unfinished=True, edit=first_parts(6)),
    ],
)
async def test_a_stream_that_breaks_raises(
    sdk: anthropic.AsyncAnthropic, fake_api: FakeMessagesApi, behaviour: Behaviour
) -> None:
    fake_api.enqueue(behaviour)
    with pytest.raises(anthropic.APIError):
        async with sdk.messages.stream(**ASK) as stream:
            await stream.get_final_message()


async def test_a_stream_that_is_left_early_is_left_upstream_too(
    sdk: anthropic.AsyncAnthropic, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(rate=50))
    async with sdk.messages.stream(**ASK) as stream:
        await anext(aiter(stream))
    await fake_api.next_disconnect(within=1)


@pytest.fixture
def blocking_sdk(setup: Setup) -> Iterator[anthropic.Anthropic]:
    """The SDK for programs without a loop; the tests give it a thread."""
    http_client = anthropic.DefaultHttpxClient(trust_env=False, verify=False)
    with anthropic.Anthropic(base_url=setup.address, api_key=TOKEN, max_retries=0, http_client=http_client) as made:
        yield made


async def test_the_blocking_sdk_creates_streams_counts_and_lists(blocking_sdk: anthropic.Anthropic) -> None:
    def use() -> tuple[str | None, str, int, int]:
        message = blocking_sdk.messages.create(**ASK)
        with blocking_sdk.messages.stream(**ASK) as stream:
            text = "".join(stream.text_stream)
        tokens = blocking_sdk.messages.count_tokens(model=MODEL, messages=HI).input_tokens
        return message.stop_reason, text, tokens, len(list(blocking_sdk.models.list()))

    stop_reason, text, tokens, models = await asyncio.to_thread(use)
    assert (stop_reason, text) == ("end_turn", TEXT)
    assert tokens > 0
    assert models > 4


async def test_the_blocking_sdk_sees_errors_and_broken_streams(
    blocking_sdk: anthropic.Anthropic, fake_api: FakeMessagesApi
) -> None:
    def stream() -> None:
        with blocking_sdk.messages.stream(**ASK) as opened:
            opened.get_final_message()

    fake_api.enqueue(error(402, "Your credit is used up"), Behaviour(cut_after_parts=6))
    with pytest.raises(anthropic.APIStatusError, match="Your credit is used up"):
        await asyncio.to_thread(lambda: blocking_sdk.messages.create(**ASK))
    with pytest.raises(anthropic.APIError):
        await asyncio.to_thread(stream)
