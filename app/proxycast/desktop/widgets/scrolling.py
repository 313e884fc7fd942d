"""Takes what a scroll area shows to another place, so that the eye can follow."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from proxycast.desktop.motion import Glide, Motion


class Scrolling(Glide):
    """Scrolls `area` up and down, also to what has just been put into it."""

    def __init__(self, motion: Motion, area: QScrollArea) -> None:
        super().__init__(motion, area)
        self._area = area
        self._bar = area.verticalScrollBar()
        self.valueChanged.connect(self._scroll)

    def to_end(self) -> None:
        """Show the end."""
        self._go_soon(self._bar.maximum)

    def to_top_of(self, part: QWidget) -> None:
        """Show this part from its top, as far as there is something below to fill the room."""
        self._go_soon(lambda: self._bar.value() + part.mapTo(self._area, QPoint()).y())

    def _go_soon(self, place: Callable[[], int]) -> None:
        def go() -> None:
            self._settle()
            self.go_to(min(place(), self._bar.maximum()), start=self._bar.value())

        QTimer.singleShot(0, self, go)  # Qt shows what is new in a layout a little later

    def _settle(self) -> None:
        """Give what is inside its height now: Qt would take some turns of the loop for it."""
        inner = self._area.widget()
        if inner is not None and (layout := inner.layout()) is not None:
            layout.activate()
        QCoreApplication.sendPostedEvents(self._area.viewport(), QEvent.Type.LayoutRequest)

    def _scroll(self) -> None:
        self._bar.setValue(round(self.value))
