"""What the charts say: their titles, numbers, spans of time, and all of a chart for a screen reader."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, QObject

from proxycast.desktop.numerals import short
from proxycast.desktop.pages.activity.spans import ChartSpan
from proxycast.desktop.pages.activity.summary import Measure, Series, Summary
from proxycast.desktop.pages.activity.words import ActivityWords


class ChartWords(QObject):
    """The words of the charts in the language that is in force when this is made."""

    def __init__(self, words: ActivityWords) -> None:
        super().__init__()
        self._words = words
        self.titles = {
            Measure.REQUESTS: self.tr("Requests"),
            Measure.ERRORS: self.tr("Errors"),
            Measure.TOKENS: self.tr("Tokens"),
        }
        self.first_byte = self.tr("First byte")
        self._median = self.tr("median")
        self.now = self.tr("now")
        self._hour = self.tr("h AP", "an hour of the clock")
        self._day = self.tr("MMM d", "a day of the year")
        self._moment = self.tr("{day}, {hours}")
        self._part = self.tr("{name}: {count}")
        self._rest = self.tr("Others")
        self._typical = self.tr("half up to {typical}, 95% up to {slow}")

    def name(self, series: Series) -> str:
        """The name of one part of a chart."""
        return self._rest if series.is_rest else series.name or self._words.unknown

    def count(self, measure: Measure, count: int) -> str:
        """A number, short where it can be millions."""
        return short(count) if measure is Measure.TOKENS else self._words.number(count)

    def share(self, part: int, whole: int) -> str:
        """A share in percent; empty if there is none."""
        return f"{QLocale().toString(100 * part / whole, 'f', 1)}%" if part else ""

    def typical(self, summary: Summary, slot: int | None) -> tuple[str, str]:
        """The median time to the first byte, and the word for it."""
        latency = summary.latency if slot is None else summary.latencies.get(slot)
        return (
            (self._words.seconds(None), "") if latency is None else (self._words.seconds(latency.typical), self._median)
        )

    def start(self, summary: Summary, slot: int) -> str:
        """When a span begins, as short as can be."""
        form = self._hour if summary.span is ChartSpan.DAY else self._day
        return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(summary.edges[slot])), form)

    def span(self, summary: Summary, slot: int) -> str:
        """From when until when a span is."""
        locale = QLocale()
        began, ended = (QDateTime.fromSecsSinceEpoch(int(summary.edges[slot + step])) for step in (0, 1))
        hours = f"{locale.toString(began, self._hour)} – {locale.toString(ended, self._hour)}"
        if summary.span is ChartSpan.DAY:
            return hours
        return self._moment.format(day=locale.toString(began, self._day), hours=hours)

    def parts(self, summary: Summary, measure: Measure, slot: int | None) -> list[str]:
        """One line for each credential that has a part in it."""
        lines = []
        for one in summary.series:
            count = one.total(measure) if slot is None else one.values[measure][slot]
            if count:
                lines.append(self._part.format(name=self.name(one), count=self.count(measure, count)))
        return lines

    def latency(self, summary: Summary, slot: int | None) -> list[str]:
        """How soon answers began."""
        latency = summary.latency if slot is None else summary.latencies.get(slot)
        if latency is None:
            return []
        seconds = self._words.seconds
        return [self._typical.format(typical=seconds(latency.typical), slow=seconds(latency.slow))]
