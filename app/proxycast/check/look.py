"""What the stages of one check share: the credential, the way to its service, and what was found so far."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import msgspec
from aiohappyeyeballs import AddrInfoType

from proxycast.check.bedrock_refusals import AwsFacts
from proxycast.check.report import Cost, Offer
from proxycast.model.credential import Credential, Kind, Timeouts
from proxycast.model.exchange import Usage
from proxycast.model.secret import Secret
from proxycast.proxy.asker import Asker, converse
from proxycast.proxy.dialer import Dialer
from proxycast.proxy.hearing import Streamed
from proxycast.store.logs import scrub
from proxycast.upstream.catalogue import Catalogue
from proxycast.upstream.destination import Destination
from proxycast.upstream.headers import Headers
from proxycast.upstream.reply import Collected
from proxycast.upstream.request import Request, Upstream

USUAL_MODEL = "claude-haiku-5-5"
"""A cheap model that a service most likely has."""
STREAMED_TOKENS = 48
"""How many tokens the streamed message may have: enough to see whether they come one by one."""
_PROMPT_TOKENS = 24
_SAID_LIMIT = 300


class MakeUpstream(Protocol):
    """Makes the upstream of a credential with the values of its secrets. Raises Refusal."""

    def __call__(self, credential: Credential, secrets: Mapping[str, Secret], /) -> Upstream:
        """See above."""
        ...


class Look:
    """One check under way.

    `fetch_secrets` gives the values of the secrets, which raises as `PoolRouter.values` does; `make` the upstream that
    traffic would use. `wanted` is the model that the user named. Stages leave behind what later ones need: `values`,
    `upstream`, `destination`, `socket`, `certificate`, `model`, `offers`, `policy`, `retry_at`, and
    `aws` for AWS Bedrock. `host` is that of the service as the user knows it. Its questions go by the code that traffic
    takes, on connections of their own. `close` it.
    """

    def __init__(
        self,
        credential: Credential,
        *,
        fetch_secrets: Callable[[], Awaitable[Mapping[str, Secret]]],
        make: MakeUpstream,
        catalogue: Catalogue,
        wanted: str | None = None,
        own_ports: frozenset[int] = frozenset(),
    ) -> None:
        self.credential = credential
        self.fetch_secrets = fetch_secrets
        self.make = make
        self.catalogue = catalogue
        self.wanted = wanted
        self.model = wanted or next(iter(credential.models), USUAL_MODEL)
        self.host = credential.base_url.partition("://")[2].partition("/")[0] or credential.name
        self.aws: AwsFacts | None = None
        self.dialer = Dialer(asyncio.get_running_loop())
        self.dialer.refuse_own(own_ports)
        self.ask = Asker(self.dialer)
        self.values: Mapping[str, Secret] = {}
        self.upstream: Upstream
        self.destination: Destination
        self.addresses: Sequence[AddrInfoType] = ()
        self.socket: socket.socket | None = None
        self.certificate: bytes | None = None
        self.models: list[str] | None = None
        self.counted: Collected | None = None
        self.message: Collected | None = None
        self.streamed: Streamed | None = None
        self.offers: list[Offer] = []
        self.policy: str | None = None
        self.retry_at: float | None = None

    @property
    def timeouts(self) -> Timeouts:
        """Those of questions that cost nothing: an answer to one needs no model, so it is there soon or never."""
        given = self.credential.timeouts
        return msgspec.structs.replace(given, request=min(given.request, given.connect))

    async def question(
        self, method: bytes, path: bytes, body: object = None, *, query: bytes = b"", upstream: Upstream | None = None
    ) -> Collected:
        """The answer to a request that costs nothing. Raises ProxyCastError."""
        return await converse(
            upstream or self.upstream, _request(method, path, query, body), self.ask, timeouts=self.timeouts
        )

    async def say(self, body: object) -> Collected:
        """The answer to a message. Raises ProxyCastError."""
        return await converse(self.upstream, _request(b"POST", b"/v1/messages", b"", body), self.ask)

    async def say_streamed(self, body: object) -> Streamed:
        """The streamed answer to a message. Raises ProxyCastError."""
        return await self.ask.stream(self.upstream, _request(b"POST", b"/v1/messages", b"", body))

    def other(self, credential: Credential, values: Mapping[str, Secret] | None = None) -> Upstream:
        """The upstream of another form of the credential, or with other secrets. Raises Refusal."""
        return self.make(credential, self.values if values is None else values)

    def cost(self) -> Cost:
        """What the billed stages will cost at most: one message of one token, and one of a few streamed ones."""
        usage = Usage(input_tokens=2 * _PROMPT_TOKENS, output_tokens=1 + STREAMED_TOKENS)
        priced = self.credential.kind is not Kind.COMPATIBLE
        return Cost(model=self.model, dollars=self.catalogue.cost(self.model, usage) if priced else None)

    def presentable(self, said: str | None) -> str | None:
        """A service's words as they may be shown: without secrets or control characters, in one line, not too long."""
        if not said:
            return None
        for secret in sorted((one.reveal() for one in self.values.values()), key=len, reverse=True):
            if secret:
                said = said.replace(secret, "…")
        line = " ".join("".join(one if one.isprintable() else " " for one in scrub(said)).split())
        return line if len(line) <= _SAID_LIMIT else f"{line[:_SAID_LIMIT]}…"

    def close(self) -> None:
        """Drop all connections."""
        if self.socket is not None:
            self.socket.close()
        self.dialer.close()


def _request(method: bytes, path: bytes, query: bytes, body: object) -> Request:
    headers: Headers = [] if body is None else [(b"content-type", b"application/json")]
    return Request(method, path, query, headers, b"" if body is None else msgspec.json.encode(body))
