"""Answers that pass as they are, of those who speak to AWS in the form that the client speaks."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from proxycast.upstream.bedrock.account import Opened
from proxycast.upstream.bedrock.answer import Hint, InvocationAnswer
from proxycast.upstream.bedrock.faults import Fault, http_fault, redact
from proxycast.upstream.bedrock.keys import AwsKeys, BearerKey
from proxycast.upstream.headers import Headers
from proxycast.upstream.reply import Reply
from proxycast.upstream.usage import Tap, usage_tap

_FRAMING = frozenset({b"connection", b"content-length", b"keep-alive", b"transfer-encoding"})
_EVENT_STREAM = b"application/vnd.amazon.eventstream"

Write = Callable[[Fault], bytes]
"""Puts an error into the form of the door that it came from."""


class PassedAnswer:
    """Passes an answer byte for byte; only of errors it notices keys that have expired, and a clock that is off.

    A `Translator`. `hint` has more words for errors, which are then written by `write`. `redacted`: account ids and
    ARNs are taken out of them.
    """

    ping = b""
    complete = False
    failed = False

    def __init__(
        self, opened: Opened, keys: AwsKeys | BearerKey, *, hint: Hint, write: Write, redacted: bool = False
    ) -> None:
        self.tap: Tap = Tap()
        self._opened = opened
        self._keys = keys
        self._hint = hint
        self._write = write
        self._redacted = redacted

    def begin(self, status: int, headers: Headers) -> Headers | None:
        """See `Translator`."""
        if status >= 400:
            return None
        kind = _value(headers, b"content-type")
        streams = kind.lower().startswith(_EVENT_STREAM)
        self.tap = InvocationTap() if streams else usage_tap(kind, _value(headers, b"content-encoding"))
        return headers

    def feed(self, data: bytes) -> bytes:
        """See `Translator`."""
        return data

    def whole(self, status: int, headers: Headers, body: bytes) -> Reply:
        """See `Translator`."""
        fault = http_fault(status, _value(headers, b"x-amzn-errortype").decode("latin-1"), body)
        stale = fault.stale and self._opened.keys.renewable
        if stale:
            self._opened.keys.spoil(self._keys)
        if more := self._hint(fault, headers):
            body = self._write(msgspec.structs.replace(fault, message=f"{fault.message} {more}"))
        elif self._redacted:
            body = redact(body.decode("utf-8", "replace")).encode()
        kept = [(name, value) for name, value in headers if name.lower() not in _FRAMING]
        return Reply(status=status, headers=kept, body=body, error=fault.type, stale=stale)


class InvocationTap(Tap):
    """Reads an event stream of InvokeModel beside it."""

    def __init__(self) -> None:
        self._answer = InvocationAnswer()
        self._answer.begin(200, [(b"content-type", _EVENT_STREAM)])

    def feed(self, chunk: bytes) -> None:
        """See `Tap`."""
        self._answer.tap.feed(self._answer.feed(chunk))

    def finish(self) -> None:
        """See `Tap`."""
        tap = self._answer.tap
        tap.finish()
        self.usage, self.model, self.error_type = tap.usage, tap.model, tap.error_type


def _value(headers: Headers, name: bytes) -> bytes:
    return next((value for one, value in headers if one.lower() == name), b"")
