"""A stream that the program itself listens to: what came, and when."""

from __future__ import annotations

import asyncio
import time

import msgspec

from proxycast.model.errors import ConnectionLost, NoAnswerInTime
from proxycast.model.text import Text
from proxycast.proxy.connection import Connection
from proxycast.proxy.deadlines import Deadlines
from proxycast.proxy.translation import TranslatedAnswer
from proxycast.proxy.wire import AnswerHead
from proxycast.upstream.headers import Headers
from proxycast.upstream.reply import Reply
from proxycast.upstream.request import Outgoing
from proxycast.upstream.usage import Tap

_LIMIT = 1024 * 1024
_NO_PINGS = 24 * 3600.0


class Streamed(msgspec.Struct, frozen=True):
    """A streamed answer as a client gets it.

    `arrivals` are the seconds since the request was sent, each with the bytes that came then; `whole` tells whether it
    had its proper end.
    """

    status: int
    headers: Headers
    body: bytes
    arrivals: tuple[tuple[float, int], ...]
    whole: bool


class Heard:
    """Listens to one stream, as a `Receiver`; `done` resolves when it is over, or longer than 1 MiB."""

    def __init__(self, method: bytes, done: asyncio.Future[None]) -> None:
        self.method = method
        self.untouched = False
        self.complete = False
        self._began = time.perf_counter()
        self._status = 0
        self._headers: Headers = []
        self._body = bytearray()
        self._arrivals: list[tuple[float, int]] = []
        self._broken = False
        self.done = done

    def answer_head(self, head: AnswerHead) -> None:
        """See `AnswerSink`."""
        self._status, self._headers = head.status, head.headers

    def answer_body(self, data: bytes) -> None:
        """See `AnswerSink`."""
        self._arrivals.append((time.perf_counter() - self._began, len(data)))
        self._body += data
        if len(self._body) > _LIMIT:
            self._finish()

    def answer_end(self, *, by_close: bool) -> None:
        """See `AnswerSink`."""
        self.complete = not by_close
        self._finish()

    def answer_broken(self, *, untouched: bool) -> None:
        """See `AnswerSink`."""
        self._broken = True
        self.untouched = untouched
        self._finish()

    def answer_whole(self, reply: Reply) -> None:
        """See `Receiver`."""
        self._status, self._headers = reply.status, reply.headers
        self.answer_body(reply.body)
        self.answer_end(by_close=False)

    def answer_failed(self) -> None:
        """See `Receiver`."""
        self._finish()

    def answer_tap(self, tap: Tap) -> None:
        """See `Receiver`."""

    def answer_ping(self, event: bytes) -> None:
        """See `Receiver`."""

    def flush(self) -> None:
        """Nothing is passed on."""

    def streamed(self) -> Streamed:
        """What was heard. Raises ConnectionLost if that is nothing."""
        if self._broken and not self._status:
            raise ConnectionLost(
                Text("The service closed the connection before its answer was complete."),
                Text("Check the base URL, and try again."),
            )
        return Streamed(self._status, self._headers, bytes(self._body), tuple(self._arrivals), self.complete)

    def _finish(self) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def hear(connection: Connection, outgoing: Outgoing, seconds: float) -> Heard:
    """Send a request and listen to its answer, for that long at most. Raises NoAnswerInTime."""
    loop = asyncio.get_running_loop()
    heard = Heard(outgoing.head.partition(b" ")[0], loop.create_future())
    deadlines = Deadlines(loop)
    translated = (
        None if outgoing.translator is None else TranslatedAnswer(outgoing.translator, heard, deadlines, _NO_PINGS)
    )
    try:
        connection.send(translated or heard, outgoing)
        async with asyncio.timeout(seconds):
            await heard.done
    except TimeoutError:
        raise NoAnswerInTime(
            Text("The service did not end its answer within {seconds} s.", seconds=f"{seconds:g}"),
            Text("Try again, or raise the credential's timeout."),
        ) from None
    finally:
        deadlines.close()
        if not heard.complete:
            connection.abort()
    return heard
