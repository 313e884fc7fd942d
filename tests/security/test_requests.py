"""Threats T10 to T20: what a request tries to be, and what goes on to the service."""

from __future__ import annotations

import asyncio
import gzip
import time

import pytest
from tests.fakes.answers import Behaviour, gzipped, json_answer, redirect
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY
from tests.proxy.conftest import TOKEN, Setup, running_proxy
from tests.proxy.raw import replies, reply
from tests.proxy.test_strangers import GOOD, MALFORMED, written
from tests.security.raw_requests import BODY, JSON, VERSION, answered, forwarded

from proxycast.model.credential import Credential
from proxycast.model.errors import InputError, ProxyCastError
from proxycast.model.secret import Secret
from proxycast.model.url import normalise_base_url
from proxycast.proxy.limits import Limits
from proxycast.service.draft import draft, draft_secret
from proxycast.upstream.usage import usage_tap

TRICKS = [
    r"/v1/../admin",
    r"/v1/%2e%2e/admin",
    r"/v1/..%2fadmin",
    r"/v1/messages/../../admin",
    r"/v1//messages",
    r"//v1/messages",
    r"/v1/./messages",
    r"/v1/messages;x",
    r"/v1/%6dessages/..",
    r"/v1\messages",
    r"/v1/messages%00",
    r"/v1/messages%0d%0a",
    r"/c/main/../v1/messages",
    r"/c/%2e%2e/v1/messages",
    r"/c//v1/messages",
    r"http://evil.example/v1/messages",
    r"@evil.example/v1/messages",
    r"/v1/messages#x",
    r"/v1/%c0%ae%c0%ae/admin",
    r"/v1/%252e%252e/admin",
    r"*",
]


@pytest.mark.parametrize("path", TRICKS)
async def test_t10_no_path_leads_to_another_endpoint(setup: Setup, fake_api: FakeMessagesApi, path: str) -> None:
    assert (await answered(setup, JSON, VERSION, path=path)).status in {400, 404}
    assert fake_api.opened == 0


@pytest.mark.parametrize("case", MALFORMED)
async def test_t11_what_servers_read_differently_reaches_no_service(
    setup: Setup, fake_api: FakeMessagesApi, case: str
) -> None:
    smuggled = written(setup, f"GET /v1/models HTTP/1.1\n{GOOD}\n\n")
    answers = replies(await setup.talk(written(setup, MALFORMED[case]) + smuggled))
    assert [one.status for one in answers] == [400], "what follows is not read as a request"
    assert answers[0].headers["connection"] == "close"
    assert fake_api.requests == []


async def test_t11_a_request_is_framed_anew(setup: Setup, fake_api: FakeMessagesApi) -> None:
    chunks = "".join(f"{len(one):x};ext=1\r\n{one}\r\n" for one in (BODY[:20], BODY[20:])) + "0\r\nX-Trailer: 1\r\n\r\n"
    head = setup.head("POST /v1/messages HTTP/1.1", JSON, VERSION, "Transfer-Encoding: chunked", "Connection: close")
    assert reply(await setup.talk(head + chunks.encode())).status == 200
    (request,) = fake_api.requests
    assert request.values("transfer-encoding") == []
    assert request.values("content-length") == [str(len(BODY))]
    assert request.body.decode() == BODY


POISON = ("\r\nx-evil: 1", "\n", "\0", "\x7f", "é", " inside ")


@pytest.mark.parametrize("poison", POISON)
def test_t12_no_line_break_gets_into_what_is_entered(poison: str) -> None:
    key = f"sk-ant-secret{poison}tail"
    for field, value in (("base_url", f"https://a.example/{poison}x"), ("headers", {"X-A": f"1{poison}\x01"})):
        with pytest.raises(InputError) as told:
            draft({"name": "a", field: value})
        assert "sk-ant-secret" not in told.value.render(str)
    with pytest.raises(ProxyCastError) as refused:
        _upstream(Secret(key))
    assert "secret" not in refused.value.render(str)
    assert draft_secret("api_key", Secret(" sk-ant-x\n")).secret.reveal() == "sk-ant-x"  # type: ignore[union-attr]


def _upstream(key: Secret) -> None:
    from proxycast.model.credential import Auth  # noqa: PLC0415
    from proxycast.upstream.anthropic import AnthropicFormat  # noqa: PLC0415

    AnthropicFormat(Credential(id="0" * 12, name="a"), key, auth=Auth.AUTO, proxy="none")


@pytest.mark.parametrize("named", ["x-api-key", "X-Api-Key, anthropic-version", "authorization", "host, x-custom"])
async def test_t13_connection_takes_nothing_of_ours_away(setup: Setup, fake_api: FakeMessagesApi, named: str) -> None:
    head = setup.head(
        "POST /v1/messages HTTP/1.1", JSON, VERSION, f"Connection: close, {named}", "X-Custom: 1", "Keep-Alive: 1",
        "Proxy-Connection: x", "TE: trailers", f"Content-Length: {len(BODY)}",
    )  # fmt: skip
    assert reply(await setup.talk(head + BODY.encode())).status == 200
    (request,) = fake_api.requests
    assert request.values("x-api-key") == [KEY]
    assert len(request.values("host")) == 1
    for gone in ("keep-alive", "proxy-connection", "te", *(["x-custom"] if "x-custom" in named else [])):
        assert request.values(gone) == []


@pytest.mark.parametrize("name", ["x_api_key", "X_Forwarded_For", "content_length"])
async def test_t13_a_name_with_an_underscore_is_refused(setup: Setup, fake_api: FakeMessagesApi, name: str) -> None:
    assert (await answered(setup, JSON, VERSION, f"{name}: 1")).status == 400
    assert fake_api.opened == 0


STRANGE = (
    "api-key: client",
    "Cookie: client=1",
    "Proxy-Authorization: Basic client",
    "x-amz-security-token: client",
    "X-Amz-Date: client",
    "x-goog-api-key: client",
    "Forwarded: for=client",
    "X-Forwarded-For: client",
    "X-Forwarded-Host: client",
)


async def test_t14_nothing_that_the_client_shows_goes_on_and_one_credential_does(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    sent = await forwarded(setup, fake_api, *STRANGE)
    assert sent["x-api-key"] == [KEY]
    assert "authorization" not in sent
    assert not {
        name for name, values in sent.items() if name != "set-cookie" and any("client" in one for one in values)
    }
    assert not fake_api.requests[0].carries(TOKEN)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", ["https://evil.example/v1/messages", "/elsewhere", "http://127.0.0.1:1/"])
async def test_t15_a_redirect_is_never_followed(
    setup: Setup, fake_api: FakeMessagesApi, status: int, place: str
) -> None:
    fake_api.enqueue(redirect(place, status))
    told = await answered(setup, JSON, VERSION)
    assert (told.status, told.error) == (502, "api_error")
    assert len(fake_api.requests) == 1


async def test_t17_a_bomb_passes_as_it_is_and_is_not_unpacked(setup: Setup, fake_api: FakeMessagesApi) -> None:
    message = (
        b'{"type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":7,"output_tokens":7}}'
    )
    bomb = gzip.compress(b" " * (64 << 20) + message)
    fake_api.enqueue(json_answer({}).with_headers(("Content-Encoding", "gzip")))
    fake_api.script = lambda _: Behaviour(edit=gzipped)
    assert (await answered(setup, JSON, VERSION)).status == 200
    tap = usage_tap(b"application/json", b"gzip")
    tap.feed(bomb)
    began = time.perf_counter()
    tap.finish()
    assert time.perf_counter() - began < 1
    assert (tap.usage, tap.model) == (None, None)
    told = await answered(setup, JSON, VERSION, "Content-Encoding: gzip", body="x" * 100)
    assert fake_api.requests[-1].body == b"x" * 100, "a request is not unpacked either"
    assert told.status in {200, 400}


async def test_t18_heads_and_bodies_have_limits(setup: Setup, fake_api: FakeMessagesApi) -> None:
    assert (await answered(setup, JSON, VERSION, f"X-A: {'x' * 33_000}")).status == 431
    assert (await answered(setup, JSON, VERSION, *(f"X-{number}: 1" for number in range(100)))).status == 431
    early = setup.head("POST /v1/messages HTTP/1.1", JSON, VERSION, f"Content-Length: {(32 << 20) + 1}")
    assert reply(await setup.talk(early)).status == 413, "nothing of the body was sent"
    tiny = "1;" + "x" * 900 + "\r\na\r\n"
    chunked = setup.head("POST /v1/messages HTTP/1.1", JSON, VERSION, "Transfer-Encoding: chunked")
    assert reply(await setup.talk(chunked + (tiny * 1000).encode())).status == 400
    assert fake_api.opened == 0


async def test_t19_slow_clients_and_too_many_of_them_are_cut_off(fake_api: FakeMessagesApi) -> None:
    limits = Limits(head_seconds=0.2, body_seconds=0.3, connections=3, linger=0.1)
    async with running_proxy(limits) as setup:
        setup.router.add(Credential(id="0" * 12, name="main", base_url=fake_api.base_url))
        assert reply(await setup.talk(b"POST /v1/messages HTTP/1.1\r\nHost: 127.0", within=2)).status == 408
        head = setup.head("POST /v1/messages HTTP/1.1", JSON, VERSION, "Content-Length: 1000")
        assert reply(await setup.talk(head + b"{", within=2)).status == 408
        for _ in range(3):
            await setup.connect()
        await asyncio.sleep(0.05)
        assert reply(await setup.talk(b"", within=2)).status == 503
    assert fake_api.opened == 0


CHOICES = (
    "X-Base-Url: http://evil.example",
    "X-Upstream: evil.example",
    "X-Amz-Target: evil",
    "anthropic-region: eu",
    "X-Proxycast-Credential: other",
    "X-Original-Url: /admin",
    "X-Rewrite-Url: /admin",
    "X-HTTP-Method-Override: PUT",
)


async def test_t20_nothing_in_a_request_chooses_host_key_or_region(setup: Setup, fake_api: FakeMessagesApi) -> None:
    async with FakeMessagesApi() as other:
        setup.router.add(Credential(id="1" * 12, name="other", base_url=other.base_url), "sk-other")
        body = BODY.replace("{", f'{{"api_base":"{other.base_url}","base_url":"{other.base_url}","api_key":"sk-x",', 1)
        query = f"?base_url={other.base_url}&api_key=sk-x&region=eu-west-1"
        told = await answered(setup, JSON, VERSION, *CHOICES, body=body, path=f"/v1/messages{query}")
        assert told.status == 200
        assert other.opened == 0
    (request,) = fake_api.requests
    assert request.values("host") == [f"127.0.0.1:{fake_api.port}"]
    assert request.values("x-api-key") == [KEY]
    assert request.method == "POST"


INSIDE = [
    "http://169.254.169.254",
    "https://169.254.169.254/latest",
    "https://[fd00:ec2::254]",
    "https://metadata.google.internal",
    "https://[::ffff:169.254.169.254]",
    "https://100.100.100.200",
    "http://example.com",
    "http://10.0.0.1",
    "ftp://a.example",
    "https://user:pass@a.example",
    "https://a.example/?x=1",
    "https://a.example/#x",
    "https://a.example:0",
    "https://0x7f.1",
]


@pytest.mark.parametrize("url", INSIDE)
def test_t21_no_base_url_leads_to_where_keys_must_not_go(url: str) -> None:
    with pytest.raises(InputError):
        normalise_base_url(url)


async def test_t21_the_proxy_does_not_ask_itself(setup: Setup) -> None:
    setup.router.add(Credential(id="1" * 12, name="self", base_url=setup.address))
    told = await answered(setup, JSON, VERSION, path="/c/self/v1/messages")
    assert told.status == 502
    assert "ProxyCast itself" in told.json()["error"]["message"]
