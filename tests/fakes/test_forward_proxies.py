"""The fake proxies, used through python-socks and by hand."""

from __future__ import annotations

import asyncio

import pytest
from python_socks import ProxyError
from python_socks.async_.asyncio import Proxy
from tests.fakes.forward_proxies import FakeConnectProxy, FakeSocksProxy
from tests.fakes.messages_api import FakeMessagesApi

LOGIN = ("user", "pass:word")
REQUEST = b"GET /v1/models HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n"


async def _through(proxy: str, host: str, port: int, *, login: tuple[str, str] | None = None) -> bytes:
    """The whole answer to one request through this proxy."""
    kind, _, place = proxy.partition("://")
    user = "" if login is None else f"{login[0]}:{login[1].replace(':', '%3A')}@"
    connected = await Proxy.from_url(f"{kind}://{user}{place}", rdns=True).connect(host, port, timeout=5)
    reader, writer = await asyncio.open_connection(sock=connected)
    writer.write(REQUEST)
    answer = await reader.read()
    writer.transport.abort()
    return answer


@pytest.mark.parametrize("kind", [FakeConnectProxy, FakeSocksProxy])
@pytest.mark.parametrize("login", [None, LOGIN])
async def test_bytes_go_through_to_a_name_that_only_the_proxy_knows(
    fake_api: FakeMessagesApi, kind: type[FakeConnectProxy | FakeSocksProxy], login: tuple[str, str] | None
) -> None:
    routes = {("api.example", 443): (fake_api.host, fake_api.port)}
    async with kind(login=login, routes=routes) as proxy:
        answer = await _through(proxy.url, "api.example", 443, login=login)
    (tunnel,) = proxy.tunnels
    assert tunnel.destination == ("api.example", 443)
    assert tunnel.sent == REQUEST == fake_api.requests[0].raw
    assert tunnel.received == answer
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert proxy.violations == []


@pytest.mark.parametrize("kind", [FakeConnectProxy, FakeSocksProxy])
@pytest.mark.parametrize("login", [None, ("user", "wrong")])
async def test_a_wrong_login_goes_nowhere(
    fake_api: FakeMessagesApi, kind: type[FakeConnectProxy | FakeSocksProxy], login: tuple[str, str] | None
) -> None:
    async with kind(login=LOGIN) as proxy:
        with pytest.raises(ProxyError):
            await _through(proxy.url, fake_api.host, fake_api.port, login=login)
    assert proxy.tunnels == []
    assert fake_api.requests == []


async def test_connect_can_be_refused_with_any_status() -> None:
    async with FakeConnectProxy(refuses=403) as proxy:
        with pytest.raises(ProxyError, match="403"):
            await _through(proxy.url, "api.example", 443)
    assert proxy.heads[0].target == "api.example:443"


async def test_socks_can_be_refused_with_any_code() -> None:
    async with FakeSocksProxy(refuses=2) as proxy:
        with pytest.raises(ProxyError) as caught:
            await _through(proxy.url, "api.example", 443)
    assert caught.value.error_code == 2
    assert proxy.address_types == [3]


@pytest.mark.parametrize("kind", [FakeConnectProxy, FakeSocksProxy])
async def test_a_destination_that_is_closed_is_an_error(kind: type[FakeConnectProxy | FakeSocksProxy]) -> None:
    async with FakeMessagesApi() as closed:
        pass
    async with kind() as proxy:
        with pytest.raises(ProxyError):
            await _through(proxy.url, closed.host, closed.port)


@pytest.mark.parametrize(("host", "address_type"), [("127.0.0.1", 1), ("::1", 4)])
async def test_socks_takes_addresses(fake_api: FakeMessagesApi, host: str, address_type: int) -> None:
    async with FakeSocksProxy(routes={(host, 9): (fake_api.host, fake_api.port)}) as proxy:
        await _through(proxy.url, host, 9)
    assert proxy.address_types == [address_type]


async def test_a_request_that_is_no_connect_is_kept_and_refused() -> None:
    async with FakeConnectProxy() as proxy:
        reader, writer = await asyncio.open_connection(proxy.host, proxy.port)
        writer.write(b"GET http://api.example/v1/models HTTP/1.1\r\nHost: api.example\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 405 ")
        writer.transport.abort()
    assert [head.method for head in proxy.heads] == ["GET"]


@pytest.mark.parametrize("kind", [FakeConnectProxy, FakeSocksProxy])
async def test_a_silent_proxy_never_answers(kind: type[FakeConnectProxy | FakeSocksProxy]) -> None:
    async with kind(silent=True) as proxy:
        reader, writer = await asyncio.open_connection(proxy.host, proxy.port)
        writer.write(b"\x05\x01\x00")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.05)
        writer.transport.abort()


async def test_hanging_up_on_one_side_hangs_up_on_the_other(fake_api: FakeMessagesApi) -> None:
    async with FakeConnectProxy() as proxy:
        reader, writer = await asyncio.open_connection(proxy.host, proxy.port)
        writer.write(f"CONNECT {fake_api.host}:{fake_api.port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        writer.write(REQUEST[:20])
        writer.close()
        assert (await fake_api.next_disconnect()).request is None
