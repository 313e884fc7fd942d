"""Requests that were damaged, through a running proxy: what reaches a service is nothing, or one good request."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.bedrock import FakeBedrock
from tests.fakes.bedrock_service import KEY as AWS_KEY
from tests.fakes.bedrock_service import REGION
from tests.fakes.loopback import Connection, PeerGone
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY
from tests.fakes.sigv4 import check_signature
from tests.fakes.wire import RecordedRequest, Violation, read_body, read_head
from tests.fuzz.budget import DEEP, examples
from tests.fuzz.mutations import mutated, split
from tests.proxy.conftest import TOKEN, Setup, running_proxy

from proxycast.model.credential import Aws, AwsEndpoint, Credential, Keyring, Kind
from proxycast.model.secret import Secret
from proxycast.proxy.limits import Limits
from proxycast.store.paths import resources
from proxycast.upstream.bedrock import make_upstream

BATCH = 32
QUICK = 110
PORT = b"@@@@@"
"""Stands for the proxy's port, which is not known yet; as long as most."""

_BODY = b'{"model":"claude-haiku-5-5","max_tokens":1,"messages":[{"role":"user","content":"Hi"}]}'
_IMPATIENT = Limits(head_seconds=0.2, body_seconds=0.2, keep_alive=0.2, linger=0.2)
_PATH = re.compile(
    r"/(?:v1|model|inference-profiles|foundation-models)(?:/(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%[0-9A-Fa-f]{2})+)*"
)
_ODD_PATH = re.compile(r"//|/\.{1,2}(?:/|$)|%(?:2e|5c|00|0a|0d|25|3f|23|3b)|%2f.*%2f|\\|;", re.IGNORECASE)
_NEVER_TRAVELS = re.compile(r"cookie|proxy-.*|x-forwarded-.*|forwarded|x-goog-.*|api-key|upgrade|te|keep-alive|origin")


def whole(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    """A request as a client sends it."""
    common = (b"Host: 127.0.0.1:" + PORT, b"x-api-key: " + TOKEN.encode(), b"anthropic-version: 2023-06-01")
    return b"\r\n".join([line, *common, *headers, b"Connection: close", b"", body])


def sized(line: bytes, *headers: bytes, body: bytes = _BODY) -> bytes:
    return whole(line, b"Content-Type: application/json", *headers, b"Content-Length: %d" % len(body), body=body)


_STREAMED = _BODY[:-1] + b',"stream":true}'
_CHUNKED = b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (20, _BODY[:20], len(_BODY) - 20, _BODY[20:])
REQUESTS = [
    sized(b"POST /v1/messages HTTP/1.1"),
    sized(b"POST /v1/messages?beta=true HTTP/1.1", b"anthropic-beta: a-2025-01-01,b-2025-01-01", body=_STREAMED),
    sized(b"POST /v1/messages/count_tokens HTTP/1.1", b"Authorization: Bearer " + TOKEN.encode()),
    whole(b"GET /v1/models?limit=1000 HTTP/1.1"),
    whole(
        b"POST /v1/messages HTTP/1.1",
        b"Content-Type: application/json",
        b"Transfer-Encoding: chunked",
        body=_CHUNKED,
    ),
    sized(b"POST /c/main/v1/messages HTTP/1.1", b"User-Agent: fuzz", b"Cookie: a=b"),
    sized(b"POST /c/aws/v1/messages HTTP/1.1"),
    whole(b"GET /c/aws/inference-profiles?type=SYSTEM_DEFINED&maxResults=2 HTTP/1.1"),
    sized(b"POST /c/aws/model/us.anthropic.claude-haiku-5-5/invoke?a=b%20c HTTP/1.1"),
    sized(b"POST /c/mantle/v1/messages?x=1&b=2 HTTP/1.1"),
]
PIECES = [
    *(bytes([one]) for one in b"\r\n\0\t :;,/.%?#\\\x7f\x80\xff0AaZ{}\"'"),
    b"\r\n",
    b"\r\n\r\n",
    b"\n\n",
    b"\r\n ",
    b"\r\nContent-Length: 5\r\n",
    b"\r\nContent-Length: 0\r\n",
    b"\r\nContent-Length: +5\r\n",
    b"\r\nContent-Length: 5, 5\r\n",
    b"\r\nContent-Length: 18446744073709551617\r\n",
    b"\r\nTransfer-Encoding: chunked\r\n",
    b"\r\nTransfer-Encoding: gzip, chunked\r\n",
    b"\r\nTransfer-Encoding : chunked\r\n",
    b"\r\nTransfer-Encoding: xchunked\r\n",
    b"\r\nHost: evil.example\r\n",
    b"\r\nHost: 127.0.0.1:" + PORT + b"\r\n",
    b"\r\nConnection: x-api-key, anthropic-version, host, content-length\r\n",
    b"\r\nConnection: keep-alive\r\n",
    b"\r\nx-api-key: sk-ant-of-the-client\r\n",
    b"\r\nAuthorization: Bearer sk-ant-of-the-client\r\n",
    b"\r\nx_api_key: a\r\n",
    b"\r\napi-key: a\r\n",
    b"\r\nCookie: session=1\r\n",
    b"\r\nProxy-Authorization: Basic YQ==\r\n",
    b"\r\nX-Forwarded-Host: evil.example\r\n",
    b"\r\nX-Amz-Security-Token: a\r\n",
    b"\r\nX-Amz-Date: 20200101T000000Z\r\n",
    b"\r\nUpgrade: h2c\r\n",
    b"\r\nTE: trailers\r\n",
    b"\r\nExpect: 100-continue\r\n",
    b"\r\nanthropic-beta: c-2025-01-01\r\n",
    b"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:" + PORT + b"\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\n",
    b"HTTP/1.0",
    b"HTTP/2.0",
    b" HTTP/1.1",
    b"/../",
    b"/./",
    b"/%2e%2e/",
    b"/..",
    b"/.",
    b"..",
    b"%2f",
    b"%5c",
    b"%00",
    b"%0d%0a",
    b"%25",
    b"//",
    b"/c/aws",
    b"/c/main",
    b"/c/other",
    b"@evil.example",
    b"?model=x",
    b"+%20%2B~*",
    b"&a",
    b"&&=",
    b"0\r\n\r\n",
    b"5\r\nabcde\r\n",
    b"5;a=b\r\n",
    b"ffffffffffffffff\r\n",
    b"-1\r\n",
    b"Trailer: x\r\n",
    b'"model":"claude-9",',
    b'"stream":true,',
    b"a" * 600,
]


class Wire:
    """A proxy before two services, and its loop."""

    def __init__(self, runner: asyncio.Runner, setup: Setup, api: FakeMessagesApi, aws: FakeBedrock) -> None:
        self.runner = runner
        self.setup = setup
        self.api = api
        self.aws = aws
        self.sent = 0
        self.served = 0

    def attack(self, batch: Sequence[tuple[bytes, list[int]]]) -> None:
        """Send all of these at once, each on a connection of its own, and look at what came out."""
        self.runner.run(self._attack(batch))

    async def _attack(self, batch: Sequence[tuple[bytes, list[int]]]) -> None:
        for fake in (self.api, self.aws):
            fake.requests.clear()
            fake.deliveries.clear()
        port = str(self.setup.proxy.port).encode()
        raws = [raw.replace(PORT, port) for raw, _ in batch]
        answers = await asyncio.gather(*(self._talk(raw, cuts) for raw, (_, cuts) in zip(raws, batch, strict=True)))
        await self.api.idle()
        await self.aws.idle()
        assert self.api.violations == []
        assert self.aws.violations == []
        seen = [*self.api.requests, *self.aws.requests]
        self.sent += len(batch)
        self.served += len(seen)
        asked = [one for one in seen if not self._is_own_question(one)]
        assert len(asked) <= sum(count_answers(answer) for answer in answers)
        meant = Counter(one for raw in raws for one in requests_in(raw))
        came = Counter(one.body for one in self.api.requests)
        assert came <= meant, came - meant
        for one in self.api.requests:
            self._examine(one, self.api.port)
            shown = [*one.values("x-api-key"), *one.values("authorization")]
            assert shown in ([KEY], [f"Bearer {KEY}"]), one.raw
        for one in self.aws.requests:
            self._examine(one, self.aws.port)
            service = "bedrock-mantle" if one.path.startswith("/anthropic/") else "bedrock"
            assert one.values("x-api-key") == []
            assert len(one.values("authorization")) == 1
            check_signature(one, {AWS_KEY.access_key: AWS_KEY}, service=service, region=REGION)
        assert len(self.setup.clients) <= len(batch)

    async def _talk(self, raw: bytes, cuts: list[int]) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.setup.proxy.port)
        got = bytearray()
        try:
            for piece in split(raw, cuts):
                writer.write(piece)
                await asyncio.sleep(0)
            async with asyncio.timeout(10):  # far beyond its limits: the proxy ends every connection by itself
                while data := await reader.read(65536):
                    got += data
        except ConnectionError:
            pass  # refused, and not read to the end
        finally:
            writer.transport.abort()
        return bytes(got)

    @staticmethod
    def _is_own_question(one: RecordedRequest) -> bool:
        return one.path.startswith(("/inference-profiles", "/foundation-models")) or one.path.endswith("count_tokens")

    @staticmethod
    def _examine(one: RecordedRequest, port: int) -> None:
        path = one.path.removeprefix("/anthropic")
        assert one.values("host") == [f"127.0.0.1:{port}"], one.raw
        assert _PATH.fullmatch(path), one.raw
        assert not _ODD_PATH.search(path), one.raw
        assert one.values("transfer-encoding") == [], one.raw
        assert len(one.values("content-length")) == (one.method not in {"GET", "HEAD", "DELETE"} or bool(one.body))
        assert not [name for name in one.header_names if _NEVER_TRAVELS.fullmatch(name)], one.raw
        assert not [name for name in one.header_names if "_" in name], one.raw


def count_answers(data: bytes) -> int:
    """How many answers came, one that is cut included."""
    return len(re.findall(rb"HTTP/1\.1 (?!100)\d{3} ", data))


def requests_in(raw: bytes) -> list[bytes]:
    """The bodies of the requests in these bytes, by a parser that shares no code with the product's, up to a fault."""
    return _step(_read_all(raw))


class _Bytes:
    """Bytes that were sent, as the parser of the fakes reads them from a connection."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def read_until(self, end: bytes, *, limit: int) -> bytes:
        place = self._data.find(end)
        if place < 0:
            raise PeerGone(self._data)
        return self._take(place + len(end))

    async def read_exactly(self, count: int) -> bytes:
        if len(self._data) < count:
            raise PeerGone(self._data)
        return self._take(count)

    def left(self) -> bytes:
        return self._data

    def skip_empty_lines(self) -> None:
        """RFC 9112, 2.2: a server ignores empty lines before a request line."""
        self._data = self._data.lstrip(b"\r\n")

    def _take(self, count: int) -> bytes:
        taken, self._data = self._data[:count], self._data[count:]
        return taken


async def _read_all(raw: bytes) -> list[bytes]:
    source, bodies = _Bytes(raw), list[bytes]()
    connection = cast("Connection", source)
    try:
        while True:
            source.skip_empty_lines()
            head = await read_head(connection)
            body, _ = await read_body(connection, head)
            bodies.append(body)
    except (Violation, PeerGone, ValueError):
        return bodies


def _step(coroutine: object) -> list[bytes]:
    """The result of a coroutine that never waits."""
    try:
        coroutine.send(None)  # type: ignore[attr-defined]
    except StopIteration as done:
        return cast("list[bytes]", done.value)
    raise AssertionError("it waited")


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def begin() -> Wire:
            api, aws = FakeMessagesApi(), FakeBedrock()
            await stack.enter_async_context(api)
            await stack.enter_async_context(aws)
            setup = await stack.enter_async_context(running_proxy(_IMPATIENT))
            setup.router.add(Credential(id="0" * 12, name="main", base_url=api.base_url))
            for name, endpoint in (("aws", AwsEndpoint.BEDROCK), ("mantle", AwsEndpoint.MANTLE)):
                entered = {"aws_access_key": Secret(AWS_KEY.access_key), "aws_secret_key": Secret(AWS_KEY.secret)}
                credential = Credential(
                    id="1" * 12,
                    name=name,
                    kind=Kind.BEDROCK,
                    base_url=aws.base_url,
                    aws=Aws(region=REGION, endpoint=endpoint),
                    secrets=dict.fromkeys(entered, Keyring()),
                )
                setup.router.upstreams[name] = make_upstream(
                    credential,
                    entered,
                    proxy="none",
                    environment={},
                    ask_code=None,
                    roles={},
                    tables=resources() / "bedrock.yaml",
                    translate=str,
                )
            return Wire(runner, setup, api, aws)

        made = runner.run(begin())
        try:
            yield made
        finally:
            runner.run(stack.aclose())


damaged = st.tuples(mutated(st.sampled_from(REQUESTS), PIECES), st.lists(st.integers(0, 1 << 12), max_size=3))


def test_requests_that_are_not_damaged_are_all_served(wire: Wire) -> None:
    before = wire.served
    wire.attack([(raw, [100]) for raw in REQUESTS])
    assert wire.served - before >= len(REQUESTS)


def test_a_content_type_that_is_there_twice_is_signed_as_such(wire: Wire) -> None:
    """Found by the test below: AWS joins headers of one name before it looks at the signature."""
    doubled = [one.replace(b"Content-Type: ", b"Content-Type: text/plain\r\nContent-Type: ") for one in REQUESTS[-2:]]
    wire.attack([(one, []) for one in doubled])
    assert len(wire.aws.requests) == len(doubled)


def test_every_piece_at_every_place_that_matters(wire: Wire) -> None:
    """In the path, and where a line ends: chance alone seldom hits them."""
    request = REQUESTS[0]
    path = request.index(b"/v1")
    places = [
        *range(path, path + len(b"/v1/messages") + 1),
        *(found.start() for found in re.finditer(b"\r\n", request)),
    ]
    sent: list[tuple[bytes, list[int]]] = [
        (request[:place] + piece + request[place:], []) for place in places for piece in PIECES
    ]
    for start in range(0, len(sent), 2 * BATCH):
        wire.attack(sent[start : start + 2 * BATCH])


@examples(QUICK, shrink=False)
@given(st.lists(damaged, min_size=BATCH, max_size=BATCH))
def test_what_reaches_a_service_is_nothing_or_one_good_request(
    wire: Wire, batch: list[tuple[bytes, list[int]]]
) -> None:
    wire.attack(batch)


def test_enough_was_sent_and_some_of_it_was_served(wire: Wire) -> None:
    """Not a property: the ones above would hold for a proxy that serves nothing."""
    assert wire.sent >= (8_000 if DEEP else 5_000)
    assert wire.served > wire.sent / 20
