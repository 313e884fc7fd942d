"""What the activity page says of exchanges, in the user's language."""

from __future__ import annotations

import time
from enum import IntEnum, StrEnum

from PySide6.QtCore import QDateTime, QLocale, QObject

from proxycast.desktop.durations import duration
from proxycast.desktop.numerals import short
from proxycast.model.exchange import Exchange, Usage
from proxycast.store.journal_reader import Entry

_NO_USAGE = Usage()
_NONE = "–"
_KEPT = 4_000
"""Rows of which the words are kept."""


class Column(IntEnum):
    """The columns of the list, from left to right."""

    TIME = 0
    CREDENTIAL = 1
    MODEL = 2
    STATUS = 3
    FIRST_BYTE = 4
    DURATION = 5
    TOKENS = 6

    @property
    def is_number(self) -> bool:
        """Whether what it holds stands at the right."""
        return self >= Column.FIRST_BYTE


class Outcome(StrEnum):
    """How an exchange ended."""

    ANSWERED = "answered"
    CANCELLED = "cancelled"
    FAILED = "failed"


def outcome_of(exchange: Exchange) -> Outcome:
    """How it ended, as the journal counts it: a client that hangs up is no error."""
    if exchange.status >= 400 or exchange.error not in {None, "client_gone"}:
        return Outcome.FAILED
    return Outcome.ANSWERED if exchange.error is None else Outcome.CANCELLED


MARKS = {
    Outcome.ANSWERED: ("ok", "ok"),
    Outcome.CANCELLED: ("status-off", "quiet"),
    Outcome.FAILED: ("error", "error"),
}
"""The icon and the colour's role of every outcome."""


class ActivityWords(QObject):
    """The words of the page in the language that is in force when this is made."""

    def __init__(self) -> None:
        super().__init__()
        self._locale = QLocale()
        self._headings = {
            Column.TIME: self.tr("Time"),
            Column.CREDENTIAL: self.tr("Credential"),
            Column.MODEL: self.tr("Model"),
            Column.STATUS: self.tr("Status"),
            Column.FIRST_BYTE: self.tr("First byte"),
            Column.DURATION: self.tr("Duration"),
            Column.TOKENS: self.tr("Tokens"),
        }
        self._clock = self.tr("h:mm:ss AP", "a time of today")
        self._day = self.tr("MMM d, h:mm AP", "a time of another day")
        self._whole = self.tr("MMM d, yyyy, h:mm:ss AP", "a time in full")
        self._cancelled = self.tr("Canceled")
        self._sent_received = self.tr("{sent} → {received}", "tokens")
        self._today = self._tomorrow = 0.0
        self._cells: dict[int, list[str]] = {}
        self.unknown = self.tr("No credential")

    def heading(self, column: Column) -> str:
        """The head of a column."""
        return self._headings[column]

    def cell(self, entry: Entry, column: Column) -> str:
        """What stands in a cell."""
        if not self._today <= time.time() < self._tomorrow:
            today = QDateTime.currentDateTime().date()
            self._today, self._tomorrow = (
                float(day.startOfDay().toSecsSinceEpoch()) for day in (today, today.addDays(1))
            )
            self._cells.clear()
        elif len(self._cells) > _KEPT:
            self._cells.clear()
        known = self._cells.get(entry.id)
        if known is None:
            known = self._cells[entry.id] = self._row(entry.exchange)
        return known[column]

    def status(self, exchange: Exchange) -> str:
        """The status, with the kind of error."""
        if outcome_of(exchange) is Outcome.CANCELLED:
            return self._cancelled
        number = str(exchange.status) if exchange.status else ""
        return " ".join(part for part in (number, exchange.error) if part)

    def moment(self, seconds: float) -> str:
        """A time in full: day and second (seconds since the epoch)."""
        return self._locale.toString(QDateTime.fromMSecsSinceEpoch(round(seconds * 1000)), self._whole)

    def seconds(self, seconds: float | None) -> str:
        """A duration as short as it can be told."""
        return _NONE if seconds is None else duration(seconds)

    def number(self, count: int) -> str:
        """A whole number, in groups of digits."""
        return self._locale.toString(count)

    def size(self, count: int) -> str:
        """A number of bytes."""
        return self._locale.formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)

    def tokens(self, usage: Usage | None) -> str:
        """Tokens in and out, those of the cache with the ones in."""
        if usage is None:
            return _NONE
        return self._sent_received.format(sent=short(tokens_in(usage)), received=short(usage.output_tokens or 0))

    def _row(self, one: Exchange) -> list[str]:
        form = self._clock if one.started >= self._today else self._day
        return [
            self._locale.toString(QDateTime.fromSecsSinceEpoch(int(one.started)), form),
            one.credential or self.unknown,
            one.model or one.path,
            self.status(one),
            self.seconds(one.first_byte),
            self.seconds(one.duration),
            self.tokens(one.usage),
        ]


def tokens_in(usage: Usage) -> int:
    """All tokens that were sent, read from the cache and written into it."""
    parts = (usage.input_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens)
    return sum(part or 0 for part in parts)
