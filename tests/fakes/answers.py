"""What a fake answers, and how it delivers it: properly, late, slowly, cut off, or not at all."""

from __future__ import annotations

import asyncio
import email.utils
import gzip
import http
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from tests.fakes.loopback import Connection

ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    408: "timeout_error",
    409: "conflict_error",
    413: "request_too_large",
    415: "invalid_request_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
    500: "api_error",
    502: "api_error",
    503: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
"""The error type that goes with a status ("Errors" in the documentation of the Claude API)."""


class Framing(Enum):
    """How the end of a body is marked."""

    LENGTH = "Content-Length"
    CHUNKED = "chunked"
    CLOSE = "close"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One HTTP answer. Each part is written by itself, with `CHUNKED` as a chunk of its own.

    `length` is the Content-Length to announce where it is not that of `parts` (a lie) or should not be counted (a huge
    lazy body).
    """

    status: int = 200
    reason: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    parts: Iterable[bytes] = ()
    framing: Framing = Framing.LENGTH
    length: int | None = None
    trailers: tuple[tuple[str, str], ...] = ()

    def with_headers(self, *headers: tuple[str, str]) -> Answer:
        """The same with more headers at the end."""
        return replace(self, headers=(*self.headers, *headers))

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(self.parts)

    def head(self, *, close: bool) -> bytes:
        """The bytes of status line and headers, framing included."""
        reason = self.reason if self.reason is not None else _reason(self.status)
        lines = [f"HTTP/1.1 {self.status} {reason}"]
        if all(name != "Date" for name, _ in self.headers):
            lines.append(f"Date: {email.utils.formatdate(usegmt=True)}")
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.framing is Framing.CHUNKED:
            lines.append("Transfer-Encoding: chunked")
        elif self.framing is Framing.LENGTH:
            lines.append(f"Content-Length: {len(self.body) if self.length is None else self.length}")
        lines.append("Connection: close" if close else "Connection: keep-alive")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """How a fake treats one request. Without arguments: as the real service would.

    What it says: `answer` replaces the proper answer, `edit` changes it; `raw` is written instead of any answer, as it
    stands, and the connection closed.

    How it says it, in this order:
    - `early`: without waiting for the request's body;
    - `head_delay`: seconds before the first byte;
    - `cut_before_head`: hangs up instead of answering;
    - `interim`: status codes of 1xx answers before the real one;
    - `body_delay`: seconds between head and body;
    - `rate`: parts (events) per second;
    - `stall_after`: silent for ever after that many parts;
    - `cut_after_parts`, `cut_after_bytes`: hangs up after that much of the body;
    - `unfinished`: hangs up after the last part, before the body is properly ended;
    - `close_after`: hangs up after the answer without having announced it.

    `reset` chooses how it hangs up: RST, or else FIN.
    """

    answer: Answer | None = None
    edit: Callable[[Answer], Answer] | None = None
    raw: bytes | None = None
    early: bool = False
    head_delay: float = 0.0
    cut_before_head: bool = False
    interim: tuple[int, ...] = ()
    body_delay: float = 0.0
    rate: float | None = None
    stall_after: int | None = None
    cut_after_parts: int | None = None
    cut_after_bytes: int | None = None
    unfinished: bool = False
    close_after: bool = False
    reset: bool = False


@dataclass
class Delivery:
    """How far an answer has come.

    `body_bytes` counts payload that the kernel took, `times` (loop clock) when it took each part. `complete`: the body
    was properly ended. `stays_open`: the connection can carry another request.
    """

    told: Callable[[], None]
    body_bytes: int = 0
    times: list[float] = field(default_factory=list)
    complete: bool = False
    stays_open: bool = False

    def took(self, size: int) -> None:
        """A part of this size has gone out."""
        self.body_bytes += size
        self.times.append(asyncio.get_running_loop().time())
        self.told()


def json_answer(value: object, *, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> Answer:
    """An answer whose body is this value as compact JSON."""
    body = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    return Answer(status=status, headers=(("Content-Type", "application/json"), *headers), parts=(body,))


def error(status: int, message: str | None = None, *, kind: str | None = None, **headers: str) -> Answer:
    """An error envelope of the Messages API. Keyword `retry_after="3"` becomes the header `retry-after: 3`.

    `kind` is the error type if it is not the usual one of this status. The fake adds request id and common headers.
    """
    kind = kind or ERROR_TYPES.get(status, "api_error")
    detail = {"type": kind, "message": message if message is not None else _reason(status)}
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return json_answer({"type": "error", "error": detail}, status=status, headers=pairs)


def page(status: int = 200, text: str = "<!DOCTYPE html><title>Sign in</title><p>Sign in to go on.") -> Answer:
    """An HTML page, as captive portals, content delivery networks and mistyped base URLs give."""
    return Answer(status=status, headers=(("Content-Type", "text/html; charset=utf-8"),), parts=(text.encode(),))


def redirect(location: str, status: int = 307) -> Answer:
    """A redirect (301, 302, 303, 307, 308)."""
    return Answer(status=status, headers=(("Location", location),))


def empty(status: int = 200) -> Answer:
    """An answer without a body."""
    return Answer(status=status, headers=(("Content-Type", "application/json"),))


def huge(size: int, *, part: int = 1 << 16, framing: Framing = Framing.LENGTH) -> Answer:
    """`size` bytes of zeros, made as they are taken."""
    headers = (("Content-Type", "application/octet-stream"),)
    return Answer(headers=headers, parts=_Zeros(size, part), framing=framing, length=size)


def huge_head(size: int, *, headers: int = 1) -> Answer:
    """An answer whose head has `size` bytes more than usual, spread over that many headers."""
    fields = tuple((f"x-fill-{number}", "a" * (size // headers)) for number in range(headers))
    return json_answer({}, headers=fields)


def gzipped(answer: Answer) -> Answer:
    """The answer compressed part by part, whether or not the client asked for it."""
    headers = (*answer.headers, ("Content-Encoding", "gzip"))
    if answer.framing is Framing.LENGTH:
        return replace(answer, headers=headers, parts=(gzip.compress(answer.body),))
    packer = zlib.compressobj(wbits=31)
    parts = [packer.compress(part) + packer.flush(zlib.Z_SYNC_FLUSH) for part in answer.parts]
    return replace(answer, headers=headers, parts=(*parts, packer.flush()))


def sliced(size: int) -> Callable[[Answer], Answer]:
    """An edit that cuts the body into parts of `size` bytes, across events and characters."""

    def edit(answer: Answer) -> Answer:
        body = answer.body
        return replace(answer, parts=tuple(body[start : start + size] for start in range(0, len(body), size)))

    return edit


def framed(framing: Framing, *, length: int | None = None) -> Callable[[Answer], Answer]:
    """An edit that marks the body's end in another way, or announces another length than it has."""
    return lambda answer: replace(answer, framing=framing, length=length)


def with_trailers(*trailers: tuple[str, str]) -> Callable[[Answer], Answer]:
    """An edit that puts trailers after a chunked body."""
    return lambda answer: replace(answer, framing=Framing.CHUNKED, trailers=trailers)


def without_event_lines(answer: Answer) -> Answer:
    """An edit that leaves `event:` lines out of a stream, as some compatible services do."""
    parts = tuple(part.partition(b"\n")[2] if part.startswith(b"event:") else part for part in answer.parts)
    return replace(answer, parts=parts)


def with_done_tail(answer: Answer) -> Answer:
    """An edit that ends a stream with `data: [DONE]`, as services made after OpenAI's do."""
    return replace(answer, parts=(*answer.parts, b"data: [DONE]\n\n"))


def first_parts(count: int) -> Callable[[Answer], Answer]:
    """An edit that ends the body properly after `count` parts (a stream without `message_stop`)."""
    return lambda answer: replace(answer, parts=tuple(answer.parts)[:count])


def error_event_after(count: int, kind: str = "overloaded_error", message: str = "Overloaded") -> Callable[..., Answer]:
    """An edit that breaks a stream off with `event: error` after `count` parts, properly ended."""
    data = json.dumps({"type": "error", "error": {"type": kind, "message": message}})
    event = f"event: error\ndata: {data}\n\n".encode()
    return lambda answer: replace(answer, parts=(*tuple(answer.parts)[:count], event))


async def deliver(
    connection: Connection, answer: Answer, behaviour: Behaviour, delivery: Delivery, *, bodiless: bool, close: bool
) -> None:
    """Write an answer the way `behaviour` says. Raises PeerGone."""
    close = close or answer.framing is Framing.CLOSE
    await asyncio.sleep(behaviour.head_delay)
    if not behaviour.cut_before_head:
        await _deliver(connection, answer, behaviour, delivery, bodiless=bodiless, close=close)
    delivery.stays_open = delivery.complete and not close and not behaviour.close_after
    if not delivery.stays_open:
        connection.reset() if behaviour.reset else connection.finish()


async def _deliver(
    connection: Connection, answer: Answer, behaviour: Behaviour, delivery: Delivery, *, bodiless: bool, close: bool
) -> None:
    if behaviour.raw is not None:
        await connection.send(behaviour.raw)
        return
    for status in behaviour.interim:
        await connection.send(f"HTTP/1.1 {status} {_reason(status)}\r\n\r\n".encode())
    await connection.send(answer.head(close=close))
    if bodiless:
        delivery.complete = True
        return
    await asyncio.sleep(behaviour.body_delay)
    await _deliver_body(connection, answer, behaviour, delivery)


async def _deliver_body(connection: Connection, answer: Answer, behaviour: Behaviour, delivery: Delivery) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    chunked = answer.framing is Framing.CHUNKED
    for number, part in enumerate(answer.parts):
        if behaviour.rate is not None:
            await asyncio.sleep(began + number / behaviour.rate - loop.time())
        if number == behaviour.stall_after:
            await asyncio.Event().wait()
        if number == behaviour.cut_after_parts:
            return
        room = len(part) if behaviour.cut_after_bytes is None else behaviour.cut_after_bytes - delivery.body_bytes
        start = b"%x\r\n" % len(part) if chunked else b""
        if room < len(part):
            await connection.send(start + part[:room])
            return
        await connection.send(start + part + (b"\r\n" if chunked else b""))
        delivery.took(len(part))
    if behaviour.unfinished or (answer.length is not None and answer.length > delivery.body_bytes):
        return
    if chunked:
        trailers = "".join(f"{name}: {value}\r\n" for name, value in answer.trailers)
        await connection.send(f"0\r\n{trailers}\r\n".encode("latin-1"))
    delivery.complete = True


def _reason(status: int) -> str:
    """The phrase of a status; content delivery networks and the API have some of their own."""
    if status == 529:
        return "Overloaded"
    return http.HTTPStatus(status).phrase if status in set(http.HTTPStatus) else "Unknown"


@dataclass(frozen=True)
class _Zeros:
    size: int
    part: int

    def __iter__(self) -> Iterator[bytes]:
        zeros = bytes(self.part)
        for _ in range(self.size // self.part):
            yield zeros
        if self.size % self.part:
            yield bytes(self.size % self.part)
