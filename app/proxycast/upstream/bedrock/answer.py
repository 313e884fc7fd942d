"""InvokeModel's answers as the Messages API gives them: event streams become server-sent events, errors Anthropic's."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import msgspec

from proxycast.model.exchange import Usage
from proxycast.model.text import Text, Translate
from proxycast.upstream.bedrock.faults import Fault, http_fault, redact, stream_fault
from proxycast.upstream.bedrock.frames import FrameDecoder, FrameHead
from proxycast.upstream.bedrock.said import Chunk, Count, Event, Metrics
from proxycast.upstream.headers import Headers
from proxycast.upstream.json_spans import splice, unique_members
from proxycast.upstream.reply import Reply
from proxycast.upstream.usage import SseTap

Hint = Callable[[Fault, Headers], str]
"""More words for an error, from what the program knows beside it; empty: none. Gets the headers of the answer."""

Review = Callable[[Reply, Headers], Reply]
"""Looks at a whole answer before the client gets it. Gets the headers of AWS's."""

_EVENT_STREAM = b"application/vnd.amazon.eventstream"
_METRICS = "amazon-bedrock-invocationMetrics"
_PLAIN = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_KEPT = frozenset({b"retry-after", b"retry-after-ms", b"x-should-retry"})
_BROKEN = Fault.in_own_words(
    "broken",
    500,
    Text("AWS Bedrock's event stream arrived damaged, so the rest of this answer cannot be used. Try again."),
)
_UNREADABLE = Fault.in_own_words(
    "unreadable",
    502,
    Text("The answer is not one of AWS Bedrock's. If a proxy or a VPC endpoint stands between, check its address."),
)


class InvocationAnswer:
    """Translates the answer to one InvokeModel; a `Translator`.

    `hint` has more words for errors, `translate` those that AWS does not find itself; `review` has the last word about
    an answer that is not streamed.
    """

    ping = b'event: ping\ndata: {"type": "ping"}\n\n'

    def __init__(self, hint: Hint | None = None, translate: Translate = str, review: Review | None = None) -> None:
        self.tap: MetricsTap = MetricsTap()
        self._hint = hint
        self._translate = translate
        self._review = review
        self._decoder = FrameDecoder()
        self._request_id = ""
        self._headers: Headers = []
        self._stopped = False
        self._failed = False

    @property
    def complete(self) -> bool:
        """See `Translator`: it had its `message_stop`, and no frame is cut."""
        return self._stopped and not self._failed and self._decoder.between_frames

    @property
    def failed(self) -> bool:
        """See `Translator`."""
        return self._failed

    def begin(self, status: int, headers: Headers) -> Headers | None:
        """See `Translator`: event streams are streamed, all else is collected."""
        self._request_id = _value(headers, b"x-amzn-requestid")
        self._headers = headers
        if status != 200 or not _value(headers, b"content-type").lower().startswith(_EVENT_STREAM.decode()):
            return None
        return _headers(b"text/event-stream; charset=utf-8", headers, (b"cache-control", b"no-cache"))

    def feed(self, data: bytes) -> bytes:
        """See `Translator`."""
        out: list[bytes] = []
        for head, payload in [] if self._failed else self._decoder.feed(data):
            out.append(self._event(head, payload))
            if self._failed:
                break
        else:
            if self._decoder.broken and not self._failed:
                out.append(self._fail(_BROKEN))
        return b"".join(out)

    def whole(self, status: int, headers: Headers, body: bytes) -> Reply:
        """See `Translator`."""
        reply = message_reply(status, headers, body, self._hint, self._translate)
        return reply if self._review is None else self._review(reply, headers)

    def _event(self, head: FrameHead, payload: bytes) -> bytes:
        if head.kind != "event":
            return self._fail(stream_fault(head.name, payload, head.message))
        if head.name != "chunk":
            return b""  # a kind of event that is not the model's
        try:
            event = _chunk_decoder.decode(payload).event
            kind = _event_decoder.decode(event).type
        except (ValueError, RecursionError):
            return self._fail(_BROKEN)
        if kind == "message_stop":
            event = self._stop(event)
        elif kind == "error":
            self._failed = True
            event = redact(event.decode("utf-8", "replace")).encode()
        opening = _opening(kind)
        if not opening:
            return self._fail(_BROKEN)
        if b"\n" in event or b"\r" in event:
            event = event.replace(b"\n", b" ").replace(b"\r", b" ")  # JSON has them between its tokens only
        return opening + event + b"\n\n"

    def _stop(self, event: bytes) -> bytes:
        """The `message_stop`, without the metrics that AWS puts into it."""
        self._stopped = True
        if _METRICS.encode() not in event:
            return event
        try:
            fields = unique_members(event)
            metrics = fields[_METRICS]
            self.tap.metrics = _metrics(event[metrics.value : metrics.end])
            return splice(event, list(fields.values()), {list(fields).index(_METRICS): None})
        except (ValueError, KeyError):
            return b'{"type":"message_stop"}'

    def _fail(self, fault: Fault) -> bytes:
        self._failed = True
        fault = _hinted(fault, self._headers, self._hint, self._translate)
        return b"event: error\ndata: " + fault.envelope(self._request_id) + b"\n\n"


class MetricsTap(SseTap):
    """Reads the translated stream, and takes from `metrics` the counts that it does not tell."""

    metrics: Usage | None = None

    def finish(self) -> None:
        """See `Tap`."""
        super().finish()
        if self.metrics is not None:
            said = msgspec.structs.asdict(self.usage) if self.usage is not None else {}
            counted = msgspec.structs.asdict(self.metrics)
            self.usage = Usage(**{name: said.get(name) or count for name, count in counted.items()})


def message_reply(
    status: int, headers: Headers, body: bytes, hint: Hint | None = None, translate: Translate = str
) -> Reply:
    """The Messages API's answer for a whole answer of InvokeModel: the same bytes, or an error."""
    if status == 200:
        return _json_reply(headers, body) if _is_object(body) else _fault_reply(_UNREADABLE, headers, hint, translate)
    return _fault_reply(_http_fault(status, headers, body), headers, hint, translate)


def count_reply(
    status: int, headers: Headers, body: bytes, hint: Hint | None = None, translate: Translate = str
) -> Reply:
    """The Messages API's answer for one of CountTokens."""
    if status != 200:
        return _fault_reply(_http_fault(status, headers, body), headers, hint, translate)
    try:
        count = msgspec.json.decode(body, type=Count).tokens
    except (ValueError, RecursionError):
        return _fault_reply(_UNREADABLE, headers, hint, translate)
    return _json_reply(headers, b'{"input_tokens":%d}' % count)


def _json_reply(headers: Headers, body: bytes) -> Reply:
    return Reply(status=200, headers=_headers(b"application/json", headers), body=body)


def _fault_reply(fault: Fault, headers: Headers, hint: Hint | None, translate: Translate) -> Reply:
    hinted = _hinted(fault, headers, hint, translate)
    return Reply(
        status=fault.status,
        headers=_headers(b"application/json", headers),
        body=hinted.envelope(_value(headers, b"x-amzn-requestid")),
        error=fault.type,
        stale=fault.stale,
    )


def _hinted(fault: Fault, headers: Headers, hint: Hint | None, translate: Translate) -> Fault:
    return fault.said(translate, hint(fault, headers) if hint is not None else "")


def _http_fault(status: int, headers: Headers, body: bytes) -> Fault:
    return http_fault(status, _value(headers, b"x-amzn-errortype"), body)


def _headers(content_type: bytes, of_aws: Headers, *more: tuple[bytes, bytes]) -> Headers:
    headers = [(b"content-type", content_type), *more]
    request_id = _value(of_aws, b"x-amzn-requestid")
    if request_id:
        headers.append((b"request-id", request_id.encode("latin-1")))
    return headers + [(name, value) for name, value in of_aws if name.lower() in _KEPT]


def _value(headers: Headers, name: bytes) -> str:
    return next((value.decode("latin-1").strip() for one, value in headers if one.lower() == name), "")


def _is_object(body: bytes) -> bool:
    try:
        _event_decoder.decode(body)
    except (ValueError, RecursionError):
        return False
    return True


@lru_cache(maxsize=64)
def _opening(kind: str) -> bytes:
    """What stands before an event's data; empty for a type that would not stay on its line."""
    return f"event: {kind}\ndata: ".encode() if _PLAIN.fullmatch(kind) else b""


def _metrics(value: bytes) -> Usage | None:
    try:
        return _metrics_decoder.decode(value).usage
    except (ValueError, RecursionError):
        return None


_chunk_decoder = msgspec.json.Decoder(Chunk)
_event_decoder = msgspec.json.Decoder(Event)
_metrics_decoder = msgspec.json.Decoder(Metrics)
