"""Takes what a scroll area shows to another place, so that the eye can follow."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from proxycast.desktop.motion import Glide, Motion


class Scrolling(Glide):
    """Scrolls `area` up and down. It waits for layouts that are due, as what it goes to may be new."""

    def __init__(self, motion: Motion, area: QScrollArea) -> None:
        super().__init__(motion, area)
        self._area = area
        self.valueChanged.connect(self._scroll)

    def to_end(self) -> None:
        """Show the end."""
        QTimer.singleShot(0, self, lambda: self._to(self._area.verticalScrollBar().maximum()))

    def to_top_of(self, part: QWidget) -> None:
        """Show this part from its top, as far as there is something below to fill the room."""
        QTimer.singleShot(0, self, lambda: self._to(self._area.verticalScrollBar().value() + self._distance(part)))

    def _distance(self, part: QWidget) -> int:
        """How far a part is below the upper edge of what is seen."""
        return part.mapTo(self._area, QPoint()).y()

    def _to(self, place: int) -> None:
        bar = self._area.verticalScrollBar()
        self.go_to(min(place, bar.maximum()), start=bar.value())

    def _scroll(self) -> None:
        self._area.verticalScrollBar().setValue(round(self.value))
