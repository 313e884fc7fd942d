"""What deserves a notification: troubles that begin, each told once until it has ended.

Pure: exchanges and the state of the proxy go in, troubles come out.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from proxycast.model.errors import KeyringError, ProxyCastError, VaultError, codes_of
from proxycast.model.exchange import Exchange

IN_A_ROW = 3
"""So many failures of a service, one after the other, are a trouble; one alone is its everyday life."""

_KEYRING = codes_of(KeyringError) | codes_of(VaultError)
_OF_THE_USER = frozenset({"secret_missing", "destination_changed", "sign_in_needed", "aws_refused"})
"""Refusals that go on until the user does something about this credential."""
_NOT_ABOUT_IT = frozenset({"client_gone", "stopping", "credential_disabled", "nothing_selected", "not_served"})


class TroubleKind(StrEnum):
    """The kinds of trouble, each of which can be muted."""

    PROXY = "proxy"
    """The proxy does not start."""
    CREDENTIAL = "credential"
    """A credential fails."""
    KEYRING = "keyring"
    """The place of the keys is locked or does not work."""


class Reason(StrEnum):
    """Why a credential fails."""

    KEY = "key"
    FORBIDDEN = "forbidden"
    BILLING = "billing"
    LIMIT = "limit"
    UNREACHABLE = "unreachable"
    SERVICE = "service"
    USER = "user"


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """One trouble. `error` is the proxy's; `name` and `reason` are a credential's."""

    kind: TroubleKind
    error: ProxyCastError | None = None
    name: str = ""
    reason: Reason | None = None


class Troubles:
    """Watches for troubles. Every method gives those that have begun with what it is told."""

    def __init__(self) -> None:
        self._failure: ProxyCastError | None = None
        self._streaks: dict[str, int] = {}
        self._told: dict[str, Reason] = {}
        self._keyring = False

    def proxy_is(self, failure: ProxyCastError | None) -> Iterable[Trouble]:
        """Why the proxy could not start, or None."""
        new = failure is not None and failure is not self._failure
        self._failure = failure
        return [Trouble(kind=TroubleKind.PROXY, error=failure)] if new else []

    def ended(self, exchange: Exchange) -> Iterable[Trouble]:
        """An exchange has ended."""
        identity, error = exchange.credential_id, exchange.error
        if identity is None or error in _NOT_ABOUT_IT:
            return []
        if error in _KEYRING:
            new, self._keyring = not self._keyring, True
            return [Trouble(kind=TroubleKind.KEYRING)] if new else []
        self._keyring = False  # else it would not have got that far
        reason = _reason(exchange)
        if reason is None:
            if exchange.status < 400:
                self._streaks.pop(identity, None)
                self._told.pop(identity, None)
            return []
        self._streaks[identity] = self._streaks.get(identity, 0) + 1
        lasting = reason in {Reason.KEY, Reason.FORBIDDEN, Reason.BILLING, Reason.USER}
        if self._told.get(identity) is reason or not (lasting or self._streaks[identity] >= IN_A_ROW):
            return []
        self._told[identity] = reason
        return [Trouble(kind=TroubleKind.CREDENTIAL, name=exchange.credential or "", reason=reason)]


def _reason(exchange: Exchange) -> Reason | None:
    """Why an exchange failed, if it is the credential or its service that failed and not the request."""
    status, error = exchange.status, exchange.error
    if error in _OF_THE_USER:
        return Reason.USER
    if error in {"cannot_connect", "no_answer_in_time", "connection_lost"}:
        return Reason.UNREACHABLE
    known = {401: Reason.KEY, 402: Reason.BILLING, 403: Reason.FORBIDDEN, 429: Reason.LIMIT}
    return known.get(status, Reason.SERVICE if status >= 500 else None)
