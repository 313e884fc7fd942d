"""Answers that are translated on their way, requests that must wait, and upstreams that answer by themselves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.fakes.answers import Answer, Behaviour, Framing, json_answer, redirect
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY
from tests.proxy.conftest import Setup, running_proxy
from tests.proxy.raw import reply

from proxycast.model.credential import Auth, Credential, Timeouts
from proxycast.model.secret import Secret
from proxycast.proxy.limits import Limits
from proxycast.upstream.anthropic import AnthropicFormat
from proxycast.upstream.headers import Headers
from proxycast.upstream.reply import Reply
from proxycast.upstream.request import Ask, Outgoing, Request
from proxycast.upstream.usage import Tap, usage_tap

BODY = json.dumps({"model": "m", "max_tokens": 1, "messages": []}).encode()
PING = b"event: ping\ndata: {}\n\n"


class Lines:
    """A translator of a service that sends one word per line: each becomes an event. `end.` is the end."""

    ping = PING

    def __init__(self) -> None:
        self.tap: Tap = usage_tap(b"text/event-stream", None)
        self.complete = False
        self.failed = False
        self._rest = b""

    def begin(self, status: int, headers: Headers) -> Headers | None:
        kind = dict(headers).get(b"Content-Type", b"")
        return [(b"content-type", b"text/event-stream"), (b"request-id", b"r")] if kind == b"text/lines" else None

    def feed(self, data: bytes) -> bytes:
        *lines, self._rest = (self._rest + data).split(b"\n")
        self.complete = self.complete or b"end." in lines
        self.failed = b"bad" in lines
        return b"".join(b"event: x\ndata: " + line + b"\n\n" for line in lines)

    def whole(self, status: int, headers: Headers, body: bytes) -> Reply:
        said = {"was": status, "usage": {"input_tokens": 7, "output_tokens": 1}, "type": "message"}
        stale = b"stale" in body
        kind = "permission_error" if status >= 400 else None
        return Reply(
            status=status, headers=[(b"x-made", b"yes")], body=json.dumps(said).encode(), error=kind, stale=stale
        )


class Translating:
    """An upstream that translates. `ready` False: every request must wait. Counts how often it was waited for."""

    def __init__(self, credential: Credential) -> None:
        self.credential = credential
        self._plain = AnthropicFormat(credential, Secret(KEY), auth=Auth.AUTO, proxy="none")
        self.ready = True
        self.fetched = 0

    def prepare(self, request: Request) -> Outgoing | Reply | None:
        return self._made(request) if self.ready else None

    async def fetch(self, request: Request, ask: Ask) -> Outgoing | Reply:
        self.fetched += 1
        if request.path == b"/v1/asked":
            question = self._plain.prepare(Request(b"GET", b"/v1/models", b"", [], b""))
            answer = await ask(question, self.credential.timeouts)
            return Reply(status=answer.status, headers=[], body=answer.body)
        return self._made(request)

    def _made(self, request: Request) -> Outgoing | Reply:
        if request.path == b"/v1/own":
            return Reply(
                status=529, headers=[(b"content-type", b"application/json")], body=b"{}", error="overloaded_error"
            )
        plain = self._plain.prepare(request)
        return Outgoing(
            plain.head, plain.body, plain.model, plain.destination, translator=Lines(), removed=("a.b", "c")
        )


@asynccontextmanager
async def translating(fake: FakeMessagesApi, **limits: float) -> AsyncIterator[tuple[Setup, Translating]]:
    async with running_proxy(Limits(**limits)) as setup:  # type: ignore[arg-type]
        credential = Credential(id="0" * 12, name="main", base_url=fake.base_url, timeouts=Timeouts(idle=0.6))
        upstream = setup.router.upstreams["main"] = Translating(credential)
        setup.router.selected = "main"
        yield setup, upstream


@pytest.fixture
async def both(fake_api: FakeMessagesApi) -> AsyncIterator[tuple[Setup, Translating]]:
    async with translating(fake_api, ping_seconds=0.2) as both:
        yield both


def lines(*parts: bytes) -> Answer:
    return Answer(headers=(("Content-Type", "text/lines"),), parts=parts, framing=Framing.CHUNKED)


async def post(setup: Setup, path: str = "/v1/messages") -> bytes:
    head = setup.head(
        f"POST {path} HTTP/1.1", "content-type: application/json", f"content-length: {len(BODY)}", "connection: close"
    )
    return await setup.talk(head + BODY)


async def test_a_stream_is_translated_piece_by_piece(
    both: tuple[Setup, Translating], fake_api: FakeMessagesApi
) -> None:
    setup, _ = both
    fake_api.enqueue(Behaviour(answer=lines(b"on", b"e\ntwo\n", b"end.\n")))
    answer = reply(await post(setup))
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.headers["request-id"] == "r"
    assert answer.body == b"event: x\ndata: one\n\nevent: x\ndata: two\n\nevent: x\ndata: end.\n\n"
    exchange = await setup.observer.next()
    assert (exchange.status, exchange.error, exchange.removed) == (200, None, ("a.b", "c"))


async def test_silence_is_bridged_by_pings_until_the_idle_time_is_over(
    both: tuple[Setup, Translating], fake_api: FakeMessagesApi
) -> None:
    setup, _ = both
    fake_api.enqueue(Behaviour(answer=lines(b"one\n", b"end.\n"), stall_after=1))
    answer = await post(setup)
    assert answer.count(PING) == 2
    assert b"event: error" in answer
    assert not answer.endswith(b"0\r\n\r\n")
    assert (await setup.observer.next()).error == "no_answer_in_time"


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(answer=lines(b"one\n", b"tw")),
        Behaviour(answer=lines(b"one\n", b"two\n", b"end.\n"), cut_after_parts=2),
        Behaviour(answer=lines(b"one\n", b"two\n", b"end.\n"), cut_after_parts=2, reset=True),
    ],
    ids=["ends early", "cut", "reset"],
)
async def test_a_stream_without_its_own_end_never_ends_cleanly(
    both: tuple[Setup, Translating], fake_api: FakeMessagesApi, behaviour: Behaviour
) -> None:
    setup, _ = both
    fake_api.enqueue(behaviour)
    answer = await post(setup)
    assert b"data: one\n\n" in answer
    assert b"event: error" in answer
    assert not answer.endswith(b"0\r\n\r\n")
    assert (await setup.observer.next()).error == "connection_lost"


async def test_nothing_follows_an_error_of_the_stream(
    both: tuple[Setup, Translating], fake_api: FakeMessagesApi
) -> None:
    setup, _ = both
    fake_api.enqueue(Behaviour(answer=lines(b"one\n", b"bad\n", b"end.\n"), rate=50))
    answer = await post(setup)
    assert answer.endswith(b"data: bad\n\n\r\n")


async def test_an_answer_that_is_no_stream_is_translated_as_a_whole(
    both: tuple[Setup, Translating], fake_api: FakeMessagesApi
) -> None:
    setup, _ = both
    fake_api.enqueue(Behaviour(answer=json_answer({"message": "no"}, status=418)))
    answer = reply(await post(setup))
    assert (answer.status, answer.headers["x-made"], answer.json()["was"]) == (418, "yes", 418)
    exchange = await setup.observer.next()
    assert exchange.usage is not None
    assert (exchange.error, exchange.usage.input_tokens) == ("permission_error", 7)


async def test_a_whole_answer_that_is_cut_is_an_error(
    both: tuple[Setup, Translating], fake_api: FakeMessagesApi
) -> None:
    setup, _ = both
    fake_api.enqueue(Behaviour(answer=json_answer({"message": "no"}), cut_after_bytes=3))
    assert reply(await post(setup)).error == "api_error"


async def test_a_request_that_was_out_of_date_goes_once_more(
    both: tuple[Setup, Translating], fake_api: FakeMessagesApi
) -> None:
    setup, upstream = both
    stale = Behaviour(answer=json_answer({"message": "stale"}, status=403))
    fake_api.enqueue(stale, Behaviour(answer=lines(b"end.\n")))
    assert reply(await post(setup)).body == b"event: x\ndata: end.\n\n"
    assert upstream.fetched == 1
    fake_api.enqueue(stale, stale)
    assert reply(await post(setup)).status == 403
    assert upstream.fetched == 2
    assert (await setup.observer.next(2)).status == 403


async def test_a_request_waits_for_what_its_upstream_waits_for(
    both: tuple[Setup, Translating], fake_api: FakeMessagesApi
) -> None:
    setup, upstream = both
    upstream.ready = False
    fake_api.enqueue(Behaviour(answer=lines(b"end.\n")))
    assert reply(await post(setup)).status == 200
    asked = reply(await post(setup, "/v1/asked"))
    assert asked.json()["data"]
    assert fake_api.requests[-1].path == "/v1/models"


async def test_an_upstream_may_answer_by_itself(both: tuple[Setup, Translating], fake_api: FakeMessagesApi) -> None:
    setup, _ = both
    answer = reply(await post(setup, "/v1/own"))
    assert (answer.status, answer.body) == (529, b"{}")
    assert fake_api.requests == []
    exchange = await setup.observer.next()
    assert (exchange.error, exchange.removed, exchange.model) == ("overloaded_error", (), None)


async def test_a_redirect_is_refused_as_ever(both: tuple[Setup, Translating], fake_api: FakeMessagesApi) -> None:
    setup, _ = both
    fake_api.enqueue(Behaviour(answer=redirect("https://elsewhere.example.com/")))
    answer = reply(await post(setup))
    assert answer.status == 502
    assert "elsewhere.example.com" in answer.json()["error"]["message"]


async def test_a_client_that_hangs_up_ends_a_translated_stream(
    both: tuple[Setup, Translating], fake_api: FakeMessagesApi
) -> None:
    setup, _ = both
    fake_api.enqueue(Behaviour(answer=lines(b"one\n", b"end.\n"), stall_after=1))
    reader, writer = await setup.connect()
    writer.write(
        setup.head("POST /v1/messages HTTP/1.1", "content-type: application/json", f"content-length: {len(BODY)}")
        + BODY
    )
    await asyncio.wait_for(reader.readuntil(b"data: one"), 5)
    writer.transport.abort()
    assert (await setup.observer.next()).error == "client_gone"
    await fake_api.delivered(1)
