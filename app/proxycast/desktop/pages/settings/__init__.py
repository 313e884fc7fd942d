"""The page of the settings. What is chosen here holds at once."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.pages.settings.look import LookCard
from proxycast.desktop.pages.settings.proxy import ProxyCard
from proxycast.desktop.pages.settings.secrets import SecretsCard
from proxycast.desktop.widgets.frames import scrolling_page
from proxycast.desktop.widgets.labels import label


class SettingsPage(QWidget):
    """Three groups of settings, each on its card."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.look = LookCard(bridge)
        self.proxy = ProxyCard(bridge)
        self.secrets = SecretsCard(bridge)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        heading = label(self.tr("Settings"), "heading")
        self.area = scrolling_page(heading, self.look, self.proxy, self.secrets)
        column.addWidget(self.area)

    def focus_port(self) -> None:
        """Put the cursor into the port."""
        self.proxy.port.setFocus()
        self.proxy.port.selectAll()
