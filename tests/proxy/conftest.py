"""A running proxy with credentials held in memory, for tests of the data path."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY

from proxycast.model.credential import Auth, Credential
from proxycast.model.errors import ProxyCastError, UnknownCredential
from proxycast.model.exchange import Exchange
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.proxy.dialer import Dialer
from proxycast.proxy.limits import Limits
from proxycast.proxy.listener import ClientConnection
from proxycast.proxy.server import Proxy
from proxycast.upstream.anthropic import AnthropicFormat
from proxycast.upstream.request import Upstream

TOKEN = "pc_" + "t" * 43


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


IPV6 = pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6")


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Every test of the data path runs on both loops that it is run on headless."""
    factories: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"asyncio": asyncio.new_event_loop}
    if sys.platform != "win32":
        import uvloop  # noqa: PLC0415 - does not exist on Windows

        factories["uvloop"] = uvloop.new_event_loop
    return factories


@pytest.fixture(autouse=True)
def nothing_fails_behind_the_scenes(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A callback that raises shows in the log alone, so nothing may be logged above INFO; a test may clear `caplog`."""
    caplog.set_level(logging.INFO)
    yield
    records = [record for when in ("setup", "call", "teardown") for record in caplog.get_records(when)]
    assert [record.getMessage() for record in records if record.levelno > logging.INFO] == []


class MemoryRouter:
    """Credentials by name, the first one selected. `refusals` are raised instead, `waits` is awaited by every fetch."""

    def __init__(self) -> None:
        self.upstreams: dict[str, Upstream] = {}
        self.refusals: dict[str | None, ProxyCastError] = {}
        self.token: Secret | None = Secret(TOKEN)
        self.waits: Callable[[], Awaitable[None]] | None = None
        self.selected: str | None = None

    def add(self, credential: Credential, key: str = KEY, *, auth: Auth = Auth.AUTO) -> None:
        self.upstreams[credential.name] = AnthropicFormat(credential, Secret(key), auth=auth, proxy="none")
        self.selected = self.selected or credential.name

    def ready_token(self) -> Secret | None:
        return None if self.waits else self.token

    async def fetch_token(self) -> Secret:
        if self.waits:
            await self.waits()
        assert self.token is not None
        return self.token

    def ready(self, name: str | None) -> Upstream | None:
        return None if self.waits else self._find(name)

    async def fetch(self, name: str | None) -> Upstream:
        if self.waits:
            await self.waits()
        return self._find(name)

    def _find(self, name: str | None) -> Upstream:
        if name in self.refusals:
            raise self.refusals[name]
        found = self.upstreams.get(name or self.selected or "")
        if found is None:
            raise UnknownCredential(Text("There is no credential named {name}.", name=name))
        return found


class MemoryObserver:
    """Keeps the records of exchanges."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.begun = 0
        self._changed = asyncio.Event()

    def began(self) -> None:
        self.begun += 1

    def ended(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        self._changed.set()

    async def next(self, count: int = 1) -> Exchange:
        """The record number `count`, counted from 1, as soon as there is one."""
        async with asyncio.timeout(5):
            while len(self.exchanges) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.exchanges[count - 1]


class Setup:
    """A proxy on a free port, what it was given, and ways to talk to it."""

    def __init__(self, proxy: Proxy, router: MemoryRouter, observer: MemoryObserver) -> None:
        self.proxy = proxy
        self.router = router
        self.observer = observer
        self._writers: list[asyncio.StreamWriter] = []

    @property
    def address(self) -> str:
        return self.proxy.address

    @property
    def dialer(self) -> Dialer:
        """What holds the connections to services."""
        assert self.proxy._run is not None
        return self.proxy._run._path.dialer

    @property
    def clients(self) -> set[ClientConnection]:
        """The connections of clients as the proxy sees them."""
        assert self.proxy._run is not None
        return self.proxy._run.clients

    def client(self, **options: Any) -> httpx2.AsyncClient:
        """An HTTP client that shows the client token and never uses a proxy of the environment."""
        headers = {"x-api-key": TOKEN, "anthropic-version": "2023-06-01"}
        # The proxy speaks plain http: without `verify` no time goes into loading certificates.
        return httpx2.AsyncClient(
            base_url=self.address, headers=headers, trust_env=False, verify=False, timeout=10, **options
        )

    async def connect(self, *, limit: int = 1 << 16) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the proxy, closed with it. It stops reading when twice `limit` bytes were not taken."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.proxy.port, limit=limit)
        self._writers.append(writer)
        return reader, writer

    async def hang_up(self) -> None:
        """Drop every connection that `connect` made."""
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*(writer.wait_closed() for writer in self._writers), return_exceptions=True)
        self._writers.clear()

    async def talk(self, data: bytes, *, within: float = 5.0) -> bytes:
        """Send bytes as they are; all that comes back until the proxy closes."""
        reader, writer = await self.connect()
        writer.write(data)
        async with asyncio.timeout(within):
            return await reader.read()

    def head(self, request_line: str, *headers: str, host: bool = True, token: bool = True) -> bytes:
        """The bytes of a request head; Host, the token and `connection: close` are added unless unwanted."""
        lines = [request_line]
        lines += [f"Host: 127.0.0.1:{self.proxy.port}"] if host else []
        lines += [f"x-api-key: {TOKEN}"] if token else []
        lines += [*headers, "", ""]
        return "\r\n".join(lines).encode("latin-1")


async def until(is_so: Callable[[], bool], *, within: float = 5.0) -> None:
    """Wait for what nothing tells of. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.005)


@asynccontextmanager
async def running_proxy(limits: Limits | None = None) -> AsyncIterator[Setup]:
    """A proxy without credentials."""
    router, observer = MemoryRouter(), MemoryObserver()
    proxy = Proxy(router, observer, lambda template: template, limits)
    await proxy.start("127.0.0.1", 0)
    running = Setup(proxy, router, observer)
    try:
        yield running
    finally:
        await running.hang_up()
        await proxy.stop(grace=0)


@pytest.fixture
async def setup(fake_api: FakeMessagesApi) -> AsyncIterator[Setup]:
    """A proxy whose one credential, `main`, leads to `fake_api`."""
    async with running_proxy() as running:
        running.router.add(Credential(id="0" * 12, name="main", base_url=fake_api.base_url))
        yield running
