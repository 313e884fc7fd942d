"""Marks: small pictures in the colour of a role, whose shape alone tells what they mean."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from proxycast.desktop import icons
from proxycast.desktop.bridge import Tone
from proxycast.desktop.proxy_control import ProxyState
from proxycast.desktop.theme import Theme

PROXY_MARK = {
    ProxyState.RUNNING: ("tray-running", "ok"),
    ProxyState.STOPPED: ("tray-stopped", "quiet"),
    ProxyState.WARNING: ("tray-warning", "warning"),
    ProxyState.ERROR: ("tray-error", "error"),
}
"""The icon and the colour's role of every state: disc, ring, triangle, octagon."""

TONE_MARK = {
    Tone.NEUTRAL: ("info", "quiet"),
    Tone.ACCENT: ("info", "accent_text"),
    Tone.OK: ("ok", "ok"),
    Tone.WARNING: ("warning", "warning"),
    Tone.ERROR: ("error", "error"),
}


class Mark(QWidget):
    """An icon that is no button, in the colour of a role of the theme."""

    def __init__(self, theme: Theme, icon: str, role: str = "quiet", size: int = 18) -> None:
        super().__init__()
        self._theme = theme
        self._icon = icon
        self._role = role
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.update)

    def show_as(self, icon: str, role: str) -> None:
        """Show another icon in another colour."""
        self._icon, self._role = icon, role
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = getattr(self._theme.colours, self._role if self.isEnabled() else "disabled")
        place = QRectF((self.width() - self._size) / 2, (self.height() - self._size) / 2, self._size, self._size)
        icons.render(painter, place, self._icon, colour)
        painter.end()
