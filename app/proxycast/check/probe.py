"""A simple real probe: one message of one token, through the code that traffic uses."""

from __future__ import annotations

import time
from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from proxycast.model.credential import AwsEndpoint, Kind
from proxycast.model.errors import ProxyCastError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.proxy.asker import Asker, converse
from proxycast.proxy.wire import REDIRECTS
from proxycast.store.logs import scrub
from proxycast.upstream.request import Collected, Request, Upstream

_USUAL_MODEL = "claude-haiku-5-5"
_SAID_LIMIT = 300


class ProbeResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a probe found.

    `works`: a real answer of the Messages API came. `status` is the HTTP status, None if there was no whole answer.
    `seconds` spans the whole probe. `sentence` says the result to the user; `said` is the service's own message in one
    line, if it gave one.
    """

    works: bool
    model: str
    status: int | None
    seconds: float
    sentence: Text
    said: str | None = None


async def cheap_model(upstream: Upstream, ask: Asker) -> str:
    """A cheap model that the service most likely has; an AWS account is asked, each has others. Never raises."""
    credential = upstream.credential
    if credential.models or credential.kind is not Kind.BEDROCK:
        return next(iter(credential.models), _USUAL_MODEL)
    aws = credential.aws
    if aws is not None and (aws.model_id or aws.endpoint is not AwsEndpoint.BEDROCK):
        return aws.model_id or _USUAL_MODEL
    try:
        listed = await converse(upstream, Request(b"GET", b"/v1/models", b"limit=1000", [], b""), ask)
        ids = [one.id for one in msgspec.json.decode(listed.body, type=_Listed).data]
    except (ProxyCastError, msgspec.DecodeError):
        return _USUAL_MODEL  # the probe itself tells what is wrong
    return next((one for one in ids if "haiku" in one), ids[0] if ids else _USUAL_MODEL)


async def probe(upstream: Upstream, ask: Asker, model: str, *, hidden: Iterable[Secret] = ()) -> ProbeResult:
    """Ask the service for one token of `model`. Never raises for what the service or the network does.

    `hidden` are secrets that the result must not show, even if the service repeats them.
    """
    began = time.perf_counter()
    body = msgspec.json.encode({"model": model, "max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}]})
    request = Request(b"POST", b"/v1/messages", b"", [(b"content-type", b"application/json")], body)
    works, status, said = False, None, None
    try:
        answer = await converse(upstream, request, ask)
    except ProxyCastError as error:
        sentence = error.what if error.remedy is None else Text("{what} {remedy}", what=error.what, remedy=error.remedy)
    else:
        status = answer.status
        works, sentence, said = _read(answer, model)
    return ProbeResult(
        works=works,
        model=model,
        status=status,
        seconds=time.perf_counter() - began,
        sentence=sentence,
        said=None if said is None else _presentable(said, hidden),
    )


class _Named(msgspec.Struct):
    id: str


class _Listed(msgspec.Struct):
    data: list[_Named] = []


class _Reply(msgspec.Struct):
    """What services say, in the shapes they say it in."""

    type: object = None
    role: object = None
    error: object = None
    message: object = None
    msg: object = None
    detail: object = None

    @property
    def said(self) -> str | None:
        """The message of an error."""
        inner = self.error.get("message") if isinstance(self.error, dict) else self.error
        found = (inner, self.message, self.msg, self.detail)
        return next((one for one in found if isinstance(one, str) and one.strip()), None)


def _read(answer: Collected, model: str) -> tuple[bool, Text, str | None]:
    """Whether it works, the sentence for the user, and the service's own words."""
    try:
        reply = msgspec.json.decode(answer.body, type=_Reply)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        reply = _Reply()
    if answer.status == 200 and reply.type == "message" and reply.role == "assistant":
        return True, Text("The key works: {model} answered.", model=model), None
    if answer.status in REDIRECTS:
        sentence = Text(
            "The service redirects to {host}. If that is where it is now, make it the base URL.",
            host=_redirects_to(answer),
        )
        return False, sentence, None
    return False, _explain(answer.status, model, reply.said), reply.said


def _redirects_to(answer: Collected) -> str:
    location = next((value for name, value in answer.headers if name.lower() == b"location"), b"")
    return urlsplit(location.decode("latin-1")).hostname or "?"


def _explain(status: int, model: str, said: str | None) -> Text:  # noqa: PLR0912 - a table
    """What an answer that is no success means. `said` None: it does not look like one of a service for models."""
    match status:
        case 200 if said is not None:
            return Text("The service reports an error, although with the status of a success.")
        case 200:
            return _NO_API
        case 400 | 422:
            return Text("The service refuses the test message for {model}. Try another model.", model=model)
        case 401:
            return Text(
                "The service does not accept this key. Check that it is whole, not expired, and of this service."
            )
        case 402:
            return Text("The account of this key cannot pay for a message. Check billing with the service.")
        case 403 if said is not None:
            return Text(
                "The service refuses this: the key may not use {model}, or it is not offered where you are.",
                model=model,
            )
        case 403:
            return Text("Something before the service, such as a firewall, refuses this. Check the base URL.")
        case 404 | 405 if said is None:
            return _NO_API
        case 404 if said is not None and "model" in said.lower():
            return Text("The service does not have the model {model}. Try another one.", model=model)
        case 404 | 405:
            return Text(
                "The service knows no such address, or not {model}. Check the base URL, or try another model.",
                model=model,
            )
        case 429:
            return Text("A limit on requests or spending is reached. Wait, or look it up with the service.")
        case 503 | 529:
            return Text("The service is overloaded at the moment. Try again later.")
        case _ if status >= 500:
            return Text("The service has a problem of its own (HTTP {status}). Try again later.", status=status)
        case _:
            return Text("The service refuses the test message (HTTP {status}).", status=status)


_NO_API = Text("What answers there is not the Messages API. Check the base URL.")


def _presentable(said: str, hidden: Iterable[Secret]) -> str:
    """A service's words as they may be shown: without secrets or control characters, in one line, and not too long."""
    for secret in hidden:
        said = said.replace(secret.reveal(), "…")
    line = " ".join("".join(one if one.isprintable() else " " for one in scrub(said)).split())
    return line if len(line) <= _SAID_LIMIT else f"{line[:_SAID_LIMIT]}…"
