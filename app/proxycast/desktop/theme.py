"""The theme: light or dark, as the system is or as the user chose, and whether things move in it."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from proxycast.desktop import fonts, icons, style
from proxycast.desktop.motion import Motion
from proxycast.desktop.tokens import DARK, LIGHT, Colours


class ThemeChoice(StrEnum):
    """What the user can choose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """The colours that are in force, the icons in them, and the motion of widgets; `still` wants none of that.

    Signals:
        changed: other colours are in force; what paints itself paints anew.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM, *, still: bool = False) -> None:
        super().__init__()
        self.motion = Motion(still=still)
        self._app = app
        self._choice = choice
        self.colours: Colours = LIGHT
        app.setStyle("Fusion")
        app.setFont(fonts.interface())
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._tell_system()
        self._apply(self._wanted())

    def choose(self, choice: ThemeChoice) -> None:
        """Use this theme from now on."""
        self._choice = choice
        self._tell_system()
        self._follow()

    def colour(self, role: str) -> QColor:
        """The colour of a role, which is a field of `Colours`."""
        return QColor(getattr(self.colours, role))

    def icon(self, name: str, role: str = "quiet") -> QIcon:
        """An icon in the colour of a role; it follows the theme."""

        def ink(mode: QIcon.Mode) -> str:
            colour: str = self.colours.disabled if mode is QIcon.Mode.Disabled else getattr(self.colours, role)
            return colour

        return icons.icon(name, ink)

    def _tell_system(self) -> None:
        """Frames of windows and native menus take the same scheme, where the platform can do that."""
        schemes = {ThemeChoice.LIGHT: Qt.ColorScheme.Light, ThemeChoice.DARK: Qt.ColorScheme.Dark}
        self._app.styleHints().setColorScheme(schemes.get(self._choice, Qt.ColorScheme.Unknown))

    def _wanted(self) -> Colours:
        if self._choice is ThemeChoice.SYSTEM:
            return DARK if self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT
        return DARK if self._choice is ThemeChoice.DARK else LIGHT

    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted is not self.colours:
            self._apply(wanted)
            self.changed.emit()

    def _apply(self, colours: Colours) -> None:
        self.colours = colours
        self._app.setPalette(style.palette(colours))
        self._app.setStyleSheet(style.sheet(colours))
