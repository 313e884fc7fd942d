"""The proxy's life: where it listens, and how it stops."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from typing import NoReturn

import pytest
from tests.fakes.answers import Behaviour, huge
from tests.fakes.messages_api import FakeMessagesApi
from tests.proxy.conftest import IPV6, TOKEN, MemoryObserver, MemoryRouter, Setup, running_proxy, until
from tests.proxy.raw import reply

from proxycast.model.credential import Credential
from proxycast.model.errors import InputError, PortTaken
from proxycast.proxy.server import Proxy

MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}
STREAM = {**MESSAGE, "stream": True}
TYPES = ("Content-Type: application/json", "anthropic-version: 2023-06-01")


@pytest.fixture
async def stopped() -> AsyncIterator[Proxy]:
    """A proxy that was not started; stopped afterwards if a test starts it."""
    proxy = Proxy(MemoryRouter(), MemoryObserver(), lambda template: template)
    yield proxy
    await proxy.stop(grace=0)


def post(setup: Setup, body: dict[str, object], *headers: str) -> bytes:
    data = json.dumps(body).encode()
    return setup.head("POST /v1/messages HTTP/1.1", *TYPES, f"Content-Length: {len(data)}", *headers) + data


async def health(host: str, port: int, *, named: str | None = None) -> bytes:
    """The status line with which a probe is answered there."""
    reader, writer = await asyncio.open_connection(host, port)
    name = named or (f"[{host}]" if ":" in host else host)
    writer.write(f"GET /health HTTP/1.1\r\nHost: {name}:{port}\r\n\r\n".encode())
    line = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await writer.wait_closed()
    return line


async def test_nothing_listens_before_the_start_and_after_the_stop(stopped: Proxy) -> None:
    assert (stopped.running, stopped.active, stopped.exposed) == (False, 0, False)
    await stopped.stop()
    await stopped.start("127.0.0.1", 0)
    assert stopped.running
    assert await health("127.0.0.1", stopped.port) == b"HTTP/1.1 200 OK\r\n"
    await stopped.stop()
    assert not stopped.running
    with pytest.raises(ConnectionRefusedError):
        await health("127.0.0.1", stopped.port)


@pytest.mark.parametrize(
    ("host", "address", "exposed"),
    [
        ("127.0.0.1", "http://127.0.0.1:{port}", False),
        ("localhost", "http://127.0.0.1:{port}", False),
        ("0.0.0.0", "http://127.0.0.1:{port}", True),
        pytest.param("::1", "http://[::1]:{port}", False, marks=IPV6),
        pytest.param("::", "http://[::1]:{port}", True, marks=IPV6),
    ],
)
async def test_the_address_that_clients_use_is_one_that_works(
    stopped: Proxy, host: str, address: str, exposed: bool
) -> None:
    await stopped.start(host, 0)
    assert stopped.address == address.format(port=stopped.port)
    assert stopped.exposed is exposed
    reachable = "::1" if ":" in host else "127.0.0.1"
    assert await health(reachable, stopped.port) == b"HTTP/1.1 200 OK\r\n"
    assert await health(reachable, stopped.port, named="localhost") == b"HTTP/1.1 200 OK\r\n"
    assert await health(reachable, stopped.port, named="evil.example") == b"HTTP/1.1 403 Forbidden\r\n"


async def test_listening_everywhere_answers_to_addresses_and_to_no_name(stopped: Proxy) -> None:
    await stopped.start("0.0.0.0", 0)
    assert await health("127.0.0.1", stopped.port, named="192.168.7.7") == b"HTTP/1.1 200 OK\r\n"
    assert await health("127.0.0.1", stopped.port, named="my-machine") == b"HTTP/1.1 403 Forbidden\r\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the owner of a port is read from /proc")
async def test_a_taken_port_is_an_error_that_names_its_owner_and_no_other_port_is_taken(stopped: Proxy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Port {port} is in use by .* \(pid {os.getpid()}\)"):
            await stopped.start("127.0.0.1", port)
    assert not stopped.running
    await stopped.start("127.0.0.1", port)
    assert stopped.port == port


async def test_an_address_of_another_machine_is_an_error(stopped: Proxy) -> None:
    with pytest.raises(InputError):
        await stopped.start("192.0.2.1", 0)
    assert not stopped.running


async def test_it_can_be_stopped_and_started_on_the_same_port_again_and_again(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    port = setup.proxy.port
    for _ in range(5):
        reader, writer = await setup.connect()
        writer.write(post(setup, MESSAGE))
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        await setup.proxy.stop()
        await setup.proxy.start("127.0.0.1", port)
    assert len(fake_api.requests) == 5
    assert reply(await setup.talk(post(setup, MESSAGE, "Connection: close"))).status == 200


async def test_idle_clients_are_sent_away_at_once(setup: Setup, fake_api: FakeMessagesApi) -> None:
    silent, _ = await setup.connect()
    used, writer = await setup.connect()
    writer.write(post(setup, MESSAGE))
    await setup.observer.next()
    await until(lambda: len(setup.clients) == 2)
    began = time.monotonic()
    await setup.proxy.stop(grace=5)
    assert time.monotonic() - began < 1
    assert await asyncio.wait_for(silent.read(), 5) == b""
    assert (await asyncio.wait_for(used.read(), 5)).startswith(b"HTTP/1.1 200 ")
    await until(lambda: fake_api.open_connections == [])


async def test_r09_a_stream_may_end_in_its_time_while_nobody_new_is_served(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(rate=60))
    reader, writer = await setup.connect()
    writer.write(post(setup, STREAM) + post(setup, STREAM))
    await fake_api.next_request()
    await asyncio.wait_for(reader.readuntil(b"\n\n"), 5)
    stopping = asyncio.ensure_future(setup.proxy.stop(grace=5))
    await asyncio.sleep(0)
    assert not setup.proxy.running
    with pytest.raises(ConnectionRefusedError):
        await setup.connect()
    data = await asyncio.wait_for(reader.read(), 5)
    assert data.endswith(b'{"type":"message_stop"}\n\n\r\n0\r\n\r\n')
    await asyncio.wait_for(stopping, 1)
    assert len(fake_api.requests) == 1


async def test_r09_a_stream_that_takes_longer_is_broken_off_as_such(setup: Setup, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(stall_after=3))
    reader, writer = await setup.connect()
    writer.write(post(setup, STREAM))
    await fake_api.delivered(1)
    began = time.monotonic()
    await setup.proxy.stop(grace=0.2)
    assert 0.15 < time.monotonic() - began < 2
    data = await asyncio.wait_for(reader.read(), 5)
    assert data.count(b"event: message_start") == 1
    assert b"event: error\n" in data
    assert "ProxyCast is stopping." in data.decode()
    assert not data.endswith(b"0\r\n\r\n")
    await fake_api.next_disconnect(within=1)
    assert (await setup.observer.next()).error == "connection_lost"


async def test_a_request_without_an_answer_yet_is_told_to_come_again(setup: Setup, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(head_delay=30))
    reader, writer = await setup.connect()
    writer.write(post(setup, MESSAGE))
    await fake_api.next_request()
    await setup.proxy.stop(grace=0)
    answer = reply(await asyncio.wait_for(reader.read(), 5))
    assert (answer.status, answer.error, "x-should-retry" in answer.headers) == (503, "api_error", False)
    await fake_api.next_disconnect(within=1)


async def test_a_request_that_waits_for_the_keyring_is_told_so_too(setup: Setup) -> None:
    async def wait() -> None:
        await asyncio.Event().wait()

    setup.router.waits = wait
    reader, writer = await setup.connect()
    writer.write(post(setup, MESSAGE))
    await until(lambda: setup.proxy.active == 1)
    await setup.proxy.stop(grace=0)
    assert reply(await asyncio.wait_for(reader.read(), 5)).status == 503


async def test_a_client_that_does_not_read_does_not_keep_it_from_stopping(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(huge(1 << 30))
    _, writer = await setup.connect(limit=1)
    writer.write(post(setup, MESSAGE))
    await until(lambda: any(client._choked for client in setup.clients))
    began = time.monotonic()
    await setup.proxy.stop(grace=0)
    assert 0.9 < time.monotonic() - began < 3
    await until(lambda: fake_api.open_connections == [])


async def test_stopping_leaves_no_task_and_no_connection(setup: Setup, fake_api: FakeMessagesApi) -> None:
    before = asyncio.all_tasks()
    fake_api.script = lambda _: Behaviour(stall_after=2)
    for _ in range(5):
        _, writer = await setup.connect()
        writer.write(post(setup, STREAM))
    for _ in range(5):
        await fake_api.next_request()
    dialer = setup.dialer
    await setup.proxy.stop(grace=0)
    await until(lambda: dialer.open_connections == 0)
    await until(lambda: fake_api.open_connections == [])
    await until(lambda: asyncio.all_tasks() <= before)


async def test_a_start_during_a_stop_begins_anew_and_is_not_stopped_with_it(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(stall_after=2))
    old, writer = await setup.connect()
    writer.write(post(setup, STREAM))
    await fake_api.delivered(1)
    stopping = asyncio.ensure_future(setup.proxy.stop(grace=0.2))
    await asyncio.sleep(0)
    await setup.proxy.start("127.0.0.1", setup.proxy.port)
    fake_api.enqueue(Behaviour(rate=30))
    reader, writer = await setup.connect()
    writer.write(post(setup, STREAM, "Connection: close"))
    await stopping
    assert b"event: error" in await asyncio.wait_for(old.read(), 5)
    assert reply(await asyncio.wait_for(reader.read(), 5)).body.endswith(b'{"type":"message_stop"}\n\n')


async def test_who_is_being_served_is_counted(setup: Setup, fake_api: FakeMessagesApi) -> None:
    fake_api.script = lambda _: Behaviour(stall_after=2)
    await setup.connect()
    for _ in range(3):
        _, writer = await setup.connect()
        writer.write(post(setup, STREAM))
    await until(lambda: setup.proxy.active == 3)
    assert setup.observer.begun == 3
    await setup.hang_up()
    await until(lambda: setup.proxy.active == 0)


async def test_what_nobody_foresaw_is_a_500_and_is_logged_without_a_secret(
    fake_api: FakeMessagesApi, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(MemoryRouter):
        def ready(self, name: str | None) -> NoReturn:
            raise ZeroDivisionError

        async def fetch(self, name: str | None) -> NoReturn:
            raise ZeroDivisionError

    async def at_once() -> None:
        return

    proxy = Proxy(Broken(), observer := MemoryObserver(), lambda template: template)
    await proxy.start("127.0.0.1", 0)
    setup = Setup(proxy, proxy._router, observer)  # type: ignore[arg-type]
    for waits in (None, at_once):
        setup.router.waits = waits
        answer = reply(await setup.talk(post(setup, MESSAGE, "Connection: close")))
        assert (answer.status, answer.error, answer.headers["x-should-retry"]) == (500, "api_error", "false")
    assert [exchange.error for exchange in observer.exchanges] == ["failed", "failed"]
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "an exchange failed"
    ] * 2
    assert TOKEN not in caplog.text
    caplog.clear()
    await setup.hang_up()
    await proxy.stop(grace=0)


async def test_two_proxies_stand_side_by_side(fake_api: FakeMessagesApi) -> None:
    async with running_proxy() as one, running_proxy() as other:
        for setup in (one, other):
            setup.router.add(Credential(id="0" * 12, name="main", base_url=fake_api.base_url))
        await one.proxy.stop()
        assert reply(await other.talk(post(other, MESSAGE, "Connection: close"))).status == 200
