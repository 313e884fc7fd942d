"""Threats T1 to T8: who talks to the proxy at all."""

from __future__ import annotations

import os
import socket
import sys

import pytest
from tests.fakes.answers import Behaviour
from tests.fakes.messages_api import FakeMessagesApi
from tests.proxy.conftest import TOKEN, Setup
from tests.proxy.raw import reply
from tests.security.raw_requests import JSON, VERSION, answered

from proxycast.model.errors import PortTaken
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.proxy.server import Proxy
from proxycast.store.secrets import new_client_token

PAGES = {
    "a form": ("Content-Type: application/x-www-form-urlencoded", "Origin: https://evil.example"),
    "a form of plain text": ("Content-Type: text/plain", "Origin: null"),
    "a fetch without cors": ("Content-Type: text/plain;charset=UTF-8", "Sec-Fetch-Site: cross-site"),
    "a fetch from a page on another port": (JSON, "Sec-Fetch-Site: same-site"),
    "a fetch from the proxy's own origin": (JSON, "Sec-Fetch-Site: same-origin"),
    "a beacon": ("Content-Type: text/plain", "Origin: https://evil.example", "Sec-Fetch-Mode: no-cors"),
    "an extension": (JSON, "Origin: chrome-extension://abcdef"),
    "a file": (JSON, "Origin: file://"),
    "its own origin": (JSON, "Origin: http://127.0.0.1"),
    "an empty origin": (JSON, "Origin: "),
}


@pytest.mark.parametrize("token", [True, False], ids=["with the token", "without it"])
@pytest.mark.parametrize("headers", PAGES.values(), ids=PAGES.keys())
async def test_t01_a_web_page_gets_nothing_through(
    setup: Setup, fake_api: FakeMessagesApi, headers: tuple[str, ...], token: bool
) -> None:
    assert (await answered(setup, *headers, VERSION, token=token)).status == 403
    assert fake_api.opened == 0


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonx"],
)
async def test_t01_what_a_page_can_send_without_asking_is_no_json(
    setup: Setup, fake_api: FakeMessagesApi, kind: str
) -> None:
    headers = (f"Content-Type: {kind}",) if kind else ()
    assert (await answered(setup, *headers, VERSION)).status == 415
    assert fake_api.opened == 0


async def test_t02_no_page_is_ever_permitted_to_read(setup: Setup, fake_api: FakeMessagesApi) -> None:
    asked = setup.head(
        "OPTIONS /v1/messages HTTP/1.1",
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: x-api-key",
    )
    assert reply(await setup.talk(asked)).status == 403
    assert fake_api.opened == 0
    permits = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "*"))
    fake_api.enqueue(Behaviour(edit=lambda answer: answer.with_headers(*permits)))
    told = await answered(setup, JSON, VERSION)
    assert told.status == 200
    assert not [name for name in told.headers if name.startswith("access-control")]


HOSTS = (
    "evil.example",
    "evil.example:{port}",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.2:{port}",
    "localhost.:{port}",
    "0.0.0.0:{port}",
    "[::]:{port}",
    "127.1:{port}",
    "2130706433:{port}",
    "127.0.0.1:{port}.evil.example",
    "evil.example@127.0.0.1:{port}",
    " ",
    "127.0.0.1:{port}, evil.example",
)


@pytest.mark.parametrize("host", HOSTS)
async def test_t03_a_name_that_was_rebound_is_refused_before_the_body(
    setup: Setup, fake_api: FakeMessagesApi, host: str
) -> None:
    named = f"Host: {host.format(port=setup.proxy.port)}"
    head = setup.head("POST /v1/messages HTTP/1.1", named, JSON, VERSION, "Content-Length: 1000", host=False)
    assert reply(await setup.talk(head)).status == 403, "nothing of the body was sent"
    assert fake_api.opened == 0


async def test_t03_a_host_that_is_named_twice_or_not_at_all_is_refused(setup: Setup, fake_api: FakeMessagesApi) -> None:
    assert (await answered(setup, JSON, VERSION, host=False)).status == 403
    assert (await answered(setup, JSON, VERSION, f"Host: 127.0.0.1:{setup.proxy.port}")).status == 403
    for own in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        named = f"Host: {own}:{setup.proxy.port}"
        assert (await answered(setup, named, JSON, VERSION, host=False)).status == 200
    assert len(fake_api.requests) == 4


@pytest.mark.parametrize("upgrade", ["websocket", "h2c", "TLS/1.0"])
async def test_t05_no_connection_is_upgraded(setup: Setup, fake_api: FakeMessagesApi, upgrade: str) -> None:
    asked = setup.head(
        "GET /v1/models HTTP/1.1", "Connection: Upgrade", f"Upgrade: {upgrade}", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )  # fmt: skip
    assert reply(await setup.talk(asked)).status == 403
    assert fake_api.opened == 0


SHOWN: tuple[tuple[str, ...], ...] = (
    (),
    ("x-api-key: ",),
    (f"x-api-key: {TOKEN[:-1]}",),
    (f"x-api-key: {TOKEN}x",),
    ("x-api-key: pc_",),
    (f"Authorization: Basic {TOKEN}",),
    (f"api-key: {TOKEN}",),
    (f"Cookie: x-api-key={TOKEN}",),
)


async def test_t07_only_this_machine_and_only_who_has_the_token_is_served(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    assert setup.proxy._run is not None
    assert setup.proxy._run._server is not None
    assert {one.getsockname()[0] for one in setup.proxy._run._server.sockets} == {"127.0.0.1"}
    assert not setup.proxy.exposed
    for shown in SHOWN:
        assert (await answered(setup, *shown, JSON, VERSION, token=False)).status == 401
    query = f"/v1/messages?x-api-key={TOKEN}"
    assert (await answered(setup, JSON, VERSION, path=query, token=False)).status == 401
    assert fake_api.opened == 0


def test_t07_a_token_cannot_be_guessed() -> None:
    tokens = {new_client_token().reveal() for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(one.removeprefix("pc_")) >= 43 for one in tokens), "256 bits in the alphabet of base64"


async def test_t08_a_taken_port_is_told_with_its_owner_and_no_other_is_taken() -> None:
    class Nobody:
        def ready_token(self) -> Secret | None:
            return None

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        proxy = Proxy(Nobody(), Nobody(), str)  # type: ignore[arg-type]
        with pytest.raises(PortTaken) as told:
            await proxy.start("127.0.0.1", port)
    assert not proxy.running
    owner = f"(pid {os.getpid()})" if sys.platform == "linux" else ""
    assert owner in told.value.render(str)
    assert isinstance(told.value.what, Text)


async def test_t08_clients_are_given_an_address_and_no_name(setup: Setup) -> None:
    assert setup.proxy.address == f"http://127.0.0.1:{setup.proxy.port}"
