"""The ways to services: through proxies of both kinds, straight, and not at all."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from tests.fakes.certificates import Authority
from tests.fakes.forward_proxies import FakeConnectProxy, FakeSocksProxy
from tests.fakes.loopback import Connection, LoopbackServer
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY
from tests.proxy.conftest import IPV6, Setup, running_proxy

from proxycast.model.credential import Credential, Timeouts
from proxycast.model.errors import CannotConnect
from proxycast.proxy.dialer import Dialer
from proxycast.proxy.sockets import proxy_for
from proxycast.upstream.destination import Destination

MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}
NAME = "service.example"
KINDS = pytest.mark.parametrize("kind", [FakeConnectProxy, FakeSocksProxy])
PROXY_VARIABLES = (
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
)


@pytest.fixture(autouse=True)
def no_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def empty() -> AsyncIterator[Setup]:
    """A proxy without credentials."""
    async with running_proxy() as running:
        yield running


async def ask(setup: Setup, base_url: str, *, connect: float = 3, **fields: Any) -> httpx2.Response:
    """The answer that a credential for `base_url` with these fields gets."""
    timeouts = Timeouts(connect=connect, request=3)
    setup.router.upstreams.clear()
    setup.router.add(Credential(id="0" * 12, name="main", base_url=base_url, timeouts=timeouts, **fields))
    async with setup.client() as client:
        return await client.post("/c/main/v1/messages", json=MESSAGE)


def message(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["message"]


@KINDS
async def test_a_request_goes_through_the_proxy_which_resolves_the_name_and_sees_no_key(
    empty: Setup, kind: type[FakeConnectProxy | FakeSocksProxy], tmp_path: Any
) -> None:
    authority = Authority(tmp_path)
    async with FakeMessagesApi(tls=authority.server(NAME), server_name=NAME) as fake:
        routes = {(NAME, fake.port): ("127.0.0.1", fake.port)}
        async with kind(routes=routes) as proxy:
            answer = await ask(empty, fake.base_url, proxy=proxy.url, ca_file=str(authority.ca_file))
            assert answer.status_code == 200
            (tunnel,) = proxy.tunnels
            assert tunnel.destination == (NAME, fake.port)
            assert KEY.encode() not in tunnel.sent
            assert proxy.violations == []
            if isinstance(proxy, FakeSocksProxy):
                assert proxy.address_types == [3]


@KINDS
async def test_a_stream_through_a_proxy_is_a_stream(
    empty: Setup, fake_api: FakeMessagesApi, kind: type[FakeConnectProxy | FakeSocksProxy]
) -> None:
    async with kind() as proxy:
        empty.router.add(Credential(id="0" * 12, name="main", base_url=fake_api.base_url, proxy=proxy.url))
        async with empty.client() as client:
            answers = [await client.post("/v1/messages", json={**MESSAGE, "stream": True}) for _ in range(2)]
        assert all(answer.content.endswith(b'{"type":"message_stop"}\n\n') for answer in answers)
        assert len(proxy.tunnels) == 1, "the connection is kept"


@KINDS
@pytest.mark.parametrize(
    ("login", "spelt"), [(("user", "pass"), "user:pass"), (("us%r", "p@ss:w/rd"), "us%25r:p%40ss%3Aw%2Frd")]
)
async def test_a_proxy_that_wants_a_login_gets_it(
    empty: Setup,
    fake_api: FakeMessagesApi,
    kind: type[FakeConnectProxy | FakeSocksProxy],
    login: tuple[str, str],
    spelt: str,
) -> None:
    async with kind(login=login) as proxy:
        answer = await ask(empty, fake_api.base_url, proxy=proxy.url.replace("://", f"://{spelt}@"))
        assert answer.status_code == 200


async def test_a_login_outside_ascii_works_where_the_protocol_has_a_way(
    empty: Setup, fake_api: FakeMessagesApi
) -> None:
    async with FakeConnectProxy(login=("üser", "密码")) as proxy:
        spelt = proxy.url.replace("://", "://%C3%BCser:%E5%AF%86%E7%A0%81@")
        assert (await ask(empty, fake_api.base_url, proxy=spelt)).status_code == 200
    async with FakeSocksProxy(login=("üser", "密码")) as proxy:
        spelt = proxy.url.replace("://", "://%C3%BCser:%E5%AF%86%E7%A0%81@")
        status, text = message(await ask(empty, fake_api.base_url, proxy=spelt))
        assert (status, "outside ASCII" in text) == (502, True)


@KINDS
@pytest.mark.parametrize("login", ["", "user:hush-hush@", "user@"])
async def test_a_wrong_login_is_a_502_that_does_not_repeat_it(
    empty: Setup, fake_api: FakeMessagesApi, kind: type[FakeConnectProxy | FakeSocksProxy], login: str
) -> None:
    async with kind(login=("user", "pass")) as proxy:
        answer = await ask(empty, fake_api.base_url, proxy=proxy.url.replace("://", f"://{login}"))
        status, text = message(answer)
        assert status == 502
        assert f"127.0.0.1:{proxy.port}" in text
        assert "user name and password" in text
        assert "hush-hush" not in text
        assert proxy.violations == []
    assert fake_api.opened == 0


@pytest.mark.parametrize(
    ("proxy", "code"),
    [(FakeConnectProxy(refuses=403), "403"), (FakeConnectProxy(refuses=503), "503"), (FakeSocksProxy(refuses=2), "2")],
    ids=["403", "503", "not allowed"],
)
async def test_a_refusal_of_the_proxy_is_a_502_with_its_code(
    empty: Setup, fake_api: FakeMessagesApi, proxy: FakeConnectProxy | FakeSocksProxy, code: str
) -> None:
    async with proxy:
        status, text = message(await ask(empty, fake_api.base_url, proxy=proxy.url))
    assert (status, f"refuses to connect to 127.0.0.1 (code {code})" in text) == (502, True)


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
async def test_a_proxy_that_is_not_there_is_a_502_that_names_it(empty: Setup, scheme: str) -> None:
    status, text = message(await ask(empty, "https://service.example", proxy=f"{scheme}://127.0.0.1:1"))
    assert (status, text.startswith("The proxy 127.0.0.1:1 does not accept connections.")) == (502, True)


@KINDS
async def test_a_proxy_that_is_silent_is_a_504(empty: Setup, kind: type[FakeConnectProxy | FakeSocksProxy]) -> None:
    async with kind(silent=True) as proxy:
        answer = await ask(empty, "https://service.example", proxy=proxy.url, connect=0.2)
        assert message(answer)[0] == 504


class Scripted(LoopbackServer):
    """Says these pieces, one by one, when it is spoken to; with `then`, answers one request, and hangs up."""

    def __init__(self, *pieces: bytes, then: bytes = b"") -> None:
        super().__init__()
        self._pieces = pieces
        self._then = then

    async def _serve(self, connection: Connection) -> None:
        await connection.read_some()
        for piece in self._pieces:
            await connection.send(piece)
            await asyncio.sleep(0.02)
        if self._then:
            await connection.read_until(b"\r\n\r\n", limit=10_000)
            await connection.send(self._then)


async def test_a_reply_of_the_proxy_may_come_in_pieces(empty: Setup) -> None:
    then = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    pieces = (b"HTTP/1.1 2", b"00 Fine\r\nVia: x\r\n", b"X-More: y\r", b"\n\r\n")
    async with Scripted(*pieces, then=then) as proxy:
        answer = await ask(empty, "http://127.0.0.1:80", proxy=f"http://127.0.0.1:{proxy.port}")
        assert (answer.status_code, answer.content) == (200, b"{}")


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize(
    "pieces",
    [
        (),
        (b"HTTP/1.1 200 OK\r\n",),
        (b"garbage\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\n\r\nspoken too early",),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000,),
        (b"\x05\xff",),
    ],
)
async def test_a_proxy_that_is_none_is_a_502(empty: Setup, scheme: str, pieces: tuple[bytes, ...]) -> None:
    async with Scripted(*pieces) as proxy:
        answer = await ask(empty, "https://service.example", proxy=f"{scheme}://127.0.0.1:{proxy.port}")
        status, text = message(answer)
        assert (status, f"127.0.0.1:{proxy.port}" in text) == (502, True)


@pytest.mark.parametrize("proxy", ["https://127.0.0.1:1", "ftp://127.0.0.1:1", "http://127.0.0.1:port", "what"])
async def test_a_proxy_setting_that_is_none_is_a_502(empty: Setup, proxy: str) -> None:
    status, text = message(await ask(empty, "https://service.example", proxy=proxy))
    assert (status, text.startswith("The proxy setting cannot be used.")) == (502, True)


HTTPS = {"tls": True, "host": "service.example", "port": 443}
LOCAL = {"tls": True, "host": "127.0.0.1", "port": 443}
PLAIN = {"tls": False, "host": "service.example", "port": 80}


@pytest.mark.parametrize(
    ("destination", "variables", "expected"),
    [
        (HTTPS, {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        (HTTPS, {"https_proxy": "p:1"}, "http://p:1"),
        (HTTPS, {"ALL_PROXY": "socks5://p:1"}, "socks5://p:1"),
        (HTTPS, {"all_proxy": "socks5://p:1", "https_proxy": "http://q:2"}, "http://q:2"),
        (HTTPS, {"HTTP_PROXY": "http://p:1"}, None),
        (HTTPS, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "service.example"}, None),
        (HTTPS, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".example"}, None),
        (HTTPS, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, None),
        (HTTPS, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "other.example"}, "http://p:1"),
        (HTTPS, {}, None),
        (PLAIN, {"HTTP_PROXY": "http://p:1", "ALL_PROXY": "http://p:1", "HTTPS_PROXY": "http://p:1"}, None),
        (LOCAL, {"HTTPS_PROXY": "http://p:1", "ALL_PROXY": "http://p:1"}, None),
        ({**LOCAL, "host": "localhost"}, {"HTTPS_PROXY": "http://p:1"}, None),
        ({**LOCAL, "host": "::1"}, {"HTTPS_PROXY": "http://p:1"}, None),
        ({**LOCAL, "own_proxy": True}, {"HTTPS_PROXY": "http://p:1"}, None),
        ({**HTTPS, "proxy": "none"}, {"HTTPS_PROXY": "http://p:1"}, None),
        ({**HTTPS, "proxy": "http://q:2"}, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, "http://q:2"),
        ({**LOCAL, "proxy": "http://q:2"}, {}, None),
        ({**LOCAL, "proxy": "http://q:2", "own_proxy": True}, {}, "http://q:2"),
        ({**PLAIN, "proxy": "http://q:2", "own_proxy": True}, {}, "http://q:2"),
    ],
)
def test_which_proxy_stands_on_the_way(
    destination: dict[str, Any], variables: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(Destination(**destination)) == expected


async def test_proxies_of_the_environment_never_see_a_plain_request_or_one_for_this_machine(
    empty: Setup, fake_api: FakeMessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FakeConnectProxy() as proxy:
        for name in PROXY_VARIABLES:
            monkeypatch.setenv(name, "" if "no_proxy" in name.lower() else proxy.url)
        assert (await ask(empty, fake_api.base_url, proxy="system")).status_code == 200
        assert proxy.opened == 0


@pytest.mark.parametrize(
    ("host", "tls"),
    [
        ("169.254.169.254", True),
        ("169.254.170.2", True),
        ("169.254.1.1", True),
        ("100.100.100.200", True),
        ("168.63.129.16", True),
        ("fd00:ec2::254", True),
        ("fe80::1", True),
        ("::ffff:169.254.169.254", True),
        ("0.0.0.0", True),
        ("::", True),
        ("224.0.0.1", True),
        ("ff02::1", True),
        ("1.1.1.1", False),
        ("2606:4700::1111", False),
    ],
)
async def test_a_key_is_never_sent_to_such_an_address(host: str, tls: bool) -> None:
    dialer = Dialer(asyncio.get_running_loop())
    with pytest.raises(CannotConnect, match="no key is sent"):
        await dialer.dial(Destination(tls=tls, host=host, port=443, proxy="none"), 1)
    assert dialer.open_connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
async def test_the_proxy_does_not_call_itself(empty: Setup, host: str) -> None:
    status, text = message(await ask(empty, f"http://{host}:{empty.proxy.port}"))
    assert (status, "ProxyCast itself" in text) == (502, True)
    assert empty.observer.begun == 1


async def test_a_name_that_leads_nowhere_is_told_from_a_service_that_is_down(empty: Setup) -> None:
    status, text = message(await ask(empty, "https://no-such-host.invalid"))
    assert (status, text.startswith("The name no-such-host.invalid cannot be resolved.")) == (502, True)
    status, text = message(await ask(empty, "http://localhost:1"))
    assert (status, text.startswith("localhost:1 does not accept connections (")) == (502, True)


async def test_a_connection_that_nobody_takes_is_a_504_after_the_connect_timeout(empty: Setup) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        taken = [socket.socket() for _ in range(3)]
        for one in taken:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        began = time.monotonic()
        answer = await ask(empty, f"http://127.0.0.1:{full.getsockname()[1]}", connect=0.3)
        status, text = message(answer)
        assert (status, "within 0.3 s" in text) == (504, True)
        assert time.monotonic() - began < 2
        for one in taken:
            one.close()


@IPV6
async def test_a_service_on_ipv6_is_reached(empty: Setup) -> None:
    async with FakeMessagesApi(host="::1") as fake:
        assert (await ask(empty, fake.base_url)).status_code == 200
        assert (await fake.next_request()).value("host") == f"[::1]:{fake.port}"


def resolve(monkeypatch: pytest.MonkeyPatch, name: str, *addresses: str) -> None:
    """Let `name` lead to these addresses. Resolvers cannot be scripted on a test machine, so the loop answers."""
    loop = asyncio.get_running_loop()
    resolver = loop.getaddrinfo

    async def getaddrinfo(host: str, port: int, **options: Any) -> list[Any]:
        found = [await resolver(address, port, **options) for address in (addresses if host == name else [host])]
        return [info for infos in found for info in infos]

    monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo)


@IPV6
async def test_the_next_address_is_tried_when_the_first_does_not_answer(
    empty: Setup, fake_api: FakeMessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, "service.local", "::1", "127.0.0.1")
    destination = Destination(tls=False, host="service.local", port=fake_api.port, proxy="none")
    assert (await empty.dialer.dial(destination, 3)).usable


async def test_a_name_that_has_come_to_lead_to_a_metadata_service_gets_no_key(
    empty: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, NAME, "169.254.169.254")
    with pytest.raises(CannotConnect, match="no key is sent"):
        await empty.dialer.dial(Destination(tls=True, host=NAME, port=443, proxy="none"), 3)


async def test_of_several_addresses_only_those_are_called_that_may_be(
    empty: Setup, fake_api: FakeMessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, NAME, "169.254.169.254", "1.1.1.1", "127.0.0.1")
    destination = Destination(tls=False, host=NAME, port=fake_api.port, proxy="none")
    assert (await empty.dialer.dial(destination, 3)).usable
    assert fake_api.opened == 1
