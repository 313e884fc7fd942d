"""The way to the service, a step at a time: its proxy, its address, the connection, TLS."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import urlsplit

from proxycast.check import certificate
from proxycast.check.look import Look
from proxycast.check.outcome import Outcome, failed, passed
from proxycast.model.errors import CannotConnect
from proxycast.model.text import Text
from proxycast.model.url import as_address
from proxycast.proxy.forward_proxy import through_proxy
from proxycast.proxy.sockets import connect, proxy_for, resolve

Run = Callable[[Look], Awaitable[Outcome | None]]


def _within_connect_timeout(run: Run) -> Run:
    """Let a stage last no longer than a connection may take to be made."""

    @wraps(run)
    async def limited(look: Look) -> Outcome | None:
        seconds = look.credential.timeouts.connect
        try:
            async with asyncio.timeout(seconds):
                return await run(look)
        except TimeoutError:
            return failed(
                "silent",
                Text("{host} did not answer within {seconds} s.", host=look.host, seconds=f"{seconds:g}"),
                Text("Check the network, a firewall, and the address; or raise the connect timeout."),
            )

    return limited


@_within_connect_timeout
async def proxy(look: Look) -> Outcome | None:
    """The proxy on the way, if there is one, opens a way to the service."""
    destination = look.destination
    url = proxy_for(destination)
    if url is None:
        return None
    place = urlsplit(url)
    name = f"{place.hostname}:{place.port}" if place.port else place.hostname
    look.socket = await through_proxy(url, destination.host, destination.port)
    return passed("through", Text("{proxy} opens a way to {host}.", proxy=name, host=destination.host))


@_within_connect_timeout
async def dns(look: Look) -> Outcome | None:
    """The host's name leads to an address."""
    destination = look.destination
    if look.socket is not None or as_address(destination.host) is not None:
        look.addresses = [] if look.socket is not None else await resolve(destination, look.dialer.own_ports)
        return None
    look.addresses = await resolve(destination, look.dialer.own_ports)
    found = list(dict.fromkeys(str(one[4][0]) for one in look.addresses))
    return passed(
        "resolved", Text("{host} resolves to {addresses}.", host=destination.host, addresses=", ".join(found[:3]))
    )


@_within_connect_timeout
async def tcp(look: Look) -> Outcome | None:
    """Something listens there."""
    if look.socket is not None:
        return None
    destination = look.destination
    look.socket = await connect(destination, look.addresses)
    if not destination.tls:
        await _connected(look)
    peer = look.addresses[0][4][0] if len(look.addresses) == 1 else destination.host
    return passed("connected", Text("{host}:{port} accepts connections.", host=peer, port=destination.port))


@_within_connect_timeout
async def tls(look: Look) -> Outcome | None:
    """The service shows a certificate that is trusted; which, and until when."""
    destination = look.destination
    if not destination.tls:
        return None
    try:
        await look.dialer.trust(destination)
    except CannotConnect as error:
        return failed("ca_file", error.what, error.remedy)
    try:
        await _connected(look)
    except CannotConnect as error:
        return await certificate.explain(look, error)
    return certificate.describe(look.certificate, destination)


async def _connected(look: Look) -> None:
    """Make a connection of the socket, and leave it to the questions that follow."""
    sock, look.socket = look.socket, None
    if sock is not None:
        connection = await look.dialer.over(sock, look.destination)
        look.certificate = connection.certificate
        look.dialer.keep(connection)
