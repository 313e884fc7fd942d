"""The page of the settings. What is chosen here holds at once."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.pages.settings.files import FilesGroup
from proxycast.desktop.pages.settings.look import LookGroup
from proxycast.desktop.pages.settings.notifications import NotificationsGroup
from proxycast.desktop.pages.settings.proxy import ProxyGroup
from proxycast.desktop.pages.settings.reset import ResetGroup
from proxycast.desktop.pages.settings.secrets import SecretsGroup
from proxycast.desktop.pages.settings.startup import StartupGroup
from proxycast.desktop.widgets.fields import SearchField
from proxycast.desktop.widgets.frames import held, row_of, scrolling_page
from proxycast.desktop.widgets.labels import heading, label

_SEARCH = 260


class SettingsPage(QWidget):
    """Groups of settings, each on its card, and a search over all of them.

    Signals:
        renewed: all settings are what they were at first; the page shows older ones.
    """

    renewed = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.look = LookGroup(bridge)
        self.startup = StartupGroup(bridge)
        self.proxy = ProxyGroup(bridge)
        self.secrets = SecretsGroup(bridge)
        self.notifications = NotificationsGroup(bridge)
        self.files = FilesGroup(bridge)
        self.reset = ResetGroup(bridge)
        self.reset.done.connect(self.renewed)
        self._groups = (
            self.look,
            self.startup,
            self.proxy,
            self.secrets,
            self.notifications,
            self.files,
            self.reset,
        )
        self.search = SearchField(bridge.theme, self.tr("Search the settings"))
        self.search.setFixedWidth(_SEARCH)
        self.search.textChanged.connect(self._narrow)
        self.nothing = label("", "quiet", wrap=True)
        self.nothing.hide()
        find = QShortcut(QKeySequence("Ctrl+F"), self, self.search.setFocus)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        head = row_of(heading(self.tr("Settings")))
        head.addStretch(1)
        head.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.area = scrolling_page(held(head), self.nothing, *self._groups)
        column.addWidget(self.area)

    def focus_port(self) -> None:
        """Put the cursor into the port."""
        self.search.clear()
        self.proxy.port.setFocus()
        self.proxy.port.selectAll()

    def _narrow(self, query: str) -> None:
        found = [group for group in self._groups if group.narrow(query)]
        self.nothing.setText(self.tr("No setting contains “{query}”.").format(query=query.strip()))
        self.nothing.setVisible(not found)
        self.area.verticalScrollBar().setValue(0)
