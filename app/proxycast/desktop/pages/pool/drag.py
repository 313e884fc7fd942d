"""Dragging a card to another place of the list, without a drag and drop of the system, which would block."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QApplication, QListView

_EDGE = 36
"""So near to an edge, the list scrolls."""
_STEP = 14
_STEP_MS = 30


class CardDrag(QObject):
    """Follows the mouse from the press on a card to its release.

    `row` is the card that is dragged, -1 for none, and `gap` the row that it would stand before.
    """

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._pressed: QPoint | None = None
        self._mouse = QPoint()
        self._candidate = self.row = self.gap = -1
        self._scrolling = QTimer(self, interval=_STEP_MS)
        self._scrolling.timeout.connect(self._scroll)

    def press(self, row: int, mouse: QPoint) -> None:
        """The button went down on a card."""
        self._candidate, self._pressed = row, mouse

    def move(self, mouse: QPoint) -> bool:
        """The mouse moved with its button down. Gives whether a card is being dragged."""
        if self._pressed is None or self._candidate < 0:
            return False
        if self.row < 0 and (mouse - self._pressed).manhattanLength() < QApplication.startDragDistance():
            return False
        self.row, self._mouse = self._candidate, mouse
        self.gap = self._gap_at(mouse)
        self._scrolling.start()
        return True

    def end(self) -> tuple[int, int] | None:
        """The button went up, or the drag is given up. Gives which card was dragged and the position it gets."""
        row, gap = self.row, self.gap
        self._scrolling.stop()
        self._pressed, self._candidate, self.row, self.gap = None, -1, -1, -1
        if row < 0 or gap in {row, row + 1}:
            return None
        return row, gap if gap < row else gap - 1

    def _gap_at(self, mouse: QPoint) -> int:
        count = self._view.model().rowCount()
        index = self._view.indexAt(QPoint(self._view.viewport().width() // 2, mouse.y()))
        if not index.isValid():
            return 0 if mouse.y() < 0 else count
        return index.row() + (mouse.y() > self._view.visualRect(index).center().y())

    def _scroll(self) -> None:
        height, y = self._view.viewport().height(), self._mouse.y()
        step = -_STEP if y < _EDGE else _STEP if y > height - _EDGE else 0
        if step:
            bar = self._view.verticalScrollBar()
            bar.setValue(bar.value() + step)
            self.gap = self._gap_at(self._mouse)
            self._view.viewport().update()
