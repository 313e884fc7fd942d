"""Credentials in a real keyring, and one that is locked, hangs, dies or is not there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import httpx2
import pytest
from tests.acceptance.program import TOKEN, Program
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY
from tests.keyring.secret_service import SecretService

from proxycast.store.config import parse

pytestmark = pytest.mark.keyring

MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}
NEW_KEY = f"{KEY}-renewed"


def users(program: Program) -> list[str]:
    """The keyring items that the configuration names."""
    return [f"{one.id}/{one.revision}" for one in parse(program.config.read_text(), "config.yaml").pool.credentials]


async def test_the_key_lies_in_the_keyring_and_nowhere_else(
    on_desktop: Program, keyring: SecretService, fake_api: FakeMessagesApi
) -> None:
    fake_api.service.keys = {KEY, NEW_KEY}
    await on_desktop.run("add", "work", "--base-url", fake_api.base_url, stdin=KEY)
    (user,) = users(on_desktop)
    stored = keyring.lookup(user)
    assert stored is not None
    assert json.loads(stored) == {"v": 1, "origin": fake_api.base_url, "secrets": {"api_key": KEY}}
    assert "api_key: keyring" in on_desktop.config.read_text()

    token = (await on_desktop.run("token")).out.strip()
    async with on_desktop.serve() as serving, serving.client(token) as client:
        assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200
        assert (await fake_api.next_request()).value("x-api-key") == KEY
        await on_desktop.run("rotate", "work", stdin=NEW_KEY)
        (renewed,) = users(on_desktop)
        assert keyring.users() == {renewed, "client-token"}
        assert renewed != user

    async with on_desktop.serve() as serving, serving.client(token) as client:
        assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200
        assert (await fake_api.next_request()).value("x-api-key") == NEW_KEY
    await on_desktop.run("remove", "work")
    assert keyring.users() == {"client-token"}
    for path in on_desktop.home.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path


@pytest.mark.parametrize("keyring", ["activating"], indirect=True)
async def test_a_command_tells_what_is_wrong_with_the_keyring_within_3_seconds(
    on_desktop: Program, keyring: SecretService
) -> None:
    await on_desktop.run("add", "work", stdin=KEY)
    before = on_desktop.config.read_bytes()
    said = []
    for break_it, mend_it, words in (
        (keyring.lock, SecretService.unlock, "is locked"),
        (keyring.stop, SecretService.cont, "does not answer"),
        (keyring.kill, None, "was not running"),
        (keyring.end_bus, None, "no OS keyring"),
    ):
        for command, stdin in ((("add", "other"), NEW_KEY), (("rotate", "work"), NEW_KEY), (("token",), "")):
            break_it()
            ended = await on_desktop.run(*command, stdin=stdin, status=1)
            assert ended.seconds < 3
            assert len(ended.err.splitlines()) == 1
            said.append((command, ended.err))
        assert words in said[-3][1]
        assert on_desktop.config.read_bytes() == before
        if mend_it is not None:
            mend_it(keyring)
    assert len(set(said)) == len(said)


Act = Callable[[SecretService], None]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ((SecretService.lock, SecretService.unlock), "is locked"),
        ((SecretService.stop, SecretService.cont), "does not answer"),
        ((SecretService.kill, SecretService.start), "has ended"),
    ],
    ids=["locked", "hung", "killed"],
)
async def test_r17_serve_answers_503_while_the_keyring_is_unwell_and_recovers_by_itself(
    on_desktop: Program, keyring: SecretService, fake_api: FakeMessagesApi, fault: tuple[Act, Act], words: str
) -> None:
    break_it, mend_it = fault
    await on_desktop.run("add", "work", "--base-url", fake_api.base_url, stdin=KEY)
    token = (await on_desktop.run("token")).out.strip()
    async with on_desktop.serve() as serving, serving.client(token) as client:
        assert (await client.get("/c/nobody/v1/models")).status_code == 404  # so it has the token
        break_it(keyring)
        await _expect_503(client, words)
        assert (await client.get("/health")).status_code == 200
        mend_it(keyring)
        assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200
        assert len(fake_api.requests) == 1


async def test_serve_that_starts_before_the_keyring_is_unlocked_says_so_and_recovers(
    on_desktop: Program, keyring: SecretService, fake_api: FakeMessagesApi
) -> None:
    await on_desktop.run("add", "work", "--base-url", fake_api.base_url, stdin=KEY)
    token = (await on_desktop.run("token")).out.strip()
    keyring.lock()
    async with on_desktop.serve() as serving, serving.client(token) as client:
        await serving.err.until("is locked")
        await _expect_503(client, "is locked")
        keyring.unlock()
        assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200
    assert len(serving.err.lines) == 1


async def test_serve_that_starts_without_a_keyring_uses_the_one_that_comes(
    on_desktop: Program, keyring: SecretService, fake_api: FakeMessagesApi
) -> None:
    await on_desktop.run("add", "work", "--base-url", fake_api.base_url, stdin=KEY)
    keyring.end_bus()
    async with on_desktop.serve(PROXYCAST_TOKEN=TOKEN) as serving, serving.client() as client:
        await _expect_503(client, "no D-Bus session")
        keyring.start_bus()
        keyring.start()
        assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200


async def test_a_key_does_not_follow_a_changed_destination_before_the_user_confirms_it(
    on_desktop: Program, fake_api: FakeMessagesApi
) -> None:
    await on_desktop.run("add", "work", "--base-url", "https://service.example", stdin=KEY)
    token = (await on_desktop.run("token")).out.strip()
    on_desktop.config.write_text(on_desktop.config.read_text().replace("https://service.example", fake_api.base_url))
    async with on_desktop.serve() as serving, serving.client(token) as client:
        refused = await client.post("/v1/messages", json=MESSAGE)
        assert (refused.status_code, refused.headers["x-should-retry"]) == (403, "false")
        assert "proxycast confirm work" in refused.json()["error"]["message"]
        assert fake_api.requests == []
        await on_desktop.run("confirm", "work")
        await _until_served(client)
        assert (await fake_api.next_request()).value("x-api-key") == KEY


async def test_the_demo_needs_no_keyring(on_desktop: Program, keyring: SecretService) -> None:
    keyring.lock()
    async with on_desktop.serve("--demo") as serving:
        line = await serving.out.until("curl ")
        token = line.split("x-api-key: ")[1].split('"')[0]
        async with serving.client(token) as client:
            assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200


async def _expect_503(client: httpx2.AsyncClient, words: str) -> None:
    answer = await client.post("/v1/messages", json=MESSAGE, timeout=3)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (503, "api_error")
    assert words in error["message"]


async def _until_served(client: httpx2.AsyncClient) -> None:
    """Wait until the running proxy has noticed what a command changed."""
    async with asyncio.timeout(5):
        while (await client.post("/v1/messages", json=MESSAGE)).status_code != 200:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)
