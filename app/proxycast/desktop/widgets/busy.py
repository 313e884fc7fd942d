"""A bar that shows that something runs of which nobody knows how long it takes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar

from proxycast.desktop.theme import Theme


class BusyBar(QProgressBar):
    """Runs to and fro while it is seen; where nothing moves, it stands in the middle."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setRange(0, 0)
        self.setTextVisible(False)
        self.setAccessibleName(name)
        theme.motion.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        if self._theme.motion.duration:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(self.rect())
        third, radius = track.width() / 3, track.height() / 2
        for role, place in (("hover", track), ("accent", track.adjusted(third, 0, -third, 0))):
            painter.setBrush(self._theme.colour(role))
            painter.drawRoundedRect(place, radius, radius)
        painter.end()
