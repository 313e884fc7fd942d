"""Settings of the proxy: where it listens, and how it reaches the services."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator

from proxycast.desktop import fonts
from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.pages.settings.group import CHOICE_WIDTH, Group
from proxycast.desktop.widgets.fields import Select, TextField
from proxycast.desktop.widgets.frames import FormRow, column_of, held
from proxycast.model.errors import InputError

_OWN = "own"
_WORDS = {"system", "none"}


class ProxyGroup(Group):
    """The port, and the proxy on the way to the services."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(self.tr("Proxy"))
        self._bridge = bridge
        self.port = TextField()
        self.port.setValidator(QIntValidator(1, 65535, self.port))
        self.port.setFont(fonts.numbers())
        self.port.setFixedWidth(96)
        self.port.editingFinished.connect(self._move)
        hint = self.tr("Your tools connect to this port. If you change it, change it there too.")
        self.add(FormRow(self.tr("Port"), self.port, hint), "listen 8999 监听 端口")
        self.way: Select[str] = Select(
            (
                (self.tr("System proxy"), "system"),
                (self.tr("No proxy"), "none"),
                (self.tr("Custom"), _OWN),
            ),
            "system",
        )
        self.way.setFixedWidth(CHOICE_WIDTH)
        self.way.chosen.connect(self._choose_way)
        self.address = TextField(hint="http://127.0.0.1:7890")
        self.address.setFixedWidth(CHOICE_WIDTH)
        self.address.setAccessibleName(self.tr("Proxy address"))
        self.address.editingFinished.connect(self._take_address)
        self._typing = False
        both = column_of(self.way, self.address)
        both.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.upstream = FormRow(self.tr("Outbound proxy"), held(both))
        self.add(self.upstream, "upstream http socks5 vpn clash network 上游 网络 翻墙")
        bridge.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Show what is set, unless something else is being typed."""
        settings = self._bridge.service.settings
        if not self.port.hasFocus():
            self.port.setText(str(settings.port))
        if not self._typing:
            own = settings.proxy not in _WORDS
            self.way.show_value(_OWN if own else settings.proxy)
            self.address.setText(settings.proxy if own else "")
            self.address.setVisible(own)
            self._explain()

    def _explain(self, wrong: str = "") -> None:
        hint = self.tr("The proxy ProxyCast connects through. Each credential can have its own.")
        if "@" in self.address.text():
            hint = self.tr("The password in this address is saved in config.yaml as plain text.")
        self.upstream.explain(wrong or hint, wrong=bool(wrong))
        self.address.mark_wrong(wrong=bool(wrong))

    def _move(self) -> None:
        port = int(self.port.text())  # the validator lets nothing else come here
        if port != self._bridge.service.settings.port:
            self._bridge.start(self._bridge.proxy.move(port), name="move the proxy")

    def _choose_way(self, chosen: str) -> None:
        self._typing = chosen == _OWN
        self.address.setVisible(self._typing)
        if self._typing:
            self.address.setFocus()
        else:
            self._bridge.start(self._use(chosen), name="choose the proxy on the way")

    def _take_address(self) -> None:
        if self.way.value == _OWN and self.address.text().strip():
            self._typing = True
            self._bridge.start(self._use(self.address.text().strip()), name="choose the proxy on the way")

    async def _use(self, proxy: str) -> None:
        service = self._bridge.service
        if proxy == service.settings.proxy:
            self._typing = False
            self.show_state()
            return
        try:
            await service.change_settings(msgspec.structs.replace(service.settings, proxy=proxy))
        except InputError as error:
            self._explain(self._bridge.say(error))
            return
        self._typing = False
        self.show_state()
        self._bridge.tell(self.tr("New connections use this proxy"), Tone.OK)
