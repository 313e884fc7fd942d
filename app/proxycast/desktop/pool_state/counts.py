"""How often credentials were used, read off the loop and not more often than somebody could look."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from proxycast.desktop.pool_state.start import Start
from proxycast.model.errors import JournalUnreadable
from proxycast.model.exchange import Exchange
from proxycast.service.service import Service
from proxycast.store.journal_reader import Counters

INTERVAL = 2.0
"""Seconds from an exchange to the next reading, which covers all exchanges between. The journal writes every 0.5 s."""

_log = logging.getLogger(__name__)


class Counts(QObject):
    """Counters of the journal, and the last exchange of each credential in this session.

    Signals:
        changed: there are other numbers.
    """

    changed = Signal()

    def __init__(self, service: Service, start: Start) -> None:
        super().__init__()
        self._service = service
        self._start = start
        self._counters: Mapping[str, Counters] = {}
        self._last: dict[str, Exchange] = {}
        self._timer = QTimer(self, singleShot=True, interval=round(INTERVAL * 1000))
        self._timer.timeout.connect(self.read)
        self._forget = service.history.watch(self._exchanged)

    def of(self, identity: str) -> Counters | None:
        """The counters of a credential, None if it was never used."""
        return self._counters.get(identity)

    def last(self, identity: str) -> Exchange | None:
        """The last exchange of a credential in this session, leaving out those that the client gave up."""
        return self._last.get(identity)

    def read(self) -> None:
        """Read the counters soon."""
        self._start(self._read(), name="read the counters")

    def close(self) -> None:
        """Hear of no exchange and read nothing any more."""
        self._forget()
        self._timer.stop()

    async def _read(self) -> None:
        try:
            counters = await self._service.history.counters()
        except JournalUnreadable as error:
            _log.info("no counters: %s", error)
            return
        if counters != self._counters:
            self._counters = counters
            self.changed.emit()

    def _exchanged(self, exchange: Exchange) -> None:
        if exchange.credential_id is not None and exchange.error != "client_gone":
            self._last[exchange.credential_id] = exchange
        if not self._timer.isActive():
            self._timer.start()
