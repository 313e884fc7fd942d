"""Rows of figures with their targets, and how they are shown."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A figure with its target. `low` and `high` are the extremes of its rounds; `target` is empty if there is none."""

    case: str
    figure: float
    low: float
    high: float
    target: str
    met: bool

    @property
    def verdict(self) -> str:
        """`met`, `MISSED`, or nothing where there is no target."""
        return ("met" if self.met else "MISSED") if self.target else ""


def at_least(case: str, figures: Iterable[float], target: float) -> Row:
    """A row whose median must not be below the target."""
    return _row(case, figures, f"≥ {target:.3g}", lambda middle: middle >= target)


def at_most(case: str, figures: Iterable[float], target: float) -> Row:
    """A row whose median must not be above the target."""
    return _row(case, figures, f"≤ {target:.3g}", lambda middle: middle <= target)


def told(case: str, figures: Iterable[float]) -> Row:
    """A row without a target."""
    return _row(case, figures, "", lambda _: True)


def shown(rows: list[Row], what: str) -> str:
    """The rows as a table of Markdown; the load of the machine, without which they mean little; what was measured."""
    cells = [("case", "median", "lowest to highest", "target", "verdict")]
    cells += [
        (row.case, f"{row.figure:.2f}", f"{row.low:.2f} to {row.high:.2f}", row.target, row.verdict) for row in rows
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    load = f"{os.cpu_count()} cores, load average of the last minute {os.getloadavg()[0]:.1f}"
    return "\n".join([*lines, "", load, f"measured: {what}"])


def _row(case: str, figures: Iterable[float], target: str, met: Callable[[float], bool]) -> Row:
    values = list(figures)
    middle = statistics.median(values)
    return Row(case, middle, min(values), max(values), target, met(middle))
