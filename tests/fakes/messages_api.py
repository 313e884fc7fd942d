"""A server on loopback that plays the Anthropic Messages API and records what it receives byte for byte."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.fakes.answers import Answer, Behaviour, Delivery, deliver, error
from tests.fakes.loopback import Connection, LoopbackServer, PeerGone, while_connected
from tests.fakes.service import MessagesService
from tests.fakes.wire import Head, RecordedRequest, Violation, read_body, read_head

ORGANIZATION = "36562039-0000-4000-8000-1e517e3d2d12"


@dataclass(frozen=True)
class Disconnect:
    """The peer hung up before its answer was complete, or (`request` None) before its request was.

    `at` is on the monotonic clock, `body_bytes` how much of the answer had gone out.
    """

    request: RecordedRequest | None
    at: float
    body_bytes: int


class FakeMessagesApi(LoopbackServer):
    """Plays the Messages API as an async context manager.

    Without orders `service` answers, as the real one would. `enqueue` scripts the next requests one by one, `script`
    all others. `requests` holds what came, with one `deliveries` entry each for how far its answer got. `violations`
    lists what RFC 9112 forbids in what clients sent: the fixture `fake_api` fails a test for any.

    `prefix` is the path of the base URL, `server_name` its host if it is not the address listened on.
    """

    def __init__(
        self,
        service: MessagesService | None = None,
        *,
        prefix: str = "",
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        server_name: str | None = None,
    ) -> None:
        super().__init__(tls=tls, host=host)
        self.service = service or MessagesService()
        self.prefix = prefix
        self.server_name = server_name or (f"[{host}]" if ":" in host else host)
        self.script: Callable[[RecordedRequest], Behaviour | Answer | None] | None = None
        self.extra_headers: tuple[tuple[str, str], ...] = ()
        self.requests: list[RecordedRequest] = []
        self.deliveries: list[Delivery] = []
        self.disconnects: list[Disconnect] = []
        self.violations: list[str] = []
        self._queue: deque[Behaviour] = deque()
        self._returned = 0
        self._busy: set[Connection] = set()
        self._changed = asyncio.Event()

    @property
    def base_url(self) -> str:
        """What a client or a credential is given."""
        return f"{'http' if self._tls is None else 'https'}://{self.server_name}:{self.port}{self.prefix}"

    def enqueue(self, *behaviours: Behaviour | Answer) -> None:
        """Script the next requests, whichever they are, in the order they arrive."""
        self._queue += [_behaviour(one) for one in behaviours]

    async def next_request(self, within: float = 5.0) -> RecordedRequest:
        """The first request that this method has not returned yet. Raises TimeoutError."""
        await self._until(lambda: len(self.requests) > self._returned, within)
        self._returned += 1
        return self.requests[self._returned - 1]

    async def next_disconnect(self, within: float = 5.0, *, count: int = 1) -> Disconnect:
        """The disconnect number `count`. Raises TimeoutError."""
        await self._until(lambda: len(self.disconnects) >= count, within)
        return self.disconnects[count - 1]

    async def delivered(self, body_bytes: int, within: float = 5.0, *, request: int = 1) -> None:
        """Wait until the answer to this request has sent that many bytes of body. Raises TimeoutError."""
        await self._until(
            lambda: len(self.deliveries) >= request and self.deliveries[request - 1].body_bytes >= body_bytes, within
        )

    async def idle(self, within: float = 5.0) -> None:
        """Wait until no connection has a request in hand. Raises TimeoutError."""
        await self._until(lambda: not self._busy, within)

    def close_idle_connections(self) -> int:
        """Hang up on every connection that has no request in hand, as services do after a while. How many."""
        idle = [connection for connection in self.open_connections if connection not in self._busy]
        for connection in idle:
            connection.finish()
        return len(idle)

    async def _until(self, is_so: Callable[[], bool], within: float) -> None:
        async with asyncio.timeout(within):
            while not is_so():
                self._changed.clear()
                await self._changed.wait()

    async def _serve(self, connection: Connection) -> None:
        try:
            while (head := await self._next_head(connection)) is not None:
                self._busy.add(connection)
                if not await self._exchange(connection, head):
                    return
                self._at_rest(connection)
        except Violation as violation:
            self.violations.append(str(violation))
            refusal = error(400, str(violation))
            await connection.send(refusal.head(close=True) + refusal.body)
        finally:
            self._at_rest(connection)

    def _at_rest(self, connection: Connection) -> None:
        self._busy.discard(connection)
        self._changed.set()

    async def _next_head(self, connection: Connection) -> Head | None:
        """The next request's head; None when the peer hangs up instead of asking."""
        try:
            return await read_head(connection)
        except PeerGone as gone:
            if gone.unread:
                self._disconnected(None, 0)
            return None

    async def _exchange(self, connection: Connection, head: Head) -> bool:
        """Read the rest of one request and answer it; whether the connection stays open."""
        behaviour = self._queue.popleft() if self._queue else None
        if behaviour is not None and behaviour.early:
            request = self._record(connection, head)
            stays = await self._answer(connection, request, behaviour)
            await read_body(connection, head)
            return stays
        try:
            body, trailers = await read_body(connection, head)
        except PeerGone:
            self._disconnected(None, 0)
            raise
        request = self._record(connection, head, body, trailers)
        if behaviour is None and self.script is not None:
            scripted = self.script(request)
            behaviour = None if scripted is None else _behaviour(scripted)
        return await self._answer(connection, request, behaviour or Behaviour())

    def _disconnected(self, request: RecordedRequest | None, body_bytes: int) -> None:
        self.disconnects.append(Disconnect(request, time.monotonic(), body_bytes))
        self._changed.set()

    def _record(
        self, connection: Connection, head: Head, body: bytes = b"", trailers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> RecordedRequest:
        request = RecordedRequest(
            **vars(head),
            connection=connection.number,
            number=len(self.requests) + 1,
            body=body,
            trailers=trailers,
            at=time.monotonic(),
        )
        self.requests.append(request)
        self._changed.set()
        return request

    async def _answer(self, connection: Connection, request: RecordedRequest, behaviour: Behaviour) -> bool:
        answer = behaviour.answer or self._proper_answer(request)
        if behaviour.edit is not None:
            answer = behaviour.edit(answer)
        delivery = Delivery(told=self._changed.set)
        self.deliveries.append(delivery)
        head_only = request.method == "HEAD"
        close = request.wants_close
        work = deliver(connection, self._dressed(answer, request), behaviour, delivery, bodiless=head_only, close=close)
        try:
            await while_connected(connection, work)
        except PeerGone:
            self._disconnected(request, delivery.body_bytes)
            raise
        return delivery.stays_open

    def _proper_answer(self, request: RecordedRequest) -> Answer:
        if not request.path.startswith(f"{self.prefix}/"):
            return error(404, "Not Found")
        return self.service.answer(request, request.path.removeprefix(self.prefix))

    def _dressed(self, answer: Answer, request: RecordedRequest) -> Answer:
        """The answer with the headers that the service puts on every one, and its id in an error's envelope."""
        identity = f"req_011CS{request.number:019d}"
        common = (
            ("request-id", identity),
            ("anthropic-organization-id", ORGANIZATION),
            ("anthropic-ratelimit-requests-limit", "4000"),
            ("anthropic-ratelimit-requests-remaining", "3999"),
            ("anthropic-ratelimit-requests-reset", "2026-11-20T12:00:00Z"),
            ("anthropic-ratelimit-input-tokens-limit", "2000000"),
            ("anthropic-ratelimit-input-tokens-remaining", "1999000"),
            ("anthropic-ratelimit-output-tokens-limit", "400000"),
            ("anthropic-ratelimit-output-tokens-remaining", "400000"),
            ("strict-transport-security", "max-age=31536000; includeSubDomains; preload"),
            ("Server", "cloudflare"),
        )
        dressed = answer.with_headers(*common, *self.extra_headers)
        return replace(dressed, parts=(_with_request_id(answer.body, identity),)) if _is_error(answer) else dressed


def _behaviour(order: Behaviour | Answer) -> Behaviour:
    return Behaviour(answer=order) if isinstance(order, Answer) else order


def _is_error(answer: Answer) -> bool:
    return answer.status >= 400 and ("Content-Type", "application/json") in answer.headers


def _with_request_id(body: bytes, identity: str) -> bytes:
    if not body.startswith(b'{"type":"error"'):
        return body
    return json.dumps({**json.loads(body), "request_id": identity}, separators=(",", ":"), ensure_ascii=False).encode()
