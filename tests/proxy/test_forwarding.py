"""What reaches the service of a request, and the client of an answer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from tests.fakes.answers import Answer, Behaviour, Framing, framed, gzipped, json_answer
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY
from tests.proxy.conftest import TOKEN, Setup

from proxycast.model.credential import Auth, Credential, Kind

MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}
ODD_BODY = (
    b'{ "model":"claude-sonnet-5-5" ,\n"max_tokens":64,"x":1.0e5 ,'
    b'"messages":[{"role":"user","content":"h\\u0069 \xe4\xbd\xa0"}] }'
)
JSON = {"content-type": "application/json"}


async def test_the_body_arrives_byte_for_byte_and_so_does_the_answer(setup: Setup, fake_api: FakeMessagesApi) -> None:
    raw = b'{"id":"msg_1",  "type":"message","odd":"\\u00e9"}\n'
    fake_api.enqueue(Answer(headers=(("content-type", "application/json"),), parts=(raw,)))
    async with setup.client() as client:
        answer = await client.post("/v1/messages?beta=true", content=ODD_BODY, headers=JSON)
    request = await fake_api.next_request()
    assert request.body == ODD_BODY
    assert request.target == "/v1/messages?beta=true"
    assert answer.content == raw


async def test_the_upstream_sees_one_credential_and_never_the_client_token(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    own = {"authorization": f"Bearer {TOKEN}", "cookie": "a=b", "x-amz-security-token": "t", "proxy-authorization": "p"}
    async with setup.client() as client:
        await client.post("/v1/messages", json=MESSAGE, headers=own)
    request = await fake_api.next_request()
    assert TOKEN.encode() not in request.raw
    assert request.values("x-api-key") == [KEY]
    assert not {"authorization", "cookie", "x-amz-security-token", "proxy-authorization"} & set(request.header_names)


@pytest.mark.parametrize(
    ("auth", "expected"),
    [
        (Auth.AUTO, {"x-api-key": KEY}),
        (Auth.X_API_KEY, {"x-api-key": KEY}),
        (Auth.BEARER, {"authorization": f"Bearer {KEY}"}),
        (Auth.BOTH, {"x-api-key": KEY, "authorization": f"Bearer {KEY}"}),
    ],
)
async def test_the_key_travels_in_the_header_that_the_credential_names(
    setup: Setup, fake_api: FakeMessagesApi, auth: Auth, expected: dict[str, str]
) -> None:
    setup.router.add(Credential(id="1" * 12, name="other", base_url=fake_api.base_url, auth=auth))
    async with setup.client() as client:
        answer = await client.post("/c/other/v1/messages", json=MESSAGE)
    assert answer.status_code == 200
    request = await fake_api.next_request()
    shown = {name: request.value(name) for name in ("x-api-key", "authorization") if request.value(name) is not None}
    assert shown == expected


async def test_a_service_known_to_take_bearer_gets_bearer(setup: Setup, fake_api: FakeMessagesApi) -> None:
    credential = Credential(id="1" * 12, name="relay", kind=Kind.COMPATIBLE, base_url=fake_api.base_url)
    setup.router.add(credential, auth=Auth.BEARER)
    async with setup.client() as client:
        await client.post("/c/relay/v1/messages", json=MESSAGE)
    request = await fake_api.next_request()
    assert (request.value("authorization"), request.value("x-api-key")) == (f"Bearer {KEY}", None)


async def test_the_clients_version_and_betas_pass_and_a_missing_version_is_filled_in(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    async with setup.client() as client:
        await client.post(
            "/v1/messages", json=MESSAGE, headers={"anthropic-version": "2026-10-21", "anthropic-beta": "a,b"}
        )
        del client.headers["anthropic-version"]
        await client.post("/v1/messages", json=MESSAGE)
    first, second = await fake_api.next_request(), await fake_api.next_request()
    assert (first.value("anthropic-version"), first.value("anthropic-beta")) == ("2026-10-21", "a,b")
    assert second.value("anthropic-version") == "2023-06-01"


async def test_custom_headers_replace_the_clients(setup: Setup, fake_api: FakeMessagesApi) -> None:
    headers = (("X-Custom-Header", "value"), ("User-Agent", "mine"))
    setup.router.add(Credential(id="1" * 12, name="custom", base_url=fake_api.base_url, headers=headers))
    async with setup.client() as client:
        await client.post("/c/custom/v1/messages", json=MESSAGE, headers={"user-agent": "theirs"})
    request = await fake_api.next_request()
    assert (request.value("x-custom-header"), request.values("user-agent")) == ("value", ["mine"])


async def test_an_alias_changes_only_the_bytes_of_the_model(setup: Setup, fake_api: FakeMessagesApi) -> None:
    models = {"claude-sonnet-5-5": "vendor/model-x"}
    setup.router.add(Credential(id="1" * 12, name="alias", base_url=fake_api.base_url, models=models))
    async with setup.client() as client:
        await client.post("/c/alias/v1/messages", content=ODD_BODY, headers=JSON)
    request = await fake_api.next_request()
    assert request.body == ODD_BODY.replace(b"claude-sonnet-5-5", b"vendor/model-x")
    assert (await setup.observer.next()).model == "vendor/model-x"


async def test_a_body_that_an_alias_cannot_be_put_into_is_told_so(setup: Setup, fake_api: FakeMessagesApi) -> None:
    models = {"claude-sonnet-5-5": "vendor/model-x"}
    setup.router.add(Credential(id="1" * 12, name="alias", base_url=fake_api.base_url, models=models))
    twice = b'{"messages":[1],"messages":[2],"model":"claude-sonnet-5-5"}'
    async with setup.client() as client:
        answer = await client.post("/c/alias/v1/messages", content=twice, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")
    assert answer.headers["x-should-retry"] == "false"
    assert fake_api.requests == []


async def test_hop_by_hop_headers_and_those_named_in_connection_stay_behind(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    body = json.dumps(MESSAGE).encode()
    await setup.talk(
        setup.head(
            "POST /v1/messages HTTP/1.1",
            "Connection: close, x-secret, x-api-key",
            "X-Secret: 1",
            "TE: trailers",
            "Keep-Alive: 5",
            "anthropic-version: 2023-06-01",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        )
        + body
    )
    request = await fake_api.next_request()
    assert not {"x-secret", "te", "keep-alive", "connection"} & set(request.header_names)
    assert request.values("x-api-key") == [KEY]
    assert request.value("accept-encoding") == "identity"


async def test_a_chunked_request_is_framed_anew_with_a_length(setup: Setup, fake_api: FakeMessagesApi) -> None:
    body = json.dumps(MESSAGE).encode()

    async def pieces() -> AsyncIterator[bytes]:
        yield body[:10]
        yield body[10:]

    async with setup.client() as client:
        answer = await client.post("/v1/messages", content=pieces(), headers=JSON)
    request = await fake_api.next_request()
    assert answer.status_code == 200
    assert (request.body, request.value("content-length"), request.value("transfer-encoding")) == (
        body,
        str(len(body)),
        None,
    )


async def test_a_body_of_32_mib_passes_and_one_byte_more_does_not(setup: Setup, fake_api: FakeMessagesApi) -> None:
    prefix, suffix = b'{"model":"m","max_tokens":1,"messages":"', b'"}'
    largest = prefix + b"a" * (32 * 1024 * 1024 - len(prefix) - len(suffix)) + suffix
    fake_api.enqueue(json_answer({"ok": True}))
    async with setup.client() as client:
        passed = await client.post("/v1/messages", content=largest, headers=JSON)
        refused = await client.post("/v1/messages", content=largest + b" ", headers=JSON)
    assert passed.json() == {"ok": True}
    assert (await fake_api.next_request()).body == largest
    assert (refused.status_code, refused.json()["error"]["type"]) == (413, "request_too_large")
    assert refused.headers["x-should-retry"] == "false"
    assert len(fake_api.requests) == 1


async def test_a_path_in_the_base_url_is_kept_and_a_doubled_v1_counts_once(setup: Setup) -> None:
    async with FakeMessagesApi(prefix="/api/anthropic") as fake:
        setup.router.add(Credential(id="1" * 12, name="中文 名", base_url=fake.base_url))
        async with setup.client() as client:
            answer = await client.post("/c/中文 名/v1/v1/messages", json=MESSAGE)
        assert answer.status_code == 200
        assert (await fake.next_request()).target == "/api/anthropic/v1/messages"


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 503, 504, 529])
async def test_upstream_errors_pass_byte_for_byte(setup: Setup, fake_api: FakeMessagesApi, status: int) -> None:
    raw = b'{"type" : "error","error":{"type":"odd_error", "message":"the service\'s own words"}}'
    headers = (("content-type", "application/json"), ("retry-after", "3"))
    fake_api.enqueue(Answer(status=status, headers=headers, parts=(raw,)))
    async with setup.client() as client:
        answer = await client.post("/v1/messages", json=MESSAGE)
    assert (answer.status_code, answer.content, answer.headers["retry-after"]) == (status, raw, "3")
    assert "request-id" in answer.headers
    assert (await setup.observer.next()).error == "odd_error"


async def test_cors_permissions_and_cookies_of_the_service_are_not_relayed(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(
        json_answer({}).with_headers(
            ("Access-Control-Allow-Origin", "*"), ("Set-Cookie", "a=b"), ("anthropic-odd", "50")
        )
    )
    async with setup.client() as client:
        answer = await client.post("/v1/messages", json=MESSAGE)
    assert not {"access-control-allow-origin", "set-cookie"} & set(answer.headers)
    assert answer.headers["anthropic-odd"] == "50"


async def test_an_encoded_answer_is_relayed_as_it_is(setup: Setup, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(gzipped(json_answer({"usage": {"input_tokens": 5, "output_tokens": 7}})))
    async with setup.client() as client:
        answer = await client.post("/v1/messages", json=MESSAGE)
    assert answer.json()["usage"]["output_tokens"] == 7
    usage = (await setup.observer.next()).usage
    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens) == (5, 7)


@pytest.mark.parametrize("framing", list(Framing))
async def test_every_framing_of_the_service_reaches_the_client_whole(
    setup: Setup, fake_api: FakeMessagesApi, framing: Framing
) -> None:
    fake_api.enqueue(Behaviour(answer=framed(framing)(json_answer({"text": "x" * 1000}))))
    async with setup.client() as client:
        answer = await client.post("/v1/messages", json=MESSAGE)
    assert answer.json() == {"text": "x" * 1000}


async def test_head_and_interim_answers_leave_nothing_behind(setup: Setup, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(interim=(100, 103)))
    async with setup.client() as client:
        first = await client.post("/v1/messages", json=MESSAGE)
        head = await client.head("/v1/models")
        again = await client.get("/v1/models")
    assert (first.status_code, again.status_code) == (200, 200)
    assert head.content == b""


async def test_a_kept_alive_connection_serves_the_next_request(setup: Setup, fake_api: FakeMessagesApi) -> None:
    async with setup.client() as client:
        for _ in range(3):
            assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200
    assert {request.connection for request in fake_api.requests} == {fake_api.requests[0].connection}


async def test_the_record_of_an_exchange_holds_metadata_only(setup: Setup) -> None:
    async with setup.client() as client:
        await client.post("/v1/messages?beta=true", json=MESSAGE)
    record = await setup.observer.next()
    assert (record.credential, record.path, record.model, record.status, record.error) == (
        "main",
        "/v1/messages",
        "claude-sonnet-5-5",
        200,
        None,
    )
    assert record.usage is not None
    assert record.first_byte is not None
    assert 0 < record.first_byte <= record.duration
    assert record.request_bytes > 0
