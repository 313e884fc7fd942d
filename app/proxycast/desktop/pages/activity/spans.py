"""The spans of time that the charts cover, cut where the local clock says."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QDateTime, QTime

_HOURS = 24
_DAYS = 7
_PART = 6
"""Hours of a bar in the chart of a week."""


class ChartSpan(StrEnum):
    """What a chart covers."""

    DAY = "day"
    WEEK = "week"


def edges_of(span: ChartSpan, now: QDateTime | None = None) -> tuple[float, ...]:
    """Where its bars begin and the last one ends, in seconds since the epoch: 24 hours, or 28 quarters of days."""
    now = now or QDateTime.currentDateTime()
    if span is ChartSpan.DAY:
        hour = now.toSecsSinceEpoch() - now.time().minute() * 60 - now.time().second()
        return tuple(float(hour + 3600 * step) for step in range(1 - _HOURS, 2))
    today = now.date()
    parts = [
        QDateTime(today.addDays(day), QTime(part, 0)).toSecsSinceEpoch()
        for day in range(1 - _DAYS, 1)
        for part in range(0, 24, _PART)
    ]
    return tuple(float(part) for part in (*parts, QDateTime(today.addDays(1), QTime(0, 0)).toSecsSinceEpoch()))
