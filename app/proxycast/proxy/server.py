"""The proxy: listens, and holds the connections of its clients."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket

from proxycast.model.text import Translate
from proxycast.model.url import as_address, is_loopback
from proxycast.proxy.answers import Speaker
from proxycast.proxy.asker import Asker
from proxycast.proxy.data_path import DataPath
from proxycast.proxy.deadlines import Deadlines
from proxycast.proxy.dialer import Dialer
from proxycast.proxy.guard import Guard, host_names
from proxycast.proxy.limits import Limits
from proxycast.proxy.listener import ClientConnection
from proxycast.proxy.ports import BACKLOG, listen
from proxycast.proxy.routing import Observer, Router
from proxycast.proxy.tasks import Tasks

_log = logging.getLogger(__name__)


def local_address(host: str, port: int) -> str:
    """The base URL for clients on this machine of a proxy that listens on `host` and `port`.

    It holds an address, never `localhost`, which may resolve to another one.
    """
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "localhost": "127.0.0.1"}.get(host, host)  # noqa: S104 - a comparison
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


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
        self._run: _Run | None = None
        self._host = ""
        self._port = 0

    @property
    def running(self) -> bool:
        """Whether it listens."""
        return self._run is not None

    @property
    def port(self) -> int:
        """The port it listens on, or did last."""
        return self._port

    @property
    def address(self) -> str:
        """What clients on this machine use as base URL: an address, never `localhost`, which may resolve to another."""
        return local_address(self._host, self._port)

    @property
    def exposed(self) -> bool:
        """Whether other machines can reach it."""
        return self.running and not is_loopback(self._host)

    @property
    def active(self) -> int:
        """How many clients are being served at this moment."""
        return 0 if self._run is None else sum(client.busy for client in self._run.clients)

    async def start(self, host: str, port: int) -> None:
        """Listen on `host` (an address of this machine, or `localhost`) and `port` (0 picks a free one).

        Raises PortTaken and InputError.
        """
        loop = asyncio.get_running_loop()
        host = "127.0.0.1" if host == "localhost" else host
        sock = listen(host, port)
        self._host = host
        self._port = sock.getsockname()[1]
        address = as_address(host)
        everywhere = address in {ipaddress.ip_address("0.0.0.0"), ipaddress.ip_address("::")}  # noqa: S104
        dialer = Dialer(loop)
        dialer.refuse_own(frozenset({self._port}))
        path = DataPath(
            router=self._router,
            observer=self._observer,
            dialer=dialer,
            deadlines=Deadlines(loop),
            tasks=Tasks(),
            speaker=Speaker(self._translate, self.address),
            guard=Guard(frozenset(host_names(host, self._port)), any_address=everywhere),
            ask=Asker(dialer),
            ping_seconds=self._limits.ping_seconds,
        )
        self._run = _Run(path, self._limits)
        await self._run.listen(sock)
        _log.info("listening on %s", self.address)

    async def stop(self, grace: float = 10.0) -> None:
        """Take no more requests, let those under way end for `grace` seconds, then break them off."""
        run, self._run = self._run, None
        if run is not None:
            await run.end(grace)
            _log.info("stopped")


class _Run:
    """What lives from a start to its stop: the listener, its clients, and the path that their requests take."""

    def __init__(self, path: DataPath, limits: Limits) -> None:
        self.clients: set[ClientConnection] = set()
        self._refused: set[ClientConnection] = set()
        self._path = path
        self._limits = limits
        self._server: asyncio.Server | None = None
        self._drained = asyncio.Event()

    async def listen(self, sock: socket.socket) -> None:
        """Take connections from `sock`, which listens already."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: ClientConnection(self._path, self._limits, self._admit, self._forget),
            sock=sock,
            backlog=BACKLOG,
        )

    async def end(self, grace: float) -> None:
        """See `Proxy.stop`."""
        if self._server is not None:
            self._server.close()
        for client in list(self.clients):
            client.stop()
        await self._wait_drained(grace)
        for client in list(self.clients):
            client.interrupt()
        await self._wait_drained(1.0)
        for client in list(self.clients):
            client.abort()
        await self._path.tasks.close()
        self._path.dialer.close()
        self._path.deadlines.close()

    async def _wait_drained(self, seconds: float) -> None:
        if not self.clients:
            return
        self._drained.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._drained.wait()
        except TimeoutError:
            _log.info("%d clients are still connected", len(self.clients))

    def _admit(self, client: ClientConnection) -> bool:
        """Whether there is room; if not, the client is told, unless too many are being told already."""
        self.clients.add(client)
        if len(self.clients) - len(self._refused) <= self._limits.connections:
            return True
        self._refused.add(client)
        if len(self._refused) > self._limits.connections:
            client.abort()
        return False

    def _forget(self, client: ClientConnection) -> None:
        self.clients.discard(client)
        self._refused.discard(client)
        if not self.clients:
            self._drained.set()
