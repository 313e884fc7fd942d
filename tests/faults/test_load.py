"""Clients that are slow on purpose, and a keyring that hangs: those who behave are served as if nothing were."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx2
import pytest
from tests.acceptance.configurations import pool
from tests.acceptance.program import TOKEN, Program, Serving
from tests.fakes.answers import Behaviour
from tests.fakes.messages import numbered
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY, MessagesService
from tests.keyring.conftest import need
from tests.keyring.secret_service import SecretService

MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 999, "messages": [{"role": "user", "content": "hi"}]}
ATTEMPTS = 4
"""How often a figure may be taken: other work on the machine spoils it, but cannot better it."""

SLOW = {
    "slow heads": ["-H", "-i", "1", "-x", "24"],
    # Its clients have no token unless it is smuggled in, and are turned away after the head without one.
    "slow bodies": ["-B", "-i", "1", "-s", "8192", "-t", "POST", "-f", f"application/json\r\nx-api-key: {TOKEN}"],
    "slow readers": ["-X", "-w", "1", "-y", "8", "-n", "1", "-z", "1", "-k", "5"],
}


async def best_p99(measure: Callable[[], Awaitable[list[float]]], below: float) -> float:
    """The 99th percentile, in seconds, of the best of some attempts; the first one below the limit is good enough."""
    best = float("inf")
    for _ in range(ATTEMPTS):
        times = sorted(await measure())
        best = min(best, times[int(len(times) * 0.99)])
        if best < below:
            break
    return best


@asynccontextmanager
async def slowhttptest(serving: Serving, mode: list[str]) -> AsyncIterator[None]:
    """400 slow clients, connecting at 200 a second, for as long as the block runs."""
    process = await asyncio.create_subprocess_exec(
        *("slowhttptest", *mode, "-c", "400", "-r", "200", "-l", "60", "-p", "5", "-v", "0"),
        *("-u", f"{serving.address}/v1/messages"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(15):
            while serving.descriptors() < 200:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.05)
        yield
        assert process.returncode is None, "it gave up"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("mode", SLOW.values(), ids=SLOW)
async def test_r19_slow_clients_slow_nobody_else(program: Program, fake_api: FakeMessagesApi, mode: list[str]) -> None:
    need(("slowhttptest",))
    file = program.folder / "pool.yaml"
    file.write_text(pool(one=fake_api.base_url))

    async def twenty_a_second() -> list[float]:
        return [await _timed(client.post("/v1/messages", json=MESSAGE)) for _ in range(40) if not await _wait(0.05)]

    async with program.serve("--config", file) as serving, serving.client() as client:
        await client.post("/v1/messages", json=MESSAGE)
        async with slowhttptest(serving, mode):
            assert await best_p99(twenty_a_second, 0.05) < 0.05


@pytest.mark.keyring
async def test_r24_neither_load_nor_a_hung_keyring_stalls_the_loop(
    on_desktop: Program, keyring: SecretService, fake_api: FakeMessagesApi
) -> None:
    fake_api.service = MessagesService(says=numbered(500))
    fake_api.script = lambda _: Behaviour(rate=100)
    await on_desktop.run("add", "one", "--base-url", fake_api.base_url, stdin=KEY)
    await on_desktop.run("add", "two", "--base-url", fake_api.base_url, stdin=KEY)
    async with on_desktop.serve(PROXYCAST_TOKEN=TOKEN) as serving, serving.client() as client:
        streams = [asyncio.create_task(_stream(client)) for _ in range(10)]
        await fake_api.delivered(1, request=10)
        keyring.stop()
        waiting = [asyncio.create_task(client.post("/c/two/v1/messages", json=MESSAGE)) for _ in range(10)]

        async def knock() -> list[float]:
            return [await _timed(client.get("/health")) for _ in range(200) if not await _wait(0.005)]

        assert await best_p99(knock, 0.02) < 0.02
        assert {(await one).status_code for one in waiting} == {503}
        keyring.cont()
        assert all([await one for one in streams])


async def _timed(work: Awaitable[httpx2.Response]) -> float:
    began = time.perf_counter()
    answer = await work
    assert answer.status_code == 200
    return time.perf_counter() - began


async def _wait(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def _stream(client: httpx2.AsyncClient) -> bool:
    body = {**MESSAGE, "stream": True}
    async with client.stream("POST", "/c/one/v1/messages", json=body, timeout=60) as answer:
        return "message_stop" in "".join([line async for line in answer.aiter_lines()])
