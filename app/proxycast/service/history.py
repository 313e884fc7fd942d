"""What has passed through the proxy: written down, told to those who watch, and counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from proxycast.model.exchange import Exchange
from proxycast.store.journal import Journal
from proxycast.store.journal_reader import Counters, Grouping, JournalReader, Removal, UsageRow


class History:
    """The exchanges of this process and of all before it. The proxy's `Observer`.

    `open_journal` is called before the first exchange of this process is written; a process that never starts the proxy
    only reads.
    """

    def __init__(self, open_journal: Callable[[], Journal], reader: JournalReader) -> None:
        self._open_journal = open_journal
        self._reader = reader
        self._journal: Journal | None = None
        self._watchers: list[Callable[[Exchange], None]] = []

    def watch(self, watcher: Callable[[Exchange], None]) -> Callable[[], None]:
        """Tell `watcher` of every exchange that has ended until the returned function is called."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    async def counters(self) -> dict[str, Counters]:
        """How each credential was used, by its id. Raises JournalUnreadable."""
        return await asyncio.to_thread(self._reader.counters)

    async def usage(self, *, since: float, by: Grouping) -> list[UsageRow]:
        """Sums of the exchanges since a time (seconds since the epoch). Raises JournalUnreadable."""
        return await asyncio.to_thread(self._reader.usage, since=since, by=by)

    async def removals(self, *, since: float) -> list[Removal]:
        """What was taken out of requests since a time (seconds since the epoch). Raises JournalUnreadable."""
        return await asyncio.to_thread(self._reader.removals, since=since)

    def write(self) -> None:
        """Write down what ends from now on."""
        if self._journal is None:
            self._journal = self._open_journal()

    async def close(self) -> None:
        """Write what is unwritten."""
        if self._journal is not None:
            await asyncio.to_thread(self._journal.close)

    def began(self) -> None:
        """See `Observer`."""

    def ended(self, exchange: Exchange) -> None:
        """See `Observer`."""
        if self._journal is not None:
            self._journal.record(exchange)
        for watcher in list(self._watchers):
            watcher(exchange)
