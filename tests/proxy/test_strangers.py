"""Who and what is turned away, on the wire: nothing reaches a service, and the answer reaches its reader."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.fakes.messages_api import FakeMessagesApi
from tests.proxy.conftest import TOKEN, Setup, running_proxy
from tests.proxy.raw import replies, reply

from proxycast.proxy.limits import Limits

BODY = json.dumps({"model": "claude-sonnet-5-5", "max_tokens": 1, "messages": [{"role": "user", "content": "hi"}]})
POST = "POST /v1/messages HTTP/1.1"
GOOD = f"Host: {{host}}\nx-api-key: {TOKEN}\nContent-Type: application/json\nanthropic-version: 2023-06-01"
SIZE = f"Content-Length: {len(BODY)}"


def written(setup: Setup, text: str) -> bytes:
    """The bytes of a request: lines as they are on the wire, `{host}` in place of the proxy's own name."""
    return text.replace("{host}", f"127.0.0.1:{setup.proxy.port}").replace("\n", "\r\n").encode("latin-1")


REFUSED = {
    "foreign host": (f"{POST}\n{GOOD}\n{SIZE}".replace("{host}", "evil.example"), 403),
    "another port": (f"{POST}\n{GOOD}\n{SIZE}".replace("{host}", "127.0.0.1:1"), 403),
    "another loopback address": (f"{POST}\n{GOOD}\n{SIZE}".replace("{host}", "127.0.0.2:1"), 403),
    "no host": (f"{POST}\n{GOOD}\n{SIZE}".replace("Host: {host}\n", ""), 403),
    "two hosts": (f"{POST}\n{GOOD}\n{SIZE}\nHost: {{host}}", 403),
    "trailing dot": (f"{POST}\n{GOOD}\n{SIZE}".replace("{host}", "localhost."), 403),
    "origin": (f"{POST}\n{GOOD}\n{SIZE}\nOrigin: https://evil.example", 403),
    "origin null": (f"{POST}\n{GOOD}\n{SIZE}\nOrigin: null", 403),
    "empty origin": (f"{POST}\nOrigin:\n{GOOD}\n{SIZE}", 403),
    "own origin": (f"{POST}\n{GOOD}\n{SIZE}\nOrigin: http://{{host}}", 403),
    "fetch from a page": (f"{POST}\n{GOOD}\n{SIZE}\nSec-Fetch-Site: cross-site", 403),
    "preflight": (f"OPTIONS /v1/messages HTTP/1.1\n{GOOD}\nAccess-Control-Request-Method: POST", 403),
    "options of all": (f"OPTIONS * HTTP/1.1\n{GOOD}", 403),
    "websocket": (f"GET /v1/messages HTTP/1.1\n{GOOD}\nConnection: Upgrade\nUpgrade: websocket", 403),
    "upgrade with a body": (f"{POST}\n{GOOD}\n{SIZE}\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c", 403),
    "connect": (f"CONNECT api.anthropic.com:443 HTTP/1.1\n{GOOD}", 400),
    "trace": (f"TRACE /v1/messages HTTP/1.1\n{GOOD}", 400),
    "another protocol": (f"DESCRIBE /v1/messages RTSP/1.0\n{GOOD}", 400),
    "absolute form": (f"POST http://{{host}}/v1/messages HTTP/1.1\n{GOOD}\n{SIZE}", 400),
    "dot segments": (f"POST /v1/../v1/messages HTTP/1.1\n{GOOD}\n{SIZE}", 400),
    "escaped slash": (f"POST /v1%2fmessages HTTP/1.1\n{GOOD}\n{SIZE}", 400),
    "underscore": (f"{POST}\n{GOOD}\n{SIZE}\nx_forwarded_for: 1", 400),
    "no token": (f"{POST}\n{GOOD}\n{SIZE}".replace(f"x-api-key: {TOKEN}\n", ""), 401),
    "wrong token": (f"{POST}\n{GOOD}\n{SIZE}".replace(TOKEN, TOKEN[:-1] + "x"), 401),
    "no token, unknown path": (f"POST /v9 HTTP/1.1\n{GOOD}\n{SIZE}".replace(f"x-api-key: {TOKEN}\n", ""), 401),
    "no token, health with a body": (f"GET /health HTTP/1.1\nHost: {{host}}\n{SIZE}", 401),
    "unknown path": (f"POST /v9/messages HTTP/1.1\n{GOOD}\n{SIZE}", 404),
    "form": (f"{POST}\n{GOOD}\n{SIZE}".replace("application/json", "application/x-www-form-urlencoded"), 415),
    "plain text": (f"{POST}\n{GOOD}\n{SIZE}".replace("application/json", "text/plain"), 415),
    "no content type": (f"{POST}\n{GOOD}\n{SIZE}".replace("Content-Type: application/json\n", ""), 415),
    "too large": (f"{POST}\n{GOOD}\nContent-Length: 33554433", 413),
}

MALFORMED = {
    "http/0.9": "GET /v1/models\n\n",
    "http/0.9 spelt out": f"GET /v1/models HTTP/0.9\n{GOOD}\n\n",
    "http/1.2": f"GET /v1/models HTTP/1.2\n{GOOD}\n\n",
    "http/2.0": f"GET /v1/models HTTP/2.0\n{GOOD}\n\n",
    "http/2 preface": "PRI * HTTP/2.0\n\nSM\n\n",
    "tls": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "lower-case method": f"get /v1/models HTTP/1.1\n{GOOD}\n\n",
    "length and chunks": f"{POST}\n{GOOD}\n{SIZE}\nTransfer-Encoding: chunked\n\n0\n\n",
    "chunks and length": f"{POST}\n{GOOD}\nTransfer-Encoding: chunked\n{SIZE}\n\n0\n\n",
    "two lengths": f"{POST}\n{GOOD}\n{SIZE}\nContent-Length: 1\n\n{BODY}",
    "the same length twice": f"{POST}\n{GOOD}\n{SIZE}\n{SIZE}\n\n{BODY}",
    "a list of lengths": f"{POST}\n{GOOD}\nContent-Length: 2, 2\n\n{{}}",
    "plus": f"{POST}\n{GOOD}\nContent-Length: +2\n\n{{}}",
    "minus": f"{POST}\n{GOOD}\nContent-Length: -2\n\n{{}}",
    "hexadecimal": f"{POST}\n{GOOD}\nContent-Length: 0x2\n\n{{}}",
    "space inside": f"{POST}\n{GOOD}\nContent-Length: 1 1\n\n{{}}",
    "empty length": f"{POST}\n{GOOD}\nContent-Length:\n\n{{}}",
    "overflow": f"{POST}\n{GOOD}\nContent-Length: 18446744073709551618\n\n{{}}",
    "gzip coding": f"{POST}\n{GOOD}\nTransfer-Encoding: gzip\n\n{{}}",
    "gzip, chunked": f"{POST}\n{GOOD}\nTransfer-Encoding: gzip, chunked\n\n0\n\n",
    "gzip and chunked": f"{POST}\n{GOOD}\nTransfer-Encoding: gzip\nTransfer-Encoding: chunked\n\n0\n\n",
    "chunked twice": f"{POST}\n{GOOD}\nTransfer-Encoding: chunked, chunked\n\n0\n\n",
    "odd chunked": f"{POST}\n{GOOD}\nTransfer-Encoding: xchunked\n\n0\n\n",
    "chunks to http/1.0": f"POST /v1/messages HTTP/1.0\n{GOOD}\nTransfer-Encoding: chunked\n\n0\n\n",
    "folded line": f"{POST}\n{GOOD}\nX-A: 1\n 2\n{SIZE}\n\n{BODY}",
    "nul": f"{POST}\n{GOOD}\nX-A: 1\x002\n{SIZE}\n\n{BODY}",
    "control byte": f"{POST}\n{GOOD}\nX-A: 1\x012\n{SIZE}\n\n{BODY}",
    "space before colon": f"{POST}\n{GOOD}\nX-A : 1\n{SIZE}\n\n{BODY}",
    "space in a name": f"{POST}\n{GOOD}\nX A: 1\n{SIZE}\n\n{BODY}",
    "no name": f"{POST}\n{GOOD}\n: 1\n{SIZE}\n\n{BODY}",
    "line without colon": f"{POST}\n{GOOD}\nX-A\n{SIZE}\n\n{BODY}",
    "space in the target": f"POST /v1/messages x HTTP/1.1\n{GOOD}\n{SIZE}\n\n{BODY}",
    "byte outside ascii in the target": f"POST /v1/\xe4 HTTP/1.1\n{GOOD}\n{SIZE}\n\n{BODY}",
    "chunk size with space": f"{POST}\n{GOOD}\nTransfer-Encoding: chunked\n\n2 \n{{}}\n0\n\n",
    "chunk size with 0x": f"{POST}\n{GOOD}\nTransfer-Encoding: chunked\n\n0x2\n{{}}\n0\n\n",
    "chunk size overflow": f"{POST}\n{GOOD}\nTransfer-Encoding: chunked\n\nfffffffffffffffff\n{{}}",
    "longer chunk than said": f"{POST}\n{GOOD}\nTransfer-Encoding: chunked\n\n1\n{{}}\n0\n\n",
}


def assert_turned_away(data: bytes, status: int) -> None:
    answer = reply(data)
    assert answer.status == status
    assert answer.headers["connection"] == "close"
    assert answer.headers["x-should-retry"] == "false"
    assert "access-control" not in data.decode("latin-1").lower()
    assert answer.json()["request_id"] == answer.headers["request-id"]


@pytest.mark.parametrize("case", REFUSED)
async def test_a_request_that_is_not_for_us_is_turned_away(setup: Setup, fake_api: FakeMessagesApi, case: str) -> None:
    text, status = REFUSED[case]
    body = BODY if SIZE in text else ""
    assert_turned_away(await setup.talk(written(setup, f"{text}\n\n{body}")), status)
    assert fake_api.opened == 0


@pytest.mark.parametrize("case", MALFORMED)
async def test_a_request_that_servers_read_differently_is_turned_away(
    setup: Setup, fake_api: FakeMessagesApi, case: str
) -> None:
    assert_turned_away(await setup.talk(written(setup, MALFORMED[case])), 400)
    assert fake_api.opened == 0


@pytest.mark.parametrize("raw", [f"{POST}\n{GOOD}\n\n", f"{POST}\r{GOOD}\r\r", f"{POST}\r\n{GOOD}\nX-A: 1\r\n\r\n"])
async def test_lines_end_in_cr_lf_and_nothing_else(setup: Setup, fake_api: FakeMessagesApi, raw: str) -> None:
    data = raw.replace("{host}", f"127.0.0.1:{setup.proxy.port}").encode()
    assert_turned_away(await setup.talk(data), 400)
    assert fake_api.opened == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
async def test_its_own_names_are_let_in(setup: Setup, host: str) -> None:
    text = f"GET /v1/models HTTP/1.1\n{GOOD}\nConnection: close\n\n".replace("{host}", f"{host}:{setup.proxy.port}")
    assert reply(await setup.talk(written(setup, text))).status == 200


@pytest.mark.parametrize(
    "shown",
    [f"X-API-KEY: {TOKEN}", f"authorization: bearer {TOKEN}", f"Authorization: Bearer {TOKEN}\nx-api-key: sk-x"],
)
async def test_the_token_is_taken_from_either_header(setup: Setup, shown: str) -> None:
    text = f"GET /v1/models HTTP/1.1\nHost: {{host}}\n{shown}\nConnection: close\n\n"
    assert reply(await setup.talk(written(setup, text))).status == 200


@pytest.mark.parametrize("case", ["foreign host", "no token", "unknown path", "plain text", "escaped slash"])
async def test_a_refusal_does_not_wait_for_the_body(setup: Setup, case: str) -> None:
    text, status = REFUSED[case]
    head = written(setup, text.replace(SIZE, "Content-Length: 10000000") + "\n\n")
    assert_turned_away(await setup.talk(head, within=1), status)


@pytest.mark.parametrize("case", ["no token", "too large"])
async def test_a_refusal_is_readable_for_a_client_that_sends_everything_first(setup: Setup, case: str) -> None:
    text, status = REFUSED[case]
    head = written(setup, text.replace(SIZE, "Content-Length: 10000000") + "\n\n")
    reader, writer = await setup.connect()
    writer.write(head + bytes(10_000_000))
    await asyncio.wait_for(writer.drain(), 5)
    assert_turned_away(await asyncio.wait_for(reader.read(), 5), status)


async def test_a_refused_client_that_goes_on_sending_is_cut_off() -> None:
    async with running_proxy(Limits(linger=0.2)) as running:
        reader, writer = await running.connect()
        writer.write(written(running, f"{REFUSED['no token'][0].replace(SIZE, 'Content-Length: 10000000')}\n\n"))
        assert_turned_away(await asyncio.wait_for(reader.read(), 5), 401)
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(keep_sending(writer), 5)


async def keep_sending(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(bytes(1000))
        await writer.drain()
        await asyncio.sleep(0.01)


async def test_refused_and_garbled_in_one_piece_is_answered_once(setup: Setup) -> None:
    text, status = REFUSED["foreign host"]
    data = written(setup, f"{text}\n\n{BODY}") + b"\x00\xff garbage \r\n\r\n"
    assert_turned_away(await setup.talk(data), status)


async def test_nothing_after_a_refused_request_is_read(setup: Setup, fake_api: FakeMessagesApi) -> None:
    bad, status = REFUSED["plain text"]
    good = f"{POST}\n{GOOD}\n{SIZE}\n\n{BODY}"
    assert_turned_away(await setup.talk(written(setup, f"{bad}\n\n{good}")), status)
    assert fake_api.opened == 0


@pytest.mark.parametrize(
    "line", ["HEAD / HTTP/1.1", "HEAD /api/hello HTTP/1.1", "HEAD /c/any/api/hello HTTP/1.1", "GET /health HTTP/1.1"]
)
async def test_probes_are_open_to_anyone_and_reveal_nothing(setup: Setup, fake_api: FakeMessagesApi, line: str) -> None:
    data = await setup.talk(written(setup, f"{line}\nHost: {{host}}\nConnection: close\n\n"))
    assert data == b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
    assert fake_api.opened == 0


async def test_probes_under_a_foreign_name_are_refused(setup: Setup) -> None:
    assert_turned_away(await setup.talk(b"GET /health HTTP/1.1\r\nHost: evil.example:8999\r\n\r\n"), 403)


async def test_an_error_in_answer_to_head_has_no_body_that_would_look_like_the_next_answer(setup: Setup) -> None:
    setup.router.upstreams.clear()
    asked = written(setup, f"HEAD /v1/models HTTP/1.1\n{GOOD}\n\n") * 2
    closing = written(setup, f"HEAD /v1/models HTTP/1.1\n{GOOD}\nConnection: close\n\n")
    found = replies(await setup.talk(asked + closing), to_head=True)
    assert [one.status for one in found] == [404, 404, 404]
