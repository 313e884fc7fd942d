"""Counts of a journal that grows: only what is new is read."""

from __future__ import annotations

import threading

from proxycast.store.journal_reader import Counters, JournalReader


class Tally:
    """The use of each credential, kept up to date: a look reads only the rows that came since the last one."""

    def __init__(self, reader: JournalReader) -> None:
        self._reader = reader
        self._one_at_a_time = threading.Lock()
        self._oldest = 0.0
        self._last = 0
        self._counters: dict[str, Counters] = {}

    def counters(self) -> dict[str, Counters]:
        """The counters of each credential by its id, for any thread. Raises JournalUnreadable.

        All is counted anew when rows have been removed, or the file has been.
        """
        with self._one_at_a_time:
            oldest, last = self._reader.ends()
            if oldest != self._oldest or last < self._last:
                self._oldest, self._last, self._counters = oldest, 0, {}
            if last > self._last:
                added = self._reader.counters(after=self._last, last=last)
                self._counters |= {
                    identity: _sum(self._counters[identity], more) if identity in self._counters else more
                    for identity, more in added.items()
                }
                self._last = last
            return dict(self._counters)


def _sum(one: Counters, more: Counters) -> Counters:
    return Counters(
        uses=one.uses + more.uses,
        errors=one.errors + more.errors,
        last_used=max(one.last_used, more.last_used),
    )
