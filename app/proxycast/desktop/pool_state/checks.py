"""Checks of credentials: a few at a time, each with its result, which the next start still knows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from functools import partial

import msgspec
from PySide6.QtCore import QObject, Signal

from proxycast.check.report import Report
from proxycast.desktop.pool_state.kept_checks import Kept, KeptChecks, fingerprint
from proxycast.desktop.pool_state.start import Start
from proxycast.model.credential import Credential
from proxycast.service.service import Service

_log = logging.getLogger(__name__)
AT_ONCE = 4
"""Checks that run at the same time; others wait."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """The last check of a credential: the credential as it was, and what came out."""

    credential: Credential
    report: Report

    @property
    def at(self) -> float:
        """When it ended, in seconds since the epoch."""
        return self.report.at


class Checks(QObject):
    """Runs checks, of what costs nothing, and remembers their results.

    Signals:
        changed: a check began, or ended, or was cancelled.
        ended: the `Checked` of one that ended.
    """

    changed = Signal()
    ended = Signal(object)

    def __init__(self, service: Service, start: Start, file: KeptChecks) -> None:
        super().__init__()
        self._service = service
        self._start = start
        self._file = file
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._running: dict[str, asyncio.Task[object]] = {}
        self._results = file.load()
        self._saving = asyncio.Lock()
        self._unsaved = False

    @property
    def running(self) -> int:
        """How many run or wait."""
        return len(self._running)

    def checking(self, credential: Credential) -> bool:
        """Whether it is being checked, or waits for it."""
        return credential.id in self._running

    def last(self, credential: Credential) -> Checked | None:
        """The last check of this credential, unless something that matters for it was changed since."""
        kept = self._results.get(credential.id)
        if kept is None or kept.of != fingerprint(credential):
            return None
        return Checked(credential=credential, report=kept.report)

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

    def keep(self, credential: Credential, report: Report) -> None:
        """Remember the result of a check, whoever ran it."""
        self._results[credential.id] = Kept(fingerprint(credential), report)
        self._unsaved = True
        self._start(self._save(), name="save the results of checks")
        self.ended.emit(Checked(credential=credential, report=report))
        self.changed.emit()

    async def _save(self) -> None:
        async with self._saving:
            if self._unsaved:
                self._unsaved = False
                known = {one.id for one in self._service.pool.credentials}
                kept = {identity: one for identity, one in self._results.items() if identity in known}
                try:
                    await asyncio.to_thread(self._file.save, kept)
                except OSError as error:
                    _log.warning("checks.json cannot be written: %s", error.strerror)

    async def _check(self, credential: Credential) -> None:
        async with self._slots:
            report = await self._service.check(credential, None)
        self.keep(credential, report)

    def _forget(self, identity: str, task: asyncio.Task[object]) -> None:
        if self._running.get(identity) is task:
            del self._running[identity]
        self.changed.emit()
