"""Questions to the journal. They read a file that may be large: ask on a worker thread."""

from __future__ import annotations

import contextlib
import sqlite3
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import msgspec

from proxycast.model.errors import JournalUnreadable
from proxycast.model.exchange import Exchange, Usage
from proxycast.model.text import Text
from proxycast.store.journal_charts import BARS, LATENCIES, Bar, Latency
from proxycast.store.journal_filter import BUCKETS, ROWS, Filter, Page, fold

Grouping = Literal["credential", "model", "day"]
"""What usage is summed by; a day is one of the local clock."""

_LOCK_SECONDS = 1.0
_BIGGEST_ID = 2**63 - 1

# Of the columns outside an aggregate SQLite takes the row that `max` found: a credential, which keeps its id when it is
# renamed, is shown under its latest name.
_USAGE = """
    WITH chosen AS (
        SELECT *, CASE :by
            WHEN 'credential' THEN credential_id
            WHEN 'model' THEN model
            ELSE date(started, 'unixepoch', 'localtime')
        END AS grouped
        FROM exchange WHERE started >= :since
    )
    SELECT
        CASE :by WHEN 'credential' THEN credential ELSE grouped END AS "group",
        count(*) AS requests,
        sum(failed) AS errors,
        coalesce(sum(input_tokens), 0) AS input_tokens,
        coalesce(sum(output_tokens), 0) AS output_tokens,
        coalesce(sum(cache_creation_input_tokens), 0) AS cache_creation_input_tokens,
        coalesce(sum(cache_read_input_tokens), 0) AS cache_read_input_tokens,
        median(first_byte) AS first_byte,
        max(started)
    FROM chosen GROUP BY grouped
    ORDER BY CASE :by WHEN 'day' THEN 0 ELSE count(*) END DESC, grouped
"""

_ENDS = """
    SELECT started, (SELECT max(id) FROM exchange) AS last FROM exchange ORDER BY id LIMIT 1
"""

_COUNTERS = """
    SELECT credential_id, count(*) AS uses, sum(failed) AS errors, max(started) AS last_used
    FROM exchange WHERE id > :after AND id <= :last AND credential_id IS NOT NULL GROUP BY credential_id
"""

_RECENT = """
    SELECT * FROM exchange WHERE id < :before ORDER BY id DESC LIMIT :limit
"""

_PAGE = """
    SELECT * FROM exchange WHERE id BETWEEN :first AND :last AND {condition} ORDER BY id DESC LIMIT :limit
"""

_NAMES = """
    SELECT credential_id, credential, max(started)
    FROM exchange WHERE credential_id IS NOT NULL GROUP BY credential_id ORDER BY credential
"""

# Every name of a list has a line of its own.
_REMOVED = """
    SELECT credential_id, credential, removed, count(*) AS requests, max(started)
    FROM exchange WHERE started >= :since AND removed IS NOT NULL GROUP BY credential_id, removed
"""
_REMOVED_SINCE = 2
"""The version of the file that brought the column."""


class UsageRow(msgspec.Struct, frozen=True, kw_only=True):
    """The sums of one group of exchanges.

    `group` is the credential's latest name, the model, or the local day as `2026-11-30`; None: those that have none.
    `first_byte` is the median in seconds, None if no answer came.
    """

    group: str | None
    requests: int
    errors: int
    input_tokens: int
    output_tokens: int
    cache_creation_input_tokens: int
    cache_read_input_tokens: int
    first_byte: float | None


class Counters(msgspec.Struct, frozen=True, kw_only=True):
    """How one credential was used, as far as the journal reaches back. `last_used` is seconds since the epoch."""

    uses: int
    errors: int
    last_used: float


class Removal(msgspec.Struct, frozen=True, kw_only=True):
    """How many requests of a credential had `name` taken out because its service refuses it.

    `credential` is its latest name.
    """

    credential: str | None
    name: str
    requests: int


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the journal. Later rows have larger ids."""

    id: int
    exchange: Exchange


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What a list begins with: its pages, newest first, the rows of the first one, and the last id of the journal.

    Rows with larger ids may be in the pages already.
    """

    pages: list[Page]
    rows: list[Entry]
    last: int


class JournalReader:
    """Asks the journal at `path`; one that does not exist yet is empty. Every question may raise JournalUnreadable."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def usage(self, *, since: float, by: Grouping) -> list[UsageRow]:
        """The sums of the exchanges since a time (seconds since the epoch): days in order, else the busiest first."""
        rows = self._ask(_USAGE, {"since": since, "by": by})
        return [UsageRow(**_pick(row, UsageRow.__struct_fields__)) for row in rows]

    def ends(self) -> tuple[float, int]:
        """When the oldest exchange began (seconds since the epoch), and the latest id; 0 if there is none."""
        return next(((row["started"], row["last"]) for row in self._ask(_ENDS, {})), (0.0, 0))

    def counters(self, *, after: int, last: int) -> dict[str, Counters]:
        """The use of each credential, by its id, in the rows with ids above `after` and up to `last`."""
        rows = self._ask(_COUNTERS, {"after": after, "last": last})
        return {row["credential_id"]: Counters(**_pick(row, Counters.__struct_fields__)) for row in rows}

    def removals(self, *, since: float) -> list[Removal]:
        """What was taken out of requests since a time (seconds since the epoch), the most frequent first."""
        counts: Counter[tuple[str | None, str]] = Counter()
        names: dict[str | None, str | None] = {}
        for row in self._ask(_REMOVED, {"since": since}, version=_REMOVED_SINCE):
            names[row["credential_id"]] = row["credential"]
            for name in row["removed"].split("\n"):
                counts[row["credential_id"], name] += row["requests"]
        return [
            Removal(credential=names[identity], name=name, requests=count)
            for (identity, name), count in counts.most_common()
        ]

    def recent(self, limit: int, *, before_id: int | None = None) -> list[Entry]:
        """The latest rows, newest first; with `before_id` the ones before that row."""
        before = _BIGGEST_ID if before_id is None else before_id
        return [_entry(row) for row in self._ask(_RECENT, {"limit": limit, "before": before})]

    def pages(self, wanted: Filter) -> list[Page]:
        """All rows that pass a filter, as runs of some hundreds, newest first."""
        condition, values = wanted.condition()
        rows = self._ask(BUCKETS.format(condition=condition), values)
        return fold([(row["bucket"], row["rows"], row["last"]) for row in rows])

    def opening(self, wanted: Filter) -> Opening:
        """The pages of a filter, the rows of the first one, and how far the journal went."""
        _, last = self.ends()
        rows = self._between(wanted, 0, _BIGGEST_ID, ROWS)
        if len(rows) < ROWS:  # all there are, and the journal need not be read a second time
            pages = [Page(first=rows[-1].id, last=rows[0].id, rows=len(rows))] if rows else []
        else:
            pages = self.pages(wanted)
            rows = self.rows(wanted, pages[0])
        return Opening(pages=pages, rows=rows, last=last)

    def rows(self, wanted: Filter, page: Page) -> list[Entry]:
        """The rows of a page, newest first."""
        return self._between(wanted, page.first, page.last)

    def newer(self, wanted: Filter, after: int, *, limit: int) -> list[Entry]:
        """The latest rows with ids above `after` that pass a filter, newest first."""
        return self._between(wanted, after + 1, _BIGGEST_ID, limit)

    def each(self, wanted: Filter) -> Iterator[Entry]:
        """All rows that pass a filter, newest first, read a page at a time."""
        for page in self.pages(wanted):
            yield from self.rows(wanted, page)

    def names(self) -> dict[str, str]:
        """The latest name of each credential that was ever used, by its id."""
        return {row["credential_id"]: row["credential"] for row in self._ask(_NAMES, {})}

    def bars(self, edges: Sequence[float]) -> list[Bar]:
        """What each credential did in the spans between `edges` (seconds since the epoch, ascending)."""
        return [Bar(**_pick(row, Bar.__struct_fields__)) for row in self._ask(BARS, _spans(edges))]

    def latencies(self, edges: Sequence[float]) -> list[Latency]:
        """How soon answers began in the spans between `edges`; a span without answers has none."""
        return [Latency(**_pick(row, Latency.__struct_fields__)) for row in self._ask(LATENCIES, _spans(edges))]

    def _between(self, wanted: Filter, first: int, last: int, limit: int = -1) -> list[Entry]:
        condition, values = wanted.condition()
        span = {"first": first, "last": last, "limit": limit}
        return [_entry(row) for row in self._ask(_PAGE.format(condition=condition), values | span)]

    def _ask(self, question: str, values: Mapping[str, object], *, version: int = 1) -> list[sqlite3.Row]:
        """The rows that answer; none of a file that is older than `version`, until a writer brings it up to date."""
        if not self._path.exists():
            return []
        address = f"{self._path.absolute().as_uri()}?mode=ro"
        try:
            with contextlib.closing(sqlite3.connect(address, uri=True, timeout=_LOCK_SECONDS)) as connection:
                (present,) = connection.execute("PRAGMA user_version").fetchone()
                if present < version:
                    return []
                connection.row_factory = sqlite3.Row
                # typeshed knows aggregates of integers only
                connection.create_aggregate("median", 1, _Median)  # type: ignore[arg-type]
                return connection.execute(question, values).fetchall()
        except sqlite3.Error as error:
            raise JournalUnreadable(
                Text("The record of past requests cannot be read: {reason}.", reason=str(error)),
                Text("If it is damaged, ProxyCast begins a new one when the proxy next starts."),
            ) from error


class _Median:
    """An aggregate function for SQLite."""

    def __init__(self) -> None:
        self._values: list[float] = []

    def step(self, value: float | None) -> None:
        if value is not None:
            self._values.append(value)

    def finalize(self) -> float | None:
        return statistics.median(self._values) if self._values else None


def _entry(row: sqlite3.Row) -> Entry:
    tokens = _pick(row, Usage.__struct_fields__)
    usage = None if all(count is None for count in tokens.values()) else Usage(**tokens)
    rest = _pick(row, (field for field in Exchange.__struct_fields__ if field not in {"usage", "removed"}))
    removed = row["removed"] if "removed" in row.keys() else None  # noqa: SIM118 - a row is no mapping
    return Entry(
        id=row["id"], exchange=Exchange(**rest, usage=usage, removed=tuple(removed.split("\n")) if removed else ())
    )


def _spans(edges: Sequence[float]) -> dict[str, object]:
    return {"spans": msgspec.json.encode(list(pairwise(edges))).decode()}


def _pick(row: sqlite3.Row, columns: Iterable[str]) -> dict[str, Any]:
    return {column: row[column] for column in columns}
