"""The sums behind the charts: by span of time, and by credential."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from proxycast.desktop.pages.activity.spans import ChartSpan
from proxycast.store.journal_charts import Bar, Latency

SERIES = 5
"""Credentials that have a colour of their own; the others share one."""


class Measure(StrEnum):
    """What a chart counts, by the name of the field of `Bar`."""

    REQUESTS = "requests"
    ERRORS = "errors"
    TOKENS = "tokens"


class Series(msgspec.Struct, frozen=True):
    """One credential in the charts. `name` is None for requests without one, and of what all others share.

    `values` has, for every measure, one number for each span.
    """

    name: str | None
    is_rest: bool
    values: dict[Measure, tuple[int, ...]]

    def total(self, measure: Measure) -> int:
        """The sum over all spans."""
        return sum(self.values[measure])


class Summary(msgspec.Struct, frozen=True):
    """All that the charts show.

    `edges` are as from `edges_of`, series the busiest first, `latencies` by span and `latency` that of all of them.
    """

    span: ChartSpan
    edges: tuple[float, ...]
    series: tuple[Series, ...]
    latencies: dict[int, Latency]
    latency: Latency | None

    @classmethod
    def of(
        cls,
        span: ChartSpan,
        edges: Sequence[float],
        bars: Sequence[Bar],
        latencies: Sequence[Latency],
        latency: Latency | None = None,
    ) -> Summary:
        """Put together what the journal says."""
        count = max(0, len(edges) - 1)
        names: dict[str | None, str | None] = {}
        found: dict[str | None, dict[Measure, list[int]]] = {}
        for bar in bars:
            names[bar.credential_id] = bar.credential if bar.credential_id is not None else None
            values = found.setdefault(bar.credential_id, {measure: [0] * count for measure in Measure})
            for measure in Measure:
                values[measure][bar.slot] = getattr(bar, measure.value)
        order = sorted(found, key=lambda identity: -sum(found[identity][Measure.REQUESTS]))
        series = [_series(names[one], found[one], is_rest=False) for one in order[:SERIES]]
        if rest := order[SERIES:]:
            added = {
                measure: [sum(numbers) for numbers in zip(*(found[one][measure] for one in rest), strict=True)]
                for measure in Measure
            }
            series.append(_series(None, added, is_rest=True))
        return cls(span, tuple(edges), tuple(series), {one.slot: one for one in latencies}, latency)

    @property
    def slots(self) -> int:
        """The number of spans."""
        return max(0, len(self.edges) - 1)

    def total(self, measure: Measure, slot: int | None = None) -> int:
        """The sum over all credentials, of one span or of all."""
        if slot is None:
            return sum(one.total(measure) for one in self.series)
        return sum(one.values[measure][slot] for one in self.series)


def _series(name: str | None, values: dict[Measure, list[int]], *, is_rest: bool) -> Series:
    return Series(name, is_rest, {measure: tuple(numbers) for measure, numbers in values.items()})
