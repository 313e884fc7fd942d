"""The row over the cards: title, count, search and what can be done with all or with the chosen ones."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button, button_with_icon
from proxycast.desktop.widgets.fields import SearchField
from proxycast.desktop.widgets.frames import held, row_of
from proxycast.desktop.widgets.labels import heading, numbers

_SEARCH = 220


class PoolTop(QWidget):
    """The row over the cards.

    Signals:
        check, enable, disable, delete: do this with the chosen cards.
    """

    check = Signal()
    enable = Signal()
    disable = Signal()
    delete = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.count = numbers("", "quiet")
        self.search = SearchField(theme, self.tr("Search"))
        self.search.setMaximumWidth(_SEARCH)
        self.check_all = button_with_icon(theme, "check", self.tr("Check all"))
        self.add = button_with_icon(theme, "add", self.tr("Add"), Rank.PRIMARY)
        self.title, self.chosen = heading(self.tr("Credential pool")), heading("")
        self._for_all = self._row_for_all()
        self._for_chosen = self._row_for_chosen(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._for_all)
        self._stack.addWidget(self._for_chosen)
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        row = row_of(self.title, self.count, self.chosen, spacing=Space.M)
        row.addSpacing(Space.M)
        row.addWidget(self._stack, 1)
        self.setLayout(row)
        self.show_chosen(0)

    def show_count(self, shown: int, count: int) -> None:
        """Show how many credentials there are, and how many of them are shown."""
        whole = QLocale().toString(count)
        if shown == count:
            self.count.setText(whole if count else "")
        else:
            self.count.setText(self.tr("{shown} of {count}").format(shown=QLocale().toString(shown), count=whole))
        for control in (self.search, self.check_all, self.add):
            control.setVisible(count > 0)

    def show_checking(self, *, checking: bool) -> None:
        """Whether the button for all starts checks or stops them."""
        self.check_all.setText(self.tr("Stop checking") if checking else self.tr("Check all"))
        self.check_all.setIcon(self._theme.icon("stop" if checking else "check", "text"))

    def show_chosen(self, count: int) -> None:
        """With several cards chosen, show what can be done with them."""
        if count > 1:
            self.chosen.setText(self.tr("%Ln chosen", "", count))
        self.chosen.setVisible(count > 1)
        for part in (self.title, self.count):  # a narrow window has no room for both
            part.setVisible(count <= 1)
        self._stack.setCurrentWidget(self._for_chosen if count > 1 else self._for_all)

    def _row_for_all(self) -> QWidget:
        row = row_of(spacing=Space.S)
        row.addStretch(1)
        row.addWidget(self.search, 4)
        row.addWidget(self.check_all)
        row.addWidget(self.add)
        return held(row)

    def _row_for_chosen(self, theme: Theme) -> QWidget:
        row = row_of(spacing=Space.S)
        row.addStretch(1)
        self.chosen_buttons = [
            button(self.tr("Check"), on_click=self.check.emit),
            button(self.tr("Enable"), on_click=self.enable.emit),
            button(self.tr("Disable"), on_click=self.disable.emit),
            button_with_icon(theme, "delete", self.tr("Delete"), on_click=self.delete.emit),
        ]
        for one in self.chosen_buttons:
            row.addWidget(one)
        return held(row)
