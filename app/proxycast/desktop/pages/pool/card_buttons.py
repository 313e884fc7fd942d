"""The buttons that appear on the card under the mouse or the keyboard's focus."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from proxycast.desktop.pages.pool.card_layout import BUTTON, USE, CardLayout
from proxycast.desktop.pages.pool.entries import Entry, Standing
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import button, icon_button


class CardButtons(QWidget):
    """Real buttons, once, that are put on the card that they act on: `entry`.

    Signals:
        use, check, edit, more: the button was pressed.
    """

    use = Signal()
    check = Signal()
    edit = Signal()
    more = Signal()

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._theme = theme
        self.entry: Entry | None = None
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.check_button = icon_button(theme, "check", self.tr("Check"), self.check.emit)
        self.edit_button = icon_button(theme, "edit", self.tr("Edit"), self.edit.emit)
        self.more_button = icon_button(theme, "more", self.tr("More"), self.more.emit)
        self.use_button = button(self.tr("Use"), on_click=self.use.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.XS)
        for one in (self.check_button, self.edit_button, self.more_button):
            one.setFixedSize(BUTTON, BUTTON)
            row.addWidget(one)
        row.addStretch(1)
        self.use_button.setFixedWidth(USE)
        row.addWidget(self.use_button)
        self.hide()

    def put_on(self, entry: Entry, places: CardLayout) -> None:
        """Stand on the card of this entry."""
        self.entry = entry
        checking = entry.standing is Standing.CHECKING
        name = self.tr("Stop checking") if checking else self.tr("Check")
        self.check_button.setIcon(self._theme.icon("stop" if checking else "check"))
        self.check_button.setToolTip(name)
        self.check_button.setAccessibleName(name)
        self.edit_button.setEnabled(not entry.of_session)
        self.use_button.setVisible(not entry.in_use)
        end = places.buttons if entry.in_use else places.use
        self.setGeometry(QRect(places.buttons.topLeft(), end.bottomRight()))
        self.show()

    def leave(self) -> None:
        """Stand on no card."""
        self.entry = None
        self.hide()
