"""Proxies on the way to a service: HTTP CONNECT (RFC 9110) and SOCKS5 (RFC 1928, RFC 1929), on loopback."""

from __future__ import annotations

import asyncio
import base64
import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fakes.loopback import Connection, LoopbackServer, PeerGone
from tests.fakes.wire import Head, Violation, read_head

Address = tuple[str, int]


@dataclass
class Tunnel:
    """One way through a proxy: where the client asked to go, and what went through it in each direction."""

    destination: Address
    sent: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)


class _ForwardProxy(LoopbackServer):
    """What both kinds share.

    `login` is the user name and password that it demands. `routes` leads a destination elsewhere, so that a test can
    use names no resolver knows. `silent`: takes connections and never says a word. `tunnels` records what went through.
    """

    scheme = ""

    def __init__(
        self,
        *,
        login: tuple[str, str] | None = None,
        routes: Mapping[Address, Address] | None = None,
        silent: bool = False,
    ) -> None:
        super().__init__()
        self.login = login
        self.routes = dict(routes or {})
        self.silent = silent
        self.tunnels: list[Tunnel] = []
        self.violations: list[str] = []

    @property
    def url(self) -> str:
        """What a client is given, without user name and password."""
        return f"{self.scheme}://{self.host}:{self.port}"

    async def _serve(self, connection: Connection) -> None:
        if self.silent:
            await connection.gone.wait()
            return
        try:
            await self._negotiate(connection)
        except Violation as violation:
            self.violations.append(str(violation))

    async def _negotiate(self, connection: Connection) -> None:
        raise NotImplementedError

    async def _dial(self, destination: Address) -> Connection | None:
        host, port = self.routes.get(destination, destination)
        try:
            _, far = await asyncio.get_running_loop().create_connection(lambda: Connection(0), host, port)
        except OSError:
            return None
        return far

    async def _tunnel(self, near: Connection, far: Connection, destination: Address) -> None:
        tunnel = Tunnel(destination)
        self.tunnels.append(tunnel)
        try:
            await asyncio.gather(_pump(near, far, tunnel.sent), _pump(far, near, tunnel.received))
        finally:
            far.transport.abort()


class FakeConnectProxy(_ForwardProxy):
    """An HTTP proxy that only tunnels. `refuses` is the status for every CONNECT, if any.

    `heads` records every request head. A request that is no CONNECT gets a 405 and is kept there too.
    """

    scheme = "http"

    def __init__(
        self,
        *,
        login: tuple[str, str] | None = None,
        routes: Mapping[Address, Address] | None = None,
        silent: bool = False,
        refuses: int | None = None,
    ) -> None:
        super().__init__(login=login, routes=routes, silent=silent)
        self.refuses = refuses
        self.heads: list[Head] = []

    async def _negotiate(self, connection: Connection) -> None:
        head = await read_head(connection)
        self.heads.append(head)
        host, _, port = head.target.rpartition(":")
        if head.method != "CONNECT":
            await _refuse(connection, "405 Method Not Allowed")
        elif self.login is not None and not _logged_in(head, self.login):
            await _refuse(connection, "407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="proxy"')
        elif self.refuses is not None:
            await _refuse(connection, f"{self.refuses} Refused")
        elif not port.isdigit():
            raise Violation(f"CONNECT to {head.target!r}")
        else:
            destination = (host.strip("[]"), int(port))
            far = await self._dial(destination)
            if far is None:
                await _refuse(connection, "502 Bad Gateway")
            else:
                await connection.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await self._tunnel(connection, far, destination)


class FakeSocksProxy(_ForwardProxy):
    """A SOCKS5 proxy for CONNECT. `refuses` is the reply code for every request, if any (1 to 8).

    `address_types` records how each destination was written: 1 IPv4, 3 a name, 4 IPv6.
    """

    scheme = "socks5"

    def __init__(
        self,
        *,
        login: tuple[str, str] | None = None,
        routes: Mapping[Address, Address] | None = None,
        silent: bool = False,
        refuses: int | None = None,
    ) -> None:
        super().__init__(login=login, routes=routes, silent=silent)
        self.refuses = refuses
        self.address_types: list[int] = []

    async def _negotiate(self, connection: Connection) -> None:
        if not await self._authenticate(connection):
            return
        version, command, reserved, address_type = await connection.read_exactly(4)
        if (version, command, reserved) != (5, 1, 0):
            raise Violation(f"SOCKS request {version} {command} {reserved}")
        self.address_types.append(address_type)
        destination = await _socks_destination(connection, address_type)
        if self.refuses is not None:
            await connection.send(_socks_reply(self.refuses))
            return
        far = await self._dial(destination)
        if far is None:
            await connection.send(_socks_reply(5))
            return
        await connection.send(_socks_reply(0))
        await self._tunnel(connection, far, destination)

    async def _authenticate(self, connection: Connection) -> bool:
        version, count = await connection.read_exactly(2)
        methods = await connection.read_exactly(count)
        if version != 5:
            raise Violation(f"SOCKS version {version}")
        method = 0 if self.login is None else 2
        if method not in methods:
            await connection.send(b"\x05\xff")
            return False
        await connection.send(bytes((5, method)))
        if self.login is None:
            return True
        if await connection.read_exactly(1) != b"\x01":
            raise Violation("SOCKS login version")
        user = await _socks_string(connection)
        password = await _socks_string(connection)
        right = (user, password) == self.login
        await connection.send(b"\x01\x00" if right else b"\x01\x01")
        return right


async def _pump(source: Connection, sink: Connection, record: bytearray) -> None:
    """Carry bytes one way until either side hangs up, then hang up on the sink."""
    try:
        while True:
            data = await source.read_some()
            record += data
            await sink.send(data)
    except PeerGone:
        sink.finish()


async def _refuse(connection: Connection, status: str, *headers: str) -> None:
    lines = (f"HTTP/1.1 {status}", *headers, "Content-Length: 0", "Connection: close", "", "")
    await connection.send("\r\n".join(lines).encode())


def _logged_in(head: Head, login: tuple[str, str]) -> bool:
    expected = "Basic " + base64.b64encode(":".join(login).encode()).decode()
    return hmac.compare_digest(head.value("proxy-authorization") or "", expected)


async def _socks_string(connection: Connection) -> str:
    (length,) = await connection.read_exactly(1)
    return (await connection.read_exactly(length)).decode()


async def _socks_destination(connection: Connection, address_type: int) -> Address:
    if address_type == 3:
        host = await _socks_string(connection)
    elif address_type in {1, 4}:
        host = str(ipaddress.ip_address(await connection.read_exactly(4 if address_type == 1 else 16)))
    else:
        raise Violation(f"SOCKS address type {address_type}")
    return host, int.from_bytes(await connection.read_exactly(2))


def _socks_reply(code: int) -> bytes:
    return bytes((5, code, 0, 1, 0, 0, 0, 0, 0, 0))
