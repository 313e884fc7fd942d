"""Durations as people write them."""

from __future__ import annotations

import re

from proxycast.model.errors import InputError
from proxycast.model.text import Text

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?) *(ms|s|m|h|)")
_LIMIT = 24 * 3600.0


def parse_duration(text: str) -> float:
    """Seconds from `10s`, `500ms`, `3m`, `1h` or a number of seconds, above 0 and up to a day. Raises InputError."""
    match = _DURATION.fullmatch(text.strip())
    seconds = float(match[1]) * _UNITS[match[2]] if match else 0.0
    if not 0 < seconds <= _LIMIT:
        raise InputError(
            Text("{text} is not a duration.", text=repr(text)),
            Text("Write 10s, 500ms, 3m or a number of seconds, more than 0 and at most a day."),
        )
    return seconds


def format_duration(seconds: float) -> str:
    """The shortest spelling that `parse_duration` reads back to the same value."""
    for unit in ("h", "m", "s"):
        count = seconds / _UNITS[unit]
        if count >= 1 and count == int(count):
            return f"{int(count)}{unit}"
    milliseconds = seconds * 1000
    return f"{milliseconds:.0f}ms" if milliseconds == int(milliseconds) else f"{seconds}s"
