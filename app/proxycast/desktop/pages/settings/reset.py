"""Everything as it was at first, but for the credentials."""

from __future__ import annotations

import asyncio
import contextlib

import msgspec
from PySide6.QtCore import Signal

from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.pages.settings.group import Group
from proxycast.desktop.preferences import Preferences
from proxycast.desktop.widgets.buttons import Rank, button
from proxycast.desktop.widgets.dialogs import confirm
from proxycast.desktop.widgets.frames import FormRow
from proxycast.model.settings import Settings

_KEPT = {"tray_told", "geometry"}
"""What is remembered and not chosen."""


class ResetGroup(Group):
    """The button that resets the settings.

    Signals:
        done: they are reset.
    """

    done = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(self.tr("Reset"))
        self._bridge = bridge
        self.reset = button(self.tr("Reset…"), on_click=self._ask)
        hint = self.tr("Restores every setting on this page to its default. Credentials and keys stay.")
        row = FormRow(self.tr("Reset all settings"), self.reset, hint)
        self.add(row, "default restore factory 恢复 默认 重置")

    def _ask(self) -> None:
        self._bridge.start(self._reset(), name="reset the settings")

    async def _reset(self) -> None:
        bridge = self._bridge
        sure = await confirm(
            self,
            self.tr("Reset all settings?"),
            self.tr(
                "Language, theme, motion, startup, port, proxy, notifications and log return to their defaults. "
                "Credentials, keys and the client token stay."
            ),
            self.tr("Reset"),
            Rank.DANGER,
        )
        if not sure:
            return
        await bridge.proxy.adopt(Settings())
        with contextlib.suppress(OSError):  # what cannot be removed is still shown as it is
            await asyncio.to_thread(bridge.autostart.disable)
        first = {name: value for name, value in msgspec.structs.asdict(Preferences()).items() if name not in _KEPT}
        bridge.prefer(**first)
        bridge.theme.choose(bridge.preferences.theme)
        bridge.theme.motion.choose(still=bridge.preferences.still)
        bridge.language.choose(bridge.preferences.language)
        bridge.tell(self.tr("All settings are back to their defaults"), Tone.OK)
        self.done.emit()
