"""The header of the window: whether the proxy runs, where, with which credential, and the switch."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.proxy_control import ProxyState
from proxycast.desktop.status import credential_words, proxy_words
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import icon_button
from proxycast.desktop.widgets.frames import column_of
from proxycast.desktop.widgets.labels import ElidedLabel, fixed
from proxycast.desktop.widgets.marks import PROXY_MARK, Mark
from proxycast.desktop.widgets.switch import SwitchButton


class Header(QFrame):
    """What is always in sight."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.setProperty("kind", "header")
        theme = bridge.theme
        self.mark = Mark(theme, *PROXY_MARK[ProxyState.STOPPED], size=28)
        self.state = ElidedLabel("", "title")
        self.credential = ElidedLabel("", "quiet")
        self.address = fixed("")
        self.copy = icon_button(theme, "copy", self.tr("Copy the address"), self._copy)
        self.switch = SwitchButton(theme, self.tr("Proxy"))
        self.switch.clicked.connect(self._turn)
        self._lay_out()
        bridge.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Show what is the case now."""
        proxy, service = self._bridge.proxy, self._bridge.service
        self.mark.show_as(*PROXY_MARK[proxy.state])
        self.mark.setAccessibleName(proxy_words(proxy))
        self.state.setText(proxy_words(proxy))
        self.credential.setText(credential_words(service))
        self.address.setText(service.client_address(None))
        self.switch.setChecked(proxy.running)
        self.switch.setEnabled(not proxy.busy)
        self.switch.setToolTip(self.tr("Stop the proxy") if proxy.running else self.tr("Start the proxy"))

    def _copy(self) -> None:
        self._bridge.clipboard.copy(self.address.text())
        self._bridge.tell(self.tr("Address copied"))

    def _turn(self) -> None:
        on = self.switch.isChecked()
        self._bridge.start(self._bridge.proxy.turn(on=on), name="turn the proxy")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.XL, Space.M, Space.XL, Space.M)
        row.setSpacing(Space.M)
        row.addWidget(self.mark)
        row.addLayout(column_of(self.state, self.credential, spacing=0), 1)
        chip = QFrame()
        chip.setProperty("kind", "sunken")
        inside = QHBoxLayout(chip)
        inside.setContentsMargins(Space.M, 3, 3, 3)
        inside.setSpacing(Space.S)
        inside.addWidget(self.address)
        inside.addWidget(self.copy)
        row.addWidget(chip)
        row.addSpacing(Space.S)
        row.addWidget(self.switch)
