"""The page of the credential pool."""

from __future__ import annotations

from PySide6.QtWidgets import QListWidget, QVBoxLayout, QWidget

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.labels import label


class PoolPage(QWidget):
    """The credentials by name."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._names = QListWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        column.addWidget(label(self.tr("Credential pool"), "heading"))
        column.addWidget(self._names, 1)
        bridge.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Show the pool as it is now."""
        self._names.clear()
        self._names.addItems([one.name for one in self._bridge.service.pool.credentials])
