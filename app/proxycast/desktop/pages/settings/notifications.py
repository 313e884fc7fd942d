"""Settings of notifications: which troubles are told beside the tray icon."""

from __future__ import annotations

from collections.abc import Callable

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.pages.settings.group import Group
from proxycast.desktop.troubles import TroubleKind
from proxycast.desktop.widgets.frames import FormRow
from proxycast.desktop.widgets.switch import SwitchButton

_WORDS = "notify alert mute message 通知 提醒 静音 消息"


class NotificationsGroup(Group):
    """A switch for each kind of trouble."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(self.tr("Notifications"))
        self._bridge = bridge
        self.switches: dict[TroubleKind, SwitchButton] = {}
        for kind, name, hint in (
            (
                TroubleKind.PROXY,
                self.tr("The proxy cannot start"),
                self.tr("For example, if another program uses its port; the notification names it."),
            ),
            (
                TroubleKind.CREDENTIAL,
                self.tr("A credential stops working"),
                self.tr("Its key is rejected, or its service fails three times in a row. You are told once."),
            ),
            (
                TroubleKind.KEYRING,
                self.tr("Keys cannot be read"),
                self.tr("The keyring or the vault is locked or does not answer, so requests are refused."),
            ),
        ):
            switch = self.switches[kind] = SwitchButton(bridge.theme, name, on=kind not in bridge.preferences.muted)
            switch.toggled.connect(self._chooser(kind))
            self.add(FormRow(name, switch, hint), _WORDS)

    def _chooser(self, kind: TroubleKind) -> Callable[[bool], None]:
        def choose(on: bool) -> None:
            muted = self._bridge.preferences.muted
            self._bridge.prefer(muted=muted - {kind} if on else muted | {kind})

        return choose
