"""The proxy: listens, and holds the connections of its clients."""

from __future__ import annotations

import asyncio
import ipaddress
import logging

from proxycast.model.text import Translate
from proxycast.model.url import as_address, is_loopback
from proxycast.proxy.answers import Speaker
from proxycast.proxy.deadlines import Deadlines
from proxycast.proxy.dialer import Dialer
from proxycast.proxy.exchange import DataPath
from proxycast.proxy.guard import Guard, host_names
from proxycast.proxy.limits import Limits
from proxycast.proxy.listener import ClientConnection
from proxycast.proxy.ports import listen
from proxycast.proxy.routing import Observer, Router
from proxycast.proxy.tasks import Tasks

_log = logging.getLogger(__name__)


class Proxy:
    """Forwards the Messages API from clients to the upstreams that `router` names.

    It runs on any asyncio loop, and is started and stopped on the loop's thread. `translate` puts its own answers into
    the user's language.
    """

    def __init__(self, router: Router, observer: Observer, translate: Translate, limits: Limits | None = None) -> None:
        self._router = router
        self._observer = observer
        self._translate = translate
        self._limits = limits or Limits()
        self._server: asyncio.Server | None = None
        self._path: DataPath | None = None
        self._clients: set[ClientConnection] = set()
        self._drained = asyncio.Event()
        self._host = ""
        self._port = 0

    @property
    def running(self) -> bool:
        """Whether it listens."""
        return self._server is not None

    @property
    def port(self) -> int:
        """The port it listens on, or did last."""
        return self._port

    @property
    def address(self) -> str:
        """What clients on this machine use as base URL: an address, never `localhost`, which may resolve to another."""
        host = "127.0.0.1" if self._host == "0.0.0.0" else self._host  # noqa: S104 - a comparison, not a binding
        host = "::1" if host == "::" else host
        return f"http://[{host}]:{self._port}" if ":" in host else f"http://{host}:{self._port}"

    @property
    def exposed(self) -> bool:
        """Whether other machines can reach it."""
        return self.running and not is_loopback(self._host)

    @property
    def active(self) -> int:
        """How many clients are being served at this moment."""
        return sum(client.busy for client in self._clients)

    async def start(self, host: str, port: int) -> None:
        """Listen on `host` (an address of this machine) and `port` (0 picks a free one).

        Raises PortTaken and InputError.
        """
        loop = asyncio.get_running_loop()
        sock = listen(host, port)
        self._host = host
        self._port = sock.getsockname()[1]
        address = as_address(host)
        everywhere = address in {ipaddress.ip_address("0.0.0.0"), ipaddress.ip_address("::")}  # noqa: S104
        dialer = Dialer(loop)
        dialer.refuse_own(frozenset({self._port}))
        path = self._path = DataPath(
            router=self._router,
            observer=self._observer,
            dialer=dialer,
            deadlines=Deadlines(loop),
            tasks=Tasks(),
            speaker=Speaker(self._translate, self.address),
            guard=Guard(frozenset(host_names(host, self._port)), any_address=everywhere),
        )
        self._server = await loop.create_server(
            lambda: ClientConnection(path, self._limits, self._admit, self._forget), sock=sock
        )
        _log.info("listening on %s", self.address)

    async def stop(self, grace: float = 10.0) -> None:
        """Take no more requests, let those under way end for `grace` seconds, then break them off."""
        server, self._server = self._server, None
        path, self._path = self._path, None
        if server is None or path is None:
            return
        server.close()
        for client in list(self._clients):
            client.stop()
        await self._wait_drained(grace)
        for client in list(self._clients):
            client.interrupt()
        await self._wait_drained(1.0)
        for client in list(self._clients):
            client.abort()
        await path.tasks.close()
        path.dialer.close()
        path.deadlines.close()
        _log.info("stopped")

    async def _wait_drained(self, seconds: float) -> None:
        if not self._clients:
            return
        self._drained.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._drained.wait()
        except TimeoutError:
            _log.info("%d clients are still connected", len(self._clients))

    def _admit(self, client: ClientConnection) -> bool:
        self._clients.add(client)
        return len(self._clients) <= self._limits.connections

    def _forget(self, client: ClientConnection) -> None:
        self._clients.discard(client)
        if not self._clients:
            self._drained.set()
