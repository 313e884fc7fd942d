"""What the client is told when the service, the network or the keyring fails: each row of the design's table."""

from __future__ import annotations

import asyncio
import json
import time

import httpx2
import pytest
from tests.fakes.answers import Answer, Behaviour, Framing, first_parts, framed, redirect
from tests.fakes.messages_api import FakeMessagesApi
from tests.proxy.conftest import Setup

from proxycast.model.credential import Credential, Timeouts
from proxycast.model.errors import CredentialDisabled, KeyringLocked, NothingSelected, ProxyCastError
from proxycast.model.text import Text

MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}
STREAM = {**MESSAGE, "stream": True}


def the_error(answer: httpx2.Response) -> tuple[int, str, str | None]:
    body = answer.json()
    assert body["type"] == "error"
    assert body["request_id"] == answer.headers["request-id"]
    assert body["error"]["message"].endswith((".", "`"))
    return answer.status_code, body["error"]["type"], answer.headers.get("x-should-retry")


async def until_broken(client: httpx2.AsyncClient, path: str) -> bytes:
    """The bytes of a stream that is expected not to end as a complete one."""
    received = b""
    try:
        async with client.stream("POST", path, json=STREAM) as answer:
            async for data in answer.aiter_raw():
                received += data
    except httpx2.RemoteProtocolError:
        return received
    raise AssertionError("the stream ended as if it were complete")


async def test_r01_a_service_that_closes_before_its_first_byte_is_a_502(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(cut_before_head=True, reset=True))
    async with setup.client() as client:
        answer = await client.post("/v1/messages", json=MESSAGE)
    assert the_error(answer) == (502, "api_error", None)
    assert len(fake_api.requests) == 1, "a request that was sent on a fresh connection is not repeated"


async def test_a_kept_alive_connection_that_went_stale_costs_the_client_nothing(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(), Behaviour(cut_before_head=True), Behaviour())
    async with setup.client() as client:
        first = await client.post("/v1/messages", json=MESSAGE)
        second = await client.post("/v1/messages", json=MESSAGE)
    assert (first.status_code, second.status_code) == (200, 200)
    assert len(fake_api.requests) == 3


async def test_a_service_that_is_not_there_is_a_502(setup: Setup) -> None:
    setup.router.add(Credential(id="1" * 12, name="gone", base_url="http://127.0.0.1:1"))
    async with setup.client() as client:
        answer = await client.post("/c/gone/v1/messages", json=MESSAGE)
    assert the_error(answer) == (502, "api_error", None)
    assert "127.0.0.1:1" in answer.json()["error"]["message"]


async def test_no_first_byte_in_time_is_a_504(setup: Setup, fake_api: FakeMessagesApi) -> None:
    timeouts = Timeouts(request=0.2)
    setup.router.add(Credential(id="1" * 12, name="slow", base_url=fake_api.base_url, timeouts=timeouts))
    fake_api.enqueue(Behaviour(head_delay=5))
    async with setup.client() as client:
        answer = await client.post("/c/slow/v1/messages", json=MESSAGE)
    assert the_error(answer) == (504, "timeout_error", None)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_named_and_never_followed(setup: Setup, fake_api: FakeMessagesApi, status: int) -> None:
    async with FakeMessagesApi() as elsewhere:
        fake_api.enqueue(redirect(f"{elsewhere.base_url}/login", status))
        async with setup.client(follow_redirects=True) as client:
            answer = await client.post("/v1/messages", json=MESSAGE)
        assert elsewhere.requests == []
    assert the_error(answer) == (502, "api_error", None)
    assert "127.0.0.1" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "raw",
    [b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", b"HTTP/1.1 101 Switching Protocols\r\n\r\n"],
)
async def test_garbage_is_a_502(setup: Setup, fake_api: FakeMessagesApi, raw: bytes) -> None:
    fake_api.enqueue(Behaviour(raw=raw))
    async with setup.client() as client:
        assert the_error(await client.post("/v1/messages", json=MESSAGE)) == (502, "api_error", None)


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (NothingSelected(Text("Nothing.")), (403, "permission_error", "false")),
        (CredentialDisabled(Text("Disabled.")), (403, "permission_error", "false")),
        (KeyringLocked(Text("Locked."), Text("Unlock it.")), (503, "api_error", None)),
    ],
)
async def test_refusals_say_what_to_do(
    setup: Setup, refusal: ProxyCastError, expected: tuple[int, str, str | None]
) -> None:
    setup.router.refusals[None] = refusal
    async with setup.client() as client:
        answer = await client.post("/v1/messages", json=MESSAGE)
    assert the_error(answer) == expected
    assert (await setup.observer.next()).error == refusal.code


async def test_a_keyring_that_takes_its_time_delays_only_the_requests_that_need_it(setup: Setup) -> None:
    opened = asyncio.Event()

    async def wait() -> None:
        await opened.wait()

    setup.router.waits = wait
    async with setup.client() as client, setup.client() as other:
        waiting = asyncio.ensure_future(client.post("/v1/messages", json=MESSAGE))
        assert (await other.get("/health")).status_code == 200
        del other.headers["x-api-key"]
        stranger = asyncio.ensure_future(other.post("/v1/messages", json=MESSAGE))
        opened.set()
        assert (await waiting).status_code == 200
        assert (await stranger).status_code == 401


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(unfinished=True),
        Behaviour(cut_after_parts=3),
        Behaviour(cut_after_parts=3, reset=True),
        Behaviour(edit=lambda answer: framed(Framing.CLOSE)(first_parts(3)(answer))),
    ],
)
async def test_r02_a_stream_that_breaks_keeps_its_bytes_ends_in_an_error_event_and_is_not_closed_cleanly(
    setup: Setup, fake_api: FakeMessagesApi, behaviour: Behaviour
) -> None:
    fake_api.enqueue(behaviour)
    async with setup.client() as client:
        received = await until_broken(client, "/v1/messages")
    events = received.split(b"\n\n")
    assert events[0].startswith(b"event: message_start")
    assert events[-1] == b""
    name, _, data = events[-2].partition(b"\ndata: ")
    assert name == b"event: error"
    assert json.loads(data)["error"]["type"] == "api_error"
    assert (await setup.observer.next()).error == "connection_lost"


async def test_a_stream_cut_inside_an_event_still_ends_in_a_whole_error_event(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(cut_after_bytes=500))
    async with setup.client() as client:
        received = await until_broken(client, "/v1/messages")
    assert b"\n\nevent: error\ndata: {" in received


async def test_r03_a_stream_without_message_stop_that_its_service_ends_properly_passes(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(edit=first_parts(3)))
    async with setup.client() as client:
        answer = await client.post("/v1/messages", json=STREAM)
    assert b"event: error" not in answer.content
    assert (await setup.observer.next()).error is None


async def test_r03_a_short_json_body_is_never_taken_as_complete(setup: Setup, fake_api: FakeMessagesApi) -> None:
    body = b'{"a":1}'
    fake_api.enqueue(Answer(headers=(("content-type", "application/json"),), parts=(body,), length=100))
    async with setup.client() as client:
        with pytest.raises(httpx2.RemoteProtocolError):
            await client.post("/v1/messages", json=MESSAGE)


async def test_r04_a_stalled_stream_ends_as_a_broken_one_after_the_idle_timeout(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    timeouts = Timeouts(idle=0.3)
    setup.router.add(Credential(id="1" * 12, name="stalls", base_url=fake_api.base_url, timeouts=timeouts))
    fake_api.enqueue(Behaviour(stall_after=2))
    began = time.monotonic()
    async with setup.client() as client:
        received = await until_broken(client, "/c/stalls/v1/messages")
    assert time.monotonic() - began < 3
    assert b'"timeout_error"' in received
    assert (await setup.observer.next()).error == "no_answer_in_time"


async def test_http_1_0_gets_a_reset_instead_of_the_end_that_would_mean_complete(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(cut_after_parts=3))
    body = json.dumps(STREAM).encode()
    reader, writer = await setup.connect()
    content = ("Content-Type: application/json", f"Content-Length: {len(body)}", "anthropic-version: 2023-06-01")
    writer.write(setup.head("POST /v1/messages HTTP/1.0", *content) + body)
    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(reader.read(), 5)
    writer.close()


async def test_r06_a_client_that_hangs_up_is_gone_upstream_within_a_second(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(rate=20))
    async with setup.client() as client, client.stream("POST", "/v1/messages", json=STREAM) as answer:
        await anext(answer.aiter_raw())
    hung_up = time.monotonic()
    gone = await fake_api.next_disconnect()
    assert gone.at - hung_up < 1
    record = await setup.observer.next()
    assert (record.status, record.error) == (200, "client_gone")


async def test_a_client_that_hangs_up_before_the_answer_is_gone_upstream_too(
    setup: Setup, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(Behaviour(head_delay=30))
    body = json.dumps(MESSAGE).encode()
    _, writer = await setup.connect()
    content = ("Content-Type: application/json", f"Content-Length: {len(body)}", "anthropic-version: 2023-06-01")
    writer.write(setup.head("POST /v1/messages HTTP/1.1", *content) + body)
    await fake_api.next_request()
    writer.close()
    gone = await fake_api.next_disconnect(within=1)
    assert gone.body_bytes == 0
    assert (await setup.observer.next()).status == 0
