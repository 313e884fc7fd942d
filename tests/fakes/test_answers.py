"""How a fake delivers its answers, seen by a client that reads raw bytes."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable

import pytest
from tests.fakes import answers
from tests.fakes.answers import Answer, Behaviour, Framing
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY

BODY = json.dumps({"model": "claude-sonnet-5-5", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]})


def post(body: str = BODY, *, stream: bool = False, close: bool = True) -> bytes:
    """A request for a message, as raw bytes."""
    if stream:
        body = json.dumps({**json.loads(body), "stream": True})
    head = (
        f"POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: {KEY}\r\nanthropic-version: 2023-06-01\r\n"
        f"Content-Length: {len(body)}\r\n" + ("Connection: close\r\n" if close else "")
    )
    return f"{head}\r\n{body}".encode()


async def ask(fake: FakeMessagesApi, request: bytes) -> bytes:
    """All that comes back until the fake closes the connection. Raises ConnectionResetError."""
    async with asyncio.timeout(5):
        reader, writer = await asyncio.open_connection(fake.host, fake.port)
        try:
            writer.write(request)
            return await reader.read()
        finally:
            writer.transport.abort()


def split(raw: bytes) -> tuple[str, bytes]:
    """Head and body of a raw answer."""
    head, _, body = raw.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body


def dechunk(body: bytes) -> tuple[list[bytes], bytes]:
    """The chunks of a properly ended chunked body, and the bytes of its trailers."""
    chunks: list[bytes] = []
    while True:
        size, _, body = body.partition(b"\r\n")
        if int(size, 16) == 0:
            return chunks, body
        chunks.append(body[: int(size, 16)])
        assert body[int(size, 16) :][:2] == b"\r\n"
        body = body[int(size, 16) + 2 :]


@pytest.fixture
async def whole(fake_api: FakeMessagesApi) -> list[bytes]:
    """The events of the stream that the fake gives without orders."""
    return dechunk(split(await ask(fake_api, post(stream=True)))[1])[0]


async def test_a_stream_is_one_event_per_chunk(whole: list[bytes]) -> None:
    assert whole[0].startswith(b"event: message_start\ndata: {")
    assert whole[2] == b'event: ping\ndata: {"type":"ping"}\n\n'
    assert whole[3].startswith(b": ")
    assert whole[-1] == b'event: message_stop\ndata: {"type":"message_stop"}\n\n'


async def test_a_json_answer_has_the_headers_of_the_service(fake_api: FakeMessagesApi) -> None:
    fake_api.extra_headers = (("set-cookie", "a=b"),)
    head, body = split(await ask(fake_api, post()))
    assert head.startswith("HTTP/1.1 200 OK\r\n")
    assert f"Content-Length: {len(body)}" in head
    for header in (
        "request-id: req_",
        "anthropic-ratelimit-requests-limit: ",
        "anthropic-organization-id: ",
        "set-cookie",
    ):
        assert header in head


@pytest.mark.parametrize(
    ("behaviour", "status_line"),
    [
        (answers.error(529), "HTTP/1.1 529 Overloaded"),
        (answers.page(520, "a content delivery network's own"), "HTTP/1.1 520 Unknown"),
        (answers.redirect("https://elsewhere.example/v1/messages", 308), "HTTP/1.1 308 Permanent Redirect"),
        (answers.page(), "HTTP/1.1 200 OK"),
        (answers.empty(), "HTTP/1.1 200 OK"),
        (answers.huge_head(40_000, headers=4), "HTTP/1.1 200 OK"),
        (Answer(status=200, reason="Fine Indeed"), "HTTP/1.1 200 Fine Indeed"),
    ],
)
async def test_an_answer_can_be_scripted(
    fake_api: FakeMessagesApi, behaviour: Behaviour | Answer, status_line: str
) -> None:
    fake_api.enqueue(behaviour)
    head, _ = split(await ask(fake_api, post()))
    assert head.splitlines()[0] == status_line


async def test_the_queue_serves_requests_in_order_and_then_the_script(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(answers.error(500), answers.error(503))
    fake_api.script = lambda request: answers.error(429) if request.connection == 3 else None
    statuses = [split(await ask(fake_api, post()))[0].split(" ")[1] for _ in range(4)]
    assert statuses == ["500", "503", "429", "200"]


async def test_a_body_framed_by_close_has_no_length(fake_api: FakeMessagesApi, whole: list[bytes]) -> None:
    fake_api.enqueue(Behaviour(edit=answers.framed(Framing.CLOSE)))
    head, body = split(await ask(fake_api, post(stream=True, close=False)))
    assert "content-length" not in head.lower()
    assert "transfer-encoding" not in head.lower()
    assert body == b"".join(whole)


async def test_a_chunked_body_can_have_trailers(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(edit=answers.with_trailers(("x-checksum", "7"))))
    _, body = split(await ask(fake_api, post()))
    assert dechunk(body)[1] == b"x-checksum: 7\r\n\r\n"


async def test_gzip_comes_though_nobody_asked(fake_api: FakeMessagesApi, whole: list[bytes]) -> None:
    fake_api.enqueue(Behaviour(edit=answers.gzipped), Behaviour(edit=answers.gzipped))
    head, body = split(await ask(fake_api, post()))
    assert "Content-Encoding: gzip" in head
    assert json.loads(gzip.decompress(body))["type"] == "message"
    chunks, _ = dechunk(split(await ask(fake_api, post(stream=True)))[1])
    assert len(chunks) == len(whole) + 1
    assert gzip.decompress(b"".join(chunks)) == b"".join(whole)


def _no_event_lines(whole: list[bytes]) -> bytes:
    lines = b"".join(whole).splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(b"event:"))


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (answers.without_event_lines, _no_event_lines),
        (answers.with_done_tail, lambda whole: b"".join(whole) + b"data: [DONE]\n\n"),
        (answers.first_parts(4), lambda whole: b"".join(whole[:4])),
        (answers.sliced(7), b"".join),
    ],
    ids=["no event lines", "DONE", "no message_stop", "sliced"],
)
async def test_a_stream_can_be_edited(
    fake_api: FakeMessagesApi,
    whole: list[bytes],
    edit: Callable[[Answer], Answer],
    expected: Callable[[list[bytes]], bytes],
) -> None:
    fake_api.enqueue(Behaviour(edit=edit))
    chunks, _ = dechunk(split(await ask(fake_api, post(stream=True)))[1])
    assert b"".join(chunks) == expected(whole)


async def test_slices_cut_across_events(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(edit=answers.sliced(7)))
    chunks, _ = dechunk(split(await ask(fake_api, post(stream=True)))[1])
    assert {len(chunk) for chunk in chunks[:-1]} == {7}


async def test_an_error_event_breaks_a_stream_off(fake_api: FakeMessagesApi, whole: list[bytes]) -> None:
    fake_api.enqueue(Behaviour(edit=answers.error_event_after(3)))
    chunks, _ = dechunk(split(await ask(fake_api, post(stream=True)))[1])
    assert chunks[:3] == whole[:3]
    assert chunks[3].startswith(b"event: error\ndata: ")
    assert len(chunks) == 4


async def test_a_stream_cut_by_fin_lacks_its_end(fake_api: FakeMessagesApi, whole: list[bytes]) -> None:
    fake_api.enqueue(Behaviour(cut_after_parts=2), Behaviour(unfinished=True), Behaviour(cut_after_bytes=11))
    for kept in (b"".join(whole[:2]), b"".join(whole), whole[0][:11]):
        _, body = split(await ask(fake_api, post(stream=True)))
        assert not body.endswith(b"0\r\n\r\n")
        sizes_removed = b"".join(part for part in body.split(b"\r\n") if not _is_size(part))
        assert sizes_removed == kept


def _is_size(part: bytes) -> bool:
    return 0 < len(part) <= 4 and all(character in b"0123456789abcdef" for character in part)


async def test_a_reset_comes_after_the_bytes_before_it(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(cut_after_parts=2, reset=True))
    reader, writer = await asyncio.open_connection(fake_api.host, fake_api.port)
    writer.write(post(stream=True))
    assert b"message_start" in await reader.readuntil(b"content_block_start")
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.transport.abort()


@pytest.mark.parametrize("reset", [False, True])
async def test_it_can_hang_up_before_the_head(fake_api: FakeMessagesApi, *, reset: bool) -> None:
    fake_api.enqueue(Behaviour(cut_before_head=True, reset=reset))
    try:
        assert await ask(fake_api, post()) == b""
    except ConnectionResetError:
        assert reset


async def test_a_length_can_promise_more_than_comes(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(edit=answers.framed(Framing.LENGTH, length=100_000)))
    head, body = split(await ask(fake_api, post(close=False)))
    assert "Content-Length: 100000" in head
    assert 0 < len(body) < 100_000


async def test_garbage_is_written_as_it_stands(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(raw=b"\x15\x03\x01\x00\x02\x02\x16"))
    assert await ask(fake_api, post(close=False)) == b"\x15\x03\x01\x00\x02\x02\x16"


async def test_interim_answers_come_first(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(interim=(100, 103)))
    raw = await ask(fake_api, post())
    assert raw.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n")


async def test_an_early_answer_does_not_wait_for_the_body(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(answer=answers.page(413, "too large"), early=True))
    head = b"POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nConnection: close\r\n\r\n"
    assert (await ask(fake_api, head)).startswith(b"HTTP/1.1 413 ")


async def test_a_connection_serves_request_after_request(fake_api: FakeMessagesApi) -> None:
    raw = await ask(fake_api, post(close=False) + post(close=False) + post())
    assert raw.count(b"HTTP/1.1 200 OK\r\n") == 3
    assert [request.connection for request in fake_api.requests] == [1, 1, 1]
    assert [request.number for request in fake_api.requests] == [1, 2, 3]


async def test_an_idle_connection_is_closed_without_notice(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(close_after=True))
    head, _ = split(await ask(fake_api, post(close=False)))
    assert "Connection: keep-alive" in head

    reader, writer = await asyncio.open_connection(fake_api.host, fake_api.port)
    writer.write(post(close=False))
    await reader.readuntil(b"\r\n\r\n")
    await fake_api.idle()
    assert fake_api.close_idle_connections() == 1
    await reader.read()
    writer.transport.abort()


async def test_parts_are_paced(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(rate=200, edit=answers.first_parts(11)))
    await ask(fake_api, post(stream=True))
    times = fake_api.deliveries[0].times
    assert times[-1] - times[0] >= 0.049


async def test_a_late_head_and_a_late_body(fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(head_delay=0.05, body_delay=0.05))
    began = asyncio.get_running_loop().time()
    await ask(fake_api, post())
    assert asyncio.get_running_loop().time() - began >= 0.099


async def test_a_huge_body_waits_for_its_reader(fake_api: FakeMessagesApi) -> None:
    size = 1 << 30
    fake_api.enqueue(answers.huge(size))
    reader, writer = await asyncio.open_connection(fake_api.host, fake_api.port, limit=1 << 16)
    writer.write(post())
    await fake_api.delivered(1 << 16)
    await asyncio.sleep(0.05)
    held = fake_api.deliveries[0].body_bytes
    await asyncio.sleep(0.05)
    assert fake_api.deliveries[0].body_bytes == held < size // 10
    assert f"Content-Length: {size}".encode() in await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(held)
    await fake_api.delivered(held + (1 << 16))
    writer.transport.abort()
    assert (await fake_api.next_disconnect()).body_bytes < size


async def test_hanging_up_inside_a_request_is_told_apart(fake_api: FakeMessagesApi) -> None:
    for part in (post()[:40], post()[:-5]):
        _, writer = await asyncio.open_connection(fake_api.host, fake_api.port)
        writer.write(part)
        await writer.drain()
        writer.close()
    assert (await fake_api.next_disconnect(count=2)).request is None
    assert fake_api.requests == []
