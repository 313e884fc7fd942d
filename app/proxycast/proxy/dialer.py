"""Connections to services: kept alive per destination, dialled directly or through a proxy, with TLS."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import time
from collections.abc import Callable

from proxycast.model.errors import CannotConnect, NoAnswerInTime
from proxycast.model.text import Text
from proxycast.proxy.connection import Connection
from proxycast.proxy.sockets import open_socket
from proxycast.proxy.trust import TrustStore
from proxycast.upstream.destination import Destination

_log = logging.getLogger(__name__)
_IDLE_SECONDS = 60.0
_IDLE_PER_DESTINATION = 256
_CLOCK_GAP = 30.0


class Dialer:
    """Hands out connections; an idle one serves the next exchange to the same destination."""

    def __init__(self, loop: asyncio.AbstractEventLoop, wall_clock: Callable[[], float] = time.time) -> None:
        self._loop = loop
        self._wall_clock = wall_clock
        self._trust = TrustStore()
        self._idle: dict[Destination, list[Connection]] = {}
        self._open: set[Connection] = set()
        self._clock_offset = wall_clock() - time.monotonic()
        self._own_ports: frozenset[int] = frozenset()

    @property
    def open_connections(self) -> int:
        """How many connections there are, in use or idle."""
        return len(self._open)

    def refuse_own(self, ports: frozenset[int]) -> None:
        """Never dial these ports of this machine: the proxy itself listens there."""
        self._own_ports = ports

    def idle(self, destination: Destination) -> Connection | None:
        """A kept-alive connection that is free, if there is one that can still be trusted to be open."""
        self._drop_after_sleep()
        free = self._idle.get(destination)
        oldest = self._loop.time() - _IDLE_SECONDS
        while free:
            connection = free.pop()
            if connection.usable and connection.idle_since >= oldest:
                return connection
            connection.abort()
        return None

    async def dial(self, destination: Destination, seconds: float) -> Connection:
        """A new connection, TLS included, within `seconds`. Raises CannotConnect, NoAnswerInTime."""
        try:
            async with asyncio.timeout(seconds):
                await self.trust(destination)  # where it fails, nothing is dialled
                return await self.over(await open_socket(destination, self._own_ports), destination)
        except TimeoutError:
            raise NoAnswerInTime(
                Text(
                    "{host} did not accept a connection within {seconds} s.",
                    host=destination.host,
                    seconds=f"{seconds:g}",
                ),
                Text("Check the network and the proxy setting, or raise the credential's connect timeout."),
            ) from None

    @property
    def own_ports(self) -> frozenset[int]:
        """See `refuse_own`."""
        return self._own_ports

    def close(self) -> None:
        """Drop all connections."""
        for connection in list(self._open):
            connection.abort()
        self._idle.clear()

    async def trust(self, destination: Destination) -> ssl.SSLContext | None:
        """What decides about certificates of the destination; None without TLS. Raises CannotConnect."""
        return await self._trust.context(destination.ca_file) if destination.tls else None

    async def over(self, sock: socket.socket, destination: Destination) -> Connection:
        """A connection over a socket that leads to `destination`, TLS included. Raises CannotConnect."""
        try:
            context = await self.trust(destination)
        except CannotConnect:
            sock.close()
            raise
        try:
            _, connection = await self._loop.create_connection(
                lambda: Connection(destination, self.keep, self._forget),
                sock=sock,
                ssl=context,
                server_hostname=destination.host if context is not None else None,
            )
        except ssl.SSLCertVerificationError as error:
            raise CannotConnect(
                Text(
                    "The certificate of {host} is not trusted: {reason}.",
                    host=destination.host,
                    reason=error.verify_message.rstrip("."),
                ),
                Text("If a company proxy inspects your traffic, name its CA with ca_file in the credential."),
            ) from None
        except OSError as error:
            raise CannotConnect(
                Text(
                    "No secure connection to {host} could be made: {reason}.",
                    host=destination.host,
                    reason=_reason(error),
                ),
                Text("Check the base URL and the proxy setting."),
            ) from None
        self._open.add(connection)
        return connection

    def keep(self, connection: Connection) -> None:
        """Let a connection that is free serve the next exchange to its destination."""
        free = self._idle.setdefault(connection.destination, [])
        if len(free) >= _IDLE_PER_DESTINATION:
            free.pop(0).abort()
        connection.idle_since = self._loop.time()
        free.append(connection)

    def _forget(self, connection: Connection) -> None:
        self._open.discard(connection)
        free = self._idle.get(connection.destination)
        if free is not None and connection in free:
            free.remove(connection)
        if not free:
            self._idle.pop(connection.destination, None)

    def _drop_after_sleep(self) -> None:
        """Drop idle connections when wall and monotonic clocks have parted: the machine slept, they did not last."""
        offset = self._wall_clock() - time.monotonic()
        if abs(offset - self._clock_offset) > _CLOCK_GAP:
            _log.info("the machine slept or its clock was set: dropping idle connections")
            for connection in [one for free in self._idle.values() for one in free]:
                connection.abort()
            self._idle.clear()
        self._clock_offset = offset


def _reason(error: OSError) -> str:
    """What OpenSSL or the system calls it, without the place in their sources."""
    # Of TLS. Typeshed has it always there, which a compiled module would believe.
    reason: str | None = getattr(error, "reason", None)
    return reason.replace("_", " ").lower() if reason else error.strerror or "TLS"
