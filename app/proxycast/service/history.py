"""What has passed through the proxy: written down, told to those who watch, and counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from proxycast.model.exchange import Exchange
from proxycast.store.journal import Journal
from proxycast.store.journal_charts import Bar, Latency
from proxycast.store.journal_export import write_csv
from proxycast.store.journal_filter import Filter, Page
from proxycast.store.journal_reader import Counters, Entry, Grouping, JournalReader, Opening, Removal, UsageRow
from proxycast.store.journal_tally import Tally


class History:
    """The exchanges of this process and of all before it. The proxy's `Observer`.

    `open_journal` is called before the first exchange of this process is written; a process that never starts the proxy
    only reads.
    """

    def __init__(self, open_journal: Callable[[], Journal], reader: JournalReader) -> None:
        self._open_journal = open_journal
        self._reader = reader
        self._tally = Tally(reader)
        self._journal: Journal | None = None
        self._watchers: list[Callable[[Exchange], None]] = []

    def watch(self, watcher: Callable[[Exchange], None]) -> Callable[[], None]:
        """Tell `watcher` of every exchange that has ended until the returned function is called."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    async def counters(self) -> dict[str, Counters]:
        """How each credential was used, by its id. Raises JournalUnreadable."""
        return await asyncio.to_thread(self._tally.counters)

    async def usage(self, *, since: float, by: Grouping) -> list[UsageRow]:
        """Sums of the exchanges since a time (seconds since the epoch). Raises JournalUnreadable."""
        return await asyncio.to_thread(self._reader.usage, since=since, by=by)

    async def removals(self, *, since: float) -> list[Removal]:
        """What was taken out of requests since a time (seconds since the epoch). Raises JournalUnreadable."""
        return await asyncio.to_thread(self._reader.removals, since=since)

    async def opening(self, wanted: Filter) -> Opening:
        """The exchanges that pass a filter, in pages, with the first rows. Raises JournalUnreadable."""
        return await asyncio.to_thread(self._reader.opening, wanted)

    async def rows(self, wanted: Filter, page: Page) -> list[Entry]:
        """The exchanges of a page, newest first. Raises JournalUnreadable."""
        return await asyncio.to_thread(self._reader.rows, wanted, page)

    async def newer(self, wanted: Filter, after: int, *, limit: int) -> list[Entry]:
        """The latest exchanges after the one of this id, newest first. Raises JournalUnreadable."""
        return await asyncio.to_thread(self._reader.newer, wanted, after, limit=limit)

    async def names(self) -> dict[str, str]:
        """The latest name of each credential that was ever used, by its id. Raises JournalUnreadable."""
        return await asyncio.to_thread(self._reader.names)

    async def chart(self, edges: Sequence[float]) -> tuple[list[Bar], list[Latency]]:
        """Sums and latencies of the spans between `edges` (seconds since the epoch). Raises JournalUnreadable."""
        bars = await asyncio.to_thread(self._reader.bars, edges)
        return bars, await asyncio.to_thread(self._reader.latencies, edges)

    async def latency(self, began: float, ended: float) -> Latency | None:
        """The latencies of one span of time, None if there was no answer. Raises JournalUnreadable."""
        found = await asyncio.to_thread(self._reader.latencies, (began, ended))
        return found[0] if found else None

    async def export(self, wanted: Filter, file: Path) -> int:
        """Write the exchanges that pass a filter into a CSV file, and give their number.

        Raises JournalUnreadable, OSError.
        """
        return await asyncio.to_thread(write_csv, self._reader.each(wanted), file)

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
