"""A simple real probe: one message of one token, through the code that traffic uses."""

from __future__ import annotations

import asyncio
import time

import msgspec

from proxycast.model.errors import ConnectionLost, NoAnswerInTime, ProxyCastError
from proxycast.model.text import Text
from proxycast.proxy.dialer import Dialer
from proxycast.proxy.wire import REDIRECTS, AnswerHead
from proxycast.upstream.request import Request, Upstream

_BODY_LIMIT = 256 * 1024


class ProbeResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a probe found.

    `works`: a real answer of the Messages API came. `status` is the HTTP status, None if there was no answer.
    `seconds` spans the whole probe. `sentence` says the result to the user; `said` is the service's own message, if
    it gave one.
    """

    works: bool
    model: str
    status: int | None
    seconds: float
    sentence: Text
    said: str | None = None


async def probe(upstream: Upstream, dialer: Dialer, model: str) -> ProbeResult:
    """Ask the service for one token of `model`. Never raises for what the service or the network does."""
    began = time.perf_counter()
    body = msgspec.json.encode({"model": model, "max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}]})
    request = Request(b"POST", b"/v1/messages", b"", [(b"content-type", b"application/json")], body)
    status: int | None = None
    said: str | None = None
    try:
        answer = await _ask(upstream, dialer, request)
        status = answer.status
        works, sentence, said = _read(answer, model)
    except ProxyCastError as error:
        works, sentence = False, Text("{what} {remedy}", what=error.what, remedy=error.remedy or "")
    return ProbeResult(
        works=works, model=model, status=status, seconds=time.perf_counter() - began, sentence=sentence, said=said
    )


class _Answer:
    """Collects an answer; `done` resolves when it is complete or broken."""

    method = b"POST"

    def __init__(self, done: asyncio.Future[None]) -> None:
        self.status = 0
        self.host = ""
        self.body = b""
        self.complete = False
        self._done = done

    def answer_head(self, head: AnswerHead) -> None:
        self.status = head.status

    def answer_body(self, data: bytes) -> None:
        self.body = (self.body + data)[:_BODY_LIMIT]

    def answer_end(self, *, by_close: bool) -> None:  # noqa: ARG002 - a JSON body shows by itself whether it is whole
        self.complete = True
        self._finish()

    def answer_broken(self, *, untouched: bool) -> None:  # noqa: ARG002 - one attempt is what a probe is
        self._finish()

    def flush(self) -> None:
        """Nothing is passed on."""

    def _finish(self) -> None:
        if not self._done.done():
            self._done.set_result(None)


async def _ask(upstream: Upstream, dialer: Dialer, request: Request) -> _Answer:
    timeouts = upstream.credential.timeouts
    connection = await dialer.dial(upstream.destination, timeouts.connect)
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    answer = _Answer(done)
    try:
        connection.send(answer, upstream.prepare(request))
        async with asyncio.timeout(timeouts.request):
            await done
    except TimeoutError:
        raise NoAnswerInTime(
            Text(
                "The service accepted the connection and then sent nothing for {seconds} s.",
                seconds=f"{timeouts.request:g}",
            )
        ) from None
    finally:
        connection.abort()
    if not answer.complete:
        raise ConnectionLost(Text("The service closed the connection before its answer was complete."))
    return answer


class _Reply(msgspec.Struct):
    type: object = None
    role: object = None
    error: object = None


def _read(answer: _Answer, model: str) -> tuple[bool, Text, str | None]:
    """Whether it works, the sentence for the user, and the service's own words."""
    try:
        reply = msgspec.json.decode(answer.body, type=_Reply)
    except (msgspec.DecodeError, RecursionError):
        reply = None
    if answer.status == 200 and reply is not None and reply.type == "message" and reply.role == "assistant":
        return True, Text("The key works: {model} answered.", model=model), None
    error = reply.error if reply is not None and isinstance(reply.error, dict) else {}
    message = error.get("message")
    said = message if isinstance(message, str) else None
    return False, _explain(answer.status, model, is_api=said is not None), said


def _explain(status: int, model: str, *, is_api: bool) -> Text:
    if status in REDIRECTS:
        return Text("The base URL redirects elsewhere. Give the address where the service is now.")
    if status == 200 or (status == 404 and not is_api):
        return Text("What answers there is not the Messages API. Check the base URL.")
    match status:
        case 401:
            return Text(
                "The service does not accept this key. Check that it is whole, not expired, and of this service."
            )
        case 402:
            return Text("The key is known, but its account cannot pay for a message. Check billing with the service.")
        case 403:
            return Text("The key is known, but may not use {model}. Ask the service for access.", model=model)
        case 404:
            return Text("The service does not have the model {model}. Try another with --model.", model=model)
        case 400 | 422:
            return Text(
                "The service takes the key but not this request for {model}. Try another with --model.", model=model
            )
        case 429:
            return Text("The key works, but its rate limit is used up at the moment. Wait and try again.")
        case 529:
            return Text("The service is overloaded at the moment. Try again later.")
        case _:
            return Text(
                "The service answered with an error of its own (HTTP {status}). Try again later.", status=status
            )
