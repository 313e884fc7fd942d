"""AWS Bedrock's InvokeModel as a service of the Messages API."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from functools import partial
from urllib.parse import quote, unquote

import msgspec

from proxycast.model.credential import Credential
from proxycast.model.errors import NotServed, ProxyCastError
from proxycast.model.text import Text, Translate
from proxycast.upstream.bedrock.account import Account, Opened
from proxycast.upstream.bedrock.answer import InvocationAnswer
from proxycast.upstream.bedrock.choice import Choice, Chooser
from proxycast.upstream.bedrock.counting import Counter
from proxycast.upstream.bedrock.faults import Fault
from proxycast.upstream.bedrock.hints import keys_hint, profile_hint, refuses_on_demand
from proxycast.upstream.bedrock.invocation import invocation
from proxycast.upstream.bedrock.keys import AwsKeys, BearerKey
from proxycast.upstream.bedrock.listing import Listing
from proxycast.upstream.bedrock.models import model_reply, models_reply
from proxycast.upstream.bedrock.native import BODY_LIMIT, prepare_native, too_large
from proxycast.upstream.bedrock.tables import Tables
from proxycast.upstream.body import peek
from proxycast.upstream.headers import Headers
from proxycast.upstream.reply import Reply
from proxycast.upstream.request import Ask, Outgoing, Request

_BIG = 512 * 1024
"""From this size on, a body is rewritten and signed on a thread: on the loop it would hold up other streams."""

_SENT = re.compile(rb"user-agent|x-amzn-bedrock-[a-z-]+", re.IGNORECASE)
_ONE_MODEL = re.compile(rb"/v1/models/([^/]+)")


class Bedrock:
    """An `Upstream`. `translate` puts what it adds to AWS's errors into the user's language.

    `account`, `listing` and `chooser` are what it works with, for whoever has to look closer.
    """

    def __init__(self, credential: Credential, account: Account, tables: Tables, translate: Translate) -> None:
        self.credential = credential
        self.account = account
        self._tables = tables
        self.translate = translate
        self._keys_hint = partial(keys_hint, credential=credential, translate=translate)
        self.listing = Listing(account)
        self.chooser = Chooser(credential, account, self.listing)
        self._counter = Counter(account, tables, self._keys_hint, translate)
        self._list_wanted = False
        self._own = {name.lower().encode("ascii") for name, _ in credential.headers}
        standing = [(b"content-type", b"application/json"), (b"accept", b"application/json")]
        self._fixed: Headers = [header for header in standing if header[0] not in self._own]
        self._fixed += [(name.encode("ascii"), value.encode("ascii")) for name, value in credential.headers]

    def prepare(self, request: Request) -> Outgoing | Reply | None:
        """See `Upstream`. Raises NotServed, TooLarge, InputError."""
        route = _route(request)
        if route == "models":
            return None if self.listing.ready() is None else self._models(request)
        ready = self.account.ready()
        if ready is None or route == "count" or self._list_wanted or len(request.body) > _BIG:
            return None
        if route == "native":
            return self._native(request, *ready)
        choice = self.chooser.ready(peek(request.body).model)
        return None if choice is None else self._invoke(request, choice, *ready)

    async def fetch(self, request: Request, ask: Ask) -> Outgoing | Reply:
        """See `Upstream`. Raises ProxyCastError."""
        route = _route(request)
        if route == "models":
            await self.listing.fetch(ask)
            return self._models(request)
        opened, keys = await self.account.fetch_keys(ask)
        if route == "native":
            return await asyncio.to_thread(self._native, request, opened, keys)
        if self._list_wanted:
            self._list_wanted = False
            with suppress(ProxyCastError):  # then the error goes without the hint
                await self.listing.fetch(ask)
        choice = await self.chooser.fetch(peek(request.body).model, ask)
        if route == "count":
            return await self._counter.count(request, choice, ask)
        if len(request.body) > _BIG:
            return await asyncio.to_thread(self._invoke, request, choice, opened, keys)
        return self._invoke(request, choice, opened, keys)

    def _native(self, request: Request, opened: Opened, keys: AwsKeys | BearerKey) -> Outgoing:
        return prepare_native(request, self.account, opened, keys, hint=self._keys_hint)

    def _invoke(self, request: Request, choice: Choice, opened: Opened, keys: AwsKeys | BearerKey) -> Outgoing:
        betas = [value for name, value in request.headers if name.lower() == b"anthropic-beta"]
        made = invocation(request.body, betas, choice.base or choice.identity, self._tables)
        if len(made.body) > BODY_LIMIT:
            raise too_large()
        runtime = opened.endpoints.runtime
        action = "invoke-with-response-stream" if made.stream else "invoke"
        path = f"/model/{quote(choice.identity, safe=':;')}/{action}"
        sent = [one for one in request.headers if _SENT.fullmatch(one[0]) and one[0].lower() not in self._own]
        head = Account.signed(
            opened, runtime, keys, method="POST", path=path, query="", headers=[*sent, *self._fixed], body=made.body
        )
        return Outgoing(
            head,
            made.body,
            choice.identity,
            runtime.destination,
            translator=InvocationAnswer(
                partial(self.hint, choice.identity),
                self.translate,
                partial(self._reviewed, asked=made.model, choice=choice, opened=opened, keys=keys),
            ),
            removed=made.removed,
        )

    def _models(self, request: Request) -> Reply:
        one = _ONE_MODEL.fullmatch(request.path)
        if one is None:
            return models_reply(self.listing.known, self.credential.models, request.query)
        asked = unquote(one[1].decode("ascii"))
        reply = model_reply(self.listing.known, self.credential.models, asked)
        if reply is None:
            raise NotServed(Text("This AWS account has no model {model}.", model=asked))
        return reply

    def hint(self, identity: str, fault: Fault, headers: Headers) -> str:
        """More words for an error of the model that was invoked as `identity`."""
        if not refuses_on_demand(fault):
            return self._keys_hint(fault, headers)
        known = self.listing.known
        return profile_hint(known.profile_for(identity), self.translate) if known.all else ""

    def _reviewed(
        self,
        reply: Reply,
        headers: Headers,
        *,
        asked: str | None,
        choice: Choice,
        opened: Opened,
        keys: AwsKeys | BearerKey,
    ) -> Reply:
        """The answer to an invocation, which is stale where another one may be better; expired keys are given back."""
        stale = reply.stale and opened.keys.renewable
        if stale:
            opened.keys.spoil(keys)
        return msgspec.structs.replace(reply, stale=stale or self._may_do_better(reply, headers, asked, choice))

    def _may_do_better(self, reply: Reply, headers: Headers, asked: str | None, choice: Choice) -> bool:
        """Whether another `fetch` would find another way to the model, or could name the profile to use."""
        if (_error_type(headers), reply.status) == (b"accessdenied", 403):
            return self.chooser.refuse(asked, choice)
        wanted = reply.status == 400 and b"on-demand throughput" in reply.body and not self.listing.known.all
        self._list_wanted = self._list_wanted or wanted
        return wanted


def _error_type(headers: Headers) -> bytes:
    """AWS's name of an error, lower case, without its `Exception`."""
    named = next((value for name, value in headers if name.lower() == b"x-amzn-errortype"), b"")
    return named.partition(b":")[0].lower().removesuffix(b"exception")


def _route(request: Request) -> str:
    path = request.path
    match request.method, path:
        case b"POST", b"/v1/messages":
            return "messages"
        case b"POST", b"/v1/messages/count_tokens":
            return "count"
        case ((b"GET" | b"HEAD"), _) if path == b"/v1/models" or _ONE_MODEL.fullmatch(path):
            return "models"
        case _ if not path.startswith(b"/v1/"):
            return "native"
    raise NotServed(
        Text("AWS Bedrock does not have {path}.", path=path.decode("ascii")),
        Text("Batches, files and skills are only on the Claude API and on Claude Platform on AWS."),
    )
