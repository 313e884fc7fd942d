"""A message to the proxy and its answer: the words as they come, and every way in which they do not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from tests.fakes.answers import Behaviour, error, error_event_after, page
from tests.fakes.messages import Script, numbered
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY, MessagesService
from tests.service.world import World, credential

from proxycast.model.credential import Kind, Literal
from proxycast.model.errors import CannotConnect, ConnectionLost
from proxycast.model.secret import Secret
from proxycast.service.sending import Refused, Sending
from proxycast.service.service import Service

TOKEN = Secret("pc_" + "t" * 43)


@pytest.fixture
async def fake() -> AsyncIterator[FakeMessagesApi]:
    async with FakeMessagesApi(MessagesService(says=Script(text="one two three 四 五"))) as fake:
        yield fake


@pytest.fixture
async def service(world: World, fake: FakeMessagesApi) -> AsyncIterator[Service]:
    service = await world.service(token=TOKEN.reveal())
    secrets = {"api_key": Literal(Secret(KEY))}
    service.attach(credential("relay", kind=Kind.COMPATIBLE, base_url=fake.base_url, secrets=secrets))
    await service.start_proxy(port=0)
    yield service
    await service.stop_proxy()


def sending(service: Service, *, token: Secret = TOKEN, name: str | None = None) -> Sending:
    return Sending(service.client_address(name), token, model="claude-haiku-5-5", text="Hello!")


async def heard(one: Sending, pieces: list[str] | None = None) -> list[str]:
    """The words, which go into `pieces` as they come."""
    pieces = [] if pieces is None else pieces
    async with aclosing(one.words()) as words:
        async for piece in words:
            pieces += [piece]
    return pieces


async def test_the_words_of_a_stream_come_one_by_one(service: Service, fake: FakeMessagesApi) -> None:
    fake.enqueue(Behaviour(rate=40))
    one = sending(service, name="relay")
    pieces = await heard(one)
    assert len(pieces) > 2
    assert "".join(pieces) == fake.service.says.text
    assert one.model == "claude-haiku-5-5"
    assert one.usage is not None
    assert one.usage.output_tokens
    assert one.first_word is not None
    assert one.seconds is not None
    assert 0 < one.first_word < one.seconds
    request = fake.requests[0]
    assert request.json()["messages"] == [{"role": "user", "content": "Hello!"}]
    assert not request.carries(TOKEN.reveal())
    assert fake.violations == []


async def test_no_proxy_is_told_with_what_to_do(service: Service) -> None:
    one = sending(service)
    await service.stop_proxy()
    with pytest.raises(CannotConnect, match=r"Nothing listens at http://127\.0\.0\.1:\d+\. Start the proxy"):
        await heard(one)


async def test_a_wrong_token_is_told_in_the_words_of_the_proxy(service: Service) -> None:
    with pytest.raises(Refused, match="token") as caught:
        await heard(sending(service, token=Secret("pc_wrong")))
    assert caught.value.status == 401


async def test_an_error_of_the_service_is_told_in_its_words(service: Service, fake: FakeMessagesApi) -> None:
    fake.enqueue(error(429, "Number of requests has exceeded your limit"))
    with pytest.raises(Refused, match="exceeded your limit") as caught:
        await heard(sending(service))
    assert caught.value.status == 429


@pytest.mark.parametrize("answer", [page(200), page(502, "<html>Bad gateway")])
async def test_a_page_in_place_of_an_answer_is_an_error(
    service: Service, fake: FakeMessagesApi, answer: object
) -> None:
    fake.script = lambda _: answer  # type: ignore[assignment,return-value]
    with pytest.raises(Refused, match=r"without an explanation \(HTTP \d+\)"):
        await heard(sending(service))


async def test_an_error_in_the_stream_comes_after_its_words(service: Service, fake: FakeMessagesApi) -> None:
    fake.enqueue(Behaviour(edit=error_event_after(6)))
    pieces: list[str] = []
    with pytest.raises(Refused, match="Overloaded"):
        await heard(sending(service), pieces)
    assert fake.service.says.text.startswith("".join(pieces))
    assert pieces


async def test_a_stream_that_breaks_is_never_taken_for_a_whole_one(
    service: Service, fake: FakeMessagesApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.enqueue(Behaviour(cut_after_parts=5))
    with pytest.raises((ConnectionLost, Refused)):
        await heard(sending(service))
    assert TOKEN.reveal() not in caplog.text


async def test_giving_up_hangs_up_on_the_service(service: Service, fake: FakeMessagesApi) -> None:
    fake.service = MessagesService(says=numbered(5000))
    fake.enqueue(Behaviour(rate=100))
    task = asyncio.ensure_future(heard(sending(service)))
    await fake.next_request()
    await asyncio.sleep(0.1)  # it is in the midst of its words
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5):
        while not fake.disconnects:  # noqa: ASYNC110 (the fake has no event for it)
            await asyncio.sleep(0.01)
