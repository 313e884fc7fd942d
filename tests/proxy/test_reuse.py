"""Connections to services: kept, shared and given up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.fakes.answers import Behaviour, framed, huge_head, json_answer, with_trailers
from tests.fakes.answers import Framing as Marking
from tests.fakes.certificates import Authority
from tests.fakes.forward_proxies import FakeConnectProxy
from tests.fakes.loopback import Connection as FakeConnection
from tests.fakes.loopback import LoopbackServer
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY
from tests.proxy.conftest import Setup, running_proxy, until

from proxycast.model.credential import Credential, Timeouts
from proxycast.proxy.connection import Connection
from proxycast.proxy.dialer import Dialer
from proxycast.proxy.wire import AnswerHead
from proxycast.upstream.destination import Destination
from proxycast.upstream.request import Outgoing

MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Sink:
    """Takes an answer and says when it is over."""

    method = b"GET"

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self.complete = False

    def answer_head(self, head: AnswerHead) -> None:
        """Not looked at."""

    def answer_body(self, data: bytes) -> None:
        """Not looked at."""

    def answer_end(self, *, by_close: bool) -> None:
        self.complete = True
        self.over.set()

    def answer_broken(self, *, untouched: bool) -> None:
        self.over.set()

    def flush(self) -> None:
        """Nothing is passed on."""


async def exchange(connection: Connection) -> bool:
    """One request on a connection; whether a whole answer came."""
    sink = Sink()
    connection.send(sink, Outgoing(b"GET /v1/models HTTP/1.1\r\nhost: a\r\n\r\n", b"", None, connection.destination))
    await asyncio.wait_for(sink.over.wait(), 5)
    return sink.complete


@pytest.fixture
async def dialer() -> AsyncIterator[Dialer]:
    made = Dialer(asyncio.get_running_loop())
    yield made
    made.close()
    await until(lambda: made.open_connections == 0)


def to(server: LoopbackServer) -> Destination:
    return Destination(tls=False, host="127.0.0.1", port=server.port, proxy="none")


async def post(setup: Setup, path: str = "/v1/messages") -> httpx2.Response:
    async with setup.client() as client:
        return await client.post(path, json=MESSAGE)


async def test_a_connection_is_free_again_after_its_answer_and_the_last_one_freed_is_used_first(
    dialer: Dialer, fake_api: FakeMessagesApi
) -> None:
    destination = to(fake_api)
    assert dialer.idle(destination) is None
    first, second = await dialer.dial(destination, 3), await dialer.dial(destination, 3)
    assert dialer.idle(destination) is None, "nobody gets a connection that is not free yet"
    assert await exchange(first)
    assert await exchange(second)
    assert dialer.idle(destination) is second
    assert dialer.idle(destination) is first
    assert dialer.idle(destination) is None
    assert dialer.open_connections == 2


async def test_at_most_256_connections_wait_for_work(dialer: Dialer, fake_api: FakeMessagesApi) -> None:
    connections = [await dialer.dial(to(fake_api), 3) for _ in range(260)]
    for connection in connections:
        assert await exchange(connection)
    await until(lambda: dialer.open_connections == 256)
    assert dialer.idle(to(fake_api)) is connections[-1]


async def test_a_connection_that_waited_a_minute_is_not_trusted(dialer: Dialer, fake_api: FakeMessagesApi) -> None:
    fresh, stale = await dialer.dial(to(fake_api), 3), await dialer.dial(to(fake_api), 3)
    assert await exchange(fresh)
    assert await exchange(stale)
    stale.idle_since -= 61
    assert dialer.idle(to(fake_api)) is fresh
    await until(lambda: dialer.open_connections == 1)


@pytest.mark.parametrize(("gap", "expected"), [(29.0, 1), (31.0, 0), (-31.0, 0)])
async def test_r08_connections_do_not_survive_the_machines_sleep(
    fake_api: FakeMessagesApi, gap: float, expected: int
) -> None:
    slept = 0.0
    dialer = Dialer(asyncio.get_running_loop(), lambda: time.time() + slept)
    assert await exchange(await dialer.dial(to(fake_api), 3))
    slept = gap
    found = dialer.idle(to(fake_api))
    assert (found is not None) == bool(expected)
    await until(lambda: dialer.open_connections == expected)
    fresh = await dialer.dial(to(fake_api), 3)
    assert await exchange(fresh)
    assert dialer.idle(to(fake_api)) is fresh, "the new offset of the clocks is the normal one"
    dialer.close()


async def test_a_connection_in_use_is_not_dropped_after_sleep(fake_api: FakeMessagesApi) -> None:
    slept = 0.0
    dialer = Dialer(asyncio.get_running_loop(), lambda: time.time() + slept)
    fake_api.enqueue(Behaviour(head_delay=0.1))
    working = asyncio.ensure_future(exchange(await dialer.dial(to(fake_api), 3)))
    await fake_api.next_request()
    slept = 1000.0
    assert dialer.idle(to(fake_api)) is None
    assert await working
    dialer.close()


async def test_connections_that_the_service_closed_meanwhile_cost_nobody_anything(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    for number in range(3):
        assert (await post(setup)).status_code == 200
        await fake_api.idle()
        assert fake_api.close_idle_connections() == 1
        await until(lambda: setup.dialer.open_connections == 0)
        assert len(fake_api.requests) == number + 1


async def test_r01_a_stale_connection_is_retried_once_and_not_again(setup: Setup, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(), Behaviour(cut_before_head=True), Behaviour(cut_before_head=True))
    assert (await post(setup)).status_code == 200
    assert (await post(setup)).status_code == 502
    assert len(fake_api.requests) == 3


async def test_r01_a_kept_connection_that_breaks_after_its_first_byte_is_not_retried(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(), Behaviour(raw=b"HTTP/1.1 200"))
    assert (await post(setup)).status_code == 200
    assert (await post(setup)).status_code == 502
    assert len(fake_api.requests) == 2


async def test_a_kept_connection_that_is_silent_is_not_retried(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(), Behaviour(head_delay=30))
    async with running_proxy() as setup:
        timeouts = Timeouts(request=0.2)
        setup.router.add(Credential(id="0" * 12, name="main", base_url=fake_api.base_url, timeouts=timeouts))
        assert (await post(setup)).status_code == 200
        assert (await post(setup)).status_code == 504
    assert len(fake_api.requests) == 2


class Talkative(LoopbackServer):
    """Answers every request with these bytes, whatever they are."""

    def __init__(self, answer: bytes) -> None:
        super().__init__()
        self._answer = answer

    async def _serve(self, connection: FakeConnection) -> None:
        while True:
            await connection.read_until(b"}]}", limit=10_000)
            await connection.send(self._answer)


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (OK, True),
        (OK + b"\r\n", True),
        (OK + OK, False),
        (OK + b"garbage", False),
        (OK + b"HTTP/1.1 200 OK\r\n", False),
        (OK.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n"), False),
        (OK.replace(b"1.1", b"1.0"), False),
        (OK.replace(b"1.1", b"1.0").replace(b"OK\r\n", b"OK\r\nConnection: keep-alive\r\n"), True),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, True),
        (b"HTTP/1.1 204 No Content\r\n\r\n", True),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}", False),
        (b"HTTP/1.1 205 Reset\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nX: 1\r\n\r\n", True),
    ],
)
async def test_only_a_connection_that_said_just_what_it_should_is_used_again(answer: bytes, kept: bool) -> None:
    async with Talkative(answer) as service, running_proxy() as setup:
        setup.router.add(Credential(id="0" * 12, name="main", base_url=f"http://127.0.0.1:{service.port}"))
        async with setup.client() as client:
            got = [await client.post("/v1/messages", json=MESSAGE) for _ in range(3)]
        assert len({(one.status_code, one.content) for one in got}) == 1
        assert got[0].content in {b"{}", b""}
        assert got[0].status_code in {200, 204, 205}
        assert service.opened == (1 if kept else 3)


async def test_what_a_service_says_unasked_is_not_taken_for_the_next_answer(dialer: Dialer) -> None:
    class Unasked(LoopbackServer):
        async def _serve(self, connection: FakeConnection) -> None:
            await connection.read_until(b"\r\n\r\n", limit=10_000)
            await connection.send(OK)
            await spoken.wait()
            await connection.send(OK)
            await connection.gone.wait()

    spoken = asyncio.Event()
    async with Unasked() as service:
        assert await exchange(await dialer.dial(to(service), 3))
        spoken.set()
        await until(lambda: dialer.open_connections == 0)
        assert dialer.idle(to(service)) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nX: 1\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: 1\r\n folded\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 2\r\n\r\n{}",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
    ],
)
async def test_an_answer_that_clients_could_read_differently_is_a_502(
    setup: Setup, fake_api: FakeMessagesApi, raw: bytes
) -> None:
    fake_api.enqueue(Behaviour(raw=raw))
    assert (await post(setup)).status_code == 502


@pytest.mark.parametrize(("size", "status"), [(100_000, 200), (1_000_000, 502)])
async def test_the_head_of_an_answer_has_an_end(
    setup: Setup, fake_api: FakeMessagesApi, size: int, status: int
) -> None:
    fake_api.enqueue(huge_head(size, headers=50))
    body = b'{"model":"m"}'
    head = setup.head(
        "POST /v1/messages HTTP/1.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    assert (await setup.talk(head + body)).startswith(b"HTTP/1.1 %d " % status)


class Endless(LoopbackServer):
    """Starts its answer with `first` and then repeats `then` for ever."""

    def __init__(self, first: bytes, then: bytes) -> None:
        super().__init__()
        self.sent = 0
        self._first = first
        self._then = then

    async def _serve(self, connection: FakeConnection) -> None:
        await connection.read_until(b"}]}", limit=10_000)
        await connection.send(self._first)
        while self.sent < 1 << 30:
            await connection.send(self._then)
            self.sent += len(self._then)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"x" * 4096),
        (b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n" * 500),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;", b"x" * 4096),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: ", b"x" * 4096),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"X: 1\r\n" * 500),
    ],
    ids=["a header", "headers", "interim answers", "chunk extension", "a trailer", "trailers"],
)
async def test_what_surrounds_a_services_body_may_not_go_on_for_ever(first: bytes, then: bytes) -> None:
    async with Endless(first, then) as service, running_proxy() as setup:
        setup.router.add(Credential(id="0" * 12, name="main", base_url=f"http://127.0.0.1:{service.port}"))
        with pytest.raises((httpx2.RemoteProtocolError, AssertionError)):
            assert (await post(setup)).status_code != 502
        assert service.sent < 1 << 24
        assert (await setup.observer.next()).error == "connection_lost"


async def test_trailers_of_a_service_do_not_reach_the_client(setup: Setup, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(answer=with_trailers(("Set-Cookie", "a=b"), ("X-T", "1"))(json_answer({"a": 1}))))
    body = b'{"model":"m"}'
    head = setup.head(
        "POST /v1/messages HTTP/1.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    data = await setup.talk(head + body)
    assert data.endswith(b'7\r\n{"a":1}\r\n0\r\n\r\n')


async def test_credentials_of_one_service_share_connections_and_keep_their_keys_apart(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.service.keys.add("sk-ant-second")
    setup.router.add(Credential(id="1" * 12, name="second", base_url=fake_api.base_url), "sk-ant-second")
    for _ in range(3):
        assert (await post(setup, "/c/main/v1/messages")).status_code == 200
        assert (await post(setup, "/c/second/v1/messages")).status_code == 200
    assert fake_api.opened == 1
    assert [request.values("x-api-key") for request in fake_api.requests] == [[KEY], ["sk-ant-second"]] * 3


async def test_credentials_with_another_way_or_another_trust_share_no_connection(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    copy = tmp_path / "copy.pem"
    copy.write_bytes(authority.ca_file.read_bytes())
    async with FakeMessagesApi(tls=authority.server()) as fake, FakeConnectProxy() as way, running_proxy() as setup:
        ways: dict[str, dict[str, str]] = {"a": {}, "b": {"proxy": way.url}, "c": {"ca_file": str(copy)}}
        for name, fields in ways.items():
            settings: dict[str, Any] = {"ca_file": str(authority.ca_file), **fields}
            setup.router.add(Credential(id=name * 12, name=name, base_url=fake.base_url, **settings))
        for _ in range(2):
            for name in ways:
                assert (await post(setup, f"/c/{name}/v1/messages")).status_code == 200
        assert fake.opened == 3
        assert way.opened == 1
        assert len({request.connection for request in fake.requests}) == 3


async def test_an_http_1_0_service_is_understood(setup: Setup, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(
        Behaviour(raw=b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + b'{"a":' + b"1" * 70_000 + b"}")
    )
    answer = await post(setup)
    assert (answer.status_code, len(answer.content)) == (200, 70_006)
    fake_api.enqueue(Behaviour(edit=framed(Marking.CLOSE)))
    assert (await post(setup)).json()["type"] == "message"
