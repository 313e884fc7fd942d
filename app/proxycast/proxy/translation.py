"""An answer that is not the client's yet: it passes a translator on its way from the service to the exchange."""

from __future__ import annotations

from typing import Protocol

from proxycast.proxy.connection import AnswerSink
from proxycast.proxy.deadlines import Deadlines
from proxycast.proxy.wire import REDIRECTS, AnswerHead, fields_of
from proxycast.upstream.headers import Headers
from proxycast.upstream.reply import Reply
from proxycast.upstream.request import Translator
from proxycast.upstream.usage import Tap

_BODY_LIMIT = 32 * 1024 * 1024
_FRAMING = frozenset({b"content-length", b"content-encoding", b"transfer-encoding"})


class Receiver(AnswerSink, Protocol):
    """What takes the translated answer: an exchange."""

    def answer_whole(self, reply: Reply) -> None:
        """The answer is this one; nothing of it was handed over before."""
        ...

    def answer_failed(self) -> None:
        """The answer's last event told of an error; it ends here, and not as a complete one does."""
        ...

    def answer_tap(self, tap: Tap) -> None:
        """Let this tap read the answer whose head was handed over."""
        ...

    def answer_ping(self, event: bytes) -> None:
        """Something to write while the service is silent."""
        ...


class TranslatedAnswer:
    """Takes a service's answer for `receiver`, through `translator`.

    A stream that is silent for `ping_seconds` gets a ping. `close` it when the exchange is over.
    """

    def __init__(self, translator: Translator, receiver: Receiver, deadlines: Deadlines, ping_seconds: float) -> None:
        self.method = receiver.method
        self._translator = translator
        self._receiver = receiver
        self._deadlines = deadlines
        self._ping_seconds = ping_seconds
        self._head: AnswerHead | None = None
        self._collected: bytearray | None = None
        self._as_is = False
        self._over = False

    def answer_head(self, head: AnswerHead) -> None:
        """Decide whether to stream or to collect."""
        if head.status in REDIRECTS:
            self._over = True
            self._receiver.answer_head(head)
            return
        self._head = head
        given = head.headers
        headers = self._translator.begin(head.status, given)
        if headers is None:
            self._collected = bytearray()
            return
        self._as_is = headers is given
        shown = (
            head if self._as_is else AnswerHead(head.status, head.reason, fields_of(_chunked(headers)), to_head=False)
        )
        self._receiver.answer_head(shown)
        self._receiver.answer_tap(self._translator.tap)

    def answer_body(self, data: bytes) -> None:
        """Hand on what the bytes amount to."""
        if self._over:
            return
        if self._as_is:
            self._receiver.answer_body(data)
            return
        if self._collected is not None:
            self._collected += data
            if len(self._collected) > _BODY_LIMIT:
                self._over = True
                self._receiver.answer_failed()
            return
        translated = self._translator.feed(data)
        if translated:
            self._receiver.answer_body(translated)
        if self._translator.failed:
            self._over = True
            self._receiver.answer_failed()

    def answer_end(self, *, by_close: bool) -> None:
        """End the answer if it is complete by its own words; by the framing's is not enough."""
        if self._over:
            return
        if self._as_is:
            self._receiver.answer_end(by_close=by_close)
        elif self._collected is None:
            if self._translator.complete:
                self._receiver.answer_end(by_close=False)
            else:
                self._receiver.answer_broken(untouched=False)
        elif by_close or self._head is None:
            self._receiver.answer_broken(untouched=False)
        else:
            self._receiver.answer_whole(
                self._translator.whole(self._head.status, self._head.headers, bytes(self._collected))
            )

    def answer_broken(self, *, untouched: bool) -> None:
        """See `AnswerSink`."""
        if not self._over:
            self._receiver.answer_broken(untouched=untouched)

    def flush(self) -> None:
        """See `AnswerSink`."""
        self._receiver.flush()
        self._await_ping()

    def expired(self) -> None:
        """The service has been silent for a while."""
        self._receiver.answer_ping(self._translator.ping)
        self._await_ping()

    def close(self) -> None:
        """Nothing more is handed on, and no ping either."""
        self._over = True
        self._deadlines.clear(self)

    def _await_ping(self) -> None:
        if self._translator.ping and self._head is not None and self._collected is None and not self._over:
            self._deadlines.set(self, self._ping_seconds)


def _chunked(headers: Headers) -> Headers:
    """The headers of a body whose length is not known yet."""
    kept = [(name, value) for name, value in headers if name.lower() not in _FRAMING]
    return [*kept, (b"transfer-encoding", b"chunked")]
