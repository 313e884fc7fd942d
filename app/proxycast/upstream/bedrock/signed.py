"""AWS's doors that speak the Messages API themselves, Mantle and Claude Platform on AWS: bodies pass, signed."""

from __future__ import annotations

import asyncio
from functools import partial

from proxycast.model.credential import AwsEndpoint, Credential
from proxycast.model.errors import AwsRefused, InputError, NotServed
from proxycast.model.text import Text, Translate
from proxycast.upstream.bedrock.account import Account, Opened
from proxycast.upstream.bedrock.counting import mantle_id
from proxycast.upstream.bedrock.faults import Fault
from proxycast.upstream.bedrock.hints import keys_hint
from proxycast.upstream.bedrock.keys import AwsKeys, BearerKey
from proxycast.upstream.bedrock.passed import PassedAnswer
from proxycast.upstream.bedrock.signing import canonical_query
from proxycast.upstream.body import peek, replace_model
from proxycast.upstream.headers import Headers, travelling, without
from proxycast.upstream.request import Ask, Outgoing, Request

_BIG = 512 * 1024


class SignedFormat:
    """An `Upstream` that changes nothing of a request but the model's name, where that must be another.

    `translate` puts what it adds to errors into the user's language; `account` is for whoever has to look closer.
    """

    def __init__(self, credential: Credential, account: Account, translate: Translate) -> None:
        self.credential = credential
        self._hint = partial(keys_hint, credential=credential, translate=translate)
        self.account = account
        aws = credential.aws
        self._endpoint = aws.endpoint if aws is not None else AwsEndpoint.MANTLE
        self._model_id = aws.model_id if aws is not None else None
        workspace = aws.workspace_id if aws is not None else None
        if self._endpoint is AwsEndpoint.CLAUDE_PLATFORM and not workspace:
            raise AwsRefused(
                Text("{name} names no workspace of Claude Platform on AWS.", name=credential.name),
                Text("Enter the workspace ID in the credential; it begins with wrkspc_."),
            )
        self._overridden = frozenset(name.lower().encode("ascii") for name, _ in credential.headers)
        self._fixed: Headers = [(name.encode("ascii"), value.encode("ascii")) for name, value in credential.headers]
        if self._endpoint is AwsEndpoint.CLAUDE_PLATFORM and workspace:
            self._overridden |= {b"anthropic-workspace-id"}
            self._fixed.append((b"anthropic-workspace-id", workspace.encode("ascii")))

    def prepare(self, request: Request) -> Outgoing | None:
        """See `Upstream`. Raises InputError, NotServed."""
        ready = self.account.ready()
        return None if ready is None or len(request.body) > _BIG else self._made(request, *ready)

    async def fetch(self, request: Request, ask: Ask) -> Outgoing:
        """See `Upstream`. Raises ProxyCastError."""
        opened, keys = await self.account.fetch_keys(ask)
        if len(request.body) > _BIG:
            return await asyncio.to_thread(self._made, request, opened, keys)
        return self._made(request, opened, keys)

    def _made(self, request: Request, opened: Opened, keys: AwsKeys | BearerKey) -> Outgoing:
        if not request.path.startswith(b"/v1/"):
            raise NotServed(
                Text("{path} is only for credentials of AWS Bedrock's own door.", path=request.path.decode("ascii"))
            )
        endpoint = opened.endpoints.door(self._endpoint)
        body, model = self._body(request.body)
        headers = [*without(travelling(request.headers), self._overridden), *self._fixed]
        if not any(name.lower() == b"anthropic-version" for name, _ in headers):
            headers.append((b"anthropic-version", self.credential.api_version.encode("ascii")))
        head = self.account.signed(
            opened,
            endpoint,
            keys,
            method=request.method.decode("ascii"),
            path=request.path.decode("ascii"),
            query=canonical_query(request.query.decode("ascii")),
            headers=headers,
            body=body,
        )
        answer = PassedAnswer(opened, keys, hint=self._hint, write=_write)
        return Outgoing(head, body, model, endpoint.destination, translator=answer)

    def _body(self, body: bytes) -> tuple[bytes, str | None]:
        asked = peek(body).model if body else None
        if asked is None:
            return body, None
        model = self._model_id or self.credential.models.get(asked) or asked
        if self._endpoint is AwsEndpoint.MANTLE and model.startswith("claude-"):
            model = mantle_id(model)
        if model == asked:
            return body, asked
        try:
            return replace_model(body, model), model
        except ValueError:
            raise InputError(
                Text("The request's body is not the JSON object that the alias {model} can be put into.", model=asked),
                Text("Send it without a key that is there twice."),
            ) from None


def _write(fault: Fault) -> bytes:
    return fault.envelope("")
