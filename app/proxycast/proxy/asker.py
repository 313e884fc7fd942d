"""Questions of the program's own to a service: one request, and its whole answer."""

from __future__ import annotations

import asyncio

from proxycast.model.credential import Timeouts
from proxycast.model.errors import ConnectionLost, NoAnswerInTime
from proxycast.model.text import Text
from proxycast.proxy.connection import Connection
from proxycast.proxy.dialer import Dialer
from proxycast.proxy.hearing import Streamed, hear
from proxycast.proxy.wire import AnswerHead
from proxycast.upstream.headers import Headers
from proxycast.upstream.reply import Collected, Reply
from proxycast.upstream.request import Outgoing, Request, Upstream

_BODY_LIMIT = 4 * 1024 * 1024


class Asker:
    """Asks by the connections of `dialer`, and leaves them to others afterwards. See `Ask`.

    An answer over 4 MiB is cut there. `timeouts.request` spans the whole answer, its first byte and its last.
    """

    def __init__(self, dialer: Dialer) -> None:
        self._dialer = dialer

    async def __call__(self, outgoing: Outgoing, timeouts: Timeouts) -> Collected:
        """The answer, whatever its status. Raises CannotConnect, NoAnswerInTime, ConnectionLost."""
        kept = self._dialer.idle(outgoing.destination)
        if kept is not None:
            answer = await _ask(kept, outgoing, timeouts.request)
            if not answer.untouched:
                return answer.collected()
        connection = await self._dialer.dial(outgoing.destination, timeouts.connect)
        return (await _ask(connection, outgoing, timeouts.request)).collected()

    async def stream(self, upstream: Upstream, request: Request) -> Streamed:
        """A client's request for a stream, and the stream as the client gets it. Raises ProxyCastError."""
        outgoing = upstream.prepare(request) or await upstream.fetch(request, self)
        if isinstance(outgoing, Reply):
            return Streamed(outgoing.status, outgoing.headers, outgoing.body, ((0.0, len(outgoing.body)),), True)
        timeouts = upstream.credential.timeouts
        kept = self._dialer.idle(outgoing.destination)
        if kept is not None:
            heard = await hear(kept, outgoing, timeouts.request)
            if not heard.untouched:
                return heard.streamed()
        connection = await self._dialer.dial(outgoing.destination, timeouts.connect)
        return (await hear(connection, outgoing, timeouts.request)).streamed()


async def converse(upstream: Upstream, request: Request, ask: Asker, *, timeouts: Timeouts | None = None) -> Collected:
    """A client's request, whose answer is not a stream, and the answer as the client gets it. Raises ProxyCastError.

    `timeouts` count instead of the credential's.
    """
    limits = timeouts or upstream.credential.timeouts
    outgoing = upstream.prepare(request) or await upstream.fetch(request, ask)
    reply = await _converse(outgoing, ask, limits)
    if isinstance(reply, Reply) and reply.stale:
        reply = await _converse(await upstream.fetch(request, ask), ask, limits)
    return Collected(reply.status, reply.headers, reply.body)


async def _converse(outgoing: Outgoing | Reply, ask: Asker, timeouts: Timeouts) -> Collected | Reply:
    if isinstance(outgoing, Reply):
        return outgoing
    answer = await ask(outgoing, timeouts)
    if outgoing.translator is None:
        return answer
    return outgoing.translator.whole(answer.status, answer.headers, answer.body)


class _Answer:
    """Collects an answer; `done` resolves when it is complete, broken, or longer than it may be."""

    def __init__(self, method: bytes, done: asyncio.Future[None]) -> None:
        self.method = method
        self.complete = False
        self.untouched = False
        self._status = 0
        self._headers: Headers = []
        self._body = bytearray()
        self._broken = False
        self._done = done

    def answer_head(self, head: AnswerHead) -> None:
        self._status, self._headers = head.status, head.headers

    def answer_body(self, data: bytes) -> None:
        self._body += data
        if len(self._body) > _BODY_LIMIT:
            self._finish()

    def answer_end(self, *, by_close: bool) -> None:  # noqa: ARG002 - a JSON body shows by itself whether it is whole
        self.complete = True
        self._finish()

    def answer_broken(self, *, untouched: bool) -> None:
        self._broken = True
        self.untouched = untouched
        self._finish()

    def flush(self) -> None:
        """Nothing is passed on."""

    def too_slow(self, seconds: float) -> NoAnswerInTime:
        """The error for an answer that was not there in time."""
        remedy = Text("Try again, or raise the credential's timeout.")
        if self._status:
            return NoAnswerInTime(
                Text("The service did not end its answer within {seconds} s.", seconds=f"{seconds:g}"), remedy
            )
        return NoAnswerInTime(Text("The service sent nothing for {seconds} s.", seconds=f"{seconds:g}"), remedy)

    def collected(self) -> Collected:
        """The answer. Raises ConnectionLost."""
        if self._broken:
            raise ConnectionLost(
                Text("The service closed the connection before its answer was complete."),
                Text("Check the base URL, and try again."),
            )
        return Collected(self._status, self._headers, bytes(self._body))

    def _finish(self) -> None:
        if not self._done.done():
            self._done.set_result(None)


async def _ask(connection: Connection, outgoing: Outgoing, seconds: float) -> _Answer:
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    answer = _Answer(outgoing.head.partition(b" ")[0], done)
    try:
        connection.send(answer, outgoing)
        async with asyncio.timeout(seconds):
            await done
    except TimeoutError:
        raise answer.too_slow(seconds) from None
    finally:
        if not answer.complete:
            connection.abort()
    return answer
