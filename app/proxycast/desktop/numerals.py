"""Numbers as the user's language writes them."""

from __future__ import annotations

from PySide6.QtCore import QLocale

_KILO, _MEGA = 1_000, 1_000_000


def short(count: int, *, above: int = _KILO) -> str:
    """A number in three digits or so, such as 12.3k, if it is not smaller than `above`; else in groups of digits."""
    locale = QLocale()
    for unit, letter in ((_MEGA, "M"), (_KILO, "k")):
        if count >= max(unit, above):
            value = count / unit
            return locale.toString(value, "f", 0 if value >= 99.95 else 1) + letter
    return locale.toString(count)
