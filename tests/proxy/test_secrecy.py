"""Keys, tokens, passwords and prompts stay out of everything that is written down or shown."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import traceback
from typing import Any

import msgspec
import pytest
from tests.fakes.answers import Behaviour, error, redirect
from tests.fakes.certificates import Authority
from tests.fakes.forward_proxies import FakeConnectProxy, FakeSocksProxy
from tests.fakes.messages_api import FakeMessagesApi
from tests.proxy.conftest import TOKEN, Setup, until
from tests.proxy.raw import reply

from proxycast.model.credential import Auth, Credential, Timeouts
from proxycast.proxy.connection import Connection
from proxycast.proxy.exchange import LiveExchange
from proxycast.proxy.guard import Head
from proxycast.proxy.listener import ClientConnection
from proxycast.upstream.anthropic import AnthropicFormat
from proxycast.upstream.request import Ask, Outgoing, Request, Upstream

KEY = "sk-ant-canary-key"
FORGOTTEN = "sk-ant-canary-forgotten"
PASSWORD = "canary-password"
PROMPT = "canary-prompt"
SECRETS = (KEY, TOKEN, FORGOTTEN, PASSWORD, PROMPT)
BODY = json.dumps({"model": "m", "max_tokens": 5, "stream": True, "messages": [{"role": "user", "content": PROMPT}]})


async def ask(setup: Setup, path: str, *headers: str, body: str = BODY, line: str = "POST {} HTTP/1.1") -> bytes:
    content = ("Content-Type: application/json", f"Content-Length: {len(body)}", "Connection: close")
    others = (f"Authorization: Bearer {FORGOTTEN}", f"Cookie: session={PASSWORD}", "anthropic-version: 2023-06-01")
    return await setup.talk(setup.head(line.format(path), *content, *others, *headers) + body.encode())


async def live_through_everything(setup: Setup, fake: FakeMessagesApi, authority: Authority) -> list[bytes]:
    """One exchange of every kind; the answers that are the proxy's own."""
    fake.service.keys = {KEY}
    short = Timeouts(connect=0.2, request=0.2, idle=0.2)
    async with (
        FakeMessagesApi(tls=authority.server("other.example")) as secure,
        FakeConnectProxy(login=("user", "right")) as connect,
        FakeSocksProxy(login=("user", "right")) as socks,
    ):
        ways: dict[str, dict[str, Any]] = {
            "plain": {"base_url": fake.base_url},
            "both": {"base_url": fake.base_url, "auth": Auth.BOTH},
            "slow": {"base_url": fake.base_url, "timeouts": short},
            "down": {"base_url": "http://127.0.0.1:1"},
            "untrusted": {"base_url": secure.base_url},
            "misnamed": {"base_url": secure.base_url, "ca_file": str(authority.ca_file)},
            "connect": {"proxy": connect.url.replace("://", f"://user:{PASSWORD}@")},
            "socks": {"proxy": socks.url.replace("://", f"://user:{PASSWORD}@")},
            "broken-proxy": {"proxy": f"http://user:{PASSWORD}@127.0.0.1:port"},
            "gone-proxy": {"proxy": f"socks5://user:{PASSWORD}@127.0.0.1:1"},
        }
        for number, (name, fields) in enumerate(ways.items()):
            settings: dict[str, Any] = {"id": f"{number:012}", "name": name, **fields}
            setup.router.add(Credential(**settings), KEY)
        assert b" 200 " in await ask(setup, "/c/plain/v1/messages")
        assert b" 200 " in await ask(setup, "/c/both/v1/messages")
        own = [await ask(setup, f"/c/{name}/v1/messages") for name in list(ways)[3:]]
        own.append(await ask(setup, "/c/nobody/v1/messages"))
        fake.enqueue(redirect(f"https://user:{PASSWORD}@elsewhere.example/{KEY}"))
        own.append(await ask(setup, "/c/plain/v1/messages"))
        fake.enqueue(Behaviour(cut_before_head=True))
        own.append(await ask(setup, "/c/plain/v1/messages"))
        fake.enqueue(Behaviour(raw=f"garbage {KEY}\r\n\r\n".encode()))
        own.append(await ask(setup, "/c/plain/v1/messages"))
        fake.enqueue(Behaviour(head_delay=5))
        own.append(await ask(setup, "/c/slow/v1/messages"))
        for behaviour in (Behaviour(stall_after=3), Behaviour(cut_after_parts=3)):
            fake.enqueue(behaviour)
            await ask(setup, "/c/slow/v1/messages")
        fake.enqueue(error(401, f"invalid x-api-key {KEY}"))
        await ask(setup, "/c/plain/v1/messages")
        own.append(await ask(setup, "/c/plain/v1/messages", "Origin: null"))
        own.append(await ask(setup, f"/v1/{PASSWORD}%00"))
        own.append(await ask(setup, "/c/plain/v1/messages", f"X-A: {PASSWORD}\x01"))
        own.append(await ask(setup, "/c/plain/v1/messages", f"X-A: {PASSWORD}", line="POST {} HTTP/1.9"))
        own.append(await setup.talk(setup.head("GET /v1/models HTTP/1.1", f"x-api-key: {FORGOTTEN}", token=False)))
        _, writer = await setup.connect()
        fake.enqueue(Behaviour(stall_after=3))
        writer.write(
            setup.head(
                "POST /c/plain/v1/messages HTTP/1.1", "Content-Type: application/json", f"Content-Length: {len(BODY)}"
            )
        )
        writer.write(BODY.encode())
        await until(lambda: setup.observer.begun == 18)
        await setup.hang_up()
        await setup.observer.next(18)
    return own


async def test_no_log_record_answer_or_record_of_an_exchange_holds_a_secret(
    setup: Setup,
    fake_api: FakeMessagesApi,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Any,
) -> None:
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    own = await live_through_everything(setup, fake_api, Authority(tmp_path))
    await setup.proxy.stop(grace=0)
    logged = caplog.text + "".join(repr(vars(record)) for record in caplog.records)
    assert "stopped" in logged
    shown = capfd.readouterr()
    records = msgspec.json.encode(setup.observer.exchanges).decode()
    assert records.count('"path":"/v1/messages"') == 18
    answers = [reply(data) for data in own]
    assert all(answer.status >= 400 for answer in answers)
    for secret in SECRETS:
        for place in (logged, shown.out, shown.err, records, *(str(answer) for answer in answers)):
            assert secret not in place
    caplog.clear()  # the debug mode of asyncio calls a slow machine a warning


async def test_nothing_that_lives_in_the_data_path_shows_a_secret_in_its_repr(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.service.keys = {KEY}
    setup.router.add(Credential(id="1" * 12, name="plain", base_url=fake_api.base_url), KEY)
    fake_api.enqueue(Behaviour(stall_after=3))
    _, writer = await setup.connect()
    others = (f"Content-Length: {len(BODY)}", f"Authorization: Bearer {FORGOTTEN}", "anthropic-version: 2023-06-01")
    writer.write(setup.head("POST /c/plain/v1/messages HTTP/1.1", "Content-Type: application/json", *others))
    writer.write(BODY.encode())
    await fake_api.delivered(1)
    kinds = (Connection, ClientConnection, LiveExchange, Head, AnthropicFormat, Outgoing, Request, asyncio.Task)
    living = [one for one in gc.get_objects() if isinstance(one, kinds)]
    assert {type(one) for one in living} >= set(kinds[:7])
    for one in living:
        for secret in SECRETS:
            assert secret not in repr(one)


async def test_a_traceback_of_the_data_path_shows_no_secret(
    setup: Setup, fake_api: FakeMessagesApi, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing:
        def __init__(self, plain: Upstream) -> None:
            self.credential = plain.credential
            self._plain = plain

        def prepare(self, request: Request) -> Outgoing:
            self._plain.prepare(request)
            raise ZeroDivisionError(request)

        async def fetch(self, request: Request, ask: Ask) -> Outgoing:
            raise AssertionError("nothing has to be waited for")

    setup.router.upstreams["main"] = Failing(setup.router.upstreams["main"])
    assert b" 500 " in await ask(setup, "/v1/messages")
    (record,) = [record for record in caplog.records if record.levelno > logging.INFO]
    assert record.exc_info is not None
    text = "".join(traceback.format_exception(*record.exc_info))
    assert "ZeroDivisionError" in text
    assert not [secret for secret in SECRETS if secret in text + caplog.text]
    caplog.clear()
