"""What stands in the middle of a page that has nothing to show: a mark, a title, words, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.frames import column_of, held, row_of
from proxycast.desktop.widgets.labels import label
from proxycast.desktop.widgets.marks import Mark

_WIDTH = 440
_TILE = 60


class Blank(QWidget):
    """A page without anything on it. The words can be changed; empty ones take no room."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        words: str = "",
        *,
        hint: str = "",
        buttons: tuple[QPushButton, ...] = (),
    ) -> None:
        super().__init__()
        middle = Qt.AlignmentFlag.AlignHCenter
        column = column_of(spacing=Space.M)
        column.addWidget(_tile(theme, icon), 0, middle)
        column.addSpacing(Space.XS)
        column.addWidget(label(title, "title"), 0, middle)
        self.words, self.hint = label(words, "quiet", wrap=True), label(hint, "caption", wrap=True)
        for line in (self.words, self.hint):
            line.setAlignment(middle)
            if not line.text():
                line.hide()
            column.addWidget(line)
        column.addSpacing(Space.S)
        column.addWidget(held(row_of(*buttons, spacing=Space.M)), 0, middle)
        inner = held(column)
        inner.setFixedWidth(_WIDTH)
        centred = row_of()
        centred.addStretch(1)
        centred.addWidget(inner)
        centred.addStretch(1)
        whole = column_of()
        whole.addStretch(2)
        whole.addLayout(centred)
        whole.addStretch(3)
        self.setLayout(whole)

    def explain(self, words: str) -> None:
        """Show other words."""
        self.words.setText(words)
        self.words.setVisible(bool(words))


def _tile(theme: Theme, icon: str) -> QFrame:
    made = QFrame()
    made.setProperty("kind", "tile")
    made.setFixedSize(_TILE, _TILE)
    inside = row_of(Mark(theme, icon, "accent_text", size=_TILE // 2))
    inside.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setLayout(inside)
    return made
