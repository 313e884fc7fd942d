"""Checks of credentials: a few at a time, each with its result until the window is gone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from functools import partial

import msgspec
from PySide6.QtCore import QObject, Signal

from proxycast.check.probe import ProbeResult
from proxycast.desktop.pool_state.start import Start
from proxycast.model.credential import Credential
from proxycast.model.errors import ProxyCastError
from proxycast.service.service import Service

AT_ONCE = 4
"""Checks that run at the same time; others wait."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """The last check of a credential: the credential as it was, the time (seconds since the epoch), what came out.

    `outcome` is an error if the service could not even be asked.
    """

    credential: Credential
    at: float
    outcome: ProbeResult | ProxyCastError

    @property
    def works(self) -> bool:
        """Whether a real answer came."""
        return isinstance(self.outcome, ProbeResult) and self.outcome.works


class Checks(QObject):
    """Runs checks and remembers their results.

    Signals:
        changed: a check began, or ended, or was cancelled.
        ended: the `Checked` of one that ended.
    """

    changed = Signal()
    ended = Signal(object)

    def __init__(self, service: Service, start: Start) -> None:
        super().__init__()
        self._service = service
        self._start = start
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._running: dict[str, asyncio.Task[object]] = {}
        self._results: dict[str, Checked] = {}

    @property
    def running(self) -> int:
        """How many run or wait."""
        return len(self._running)

    def checking(self, credential: Credential) -> bool:
        """Whether it is being checked, or waits for it."""
        return credential.id in self._running

    def last(self, credential: Credential) -> Checked | None:
        """The last check of this credential, unless something that matters for it was changed since."""
        checked = self._results.get(credential.id)
        return checked if checked is not None and _same(checked.credential, credential) else None

    def check(self, credentials: Iterable[Credential]) -> None:
        """Check these, but those that are being checked already."""
        for one in credentials:
            if one.id not in self._running:
                task = self._start(self._check(one), name=f"check {one.id}")
                self._running[one.id] = task
                task.add_done_callback(partial(self._forget, one.id))
        self.changed.emit()

    def cancel(self, credentials: Iterable[Credential]) -> None:
        """Stop the checks of these; what was known of them stays."""
        for one in credentials:
            if (task := self._running.get(one.id)) is not None:
                task.cancel()

    def cancel_all(self) -> None:
        """Stop all checks."""
        for task in self._running.values():
            task.cancel()

    async def _check(self, credential: Credential) -> None:
        async with self._slots:
            try:
                outcome: ProbeResult | ProxyCastError = await self._service.probe(credential, None, None)
            except ProxyCastError as error:
                outcome = error
        checked = Checked(credential=credential, at=time.time(), outcome=outcome)
        self._results[credential.id] = checked
        self.ended.emit(checked)

    def _forget(self, identity: str, task: asyncio.Task[object]) -> None:
        if self._running.get(identity) is task:
            del self._running[identity]
        self.changed.emit()


def _same(one: Credential, other: Credential) -> bool:
    return msgspec.structs.replace(one, name=other.name, enabled=other.enabled) == other
