"""Texts: headings, quiet lines, badges, and lines that are cut where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from proxycast.desktop import fonts
from proxycast.desktop.bridge import Tone
from proxycast.desktop.tokens import CONTROL_HEIGHT, Type


def label(text: str, kind: str = "", *, wrap: bool = False) -> QLabel:
    """A text; `kind` is `heading`, `title`, `label`, `quiet`, `caption`, `error` or empty for the plain one."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if kind:
        made.setProperty("type", kind)
    return made


def heading(text: str) -> QLabel:
    """The title of a page, in the same place whatever stands beside it."""
    made = label(text, "heading")
    made.setMinimumHeight(CONTROL_HEIGHT)
    return made


def numbers(text: str, kind: str = "") -> QLabel:
    """A text whose digits stand in columns."""
    made = label(text, kind)
    made.setFont(fonts.numbers(Type.CAPTION if kind == "caption" else Type.BODY))
    return made


def fixed(text: str) -> QLabel:
    """An address, a key, a file name: letters of one width, to be selected with the mouse."""
    made = label(text)
    made.setFont(fonts.fixed())
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


class Badge(QLabel):
    """A word or two on a coloured ground."""

    def __init__(self, text: str = "", tone: Tone = Tone.NEUTRAL) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("kind", "badge")
        self.setProperty("tone", tone.value)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)

    def show_as(self, text: str, tone: Tone) -> None:
        """Show another word in another tone."""
        self.setText(text)
        restyle(self, "tone", tone.value)


class ElidedLabel(QLabel):
    """One line that ends in … where there is no room; the tooltip then has all of it."""

    def __init__(self, text: str = "", kind: str = "", *, cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._cut = cut
        if kind:
            self.setProperty("type", kind)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:  # noqa: N802
        super().setText(text)
        self._hint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self.fontMetrics().horizontalAdvance("…") * 3, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._hint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        place = self.contentsRect()
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        shown = QFontMetrics(self.font()).elidedText(self.text(), self._cut, place.width())
        painter.drawText(place, self.alignment() | Qt.TextFlag.TextSingleLine, shown)
        painter.end()

    def _hint(self) -> None:
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
        self.setToolTip(self.text() if cut else "")


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
