"""Icons: line drawings that take the colour of the theme, sharp at any size."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from proxycast.store.paths import resources

_INK = "currentColor"

Ink = Callable[[QIcon.Mode], str]
"""The colour of an icon in a state, asked for at every painting, so that an icon follows the theme."""


def icon(name: str, ink: Ink) -> QIcon:
    """The icon `name`, which is a file in resources/icons, in the colour that `ink` tells."""
    return QIcon(_Engine(name, ink))


def pixmap(name: str, size: int, colour: str, ratio: float = 1.0) -> QPixmap:
    """The icon `name` as a picture of `size` device-independent pixels on a screen of this device pixel ratio."""
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    render(painter, QRectF(0, 0, picture.width(), picture.height()), name, colour)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def render(painter: QPainter, place: QRectF, name: str, colour: str) -> None:
    """Paint the icon `name` into `place`."""
    _renderer(name, colour).render(painter, place)


def app_icon() -> QIcon:
    """The icon of the program."""
    return QIcon(str(_folder() / "app.svg"))


def _folder() -> Path:
    return resources() / "icons"


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    drawing = (_folder() / f"{name}.svg").read_text(encoding="utf-8").replace(_INK, colour)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    return renderer


class _Engine(QIconEngine):
    def __init__(self, name: str, ink: Ink) -> None:
        super().__init__()
        self._name = name
        self._ink = ink

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._ink)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002
        side = min(rect.width(), rect.height())
        place = QRectF(rect.left(), rect.top() + (rect.height() - side) / 2, side, side)
        render(painter, place, self._name, self._ink(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)  # in pixels of the screen
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, picture.rect(), mode, state)
        painter.end()
        return picture
