"""A connection to a service; it serves one exchange after another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol, cast

import httptools

from proxycast.proxy.wire import AnswerHead, Framing, answer_in_one, fields_of
from proxycast.upstream.destination import Destination
from proxycast.upstream.headers import Headers
from proxycast.upstream.request import Outgoing

_ONE_WRITE = 64 * 1024
_HEAD_LIMIT = 256 * 1024
"""Bytes that may come without any of a body: heads, interim answers, extensions of chunks, trailers."""


class AnswerSink(Protocol):
    """Takes a service's answer as it arrives."""

    method: bytes

    def answer_head(self, head: AnswerHead) -> None:
        """The head is complete."""
        ...

    def answer_body(self, data: bytes) -> None:
        """The next bytes of the body: all that came of it in one piece from the network."""
        ...

    def answer_end(self, *, by_close: bool) -> None:
        """The body is complete: by its framing, or because the service closed a connection that delimits it."""
        ...

    def answer_broken(self, *, untouched: bool) -> None:
        """There will be no (more) answer; `untouched`: the service closed the connection without sending a byte."""
        ...

    def flush(self) -> None:
        """All that came in one piece from the network was handed over."""
        ...


class Connection(asyncio.Protocol):
    """One connection to `destination`.

    `on_idle` is told when it is free for the next exchange, `on_lost` when it is gone.
    """

    def __init__(
        self,
        destination: Destination,
        on_idle: Callable[[Connection], None],
        on_lost: Callable[[Connection], None],
    ) -> None:
        self.destination = destination
        self.idle_since = 0.0
        self._on_idle = on_idle
        self._on_lost = on_lost
        self._transport: asyncio.Transport  # set by connection_made, before anything else happens
        self._pieces: list[bytes] = []
        self._end = 0
        self.on_body = self._pieces.append  # a stream has hundreds of chunks: none of them runs a function of Python
        self._parser = httptools.HttpResponseParser(self)
        self._sink: AnswerSink | None = None
        self._head: AnswerHead | None = None
        self._headers: Headers = []
        self._reason = b""
        self._since_body = 0
        self._complete = False
        self._spoiled = False

    @property
    def usable(self) -> bool:
        """Whether another exchange can use it."""
        return self._sink is None and not self._transport.is_closing()

    @property
    def certificate(self) -> bytes | None:
        """The certificate that the service showed, as DER; None without TLS."""
        shown = self._transport.get_extra_info("ssl_object")
        found: bytes | None = None if shown is None else shown.getpeercert(binary_form=True)
        return found

    def send(self, sink: AnswerSink, outgoing: Outgoing) -> None:
        """Send a request; its answer goes to `sink`."""
        transport = self._transport
        self._sink = sink
        self._head = None
        self._since_body = 0
        self._end = 0
        self._complete = False
        if len(outgoing.body) <= _ONE_WRITE:
            transport.write(outgoing.head + outgoing.body)
        else:
            transport.write(outgoing.head)
            transport.write(outgoing.body)

    def abort(self) -> None:
        """Drop the connection and the answer that it may be in."""
        self._sink = None
        self._transport.abort()

    def pause(self) -> None:
        """Read no more for now."""
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes | bytearray) -> None:
        data = bytes(data)  # the loop of Windows gives a bytearray up to Python 3.11
        sink = self._sink
        if sink is None:
            self.abort()
            return
        if self._since_body == 0 and self._head is None and sink.method != b"HEAD":
            answer = answer_in_one(data)
            if answer is not None:
                self._take_whole(sink, *answer)
                return
        self._since_body += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError:
            raise  # a fault of ours, not of the answer
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._spoiled = True
        self._hand_over_body(sink)
        if self._sink is not sink:
            return
        if self._complete:
            self._finish(sink)
        elif self._spoiled or self._since_body > _HEAD_LIMIT:
            self.abort()
            sink.flush()
            sink.answer_broken(untouched=False)
        else:
            sink.flush()

    def _take_whole(self, sink: AnswerSink, head: AnswerHead, body: bytes) -> None:
        """Hand over an answer that the parser need not see: it is where it was, before an answer."""
        self._head = head
        sink.answer_head(head)
        if body and self._sink is sink:
            sink.answer_body(body)
        if self._sink is sink:
            self._finish(sink)

    def _hand_over_body(self, sink: AnswerSink) -> None:
        pieces = self._pieces
        if not pieces:
            return
        if self._complete:
            del pieces[self._end :]  # of what follows the answer
        data = b"".join(pieces)
        pieces.clear()
        self._since_body = 0
        if data and self._sink is sink and self._head is not None:
            sink.answer_body(data)

    def eof_received(self) -> None:
        """Nothing more comes: the transport closes itself, and `connection_lost` decides what that means."""

    def connection_lost(self, exc: Exception | None) -> None:
        sink, self._sink = self._sink, None
        self._on_lost(self)
        if sink is None:
            return
        if exc is None and self._head is not None and self._head.framing is Framing.CLOSE:
            sink.answer_end(by_close=True)
            sink.flush()
        else:
            sink.answer_broken(untouched=self._head is None and self._since_body == 0)

    def _finish(self, sink: AnswerSink) -> None:
        transport = self._transport
        self._sink = None
        reusable = not self._spoiled and transport.get_write_buffer_size() == 0
        if not reusable:
            transport.abort()
        elif not transport.is_closing():
            self._on_idle(self)
        sink.answer_end(by_close=False)
        sink.flush()

    # Called by the parser.

    def on_message_begin(self) -> None:
        if self._complete:
            self._spoiled = True
        self._headers = []
        self._reason = b""

    def on_status(self, reason: bytes) -> None:
        self._reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._head is None:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        sink = self._sink
        if sink is None or self._complete or self._spoiled:
            return
        if status < 200:
            self._spoiled = status == 101
            return
        head = AnswerHead(status, self._reason, fields_of(self._headers), to_head=sink.method == b"HEAD")
        if not head.readable:
            self._spoiled = True
            return
        self._head = head
        sink.answer_head(head)
        if head.framing is Framing.NONE and sink.method == b"HEAD":
            # The parser waits for the body that the headers of an answer to HEAD speak of.
            self._complete = self._spoiled = True

    def on_message_complete(self) -> None:
        if self._head is not None and not self._complete:
            self._complete = True
            self._end = len(self._pieces)
            self._spoiled = self._spoiled or not self._parser.should_keep_alive()
