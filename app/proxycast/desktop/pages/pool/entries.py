"""What one card of the pool shows, as a value."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from proxycast.check.report import Report, Stage, State
from proxycast.desktop.pool_state import PoolState
from proxycast.desktop.pool_state.checks import Checked
from proxycast.model.credential import AwsEndpoint, Credential
from proxycast.model.errors import DestinationChanged, ProxyCastError, SecretMissing
from proxycast.model.exchange import Exchange
from proxycast.service.service import Service
from proxycast.store.journal_reader import Counters

REFUSED = frozenset({401, 402, 403})
"""The statuses with which a service refuses the credential, whatever is asked."""
_BROKEN = frozenset({"cannot_connect", "no_answer_in_time", "connection_lost", "redirected"})


class Standing(StrEnum):
    """How it stands with a credential, in one word."""

    READY = "ready"
    """Enabled, and nothing is known against it."""
    ACCEPTED = "accepted"
    """The service takes the key; no real message was sent."""
    WORKS = "works"
    DOUBTFUL = "doubtful"
    """A check has a reservation."""
    CHECKING = "checking"
    DISABLED = "disabled"
    NEEDS_KEY = "needs_key"
    DESTINATION_CHANGED = "destination_changed"
    FAILING = "failing"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One credential and all that is known about it.

    `of_session`: it is the demo's, not in the configuration. `trouble` says what is wrong: an error, a check that did
    not work, or an exchange that failed.
    """

    credential: Credential
    standing: Standing
    in_use: bool
    of_session: bool
    checked: Checked | None
    counters: Counters | None
    trouble: ProxyCastError | Report | Exchange | None

    @property
    def name(self) -> str:
        """The name of the credential."""
        return self.credential.name

    @property
    def host(self) -> str:
        """Where requests go, without what everybody knows."""
        return host_of(self.credential)


def entries_of(service: Service, state: PoolState) -> list[Entry]:
    """The pool in its order."""
    selected = service.pool.selected
    return [_entry(one, service, state, in_use=one is selected) for one in service.pool.credentials]


def host_of(credential: Credential) -> str:
    """The host of the service; for AWS region and profile, and which of its services if it is not the usual one."""
    if credential.base_url:
        return urlsplit(credential.base_url).netloc
    aws = credential.aws
    if aws is None:
        return ""
    service = {
        AwsEndpoint.BEDROCK: "",
        AwsEndpoint.MANTLE: "bedrock-mantle",
        AwsEndpoint.CLAUDE_PLATFORM: "claude-platform",
    }[aws.endpoint]
    return " · ".join(part for part in (aws.region, aws.profile, service) if part)


def _entry(credential: Credential, service: Service, state: PoolState, *, in_use: bool) -> Entry:
    checked = state.checks.last(credential)
    standing, trouble = _known(credential, service, state, checked)
    if not credential.enabled:
        standing, trouble = Standing.DISABLED, None
    if state.checks.checking(credential):
        standing, trouble = Standing.CHECKING, None
    return Entry(
        credential=credential,
        standing=standing,
        in_use=in_use,
        of_session=service.is_attached(credential),
        checked=checked,
        counters=state.counts.of(credential.id),
        trouble=trouble,
    )


def _known(
    credential: Credential, service: Service, state: PoolState, checked: Checked | None
) -> tuple[Standing, ProxyCastError | Report | Exchange | None]:
    """How it stands with an enabled credential. What happened last counts: a check or an exchange."""
    missing = service.missing_secret(credential)
    if missing is not None:
        return Standing.NEEDS_KEY, missing
    last = state.counts.last(credential.id)
    if last is not None and (checked is None or last.started > checked.at):
        if last.status in REFUSED or last.error in _BROKEN:
            return Standing.FAILING, last
        if last.status == 200 and last.error is None:
            return Standing.WORKS, None
    if checked is None:
        return Standing.READY, None
    report = checked.report
    keys = {one.key for one in report.findings if one.state is State.FAILED}
    if f"{Stage.SECRET}.{SecretMissing.code}" in keys:
        return Standing.NEEDS_KEY, report
    if f"{Stage.SECRET}.{DestinationChanged.code}" in keys:
        return Standing.DESTINATION_CHANGED, report
    match report.state:
        case State.FAILED:
            return Standing.FAILING, report
        case State.WARNING:
            return Standing.DOUBTFUL, report
        case _:
            answered = any(one.stage is Stage.MESSAGE and one.state is State.PASSED for one in report.findings)
            return (Standing.WORKS if answered else Standing.ACCEPTED), None
