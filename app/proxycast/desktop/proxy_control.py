"""The proxy as the window and the tray see it: its state in one word, and the switch."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from PySide6.QtCore import QObject, Signal

from proxycast.model.errors import ProxyCastError
from proxycast.model.settings import Settings
from proxycast.service.service import Service

GRACE = 10.0
"""Seconds that streams have to end when the proxy is stopped."""


class ProxyState(StrEnum):
    """What the header's mark and the tray's icon show."""

    RUNNING = "running"
    STOPPED = "stopped"
    WARNING = "warning"
    """It runs, but needs attention: nothing can be forwarded, or others can reach it, or the file is not in force."""
    ERROR = "error"
    """It should run and does not."""


class ProxyControl(QObject):
    """Starts and stops the proxy, one thing after the other, and remembers why a start failed.

    Signals:
        changed: the state is another, or why it is so.
    """

    changed = Signal()

    def __init__(self, service: Service) -> None:
        super().__init__()
        self._service = service
        self.failure: ProxyCastError | None = None
        self.busy = False
        """Whether it is being started or stopped."""

    @property
    def running(self) -> bool:
        """Whether it listens."""
        return self._service.proxy.running

    @property
    def state(self) -> ProxyState:
        """The state in one word."""
        if not self.running:
            return ProxyState.STOPPED if self.failure is None else ProxyState.ERROR
        selected = self._service.pool.selected
        usable = selected is not None and selected.enabled
        if not usable or self._service.proxy.exposed or self._service.problem is not None:
            return ProxyState.WARNING
        return ProxyState.RUNNING

    async def turn(self, *, on: bool) -> None:
        """Start or stop it. A start that fails is kept in `failure`, not raised."""
        if self.busy:
            return
        self.busy = True
        self.changed.emit()
        try:
            await self._turn(on=on)
        finally:
            self.busy = False
            self.changed.emit()

    async def move(self, port: int) -> None:
        """Write another port into the settings, and listen there if it runs or failed to start. Raises as `adopt`."""
        await self.adopt(msgspec.structs.replace(self._service.settings, port=port))

    async def adopt(self, settings: Settings) -> None:
        """Write other settings; if that moves the proxy and it runs or failed to start, start it there.

        Raises ConfigError, InputError.
        """
        before, wanted = self._service.settings, self.running or self.failure is not None
        await self._service.change_settings(settings)
        moved = (before.host, before.port) != (settings.host, settings.port)
        if moved and wanted and not self.busy:
            await self.turn(on=False)
            await self.turn(on=True)

    async def _turn(self, *, on: bool) -> None:
        self.failure = None
        if not on:
            await self._service.stop_proxy(grace=GRACE)
            return
        try:
            await self._service.start_proxy()
        except ProxyCastError as failure:
            self.failure = failure
