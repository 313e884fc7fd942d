"""Counting tokens: by CountTokens, else by Mantle, else not at all, and then the client helps itself."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from urllib.parse import quote

from proxycast.model.errors import NotServed, UpstreamError
from proxycast.model.text import Text, Translate
from proxycast.upstream.bedrock.account import Account
from proxycast.upstream.bedrock.answer import Hint, count_reply
from proxycast.upstream.bedrock.choice import Choice
from proxycast.upstream.bedrock.invocation import count_request
from proxycast.upstream.bedrock.tables import Tables
from proxycast.upstream.body import replace_model
from proxycast.upstream.reply import Collected, Reply
from proxycast.upstream.request import Ask, Request

_VERSION = re.compile(r"(?:-20\d{6})?(?:-v\d+(?::\d+)?)?$")
_SECONDS = 30.0
_REMEMBERED = 600.0
_ELSEWHERE = frozenset({400, 403, 404})
"""Statuses that mean: this way cannot count this, or is not allowed to."""

_OF_THE_MODEL = re.compile(rb"counting tokens|provided model|model id|model:", re.IGNORECASE)
"""What a 400 says that is about the model, and so about every request for it, and not about this one."""


class Counter:
    """Counts, and remembers for ten minutes which way does not work for a model: clients count in bursts of 27."""

    def __init__(self, account: Account, tables: Tables, hint: Hint, translate: Translate) -> None:
        self._account = account
        self._tables = tables
        self._hint = hint
        self._translate = translate
        self._closed: dict[tuple[str, str], float] = {}

    async def count(self, request: Request, choice: Choice, ask: Ask) -> Reply:
        """The answer to a client. Raises NotServed where nobody counts for this model; ProxyCastError."""
        base = choice.base or choice.identity
        if self._open("CountTokens", base):
            answer = await self._by_count_tokens(request, base, ask)
            if answer.status not in _ELSEWHERE:
                return count_reply(answer.status, answer.headers, answer.body, self._hint, self._translate)
            if _lasts(answer):
                self._close("CountTokens", base)
        if choice.base and self._open("Mantle", base):
            by_mantle = await self._by_mantle(request, base, ask)
            if by_mantle is not None and by_mantle.status == 200:
                return Reply(status=200, headers=[(b"content-type", b"application/json")], body=by_mantle.body)
            if by_mantle is None or _lasts(by_mantle):
                self._close("Mantle", base)
        raise NotServed(
            Text("AWS does not count tokens for {model}.", model=base),
            Text("Clients estimate instead. Counting needs bedrock:CountTokens, and a model that supports it."),
        )

    async def _by_count_tokens(self, request: Request, base: str, ask: Ask) -> Collected:
        opened = await self._account.open()
        made = count_request(request.body, _betas(request), base, self._tables)
        path = f"/model/{quote(base, safe=':;')}/count-tokens"
        return await self._account.ask(ask, opened.endpoints.runtime, "POST", path, body=made.body, within=_SECONDS)

    async def _by_mantle(self, request: Request, base: str, ask: Ask) -> Collected | None:
        opened = await self._account.open()
        try:
            body = replace_model(request.body, mantle_id(base))
        except ValueError:
            return None
        path = "/v1/messages/count_tokens"
        named = [header for header in request.headers if header[0].lower() in {b"anthropic-version", b"anthropic-beta"}]
        try:
            return await self._account.ask(
                ask, opened.endpoints.mantle, "POST", path, body=body, headers=named, within=_SECONDS
            )
        except UpstreamError:
            return None  # not every network that reaches Bedrock reaches Mantle

    def _open(self, way: str, model: str) -> bool:
        return time.monotonic() >= self._closed.get((way, model), 0.0)

    def _close(self, way: str, model: str) -> None:
        self._closed[way, model] = time.monotonic() + _REMEMBERED


def _lasts(answer: Collected) -> bool:
    """Whether the next request for this model would be refused as well."""
    return answer.status in {403, 404} or (answer.status == 400 and _OF_THE_MODEL.search(answer.body) is not None)


def mantle_id(identity: str) -> str:
    """A model's id on Mantle: `anthropic.claude-…` without region, date and version."""
    name = identity.rpartition("anthropic.")[2]
    return f"anthropic.{_VERSION.sub('', name)}"


def _betas(request: Request) -> Iterable[bytes]:
    return [value for name, value in request.headers if name.lower() == b"anthropic-beta"]
