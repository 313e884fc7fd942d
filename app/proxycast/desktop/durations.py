"""How long something took, in the user's language: the same words on every page."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale


def duration(seconds: float) -> str:
    """A duration as short as it can be told."""
    locale, milliseconds = QLocale(), round(seconds * 1000)
    if milliseconds < 1000:
        return QCoreApplication.translate("Duration", "{number} ms").format(number=locale.toString(milliseconds))
    if seconds < 60:
        number = locale.toString(seconds, "f", 1)
        return QCoreApplication.translate("Duration", "{number} s").format(number=number)
    minutes, rest = divmod(round(seconds), 60)
    return QCoreApplication.translate("Duration", "{minutes} min {seconds} s").format(
        minutes=locale.toString(minutes), seconds=locale.toString(rest)
    )
