"""Settings of the proxy and of how the program stays in the background."""

from __future__ import annotations

from PySide6.QtGui import QIntValidator

from proxycast.desktop import fonts
from proxycast.desktop.bridge import Bridge
from proxycast.desktop.widgets.fields import TextField
from proxycast.desktop.widgets.frames import Card, FormRow, rule
from proxycast.desktop.widgets.switch import SwitchButton


class ProxyCard(Card):
    """The port, and what happens at the start and when the window is closed."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(self.tr("Proxy"))
        self._bridge = bridge
        self.port = TextField()
        self.port.setValidator(QIntValidator(1, 65535, self.port))
        self.port.setFont(fonts.numbers())
        self.port.setFixedWidth(96)
        self.port.editingFinished.connect(self._move)
        self.start_proxy = self._switch(self.tr("Start the proxy with ProxyCast"), "start_proxy")
        self.close_to_tray = self._switch(
            self.tr("Keep running in the tray when the window is closed"), "close_to_tray"
        )
        self.body.addWidget(
            FormRow(
                self.tr("Port"),
                self.port,
                self.tr("Your tools use this port. Change it in them too if you change it here."),
            )
        )
        self.body.addWidget(rule())
        self.body.addWidget(FormRow(self.start_proxy.accessibleName(), self.start_proxy))
        self.body.addWidget(rule())
        self.body.addWidget(
            FormRow(
                self.close_to_tray.accessibleName(),
                self.close_to_tray,
                self.tr("Without a tray, closing the window quits."),
            )
        )
        bridge.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Show the port that is set, unless another one is being typed."""
        if not self.port.hasFocus():
            self.port.setText(str(self._bridge.service.settings.port))

    def _switch(self, name: str, preference: str) -> SwitchButton:
        made = SwitchButton(self._bridge.theme, name, on=getattr(self._bridge.preferences, preference))
        made.toggled.connect(lambda on: self._bridge.prefer(**{preference: on}))
        return made

    def _move(self) -> None:
        port = int(self.port.text())  # the validator lets nothing else come here
        if port != self._bridge.service.settings.port:
            self._bridge.start(self._bridge.proxy.move(port), name="move the proxy")
