"""What a probe says about services of every kind; it must neither lie nor show a key."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
from pathlib import Path

import msgspec
import pytest
from tests.fakes.answers import Answer, Behaviour, Framing, empty, error, framed, huge, json_answer, page, redirect
from tests.fakes.certificates import Authority
from tests.fakes.forward_proxies import FakeConnectProxy
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY, MessagesService

from proxycast.check.probe import ProbeResult, probe
from proxycast.model.credential import Auth, Credential, Kind, Timeouts
from proxycast.model.secret import Secret
from proxycast.proxy.asker import Asker
from proxycast.proxy.dialer import Dialer
from proxycast.upstream.anthropic import AnthropicFormat

MODEL = "claude-haiku-5-5"


async def look(base_url: str, key: str = KEY, *, model: str = MODEL, **fields: object) -> ProbeResult:
    """Probe a service."""
    credential = Credential(id="0" * 12, name="relay", kind=Kind.COMPATIBLE, base_url=base_url)
    credential = msgspec.structs.replace(credential, **fields)
    upstream = AnthropicFormat(credential, Secret(key), auth=Auth.AUTO, proxy="none")
    dialer = Dialer(asyncio.get_running_loop())
    result = await probe(upstream, Asker(dialer), model, hidden=[Secret(key)])
    dialer.close()
    await asyncio.sleep(0)  # a connection that was dropped is gone with the loop's next turn
    assert dialer.open_connections == 0
    return result


async def test_a_key_that_works_is_told_after_one_message_of_one_token(fake_api: FakeMessagesApi) -> None:
    result = await look(fake_api.base_url)
    assert (result.works, result.status, result.model, result.said) == (True, 200, MODEL, None)
    assert str(result.sentence) == "The key works: claude-haiku-5-5 answered."
    (request,) = fake_api.requests
    assert request.method == "POST"
    assert json.loads(request.body)["max_tokens"] == 1
    assert request.value("anthropic-version") == "2023-06-01"
    assert 0 < result.seconds < 5


async def test_any_other_key_does_not_work(fake_api: FakeMessagesApi) -> None:
    result = await look(fake_api.base_url, "sk-any-other-key")
    assert (result.works, result.status, result.said) == (False, 401, "invalid x-api-key")
    assert "does not accept this key" in str(result.sentence)


CASES = {
    "bad request": (error(400, "max_tokens: too small"), "refuses the test message for claude-haiku-5-5"),
    "unprocessable": (error(422), "refuses the test message"),
    "wrong key": (error(401), "does not accept this key"),
    "wrong key, HTML": (page(401), "does not accept this key"),
    "no money": (error(402), "cannot pay"),
    "forbidden": (error(403, "Request not allowed"), "not offered where you are"),
    "firewall": (page(403), "firewall"),
    "no such model": (error(404, f"model: {MODEL}"), f"does not have the model {MODEL}"),
    "no such path": (error(404, "Not Found"), "knows no such address"),
    "no such path, FastAPI": (json_answer({"detail": "Not Found"}, status=404), "knows no such address"),
    "no such path, HTML": (page(404), "not the Messages API"),
    "no such path, empty": (empty(404), "not the Messages API"),
    "wrong method": (page(405), "not the Messages API"),
    "rate limit": (error(429), "limit on requests or spending"),
    "overloaded": (error(529), "overloaded"),
    "unavailable": (page(503), "overloaded"),
    "failure": (error(500), "problem of its own (HTTP 500)"),
    "bad gateway": (page(502), "problem of its own (HTTP 502)"),
    "teapot": (error(418, "No coffee"), "refuses the test message (HTTP 418)"),
    "page": (page(200), "not the Messages API"),
    "nothing": (empty(200), "not the Messages API"),
    "other JSON": (json_answer({"object": "chat.completion", "choices": []}), "not the Messages API"),
    "JSON that is no object": (json_answer(["hello"]), "not the Messages API"),
    "deep JSON": (Answer(parts=(b"[" * 100_000,)), "not the Messages API"),
    "no UTF-8": (Answer(parts=(b'{"type":"message","role":"assist\xff"}',)), "not the Messages API"),
    "compressed unasked": (Answer(parts=(gzip.compress(b"{}"),)), "not the Messages API"),
    "success with an error in it": (error(200, "insufficient balance"), "although with the status of a success"),
    "created": (json_answer({"type": "message", "role": "assistant"}, status=201), "HTTP 201"),
}


@pytest.mark.parametrize(("answer", "words"), CASES.values(), ids=CASES.keys())
async def test_an_answer_that_is_no_message_is_explained(fake_api: FakeMessagesApi, answer: Answer, words: str) -> None:
    fake_api.enqueue(answer)
    result = await look(fake_api.base_url)
    assert not result.works
    assert result.status == answer.status
    assert words in str(result.sentence)
    assert str(result.sentence) == str(result.sentence).strip()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"type": "error", "error": {"type": "x", "message": "in the envelope"}}, "in the envelope"),
        ({"error": "as a text"}, "as a text"),
        ({"message": "beside"}, "beside"),
        ({"code": 1001, "msg": "欠费"}, "欠费"),
        ({"detail": "of FastAPI"}, "of FastAPI"),
        ({"error": {"code": 1}, "message": "deeper"}, "deeper"),
        ({"error": {"message": 5}}, None),
        ({"error": {"message": "  "}}, None),
        ({"hello": "world"}, None),
    ],
)
async def test_a_service_is_heard_in_whatever_shape_it_speaks(
    fake_api: FakeMessagesApi, body: object, said: str | None
) -> None:
    fake_api.enqueue(json_answer(body, status=400))
    assert (await look(fake_api.base_url)).said == said


async def test_a_service_without_the_model_is_told_from_a_wrong_key(fake_api: FakeMessagesApi) -> None:
    fake_api.service = MessagesService(refuses_unknown_models=True)
    result = await look(fake_api.base_url, model="claude-3-opus-20240229")
    assert (result.works, result.status) == (False, 404)
    assert "does not have the model claude-3-opus-20240229" in str(result.sentence)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_named_and_not_followed(fake_api: FakeMessagesApi, status: int) -> None:
    fake_api.enqueue(redirect("https://login.example.com/next?key=1", status))
    result = await look(fake_api.base_url)
    assert (result.works, result.status) == (False, status)
    assert "login.example.com" in str(result.sentence)
    assert "key=1" not in str(result.sentence)
    assert len(fake_api.requests) == 1


async def test_a_redirect_to_nowhere_is_told_too(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Answer(status=307))
    assert "redirects to ?" in str((await look(fake_api.base_url)).sentence)


@pytest.mark.parametrize(
    "words",
    [
        f"Incorrect API key provided: {KEY}.",
        f"header x-api-key: {KEY} is not valid",
        "a plain key that looks like none: plainkey",
        "token sk-ant-api03-somebody-elses-key-0123456789",
    ],
)
async def test_a_key_that_a_service_repeats_is_not_shown(fake_api: FakeMessagesApi, words: str) -> None:
    key = "plainkey" if "plainkey" in words else KEY
    fake_api.enqueue(error(401, words))
    result = await look(fake_api.base_url, key)
    assert result.said is not None
    for secret in (KEY, "plainkey", "somebody-elses-key"):
        assert secret not in f"{result!r} {result.sentence} {result.said}"


async def test_what_a_service_says_cannot_play_tricks_on_a_terminal(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(error(400, "\x1b[2J\x1b]0;owned\x07 first\r\nsecond\u202e" + "x" * 5000))
    said = (await look(fake_api.base_url)).said
    assert said is not None
    assert said.isprintable()
    assert "first second" in said
    assert len(said) < 400


async def test_a_service_that_is_not_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    result = await look(f"http://127.0.0.1:{port}")
    assert (result.works, result.status, result.said) == (False, None, None)
    assert "127.0.0.1" in str(result.sentence)


async def test_a_name_that_does_not_exist_is_told() -> None:
    result = await look("https://no-such-host.invalid")
    assert not result.works
    assert "no-such-host.invalid" in str(result.sentence)


async def test_a_certificate_that_is_not_trusted_is_told(tmp_path: Path) -> None:
    async with FakeMessagesApi(tls=Authority(tmp_path).server("localhost"), server_name="localhost") as fake:
        result = await look(fake.base_url)
    assert not result.works
    assert "certificate" in str(result.sentence)
    assert fake.requests == []


async def test_a_proxy_that_is_dead_or_refuses_is_told(fake_api: FakeMessagesApi) -> None:
    async with FakeConnectProxy(refuses=403) as forward:
        refused = await look(fake_api.base_url, proxy=forward.url)
        dead = forward.url
    gone = await look(fake_api.base_url, proxy=dead)
    for result in (refused, gone):
        assert (result.works, result.status) == (False, None)
        assert "proxy" in str(result.sentence)
    assert fake_api.requests == []


async def test_a_service_that_says_nothing_is_given_up_in_time(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(head_delay=60))
    result = await look(fake_api.base_url, timeouts=Timeouts(request=0.2))
    assert (result.works, result.status) == (False, None)
    assert "sent nothing for 0.2 s" in str(result.sentence)
    assert result.seconds < 5


async def test_a_service_that_does_not_end_its_answer_is_given_up_in_time(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(edit=framed(Framing.CHUNKED), body_delay=60))
    result = await look(fake_api.base_url, timeouts=Timeouts(request=0.3))
    assert not result.works
    assert "did not end its answer within 0.3 s" in str(result.sentence)


@pytest.mark.parametrize(
    "behaviour",
    [Behaviour(cut_before_head=True), Behaviour(cut_after_bytes=20), Behaviour(reset=True, cut_after_bytes=20)],
)
async def test_an_answer_that_is_cut_is_told(fake_api: FakeMessagesApi, behaviour: Behaviour) -> None:
    fake_api.enqueue(behaviour)
    result = await look(fake_api.base_url)
    assert (result.works, result.status) == (False, None)
    assert "closed the connection" in str(result.sentence)


async def test_an_answer_without_end_is_not_read_to_its_end(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(huge(1 << 30))
    result = await look(fake_api.base_url)
    assert not result.works
    assert result.seconds < 5
    await fake_api.idle()
    assert fake_api.deliveries[0].body_bytes < 64 << 20


async def test_an_answer_that_ends_with_the_connection_is_whole(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(edit=framed(Framing.CLOSE)))
    assert (await look(fake_api.base_url)).works
