"""Settings of what is written: the log, and where everything lies."""

from __future__ import annotations

import msgspec

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.pages.folders import folder_rows
from proxycast.desktop.pages.settings.group import Group
from proxycast.desktop.widgets.fields import Select
from proxycast.desktop.widgets.frames import FormRow
from proxycast.model.settings import LogLevel


class FilesGroup(Group):
    """How much the log tells, and the folders."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(self.tr("Log and folders"))
        self._bridge = bridge
        self.level: Select[LogLevel] = Select(
            (
                (self.tr("Errors"), LogLevel.ERROR),
                (self.tr("Errors and warnings"), LogLevel.WARNING),
                (self.tr("Normal"), LogLevel.INFO),
                (self.tr("Everything (for troubleshooting)"), LogLevel.DEBUG),
            ),
            bridge.service.settings.log_level,
        )
        self.level.chosen.connect(self._choose_level)
        hint = self.tr("Never contains keys, requests or answers.")
        self.add(FormRow(self.tr("Log level"), self.level, hint), "log level debug verbose 日志 级别 调试")
        for row in folder_rows(bridge):
            self.add(row, "folder directory path 文件夹 目录 路径 日志")
        bridge.changed.connect(self.show_state)

    def show_state(self) -> None:
        """Show what is set."""
        self.level.show_value(self._bridge.service.settings.log_level)

    def _choose_level(self, level: LogLevel) -> None:
        service = self._bridge.service
        changed = msgspec.structs.replace(service.settings, log_level=level)

        async def work() -> None:
            try:
                await service.change_settings(changed)
            finally:
                self.show_state()

        self._bridge.start(work(), name="choose the log level")
