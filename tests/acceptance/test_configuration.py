"""The configuration file under a running `proxycast serve`: as it stands, changed by hand, changed by commands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import httpx2
import pytest
from tests.acceptance.configurations import LITERALS, both_forms, pool
from tests.acceptance.program import Program
from tests.fakes.answers import Behaviour
from tests.fakes.messages import numbered
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import MessagesService

T = TypeVar("T")

MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}


@pytest.fixture
async def other_api() -> AsyncIterator[FakeMessagesApi]:
    """A second service."""
    async with FakeMessagesApi() as fake:
        yield fake


async def test_a_file_of_both_forms_is_used_as_it_stands(program: Program, fake_api: FakeMessagesApi) -> None:
    folder = program.folder / "mine"
    folder.mkdir()
    file = folder / "pool.yaml"
    file.write_text(both_forms(fake_api.base_url))
    before = (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino)
    async with program.serve("--config", file) as serving, serving.client() as client:
        for path in ("/v1/messages", "/c/claude-proxy/v1/messages"):
            assert (await client.post(path, json=MESSAGE)).status_code == 200
            request = await fake_api.next_request()
            assert request.value("x-custom-header") == "value"
    assert (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino) == before
    assert list(folder.iterdir()) == [file]
    assert not program.config.exists()
    warned = [line.split() for line in serving.err.lines]
    assert [next(name for name in _NAMES if name in words) for words in warned] == _NAMES
    assert not any(literal in serving.out.text + serving.err.text for literal in LITERALS)


_NAMES = ["anthropic-official", "claude-proxy", "bedrock-claude"]


async def test_a_change_made_by_hand_is_taken_over(
    program: Program, fake_api: FakeMessagesApi, other_api: FakeMessagesApi
) -> None:
    _write(program, pool(one=fake_api.base_url, two=other_api.base_url))
    async with program.serve() as serving, serving.client() as client:
        await _ask(client)
        assert (len(fake_api.requests), len(other_api.requests)) == (1, 0)
        _write(program, pool(two=other_api.base_url))
        await _repeat(lambda: _ask(client), lambda _: bool(other_api.requests))
        gone = await client.post("/c/one/v1/messages", json=MESSAGE)
        assert (gone.status_code, gone.json()["error"]["type"]) == (404, "not_found_error")


async def test_r15_a_bad_change_is_refused_with_its_place_and_the_last_good_one_stays(
    program: Program, fake_api: FakeMessagesApi, other_api: FakeMessagesApi
) -> None:
    _write(program, pool(one=fake_api.base_url))
    bad = pool(two=other_api.base_url).replace("base_url", "base_ulr")
    async with program.serve() as serving, serving.client() as client:
        _write(program, bad)
        line = await serving.err.until("base_ulr")
        assert f"{program.config}:4:5" in line
        assert "base_url" in line
        await _ask(client)
        assert len(fake_api.requests) == 1
        assert program.config.read_text() == bad
        _write(program, pool(two=other_api.base_url))
        await _repeat(lambda: _ask(client), lambda _: bool(other_api.requests))


async def test_use_moves_new_requests_while_a_stream_ends_where_it_began(
    program: Program, fake_api: FakeMessagesApi, other_api: FakeMessagesApi
) -> None:
    fake_api.service = MessagesService(says=numbered(150))
    fake_api.enqueue(Behaviour(rate=40))
    _write(program, pool(one=fake_api.base_url, two=other_api.base_url))
    async with program.serve() as serving, serving.client() as client:
        stream = asyncio.create_task(_text(client))
        await fake_api.next_request()
        await program.run("use", "two")
        await _repeat(lambda: _ask(client), lambda _: bool(other_api.requests))
        assert not stream.done(), "the stream ended too early to show anything"
        assert await stream == " ".join(str(number) for number in range(150))
    assert fake_api.disconnects == []


async def test_a_rotated_token_is_the_only_one_that_a_running_proxy_takes(
    program: Program, fake_api: FakeMessagesApi
) -> None:
    program.environment["PROXYCAST_PASSPHRASE"] = "correct horse"
    del program.environment["PROXYCAST_TOKEN"]
    _write(program, pool(one=fake_api.base_url))
    old = (await program.run("token")).out.strip()
    async with program.serve() as serving, serving.client(old) as client:
        await _ask(client)
        new = (await program.run("token", "--rotate")).out.strip()
        assert new != old
        await _repeat(lambda: _post(client), lambda answer: answer.status_code == 401, within=2.5)
        async with serving.client(new) as renewed:
            await _ask(renewed)


def _write(program: Program, text: str) -> None:
    program.home.mkdir(mode=0o700, exist_ok=True)
    program.config.write_text(text)


async def _post(client: httpx2.AsyncClient) -> httpx2.Response:
    return await client.post("/v1/messages", json=MESSAGE)


async def _ask(client: httpx2.AsyncClient) -> None:
    answer = await _post(client)
    assert answer.status_code == 200, answer.text


async def _text(client: httpx2.AsyncClient) -> str:
    """The text of a streamed answer, which must be complete."""
    async with client.stream("POST", "/v1/messages", json={**MESSAGE, "max_tokens": 1000, "stream": True}) as answer:
        events = [json.loads(line[6:]) async for line in answer.aiter_lines() if line.startswith("data: ")]
    text = "".join(event["delta"].get("text", "") for event in events if event["type"] == "content_block_delta")
    assert events[-1]["type"] == "message_stop"
    return text


async def _repeat(call: Callable[[], Awaitable[T]], until: Callable[[T], bool], within: float = 5.0) -> None:
    async with asyncio.timeout(within):
        while True:
            if until(await call()):
                return
            await asyncio.sleep(0.05)
