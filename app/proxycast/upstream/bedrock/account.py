"""The AWS side of a credential: its region, its endpoints, its keys, and requests that are signed with them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from proxycast.model.credential import Aws, Credential, Timeouts
from proxycast.model.errors import AwsRefused, Refusal
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.upstream.bedrock.endpoints import Endpoint, Endpoints, choose_region, endpoints_of
from proxycast.upstream.bedrock.faults import http_fault
from proxycast.upstream.bedrock.keys import AwsKeys, BearerKey, FixedKeys, KeySource
from proxycast.upstream.bedrock.session_keys import AskCode, SessionKeys
from proxycast.upstream.bedrock.signing import authorization
from proxycast.upstream.headers import Headers
from proxycast.upstream.reply import Collected
from proxycast.upstream.request import Ask, Outgoing

_SENDABLE = re.compile(r"[\x21-\x7e]+")


class Surroundings(msgspec.Struct, frozen=True, eq=False):
    """What a credential finds around it.

    `proxy` is the program's setting, `environment` that of the process, `ask_code` asks the user for the code of an MFA
    device (None: nobody can be asked). `roles` keeps the roles that were assumed, by profile: AWS takes a code only
    once, so a test of a credential and its traffic share what one code gave.
    """

    proxy: str
    environment: Mapping[str, str]
    ask_code: AskCode | None
    roles: dict[str, dict[str, Any]]


class Opened(msgspec.Struct, frozen=True, eq=False):
    """An account whose region is known."""

    endpoints: Endpoints
    keys: KeySource


class Account:
    """Opens when it is first needed, because the region may stand in a profile's file.

    `secrets` are the values of the credential's secrets. Raises Refusal for secrets that cannot be used.
    """

    def __init__(self, credential: Credential, secrets: Mapping[str, Secret], around: Surroundings) -> None:
        self.credential = credential
        self.opened: Opened | None = None
        self._around = around
        self._secrets = secrets
        self._fixed = _entered(credential, secrets)
        if self._fixed is not None or (credential.aws is not None and credential.aws.region):
            try:
                self._open(None)
            except AwsRefused:
                return  # who asks is told

    async def open(self) -> Opened:
        """The account with its region. Raises AwsRefused."""
        if self.opened is not None:
            return self.opened
        region = None if self._fixed is not None else await asyncio.to_thread(self._region_of_profile)
        return self.opened or self._open(region)

    def elsewhere(self, region: str) -> Account:
        """The same account in another region."""
        aws = msgspec.structs.replace(self.credential.aws or Aws(), region=region)
        return Account(msgspec.structs.replace(self.credential, aws=aws), self._secrets, self._around)

    def ready(self) -> tuple[Opened, AwsKeys | BearerKey] | None:
        """The account and its keys, if both are at hand."""
        keys = self.opened.keys.ready() if self.opened is not None else None
        return (self.opened, keys) if self.opened is not None and keys is not None else None

    async def fetch_keys(self, ask: Ask) -> tuple[Opened, AwsKeys | BearerKey]:
        """The same, waiting. Raises ProxyCastError."""
        opened = await self.open()
        return opened, await opened.keys.fetch(ask)

    async def ask(
        self,
        ask: Ask,
        endpoint: Endpoint,
        method: str,
        path: str,
        *,
        within: float,
        query: str = "",
        headers: Headers | None = None,
        body: bytes = b"",
    ) -> Collected:
        """One question of our own to AWS, within so many seconds; with fresh keys once more if they had expired.

        A body is JSON unless `headers` say otherwise. Raises ProxyCastError.
        """
        timeouts = Timeouts(connect=within, request=within)
        sent = list(headers or ())
        if body and not any(name.lower() == b"content-type" for name, _ in sent):
            sent.append((b"content-type", b"application/json"))
        for last in (False, True):
            opened, keys = await self.fetch_keys(ask)
            head = self.signed(opened, endpoint, keys, method=method, path=path, query=query, headers=sent, body=body)
            answer = await ask(Outgoing(head, body, None, endpoint.destination), timeouts)
            if last or not opened.keys.renewable or answer.status != 403 or not is_stale(answer):
                break
            opened.keys.spoil(keys)
        return answer

    @staticmethod
    def signed(
        opened: Opened,
        endpoint: Endpoint,
        keys: AwsKeys | BearerKey,
        *,
        method: str,
        path: str,
        query: str,
        headers: Headers,
        body: bytes,
    ) -> bytes:
        """The complete head of a request. `path` follows the endpoint's prefix; `headers` are without framing."""
        content_type = b",".join(value for name, value in headers if name.lower() == b"content-type")
        path = endpoint.prefix + path
        shown = authorization(
            keys,
            service=endpoint.service,
            region=opened.endpoints.region,
            method=method,
            host=endpoint.host,
            path=path,
            query=query,
            content_type=content_type.decode("latin-1"),
            body=body,
        )
        target = f"{path}?{query}" if query else path
        lines = [
            f"{method} {target} HTTP/1.1\r\nhost: {endpoint.host}\r\naccept-encoding: identity\r\n".encode("ascii")
        ]
        for name, value in (*headers, *shown):
            lines += (name, b": ", value, b"\r\n")
        if body or method in {"POST", "PUT", "PATCH"}:
            lines.append(b"content-length: %d\r\n" % len(body))
        lines.append(b"\r\n")
        return b"".join(lines)

    def _region_of_profile(self) -> str | None:
        aws = self.credential.aws
        if aws is not None and aws.region:
            return None
        from proxycast.upstream.bedrock.aws_session import profile_region  # noqa: PLC0415 - imports botocore

        return profile_region(aws.profile if aws is not None else None)

    def _open(self, of_profile: str | None) -> Opened:
        region = choose_region(self.credential, of_profile, self._around.environment)
        around = self._around
        profile = self.credential.aws.profile if self.credential.aws is not None else None
        roles = around.roles.setdefault(profile or "", {})
        source = self._fixed or SessionKeys(
            self.credential, region, proxy=around.proxy, ask_code=around.ask_code, roles=roles
        )
        self.opened = Opened(endpoints_of(self.credential, region, around.proxy), source)
        return self.opened


def is_stale(answer: Collected) -> bool:
    """Whether AWS says that the keys had expired."""
    kind = next((value for name, value in answer.headers if name.lower() == b"x-amzn-errortype"), b"")
    return http_fault(answer.status, kind.decode("latin-1"), answer.body).stale


def _entered(credential: Credential, secrets: Mapping[str, Secret]) -> KeySource | None:
    """The keys that were entered; None if they come from a profile or the default chain."""
    if credential.aws is not None and credential.aws.profile:
        return None
    for secret in secrets.values():
        if not _SENDABLE.fullmatch(secret.reveal()):
            raise Refusal(
                Text("A key of {name} has a space, a line break or a character outside ASCII.", name=credential.name),
                Text("Enter it again: copied whole, without quotes around it or text beside it."),
            )
    if bearer := secrets.get("aws_bearer_token"):
        return FixedKeys(BearerKey(bearer))
    access_key, secret_key = secrets.get("aws_access_key"), secrets.get("aws_secret_key")
    if access_key is None and secret_key is None:
        return None
    if access_key is None or secret_key is None:
        raise AwsRefused(
            Text("{name} has only one half of an AWS access key.", name=credential.name),
            Text("Enter both: the access key ID and the secret access key."),
        )
    session_token = secrets.get("aws_session_token")
    return FixedKeys(AwsKeys(access_key=access_key.reveal(), secret_key=secret_key, session_token=session_token))
