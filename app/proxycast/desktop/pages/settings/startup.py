"""Settings of how the program starts and how it stays in the background."""

from __future__ import annotations

import asyncio

from PySide6.QtGui import QShowEvent

from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.pages.settings.group import Group
from proxycast.desktop.widgets.frames import FormRow
from proxycast.desktop.widgets.switch import SwitchButton


class StartupGroup(Group):
    """What happens at login, at the start, and when the window is closed."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(self.tr("Startup"))
        self._bridge = bridge
        self._choices = 0
        self.login = SwitchButton(bridge.theme, self.tr("Open at login"))
        self.login.clicked.connect(self._choose_login)
        hint = self.tr("Starts in the tray without opening the window.")
        self.add(FormRow(self.login.accessibleName(), self.login, hint), "autostart boot 开机 自启动 登录")
        self.start_proxy = self.add_switch(
            bridge, self.tr("Start the proxy when ProxyCast starts"), "start_proxy", words="autostart launch 启动"
        )
        self.close_to_tray = self.add_switch(
            bridge,
            self.tr("Keep running in the tray when the window is closed"),
            "close_to_tray",
            self.tr("Without a tray, closing the window quits."),
            "minimise minimize quit 最小化 退出 托盘",
        )

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self._bridge.start(self._look(self._choices), name="look whether the program opens at login")

    async def _look(self, choices: int) -> None:
        enabled = await asyncio.to_thread(lambda: self._bridge.autostart.enabled)
        if choices == self._choices:  # else a click came between, and what it wrote is looked at again
            self.login.setChecked(enabled)

    def _choose_login(self) -> None:
        self._choices += 1
        self._bridge.start(self._write_login(self._choices, on=self.login.isChecked()), name="open at login")

    async def _write_login(self, choices: int, *, on: bool) -> None:
        autostart = self._bridge.autostart
        try:
            await asyncio.to_thread(autostart.enable if on else autostart.disable)
        except OSError as error:
            reason = error.strerror or str(error)
            self._bridge.tell(self.tr("This cannot be changed: {reason}").format(reason=reason), Tone.ERROR)
        await self._look(choices)
