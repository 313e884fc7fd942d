"""A client's connection: requests are read, guarded, and become exchanges one after another."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Callable
from typing import cast

import httptools

from proxycast.proxy import answers, wire
from proxycast.proxy.answers import Answer
from proxycast.proxy.data_path import DataPath
from proxycast.proxy.exchange import LiveExchange
from proxycast.proxy.guard import Head
from proxycast.proxy.incoming import Incoming
from proxycast.proxy.limits import Limits
from proxycast.proxy.repeat import Repeat, repeat_of
from proxycast.proxy.target import BadTarget, Target, is_probe, parse_target
from proxycast.upstream.headers import Headers
from proxycast.upstream.request import Request

_VERSIONS = frozenset({"1.0", "1.1"})
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class ClientConnection(asyncio.Protocol):
    """One connection of a client.

    `on_open` tells whether there is room for it; `on_lost` is told when it is gone. Requests that a client pipelines
    wait for their turn, unread beyond the first.
    """

    def __init__(
        self,
        path: DataPath,
        limits: Limits,
        on_open: Callable[[ClientConnection], bool],
        on_lost: Callable[[ClientConnection], None],
    ) -> None:
        self._path = path
        self._limits = limits
        self._on_open = on_open
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport  # set by connection_made, before anything else happens
        self._incoming: Incoming | None = None
        self._headers: Headers = []
        self._piece = b""
        self._repeat: Repeat | None = None
        self._waiting: deque[Incoming] = deque()
        self._exchange: LiveExchange | None = None
        self._choked = False
        self._deaf = False
        self._holding = False
        self._pumping = False
        self._stopping = False

    @property
    def busy(self) -> bool:
        """Whether a request is being served or waits to be."""
        return self._exchange is not None or bool(self._waiting)

    def stop(self) -> None:
        """Take no more requests: close at once if idle, else after the exchange under way."""
        self._stopping = True
        if not self.busy:
            self._close()

    def interrupt(self) -> None:
        """End the exchange under way as a broken one."""
        if self._exchange is not None:
            self._exchange.interrupt()
        self._close()

    # For the exchange.

    def write(self, data: bytes) -> None:
        """Send bytes to the client."""
        self._transport.write(data)

    def exchange_over(self, *, keep_alive: bool) -> None:
        """Go on with the next request, or close after all is sent."""
        self._exchange = None
        if not keep_alive or self._stopping:
            self._close()
        elif not self._pumping:
            self._pump()

    def reset_on_close(self) -> None:
        """Let the connection's end not look like the end of the answer, which nothing else marks."""
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)

    def abort(self) -> None:
        """Drop the connection with whatever is unsent."""
        self._transport.abort()

    # Called by the loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._path.deadlines.set(self, self._limits.head_seconds)
        if not self._on_open(self):
            self._refuse_and_close(answers.TOO_MANY)

    def data_received(self, data: bytes | bytearray) -> None:
        data = bytes(data)  # the loop of Windows gives a bytearray up to Python 3.11
        if self._deaf:
            return
        incoming = self._incoming
        if incoming is None:
            if self._repeat is not None and self._exchange is None and self._serve_repeat(self._repeat, data):
                return
            self._piece = data
        elif incoming.length is None:
            incoming.arrived += len(data)
            self._piece = b""
        else:
            self._collect(incoming, incoming.length, data)
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError:
            raise  # a fault of ours, not of the request
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._refuse(answers.BAD_REQUEST)
        self._watch()
        if self._waiting:
            self._pump()

    def pause_writing(self) -> None:
        self._choked = True
        if self._exchange is not None:
            self._exchange.pause()

    def resume_writing(self) -> None:
        self._choked = False
        if self._exchange is not None:
            self._exchange.resume()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why it is gone does not matter
        self._deaf = True
        self._waiting.clear()
        self._path.deadlines.clear(self)
        self._on_lost(self)
        if self._exchange is not None:
            self._exchange.client_gone()

    def expired(self) -> None:
        """A head or body did not arrive in time, a keep-alive connection stayed unused, or a refused client lingers."""
        incoming = self._incoming
        if self._deaf:
            self.abort()
        elif incoming is None:
            if not self.busy:
                self._close()
        elif incoming.headed and self._keeps_up(incoming):
            self._path.deadlines.set(self, self._limits.linger)
        else:
            self._refuse(answers.TOO_SLOW)
            self._pump()

    # Called by the parser.

    def on_message_begin(self) -> None:
        if not self._deaf:
            self._incoming = Incoming(self._loop.time())
            self._headers = []

    def on_url(self, url: bytes) -> None:
        if self._incoming is not None:
            self._incoming.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        incoming = self._incoming
        if incoming is None:
            return
        incoming.headed = True
        piece, self._piece = self._piece, b""
        incoming.head = Head(self._headers)
        self._headers = []  # trailers go there, and no further
        incoming.method = self._parser.get_method()
        refusal = self._guard(incoming)
        if refusal is not None:
            self._refuse(refusal)
            return
        if incoming.head.expects_continue and not incoming.http10 and not self.busy:
            self.write(wire.CONTINUE)
        self._learn(incoming, piece)

    def on_body(self, data: bytes) -> None:
        incoming = self._incoming
        if incoming is None:
            return
        incoming.body += data
        if len(incoming.body) > self._limits.body_bytes:
            self._refuse(answers.BODY_TOO_LARGE)

    def on_message_complete(self) -> None:
        incoming = self._incoming
        if incoming is None:
            return
        incoming.keep_alive = self._parser.should_keep_alive() and not incoming.http10
        self._complete(incoming)

    def _complete(self, incoming: Incoming) -> None:
        self._incoming = None
        self._waiting.append(incoming)

    def _guard(self, incoming: Incoming) -> Answer | None:
        """The reason not to forward a request, found in its head, in the order: form, origin, path, token, content."""
        head, limits, guard = incoming.head, self._limits, self._path.guard
        version = self._parser.get_http_version()
        if version not in _VERSIONS:
            return answers.BAD_REQUEST
        incoming.http10 = version == "1.0"
        if len(head.headers) > limits.headers or len(incoming.url) + head.size > limits.head_bytes:
            return answers.HEAD_TOO_LARGE
        refusal = guard.refuse_foreign(incoming.method, head)
        if refusal is not None:
            return refusal
        if incoming.http10 and head.transfer_encoding is not None:
            return answers.BAD_LENGTH
        if is_probe(incoming.method, incoming.url) and not head.has_body:
            return None
        try:
            target = parse_target(incoming.url)
        except BadTarget:
            return answers.BAD_TARGET
        token = self._path.router.ready_token()
        if token is not None:
            refusal = guard.refuse_stranger(head, token)
            if refusal is not None:
                return refusal
            incoming.admitted = True
        if target is None:
            return answers.NOT_SERVED
        incoming.target = target
        if head.content_length is not None and head.content_length > limits.body_bytes:
            return answers.BODY_TOO_LARGE
        return guard.refuse_content(incoming.method, target.path, head)

    # A head that comes again.

    def _learn(self, incoming: Incoming, piece: bytes) -> None:
        """Remember a head that passed, if `piece` of the network begins with it, for the requests that repeat it."""
        if not piece or incoming.target is None or incoming.http10 or not self._parser.should_keep_alive():
            return
        token = self._path.router.ready_token()
        if incoming.admitted and token is not None:
            self._repeat = repeat_of(
                piece, method=incoming.method, url=incoming.url, target=incoming.target, head=incoming.head, token=token
            )

    def _serve_repeat(self, repeat: Repeat, data: bytes) -> bool:
        """Whether `data` is a request, or the start of one, with the head that came before; then it is taken."""
        found = repeat.match(data)
        if found is None or self._path.router.ready_token() is not repeat.token:
            return False
        length, start = found
        missing = length - (len(data) - start)
        if missing < 0 or length > self._limits.body_bytes:
            return False
        if missing == 0:
            self._serve(repeat.method, repeat.target, repeat.head, data[start:], keep_alive=True)
            return True
        incoming = self._incoming = Incoming(self._loop.time())
        incoming.method, incoming.target, incoming.head = repeat.method, repeat.target, repeat.head
        incoming.headed = incoming.keep_alive = incoming.admitted = True
        incoming.length = length
        incoming.body += data[start:]
        self._watch()
        return True

    def _collect(self, incoming: Incoming, length: int, data: bytes) -> None:
        """Take what comes of a body whose length is known; what follows it is the next request."""
        missing = length - len(incoming.body)
        incoming.body += data[:missing]
        if len(data) >= missing:
            self._complete(incoming)
            self._pump()
            if len(data) > missing:
                self.data_received(data[missing:])

    def _watch(self) -> None:
        """Give the head or the body that is not complete its time, once, and refuse what has no end.

        Around a body that may be extensions of chunks, tiny chunks, or trailers.
        """
        incoming = self._incoming
        if incoming is None:
            return
        if incoming.timed is not incoming.headed:
            self._start_time(incoming)
        if incoming.arrived <= self._limits.head_bytes:
            return
        if not incoming.headed:
            self._refuse(answers.HEAD_TOO_LARGE)
        elif incoming.arrived > self._limits.head_bytes + 2 * len(incoming.body):
            self._refuse(answers.BAD_LENGTH)

    def _start_time(self, incoming: Incoming) -> None:
        incoming.timed = incoming.headed
        self._path.deadlines.set(self, self._limits.body_seconds if incoming.headed else self._limits.head_seconds)

    def _keeps_up(self, incoming: Incoming) -> bool:
        return len(incoming.body) >= (self._loop.time() - incoming.since) * self._limits.body_rate

    # Serving in turn.

    def _pump(self) -> None:
        self._pumping = True
        while self._waiting and self._exchange is None:
            incoming = self._waiting.popleft()
            if self._transport.is_closing():
                break
            if incoming.refusal is not None:
                self._refuse_and_close(incoming.refusal, to_head=incoming.method == b"HEAD")
            elif incoming.target is None:
                self.write(wire.EMPTY_OK)
                if not incoming.keep_alive:
                    self._close()
            else:
                self._serve(
                    incoming.method,
                    incoming.target,
                    incoming.head,
                    bytes(incoming.body),
                    http10=incoming.http10,
                    keep_alive=incoming.keep_alive,
                    admitted=incoming.admitted,
                )
        self._pumping = False
        self._await_next()

    def _serve(
        self,
        method: bytes,
        target: Target,
        head: Head,
        body: bytes,
        *,
        http10: bool = False,
        keep_alive: bool,
        admitted: bool = True,
    ) -> None:
        request = Request(method, target.path, target.query, head.headers, body)
        exchange = LiveExchange(
            self._path,
            self,
            request,
            target.credential,
            head,
            http10=http10,
            keep_alive=keep_alive and not self._stopping,
        )
        self._exchange = exchange
        if self._choked:
            exchange.pause()
        exchange.start(admitted=admitted)

    def _await_next(self) -> None:
        """Read on, unless requests wait already; an idle connection is closed after a while.

        While nothing is read, the time of a request that is half read stands still.
        """
        transport, deadlines, incoming = self._transport, self._path.deadlines, self._incoming
        if transport.is_closing() or self._deaf:
            return
        if self._waiting:
            transport.pause_reading()
            self._holding = True
            deadlines.clear(self)
            return
        held, self._holding = self._holding, False
        if held:
            transport.resume_reading()
        if incoming is None:
            if self._exchange is None:
                deadlines.set(self, self._limits.keep_alive)
        elif held:
            incoming.since = self._loop.time()
            self._start_time(incoming)

    def _refuse(self, answer: Answer) -> None:
        """Let the request that is being read be refused when its turn comes, and hear nothing after it."""
        if self._deaf:
            return
        incoming = self._incoming or Incoming(self._loop.time())
        incoming.refusal = answer
        self._incoming = None
        self._deaf = True
        self._path.deadlines.clear(self)
        self._waiting.append(incoming)

    def _refuse_and_close(self, answer: Answer, *, to_head: bool = False) -> None:
        """Answer, then drop what still comes for a moment: closing at once would reset the answer away."""
        self._deaf = True
        transport = self._transport
        if transport.is_closing():
            return
        transport.write(self._path.speaker.response(answer, keep_alive=False, to_head=to_head))
        if transport.can_write_eof():
            transport.write_eof()
        self._path.deadlines.set(self, self._limits.linger)

    def _close(self) -> None:
        """Close after all is sent; a client that does not take it in a while is dropped."""
        self._deaf = True
        if not self._transport.is_closing():
            self._transport.close()
            self._path.deadlines.set(self, self._limits.keep_alive)
