"""The way to a destination: which addresses may be dialled, and through which proxy."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Sequence

import aiohappyeyeballs
from aiohappyeyeballs import AddrInfoType

from proxycast.model.errors import CannotConnect
from proxycast.model.text import Text
from proxycast.model.url import Address, as_address, forbidden_address, is_loopback
from proxycast.proxy.forward_proxy import HAPPY_EYEBALLS_DELAY, through_proxy
from proxycast.upstream.destination import Destination


async def open_socket(destination: Destination, own_ports: frozenset[int]) -> socket.socket:
    """A connected socket that leads to the destination, directly or through its proxy. Raises CannotConnect.

    `own_ports` of this machine are refused: a request would go round in circles.
    """
    proxy = proxy_for(destination)
    if proxy is not None:
        return await through_proxy(proxy, destination.host, destination.port)
    return await connect(destination, await resolve(destination, own_ports))


def proxy_for(destination: Destination) -> str | None:
    """The URL of the proxy on the way to `destination`, None for none.

    The system's proxy settings never see a plain http request, since it carries a key. Neither they nor a proxy that
    the program's settings name is used for this machine; one that the credential names is always used.
    """
    local = is_loopback(destination.host)
    match destination.proxy:
        case "none":
            return None
        case "system":
            return None if local or not destination.tls else _system_proxy(destination.host, destination.port)
        case url:
            return None if local and not destination.own_proxy else url


def _system_proxy(host: str, port: int) -> str | None:
    import urllib.request  # noqa: PLC0415 - heavy, and needed only where a system proxy may apply

    proxies = urllib.request.getproxies()
    if urllib.request.proxy_bypass(f"{host}:{port}"):
        return None
    proxy = proxies.get("https") or proxies.get("all")
    if proxy is None:
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


async def resolve(destination: Destination, own_ports: frozenset[int]) -> Sequence[AddrInfoType]:
    """The addresses of the destination that may be dialled, as `getaddrinfo` gives them. Raises CannotConnect."""
    loop = asyncio.get_running_loop()
    host, port = destination.host, destination.port
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except OSError:
        raise CannotConnect(
            Text("The name {host} cannot be resolved.", host=host),
            Text("Check the base URL's spelling and the network."),
        ) from None
    allowed = [info for info in found if _may_dial(as_address(str(info[4][0])), destination, own_ports)]
    if not allowed:
        raise CannotConnect(
            Text(
                "{host} leads to an address where no key is sent: a metadata service, "
                "a public address without TLS, or ProxyCast itself.",
                host=host,
            ),
            Text("Check the base URL."),
        )
    return allowed


async def connect(destination: Destination, addresses: Sequence[AddrInfoType]) -> socket.socket:
    """A socket that is connected to one of these addresses of the destination. Raises CannotConnect."""
    loop = asyncio.get_running_loop()
    try:
        return await aiohappyeyeballs.start_connection(
            addresses, happy_eyeballs_delay=HAPPY_EYEBALLS_DELAY, interleave=1, loop=loop
        )
    except OSError as error:
        raise CannotConnect(
            Text(
                "{host}:{port} does not accept connections ({reason}).",
                host=destination.host,
                port=destination.port,
                reason=_REASONS.get(error.errno or 0, os.strerror(error.errno or 0)),
            ),
            Text("Check the base URL, the network and the proxy setting."),
        ) from None


_REASONS = {
    errno.ECONNREFUSED: Text("nothing listens there"),
    errno.ENETUNREACH: Text("there is no network"),
    errno.EHOSTUNREACH: Text("there is no way to it"),
    errno.ETIMEDOUT: Text("it does not answer"),
}


def _may_dial(address: Address | None, destination: Destination, own_ports: frozenset[int]) -> bool:
    """A name that was harmless when it was entered may have come to lead elsewhere."""
    if address is None or forbidden_address(address):
        return False
    if address.is_loopback and destination.port in own_ports:
        return False
    return destination.tls or not address.is_global
