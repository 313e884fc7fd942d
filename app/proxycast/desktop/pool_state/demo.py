"""The demo, as long as somebody wants it."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject

from proxycast.desktop.pool_state.start import Start
from proxycast.service.demo import attached_demo
from proxycast.service.service import Service


class Demo(QObject):
    """Starts and ends the offline service with its credential of this session."""

    def __init__(self, service: Service, start: Start) -> None:
        super().__init__()
        self._service = service
        self._start = start
        self._task: asyncio.Task[object] | None = None

    def begin(self, language: str | None = None) -> None:
        """Start it, unless it runs. It answers in this language, or in all it knows."""
        if self._task is None or self._task.done():
            self._task = self._start(self._hold(language), name="demo")

    def end(self) -> None:
        """End it."""
        if self._task is not None:
            self._task.cancel()

    async def _hold(self, language: str | None) -> None:
        async with attached_demo(self._service, language):
            await asyncio.Event().wait()
