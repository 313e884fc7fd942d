"""One exchange: a client's request on its way to a service, and the answer on its way back."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Protocol
from urllib.parse import urlsplit

from proxycast.model.credential import Timeouts
from proxycast.model.errors import ConnectionLost, NoAnswerInTime, ProxyCastError, Redirected
from proxycast.model.exchange import Exchange
from proxycast.model.text import Text
from proxycast.proxy import answers, wire
from proxycast.proxy.answers import Answer
from proxycast.proxy.connection import Connection
from proxycast.proxy.data_path import DataPath
from proxycast.proxy.guard import Head
from proxycast.proxy.translation import TranslatedAnswer
from proxycast.proxy.wire import AnswerHead, Framing
from proxycast.upstream.reply import Reply
from proxycast.upstream.request import Outgoing, Request, Upstream
from proxycast.upstream.usage import Tap, usage_tap

_log = logging.getLogger(__name__)
_DEFAULT_TIMEOUTS = Timeouts()
_NO_TAP = Tap()
_EVENT_END = (b"\n\n", b"\r\n\r\n", b"\r\r")


class Client(Protocol):
    """The side of the client's connection that an exchange writes to."""

    def write(self, data: bytes) -> None:
        """Send bytes."""
        ...

    def exchange_over(self, *, keep_alive: bool) -> None:
        """Nothing more comes; the connection is closed after what was written unless kept alive."""
        ...

    def reset_on_close(self) -> None:
        """When the connection is closed it shall be reset."""
        ...

    def abort(self) -> None:
        """Drop the connection."""
        ...


class LiveExchange:
    """An exchange under way.

    It keeps one snapshot of the credential from the moment it is routed. `name` is the credential that the client
    pinned, if it did. Whatever happens, the client gets an answer, and one that cannot be taken for a complete one
    unless it is.
    """

    # What an exchange begins with. Most of it never changes in the life of most exchanges.
    _outgoing: Outgoing | None = None
    _translated: TranslatedAnswer | None = None
    _connection: Connection | None = None
    _reused = False
    _renewed = False
    _task: asyncio.Task[None] | None = None
    _answer: AnswerHead | None = None
    _last = b""
    _tap_read = False
    _paused = False
    _over = False
    _first_byte: float | None = None
    _response_bytes = 0
    _status = 0
    _error: str | None = None

    def __init__(
        self,
        path: DataPath,
        client: Client,
        request: Request,
        name: str | None,
        head: Head,
        *,
        http10: bool,
        keep_alive: bool,
    ) -> None:
        self.method = request.method
        self._path = path
        self._client = client
        self._request = request
        self._name = name
        self._head = head
        self._http10 = http10
        self._keep_alive = keep_alive
        self._upstream: Upstream | None = None  # not above: mypyc drops a default of None where a Protocol is meant
        self._timeouts = _DEFAULT_TIMEOUTS
        self._framing = Framing.NONE
        self._tap = _NO_TAP
        self._out: list[bytes] = []
        self._started = time.time()
        self._clock = time.perf_counter()

    # From the client's request to the service.

    def start(self, *, admitted: bool) -> None:
        """Route the request and send it on; `admitted`: the client token was at hand, and found right."""
        self._path.observer.began()
        try:
            upstream = self._path.router.ready(self._name) if admitted else None
            if upstream is not None:
                self._forward(upstream)
            else:
                self._task = self._path.tasks.start(self._fetch(admitted=admitted), name="fetch credential")
        except Exception as error:  # whatever it is, the client is told
            self._fail(error)

    async def _fetch(self, *, admitted: bool) -> None:
        router = self._path.router
        try:
            if not admitted:
                refusal = self._path.guard.refuse_stranger(self._head, await router.fetch_token())
                if refusal is not None:
                    self._refuse(refusal)
                    return
            self._forward(await router.fetch(self._name))
        except Exception as error:  # as above
            self._fail(error)

    def _forward(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._timeouts = upstream.credential.timeouts
        outgoing = upstream.prepare(self._request)
        if outgoing is None:
            self._task = self._path.tasks.start(self._prepare(upstream), name="prepare")
        else:
            self._send_on(outgoing)

    async def _prepare(self, upstream: Upstream) -> None:
        try:
            self._send_on(await upstream.fetch(self._request, self._path.ask))
        except Exception as error:  # as above
            self._fail(error)

    def _send_on(self, outgoing: Outgoing | Reply) -> None:
        if isinstance(outgoing, Reply):
            self._reply(outgoing)
            return
        self._outgoing = outgoing
        connection = self._path.dialer.idle(outgoing.destination)
        self._reused = connection is not None
        if connection is None:
            self._dial(outgoing)
        else:
            self._send(connection, outgoing)

    def _dial(self, outgoing: Outgoing) -> None:
        self._task = self._path.tasks.start(self._send_anew(outgoing), name="dial")

    async def _send_anew(self, outgoing: Outgoing) -> None:
        try:
            self._send(await self._path.dialer.dial(outgoing.destination, self._timeouts.connect), outgoing)
        except Exception as error:  # as above
            self._fail(error)

    def _send(self, connection: Connection, outgoing: Outgoing) -> None:
        self._task = None
        self._connection = connection
        self._path.deadlines.set(self, self._timeouts.request)
        if outgoing.translator is None:
            connection.send(self, outgoing)
        else:
            self._translated = TranslatedAnswer(
                outgoing.translator, self, self._path.deadlines, self._path.ping_seconds
            )
            connection.send(self._translated, outgoing)
        if self._paused:
            connection.pause()

    # From the service's answer to the client.

    def answer_head(self, head: AnswerHead) -> None:
        """Relay the head, unless it is a redirect."""
        self._first_byte = time.perf_counter() - self._clock
        if head.status in wire.REDIRECTS:
            self._drop_connection()
            self._refuse(answers.for_error(_redirected(head)))
            return
        self._answer = head
        self._status = head.status
        self._framing = head.client_framing(http10=self._http10)
        self._keep_alive = self._keep_alive and self._framing is not Framing.CLOSE
        self._tap = usage_tap(head.content_type, head.content_encoding)
        self._out.append(head.to_client(self._framing, keep_alive=self._keep_alive))

    def answer_body(self, data: bytes) -> None:
        """Relay bytes of the body."""
        self._response_bytes += len(data)
        self._last = data
        if self._framing is Framing.CHUNKED:
            self._out += wire.chunk(data)
        else:
            self._out.append(data)
        self._tap.feed(data)

    def answer_end(self, *, by_close: bool) -> None:
        """End the client's answer as the service ended its own."""
        self._connection = None
        if by_close and self._read_tap().stopped is False:
            self._break_off(_lost())
            return
        if self._framing is Framing.CHUNKED:
            self._out.append(wire.LAST_CHUNK)
        self._write_out()
        self._finish(keep_alive=self._keep_alive)

    def answer_broken(self, *, untouched: bool) -> None:
        """Ask once more if a kept-alive connection had gone stale; else tell the client."""
        self._connection = None
        if untouched and self._reused and self._outgoing is not None:
            self._reused = False
            self._dial(self._outgoing)
        elif self._answer is None:
            self._refuse(answers.for_error(_lost()))
        else:
            self._break_off(_lost())

    def answer_whole(self, reply: Reply) -> None:
        """See `Receiver`. One that only a new token can better makes the request go once more."""
        self._connection = None
        if reply.stale and not self._renewed and self._upstream is not None:
            self._renewed = True
            self._path.deadlines.clear(self)
            self._task = self._path.tasks.start(self._prepare(self._upstream), name="prepare again")
        else:
            self._reply(reply)

    def answer_failed(self) -> None:
        """See `Receiver`."""
        self._drop_connection()
        if self._answer is None:
            self._refuse(answers.for_error(_lost()))
        else:
            self._end_without_end()

    def answer_tap(self, tap: Tap) -> None:
        """See `Receiver`."""
        self._tap = tap

    def answer_ping(self, event: bytes) -> None:
        """See `Receiver`. A client that is behind has enough to read."""
        if not self._paused:
            self.answer_body(event)
            self._write_out()

    def flush(self) -> None:
        """Write what has gathered in one piece, and give the service its time anew."""
        self._write_out()
        if not self._over and not self._paused and self._answer is not None:
            self._path.deadlines.set(self, self._timeouts.idle)

    def _write_out(self) -> None:
        if self._out:
            data = b"".join(self._out)
            self._out.clear()
            self._client.write(data)

    # From elsewhere.

    def pause(self) -> None:
        """The client reads more slowly than the service sends: it has the idle time to catch up."""
        self._paused = True
        if self._answer is not None:
            self._path.deadlines.set(self, self._timeouts.idle)
        if self._connection is not None:
            self._connection.pause()

    def resume(self) -> None:
        """The client has caught up."""
        self._paused = False
        if self._connection is not None:
            self._connection.resume()
        self.flush()

    def client_gone(self) -> None:
        """The client hung up: the service is told at once, by hanging up as well."""
        if self._over:
            return
        self._error = self._error or "client_gone"
        self._cancel()
        self._finish(keep_alive=False)

    def interrupt(self) -> None:
        """The proxy stops and the answer has had its time: end it as a broken one."""
        if self._over:
            return
        self._cancel()
        if self._answer is None:
            self._refuse(answers.STOPPING)
        else:
            self._break_off(ConnectionLost(answers.STOPPING.what))

    def expired(self) -> None:
        """The service, or a client that does not read, was silent for too long."""
        self._cancel()
        if self._paused and self._answer is not None:
            self._error = "client_gone"
            self._client.abort()
            self._finish(keep_alive=False)
        elif self._answer is None:
            self._refuse(answers.for_error(_silent(self._timeouts.request)))
        else:
            self._break_off(_silent(self._timeouts.idle))

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, ProxyCastError):
            _log.error("an exchange failed", exc_info=error)
        self._task = None
        self._drop_connection()
        self._refuse(answers.for_error(error))

    def _refuse(self, answer: Answer) -> None:
        """Answer with an error of our own; nothing of an answer was sent yet."""
        if self._over:
            return
        self._status = answer.status
        self._error = answer.code
        self._client.write(
            self._path.speaker.response(answer, keep_alive=self._keep_alive, to_head=self.method == b"HEAD")
        )
        self._finish(keep_alive=self._keep_alive)

    def _reply(self, reply: Reply) -> None:
        """Answer with a whole answer that is not the service's own bytes."""
        if self._over:
            return
        self._task = None
        self._first_byte = time.perf_counter() - self._clock
        self._status = reply.status
        self._error = reply.error
        self._response_bytes = len(reply.body)
        self._tap = usage_tap(b"application/json", None)
        self._tap.feed(reply.body)
        head = wire.head_of(reply, keep_alive=self._keep_alive)
        self._client.write(head if self.method == b"HEAD" else head + reply.body)
        self._finish(keep_alive=self._keep_alive)

    def _break_off(self, error: ProxyCastError) -> None:
        """End an answer that the service did not: say so on a stream that can be written to, and never mark an end."""
        self._error = error.code
        if self._answer is not None and self._answer.takes_events and self._framing is not Framing.LENGTH:
            event = self._path.speaker.event(answers.for_error(error))
            if self._last and not self._last.endswith(_EVENT_END):
                event = b"\n\n" + event
            self._out += wire.chunk(event) if self._framing is Framing.CHUNKED else (event,)
        self._end_without_end()

    def _end_without_end(self) -> None:
        self._write_out()
        if self._framing is Framing.CLOSE:
            self._client.reset_on_close()
        self._finish(keep_alive=False)

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.abort()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._drop_connection()

    def _finish(self, *, keep_alive: bool) -> None:
        self._over = True
        self._path.deadlines.clear(self)
        if self._translated is not None:
            self._translated.close()
            self._translated = None
        self._path.observer.ended(self._record())
        self._client.exchange_over(keep_alive=keep_alive)

    def _read_tap(self) -> Tap:
        """What the answer said about itself, read to its end, whole or cut."""
        if not self._tap_read:
            self._tap_read = True
            self._tap.finish()
        return self._tap

    def _record(self) -> Exchange:
        tap = self._read_tap()
        credential = self._upstream.credential if self._upstream is not None else None
        return Exchange(
            started=self._started,
            credential=credential.name if credential is not None else self._name,
            credential_id=credential.id if credential is not None else None,
            path=self._request.path.decode("ascii"),
            model=self._outgoing.model if self._outgoing is not None else None,
            status=self._status,
            error=self._error or tap.error_type,
            first_byte=self._first_byte,
            duration=time.perf_counter() - self._clock,
            request_bytes=len(self._request.body),
            response_bytes=self._response_bytes,
            usage=tap.usage,
            removed=self._outgoing.removed if self._outgoing is not None else (),
        )


def _lost() -> ConnectionLost:
    return ConnectionLost(
        Text("The service closed the connection before its answer was complete."),
        Text("Try again; `proxycast test` tells whether it keeps doing so."),
    )


def _silent(seconds: float) -> NoAnswerInTime:
    return NoAnswerInTime(
        Text("The service sent nothing for {seconds} s.", seconds=f"{seconds:g}"),
        Text("Try again, or raise the credential's timeout."),
    )


def _redirected(head: AnswerHead) -> Redirected:
    host = urlsplit(head.location.decode("latin-1")).hostname or "?"
    return Redirected(
        Text("The service redirects to {host}; ProxyCast never follows a redirect with a key.", host=host),
        Text("If that is where the service is now, change the credential's base URL."),
    )
