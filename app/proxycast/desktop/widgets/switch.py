"""A switch: on or off, with the state readable from the knob's place and mark."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from proxycast.desktop.motion import Glide
from proxycast.desktop.theme import Theme

_WIDTH, _HEIGHT = 44, 26
_KNOB = 18


class SwitchButton(QAbstractButton):
    """A checkable button that looks like a switch. `toggled` and `clicked` are as in every Qt button."""

    def __init__(self, theme: Theme, name: str, *, on: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setChecked(on)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._knob = Glide(theme.motion, self, float(on))
        self._knob.valueChanged.connect(self.update)
        self.toggled.connect(lambda on: self._knob.go_to(float(on)))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(_WIDTH, _HEIGHT + 6)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        colour = self._theme.colour
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(0, 3, _WIDTH, _HEIGHT)
        on = self.isChecked()
        ground = (
            ("accent_hover" if self.underMouse() else "accent") if on else ("hover" if self.underMouse() else "card")
        )
        edge, width = "accent" if on else "outline", 1.5
        if self.hasFocus():  # as with a primary button: the ring is inside, so that the switch is in line with others
            edge, width = "text" if on else "accent", 2.0
        if not self.isEnabled():
            ground, edge = "pressed", "pressed"
        painter.setPen(QPen(colour(edge), width))
        painter.setBrush(colour(ground))
        inset = width / 2
        painter.drawRoundedRect(track.adjusted(inset, inset, -inset, -inset), _HEIGHT / 2, _HEIGHT / 2)
        left = track.left() + 4 + self._knob.value * (_WIDTH - _KNOB - 8)
        knob = QRectF(left, track.center().y() - _KNOB / 2, _KNOB, _KNOB)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("on_accent" if on else ("outline" if self.isEnabled() else "disabled")))
        painter.drawEllipse(knob)
        if on:
            painter.setPen(QPen(colour(ground), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            middle = knob.center()
            tick = ((-4, 0.3), (-1.2, 3), (4, -2.8))
            painter.drawPolyline([QPointF(middle.x() + x, middle.y() + y) for x, y in tick])
        painter.end()
