"""The built-in offline upstream of `--demo`: a small HTTP/1.1 server on loopback that plays the Messages API.

It stands where a service would, so that a newcomer sees an answer stream through the real data path without a key.
"""

from __future__ import annotations

import asyncio
import http
import secrets
from collections import deque
from types import TracebackType
from typing import NamedTuple, Self, cast

import httptools

from proxycast.model.secret import Secret
from proxycast.upstream.demo_answers import DemoAnswer, answer, error

_REQUEST_LIMIT = 33 * 1024 * 1024  # the proxy lets 32 MiB of body through
_WORDS_PER_SECOND = 20.0


class DemoUpstream:
    """The offline upstream while it runs, as an async context manager.

    Only requests that show `key` are answered, so that it serves this program's proxy and nobody else. `language` is
    that of the answers, a code as `zh_CN` or `en`; None: both. Leaving it cuts streams that still run.
    """

    def __init__(
        self, key: Secret, *, language: str | None = None, words_per_second: float = _WORDS_PER_SECOND
    ) -> None:
        self._key = key
        self._language = language
        self._interval = 1 / words_per_second
        self._connections: set[_Connection] = set()
        self._server: asyncio.Server | None = None
        self._port = 0

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connect, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
            for connection in tuple(self._connections):
                connection.abort()
            await server.wait_closed()

    def _connect(self) -> _Connection:
        return _Connection(self._key, self._language, self._interval, self._connections)


class _Request(NamedTuple):
    method: str
    path: str
    key: Secret
    body: bytes
    keep_alive: bool


class _Connection(asyncio.Protocol):
    """One connection. Requests are answered one after another; a stream goes out event by event, one per `interval`.

    A whole stream is some kilobytes, so it is not held back for a slow reader.
    """

    def __init__(self, key: Secret, language: str | None, interval: float, register: set[_Connection]) -> None:
        self._key = key
        self._language = language
        self._interval = interval
        self._register = register
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport  # set by connection_made, before anything else happens
        self._waiting: deque[_Request] = deque()
        self._events: deque[bytes] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._keep_alive = True
        self._received = 0
        self.on_message_begin()

    def abort(self) -> None:
        """Close at once, in the middle of whatever is going on."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._register.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - part of the protocol
        self._register.discard(self)
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        if self._transport.is_closing():
            return
        self._received += len(data)
        if self._received > _REQUEST_LIMIT:
            self._transport.abort()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._transport.close()  # the request itself is answered by now
        except httptools.HttpParserError:
            self._refuse()

    def on_message_begin(self) -> None:
        """Forget the previous request (httptools calls this before each)."""
        self._url = b""
        self._shown = Secret("")
        self._body = bytearray()

    def on_url(self, url: bytes) -> None:
        """Take a part of the target."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take one header; those that may carry the key are all that matters."""
        match name.lower():
            case b"x-api-key":
                self._shown = Secret(value.decode("latin-1"))
            case b"authorization" if value[:7].lower() == b"bearer ":
                self._shown = Secret(value[7:].decode("latin-1"))

    def on_body(self, data: bytes) -> None:
        """Take a part of the body."""
        self._body += data

    def on_message_complete(self) -> None:
        """Answer the request now or after those before it."""
        self._received = 0
        request = _Request(
            method=self._parser.get_method().decode("ascii"),
            path=self._url.partition(b"?")[0].decode("latin-1"),
            key=self._shown,
            body=bytes(self._body),
            keep_alive=self._parser.should_keep_alive(),
        )
        self._waiting.append(request)
        if not self._events:
            self._answer_next()

    def _answer_next(self) -> None:
        while self._waiting and not self._events and self._keep_alive:
            request = self._waiting.popleft()
            self._keep_alive = request.keep_alive
            if request.key == self._key:
                reply = answer(request.method, request.path, request.body, self._language)
            else:
                reply = error(401, "This is ProxyCast's offline demo; it serves ProxyCast's own proxy alone.")
            self._send(reply, with_body=request.method != "HEAD")

    def _send(self, reply: DemoAnswer, *, with_body: bool) -> None:
        self._transport.write(_head(reply, keep_alive=self._keep_alive))
        if reply.events:
            self._events.extend(reply.events)
            self._send_event()
            return
        if with_body:
            self._transport.write(reply.body)
        if not self._keep_alive:
            self._transport.close()

    def _send_event(self) -> None:
        event = self._events.popleft()
        self._transport.write(b"%x\r\n%s\r\n" % (len(event), event))
        if self._events:
            self._timer = asyncio.get_running_loop().call_later(self._interval, self._send_event)
            return
        self._transport.write(b"0\r\n\r\n")
        if self._keep_alive:
            self._answer_next()
        else:
            self._transport.close()

    def _refuse(self) -> None:
        """Answer what cannot be read, and hang up; inside a stream only hang up."""
        if self._events:
            self._transport.abort()
            return
        self._keep_alive = False
        self._send(error(400, "The request is not HTTP/1.1."), with_body=True)


def _head(reply: DemoAnswer, *, keep_alive: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {reply.status} {http.HTTPStatus(reply.status).phrase}",
        f"request-id: req_demo_{secrets.token_hex(8)}",
        "x-proxycast-demo: true",
        f"connection: {'keep-alive' if keep_alive else 'close'}",
    ]
    if reply.events:
        lines += ["content-type: text/event-stream; charset=utf-8", "cache-control: no-cache"]
        lines += ["transfer-encoding: chunked"]
    else:
        lines += ["content-type: application/json", f"content-length: {len(reply.body)}"]
    return "\r\n".join([*lines, "", ""]).encode("ascii")
