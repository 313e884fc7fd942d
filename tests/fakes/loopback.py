"""A TCP server on loopback for the fakes: numbered connections, each served by one task."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, cast


class PeerGone(ConnectionError):
    """The peer closed the connection. `unread` is what had arrived of the thing that was awaited."""

    def __init__(self, unread: bytes) -> None:
        super().__init__(f"the peer hung up, {len(unread)} bytes were unread")
        self.unread = unread


class Connection(asyncio.Protocol):
    """One connection: bytes in, bytes out, and the moment when the peer hung up.

    `send` returns once the kernel has taken every byte, so a peer that does not read holds the sender back. After
    `gone` is set nothing arrives any more.
    """

    def __init__(self, number: int, *, when_open: Callable[[Connection], None] | None = None) -> None:
        self.number = number
        self.gone = asyncio.Event()
        self._when_open = when_open
        self._unread = bytearray()
        self._arrived = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._transport: asyncio.Transport | None = None

    @property
    def transport(self) -> asyncio.Transport:
        """The transport; only after the connection is made."""
        assert self._transport is not None
        return self._transport

    async def read_until(self, end: bytes, *, limit: int) -> bytes:
        """Everything up to and including `end`. Raises PeerGone, and ValueError past `limit` bytes."""
        while (start := self._unread.find(end)) < 0:
            if len(self._unread) > limit:
                raise ValueError(f"no {end!r} within {limit} bytes")
            await self._more()
        return self._take(start + len(end))

    async def read_exactly(self, count: int) -> bytes:
        """The next `count` bytes. Raises PeerGone."""
        while len(self._unread) < count:
            await self._more()
        return self._take(count)

    async def read_some(self) -> bytes:
        """Whatever has arrived, at least one byte. Raises PeerGone."""
        while not self._unread:
            await self._more()
        return self._take(len(self._unread))

    async def send(self, data: bytes) -> None:
        """Write, and wait until the kernel has it all. Raises PeerGone."""
        if self.gone.is_set() or self.transport.is_closing():
            raise PeerGone(b"")
        self.transport.write(data)
        await asyncio.sleep(0)  # a peer that reads fast would otherwise keep the loop for itself
        await self._writable.wait()

    def pause_reading(self) -> None:
        """Take nothing more off the socket, as a service that is busy."""
        self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Undo `pause_reading`."""
        self.transport.resume_reading()

    def finish(self) -> None:
        """Close in the orderly way (FIN) after what was sent."""
        self.transport.close()

    def reset(self) -> None:
        """Close at once with a reset (RST)."""
        raw = self.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _take(self, count: int) -> bytes:
        taken = bytes(self._unread[:count])
        del self._unread[:count]
        return taken

    async def _more(self) -> None:
        if self.gone.is_set():
            raise PeerGone(bytes(self._unread))
        self._arrived.clear()
        await self._arrived.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transports are no subclass of it
        # Not 0: the TLS transport would count an empty buffer as a full one.
        self._transport.set_write_buffer_limits(high=1, low=0)
        if self._when_open is not None:
            self._when_open(self)

    def data_received(self, data: bytes) -> None:
        self._unread += data
        self._arrived.set()

    def eof_received(self) -> bool:
        self._lost()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def _lost(self) -> None:
        self.gone.set()
        self._arrived.set()
        self._writable.set()


class LoopbackServer:
    """Listens on loopback and serves each connection by one task of `_serve`, which a subclass writes.

    Use it as an async context manager. Leaving it closes every connection and raises what a `_serve` task raised.
    `opened` counts the connections so far.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self.host = host
        self.port = 0
        self.opened = 0
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._serving: dict[Connection, asyncio.Task[None]] = {}
        self._failures: list[Exception] = []

    @property
    def open_connections(self) -> list[Connection]:
        """The connections that neither side has closed."""
        return [connection for connection in self._serving if not connection.gone.is_set()]

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accept, self.host, 0, ssl=self._tls, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        tasks = list(self._serving.values())
        for connection, task in list(self._serving.items()):
            task.cancel()
            connection.transport.abort()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()
        if self._failures and error is None:
            raise ExceptionGroup("the fake itself failed", self._failures)

    def _accept(self) -> Connection:
        self.opened += 1
        return Connection(self.opened, when_open=self._start)

    def _start(self, connection: Connection) -> None:
        task = asyncio.get_running_loop().create_task(self._run(connection), name=f"connection {connection.number}")
        self._serving[connection] = task

    async def _run(self, connection: Connection) -> None:
        try:
            await self._serve(connection)
            connection.finish()
        except ConnectionError:
            connection.transport.abort()
        except Exception as error:  # kept for the test, which sees it when it leaves the context
            self._failures.append(error)
            connection.transport.abort()
        finally:
            del self._serving[connection]

    async def _serve(self, connection: Connection) -> None:
        raise NotImplementedError


async def while_connected(connection: Connection, work: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end. If the peer hangs up first, cancel it and raise PeerGone."""
    working = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(connection.gone.wait())
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise PeerGone(b"")
        await working
    finally:
        working.cancel()
        gone.cancel()
        await asyncio.gather(working, gone, return_exceptions=True)
