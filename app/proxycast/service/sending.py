"""One message to the proxy, sent as any client sends it, with the answer as it streams in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import urlsplit

import msgspec

from proxycast.check.said import Said, read
from proxycast.model.errors import CannotConnect, ConnectionLost, UpstreamError
from proxycast.model.exchange import Usage
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.proxy.connection import Connection
from proxycast.proxy.dialer import Dialer
from proxycast.proxy.wire import AnswerHead
from proxycast.store.logs import scrub
from proxycast.upstream.destination import Destination
from proxycast.upstream.headers import Headers
from proxycast.upstream.reply import Collected
from proxycast.upstream.request import Outgoing
from proxycast.upstream.usage import usage_tap

_CONNECT_SECONDS = 5.0
_TOKENS = 1024
_REFUSAL_LIMIT = 64 * 1024
_SAID_LIMIT = 400
_LINE_LIMIT = 1024 * 1024


class Refused(UpstreamError):
    """The proxy, or the service behind it, answered with an error; `status` is its HTTP status, or 200 in a stream."""

    code = "refused"

    def __init__(self, status: int, kind: str, said: str) -> None:
        what = (
            Text("The answer is an error: {said}", said=said)
            if said
            else Text("The answer is an error without an explanation ({kind}).", kind=kind or f"HTTP {status}")
        )
        super().__init__(what)
        self.status = status


class Sending:
    """One message on its way.

    `model` and `usage` are what the answer says of itself, `first_word` and `seconds` the seconds from the request to
    the first word and to the end; all of them None until they are known.
    """

    def __init__(self, address: str, token: Secret, *, model: str, text: str) -> None:
        self._address = address
        self._token = token
        self._body = msgspec.json.encode(
            {
                "model": model,
                "max_tokens": _TOKENS,
                "stream": True,
                "messages": [{"role": "user", "content": text}],
            }
        )
        self.model: str | None = None
        self.usage: Usage | None = None
        self.first_word: float | None = None
        self.seconds: float | None = None

    async def words(self) -> AsyncGenerator[str, None]:
        """The answer's text, piece by piece.

        Raises CannotConnect if no proxy listens, Refused for an error, ConnectionLost if the answer stops before its
        end.
        """
        loop = asyncio.get_running_loop()
        dialer = Dialer(loop)
        try:
            connection = await self._connect(dialer)
            hearing = _Hearing()
            began = time.perf_counter()
            connection.send(hearing, self._outgoing(connection.destination))
            tap = usage_tap(b"text/event-stream", None)
            lines = _Lines()
            async for chunk in hearing.chunks():
                tap.feed(chunk)
                self.model, self.usage = tap.model or self.model, tap.usage or self.usage
                for event in lines.events(chunk):
                    piece = _text_of(event)
                    if piece and self.first_word is None:
                        self.first_word = time.perf_counter() - began
                    if piece:
                        yield piece
            tap.finish()
            self.model, self.usage = tap.model, tap.usage
            self.seconds = time.perf_counter() - began
            if not tap.stopped:
                raise _broken()
        finally:
            dialer.close()

    async def _connect(self, dialer: Dialer) -> Connection:
        parts = urlsplit(self._address)
        place = Destination(tls=False, host=parts.hostname or "", port=parts.port or 80, proxy="none")
        try:
            return await dialer.dial(place, _CONNECT_SECONDS)
        except UpstreamError:
            raise CannotConnect(
                Text("Nothing listens at {address}.", address=f"{parts.scheme}://{parts.netloc}"),
                Text("Start the proxy, and send the message again."),
            ) from None

    def _outgoing(self, place: Destination) -> Outgoing:
        parts = urlsplit(self._address)
        head = (
            f"POST {parts.path}/v1/messages HTTP/1.1\r\nhost: {parts.netloc}\r\nx-api-key: {self._token.reveal()}\r\n"
            "anthropic-version: 2023-06-01\r\ncontent-type: application/json\r\n"
            f"accept: text/event-stream\r\ncontent-length: {len(self._body)}\r\nconnection: close\r\n\r\n"
        )
        return Outgoing(head.encode("ascii"), self._body, None, place)


class _Hearing:
    """An `AnswerSink` that hands on the body of a stream, and collects that of an error."""

    method = b"POST"

    def __init__(self) -> None:
        self._queue: asyncio.Queue[bytes | UpstreamError | None] = asyncio.Queue()
        self._status = 0
        self._headers: Headers = []
        self._streams = False
        self._collected = bytearray()

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The body of the stream. Raises Refused, ConnectionLost."""
        while (one := await self._queue.get()) is not None:
            if isinstance(one, UpstreamError):
                raise one
            yield one

    def answer_head(self, head: AnswerHead) -> None:
        """See `AnswerSink`."""
        self._status, self._headers = head.status, head.headers
        kind = next((value for name, value in head.headers if name.lower() == b"content-type"), b"")
        self._streams = head.status == 200 and kind.lower().startswith(b"text/event-stream")

    def answer_body(self, data: bytes) -> None:
        """See `AnswerSink`."""
        if self._streams:
            self._queue.put_nowait(data)
        elif len(self._collected) < _REFUSAL_LIMIT:
            self._collected += data

    def answer_end(self, *, by_close: bool) -> None:  # noqa: ARG002 - a stream shows by itself whether it is whole
        """See `AnswerSink`."""
        if not self._streams:
            said = read(Collected(self._status, self._headers, bytes(self._collected)))
            self._queue.put_nowait(_refused(said))
        self._queue.put_nowait(None)

    def answer_broken(self, *, untouched: bool) -> None:  # noqa: ARG002 - nothing is tried again
        """See `AnswerSink`."""
        self._queue.put_nowait(_broken())

    def flush(self) -> None:
        """Nothing is held back."""


class _Lines:
    """Cuts a body into the events of its stream, of which only the data matter."""

    def __init__(self) -> None:
        self._rest = b""

    def events(self, chunk: bytes) -> list[dict[str, Any]]:
        """The events that this chunk completes; a line over 1 MiB is left out."""
        *lines, rest = (self._rest + chunk).split(b"\n")
        self._rest = rest if len(rest) <= _LINE_LIMIT else b""
        data = (line[5:] for line in lines if line.startswith(b"data:"))
        return [event for one in data if isinstance(event := _decoded(one), dict)]


def _decoded(data: bytes) -> object:
    try:
        return msgspec.json.decode(data)
    except (ValueError, RecursionError):
        return None


def _text_of(event: dict[str, Any]) -> str:
    """The words of an event, if it has any. Raises Refused for an error."""
    if event.get("type") == "error":
        raise _refused(read(Collected(200, [], msgspec.json.encode(event))))
    delta = event.get("delta")
    found = delta.get("text") if event.get("type") == "content_block_delta" and isinstance(delta, dict) else None
    return found if isinstance(found, str) else ""


def _refused(said: Said) -> Refused:
    words = " ".join(scrub(said.message).split())
    return Refused(said.status, said.kind, words if len(words) <= _SAID_LIMIT else f"{words[:_SAID_LIMIT]}…")


def _broken() -> ConnectionLost:
    return ConnectionLost(
        Text("The answer broke off before its end."), Text("Send the message again, or check the connection.")
    )
