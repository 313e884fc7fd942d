"""The narrow navigation at the left of the window."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QToolButton, QVBoxLayout

from proxycast.desktop import icons
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space

_ICON = 22


class Navigation(QFrame):
    """One button per page.

    Signals:
        chosen: the position of the page that the user wants.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "navigation")
        self.setAccessibleName(self.tr("Pages"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.S, Space.L, Space.S, Space.L)
        self._column.setSpacing(Space.XS)
        logo = QLabel()
        logo.setPixmap(icons.app_icon().pixmap(QSize(36, 36), self.devicePixelRatioF()))
        self._column.addWidget(logo, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addSpacing(Space.M)
        self._column.addStretch(1)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)

    def add(self, icon: str, name: str) -> None:
        """Add a button below the others. Alt and its number press it."""
        position = len(self._group.buttons())
        made = QToolButton()
        made.setCheckable(True)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setIcon(self._theme.icon(icon))
        made.setIconSize(QSize(_ICON, _ICON))
        made.setText(name)
        made.setShortcut(f"Alt+{position + 1}")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        made.toggled.connect(lambda on: made.setIcon(self._theme.icon(icon, "accent_text" if on else "quiet")))
        self._group.addButton(made, position)
        self._column.insertWidget(self._column.count() - 1, made)

    def show_at(self, position: int) -> None:
        """Mark the button of the page that is shown."""
        self._group.button(position).setChecked(True)
