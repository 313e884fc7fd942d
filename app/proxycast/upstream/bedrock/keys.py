"""The keys that requests to AWS are signed with, and where they come from."""

from __future__ import annotations

from typing import Protocol

import msgspec

from proxycast.model.secret import Secret
from proxycast.upstream.request import Ask


class AwsKeys(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """An access key with its secret, and the token of a session.

    `expires` is seconds since the epoch, if ever. `way` is botocore's name of how they were found, `sso` say; empty if
    the user entered them.
    """

    access_key: str
    secret_key: Secret
    session_token: Secret | None = None
    expires: float | None = None
    way: str = ""


class BearerKey(msgspec.Struct, frozen=True, eq=False):
    """A Bedrock API key, which is shown and not signed with."""

    token: Secret


class KeySource(Protocol):
    """Where keys come from: `ready` from memory, None when they would have to be waited for; `fetch` waits.

    `renewable` tells whether other keys may come after `spoil`.
    """

    renewable: bool

    def ready(self) -> AwsKeys | BearerKey | None:
        """Keys that are good for a while."""
        ...

    async def fetch(self, ask: Ask) -> AwsKeys | BearerKey:
        """The same, waiting; `ask` reaches AWS by the connections of traffic. Raises ProxyCastError."""
        ...

    def spoil(self, keys: AwsKeys | BearerKey) -> None:
        """AWS says that these have expired: give them no more."""
        ...


class FixedKeys:
    """Keys that the user entered. A `KeySource`."""

    renewable = False

    def __init__(self, keys: AwsKeys | BearerKey) -> None:
        self._keys = keys

    def ready(self) -> AwsKeys | BearerKey:
        """See `KeySource`."""
        return self._keys

    async def fetch(self, ask: Ask) -> AwsKeys | BearerKey:  # noqa: ARG002 - there is nothing to wait for
        """See `KeySource`."""
        return self._keys

    def spoil(self, keys: AwsKeys | BearerKey) -> None:
        """Nobody but the user has others."""
