"""Proxies on the way to a service: HTTP CONNECT (RFC 9110, section 9.3.6) and SOCKS5 (RFC 1928)."""

from __future__ import annotations

import asyncio
import base64
import re
import socket
from urllib.parse import SplitResult, unquote, urlsplit

import aiohappyeyeballs

from proxycast.model.errors import CannotConnect
from proxycast.model.text import Text

HAPPY_EYEBALLS_DELAY = 0.25
"""Seconds before the next address is tried beside one that does not answer (RFC 8305)."""

_USUAL_PORTS = {"http": 80, "socks5": 1080, "socks5h": 1080, "socks": 1080}
_REPLY = re.compile(rb"HTTP/1\.[01] (\d{3})")
_HEAD_END = b"\r\n\r\n"
_REPLY_LIMIT = 16 * 1024


async def through_proxy(proxy: str, host: str, port: int) -> socket.socket:
    """A socket that the proxy at this URL has connected to `host` and `port`. Raises CannotConnect.

    The proxy resolves the name. User name and password of the URL never appear in an error.
    """
    try:
        place = urlsplit(proxy)
        usual_port = _USUAL_PORTS[place.scheme]
        proxy_port = place.port or usual_port
    except (KeyError, ValueError):
        raise CannotConnect(
            Text("The proxy setting cannot be used."), Text("Write it as http://host:port or socks5://host:port.")
        ) from None
    name = f"{place.hostname}:{proxy_port}"
    tunnel = _http_tunnel if place.scheme == "http" else _socks_tunnel
    try:
        return await tunnel(place, name, proxy_port, (host, port))
    except OSError:
        raise CannotConnect(
            Text("The proxy {proxy} closed the connection.", proxy=name),
            Text("Check that it runs properly, and that it is an HTTP or SOCKS5 proxy as the setting says."),
        ) from None


async def _http_tunnel(place: SplitResult, name: str, proxy_port: int, target: tuple[str, int]) -> socket.socket:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(place.hostname, proxy_port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        sock = await aiohappyeyeballs.start_connection(found, happy_eyeballs_delay=HAPPY_EYEBALLS_DELAY, loop=loop)
    except OSError:
        raise _unreachable(name) from None
    try:
        await loop.sock_sendall(sock, _connect_request(place, target))
        reply = await _read_reply(sock)
    except BaseException:
        sock.close()
        raise
    status = _REPLY.match(reply)
    if status is None or not status[1].startswith(b"2") or not reply.endswith(_HEAD_END):
        sock.close()
        raise _refused(name, target[0], status[1].decode() if status else "-")
    return sock


async def _read_reply(sock: socket.socket) -> bytes:
    reply = b""
    while _HEAD_END not in reply and len(reply) < _REPLY_LIMIT:
        piece = await asyncio.get_running_loop().sock_recv(sock, _REPLY_LIMIT)
        if not piece:
            raise ConnectionResetError
        reply += piece
    return reply


def _connect_request(place: SplitResult, target: tuple[str, int]) -> bytes:
    host, port = target
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    if place.username is not None:
        login = f"{unquote(place.username)}:{unquote(place.password or '')}".encode()
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(login).decode()}")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


async def _socks_tunnel(place: SplitResult, name: str, proxy_port: int, target: tuple[str, int]) -> socket.socket:
    from python_socks import ProxyConnectionError, ProxyError, ProxyType  # noqa: PLC0415 - only where it is used
    from python_socks.async_.asyncio import Proxy  # noqa: PLC0415

    user, password = (unquote(part) if part is not None else "" for part in (place.username, place.password))
    proxy = Proxy(ProxyType.SOCKS5, place.hostname or "", proxy_port, user, password, rdns=True)
    try:
        return await proxy.connect(*target)
    except ProxyConnectionError:
        raise _unreachable(name) from None
    except ProxyError as error:
        raise _refused(name, target[0], str(error.error_code or "-")) from None
    except ValueError:
        raise CannotConnect(
            Text("The user name or password of the proxy {proxy} has a character outside ASCII.", proxy=name),
            Text("SOCKS5 proxies get no such login: change it, or use an HTTP proxy."),
        ) from None


def _unreachable(name: str) -> CannotConnect:
    return CannotConnect(
        Text("The proxy {proxy} does not accept connections.", proxy=name),
        Text("Start it, or change the proxy setting."),
    )


def _refused(name: str, host: str, code: str) -> CannotConnect:
    return CannotConnect(
        Text("The proxy {proxy} refuses to connect to {host} (code {code}).", proxy=name, host=host, code=code),
        Text("Check its rules and its user name and password."),
    )
