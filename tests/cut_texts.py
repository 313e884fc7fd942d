"""Texts that are painted and not laid out, where they are cut: whose they are, and whether all of them can be read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics, QPixmap, QRegion
from PySide6.QtWidgets import QToolTip, QWidget
from tests.desktop.opened import tooltip

_STEP = QPoint(40, 10)
"""From one place to the next where the mouse waits for a tooltip: no line of text is smaller."""


class CutTexts:
    """Hears of every text that is cut while something is painted. All that cuts one asks Qt's metrics to do it."""

    def __init__(self) -> None:
        self._cut: list[str] = []

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Hear of them from now on."""
        whole = QFontMetrics.elidedText

        def cut(metrics: QFontMetrics, text: str, *how: Any) -> str:
            shown = whole(metrics, text, *how)
            if shown != text:
                self._cut.append(text)
            return shown

        QFontMetrics.elidedText = cut  # type: ignore[assignment,method-assign]
        try:
            yield
        finally:
            QFontMetrics.elidedText = whole  # type: ignore[method-assign]

    def found(self, shown: QWidget, of_user: Collection[str]) -> Iterator[str]:
        """What is wrong in a window, a dialog or a menu. The words `of_user` may be cut if a tooltip has them."""
        inside = [one for one in (shown, *shown.findChildren(QWidget)) if one.window() is shown.window()]
        for widget in inside:
            if widget.isVisible() and not widget.size().isEmpty():
                yield from self._found(widget, of_user)

    def _found(self, widget: QWidget, of_user: Collection[str]) -> Iterator[str]:
        self._cut.clear()
        widget.render(QPixmap(widget.size()), QPoint(), QRegion(), QWidget.RenderFlag.DrawWindowBackground)
        cut = set(self._cut)
        tooltips = _tooltips(widget) if cut else ""
        for text in sorted(cut):
            if not is_of_user(text, of_user):
                yield f"words of ours are cut: {text!r}"
            elif text not in tooltips:
                yield f"cut, and no tooltip has it: {text!r}"


def is_of_user(text: str, of_user: Collection[str]) -> bool:
    """Whether a word of the user's stands in a text."""
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in of_user)


def _tooltips(widget: QWidget) -> str:
    """All that a mouse finds that waits here and there over a widget."""
    places = product(range(2, widget.width(), _STEP.x()), range(2, widget.height(), _STEP.y()))
    told = [tooltip(widget, QPoint(x, y)) for x, y in places]
    QToolTip.hideText()
    return "\n".join(told)
