"""Choices that show all they offer: radio buttons drawn as cards and as chips."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy

from proxycast.desktop import fonts, icons
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import ICON, Colours, Radius, Space, Type

_BESIDE = Space.M + 22 + 10
"""Where the texts of a card begin, beside its icon."""
_TICK = 14


class Choice(QRadioButton):
    """One of several: chosen with the mouse, the arrow keys or the space bar; one stop for the tab key."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(text)
        self._theme = theme
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def hitButton(self, position: QPoint) -> bool:  # noqa: N802
        return self.rect().contains(position)

    def draw_ground(self, painter: QPainter, colours: Colours, radius: int) -> None:
        """Draw the ground and the border, which is thicker where chosen and dark where the keyboard is."""
        ground = colours.accent_soft if self.isChecked() else colours.card
        if self.underMouse() and self.isEnabled() and not self.isChecked():
            ground = colours.hover
        border = colours.accent if self.isChecked() else colours.line
        width = 2.0 if self.isChecked() or self.hasFocus() else 1.0
        if self.hasFocus():
            border = colours.text
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(border), width))
        painter.setBrush(QColor(ground))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)


class KindCard(Choice):
    """A choice with an icon, a name and a quiet second line."""

    def __init__(self, theme: Theme, icon: str, name: str, explanation: str) -> None:
        super().__init__(theme, name)
        self._icon = icon
        self.setAccessibleDescription(explanation)
        self._texts = (
            (name, fonts.interface(Type.BODY, QFont.Weight.DemiBold), "text", -21),
            (explanation, fonts.interface(Type.CAPTION), "quiet", 1),
        )

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(190, 68).expandedTo(self.minimumSizeHint())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        name, explanation = (QFontMetrics(font).horizontalAdvance(text) for text, font, _, _ in self._texts)
        return QSize(_BESIDE + max(name + Space.XS + _TICK, explanation) + Space.S, 68)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        colours = self._theme.colours
        painter = QPainter(self)
        self.draw_ground(painter, colours, Radius.CARD)
        ink = colours.accent_text if self.isChecked() else colours.quiet
        middle = self.height() / 2
        icons.render(painter, QRectF(Space.M, middle - 11, 22, 22), self._icon, ink)
        if self.isChecked():
            icons.render(painter, QRectF(self.width() - Space.S - _TICK, Space.S, _TICK, _TICK), "tick", ink)
        for text, font, role, below in self._texts:
            painter.setFont(font)
            painter.setPen(self._theme.colour(role))
            place = QRectF(_BESIDE, middle + below, self.width() - _BESIDE, 20)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.end()


class Chip(Choice):
    """A choice in a word or two, with a tick where it is chosen. One that is made narrower than that is cut."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(theme, text)
        self._chosen = fonts.interface(Type.BODY, QFont.Weight.Medium)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(QFontMetrics(self._chosen).horizontalAdvance(self.text()) + 2 * Space.M + ICON, 34)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        colours = self._theme.colours
        painter = QPainter(self)
        self.draw_ground(painter, colours, Radius.CONTROL)
        painter.setFont(self._chosen if self.isChecked() else fonts.interface(Type.BODY))
        mark = _TICK + Space.XS if self.isChecked() else 0
        room = self.width() - 2 * Space.S - mark
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        width = painter.fontMetrics().horizontalAdvance(shown)
        left = (self.width() - width - mark) / 2
        ink = colours.accent_text if self.isChecked() else colours.text
        if mark:
            icons.render(painter, QRectF(left, (self.height() - _TICK) / 2, _TICK, _TICK), "tick", ink)
        painter.setPen(QColor(ink))
        painter.drawText(QRectF(left + mark, 0, room, self.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()
