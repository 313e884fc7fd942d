"""Deletions that can be undone: gone from the pool at once, from the configuration and the keyring a little later."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import QObject, QTimer

from proxycast.desktop.pool_state.start import Start
from proxycast.model.errors import ProxyCastError
from proxycast.service.service import Service

PATIENCE = 11.0
"""Seconds in which a deletion can be undone: a little longer than the message that offers it."""


class Deletions(QObject):
    """Sets credentials aside, and removes them when nobody objects. `Service.close` removes what still waits."""

    def __init__(self, service: Service, start: Start) -> None:
        super().__init__()
        self._service = service
        self._start = start
        self._waiting: list[tuple[str, ...]] = []

    def delete(self, names: Collection[str]) -> tuple[str, ...]:
        """Delete these, and give what `undo` takes. Raises UnknownCredential."""
        batch = tuple(names)
        self._service.set_aside(batch)
        self._waiting.append(batch)
        timer = QTimer(self, singleShot=True)
        timer.timeout.connect(partial(self._finish, batch, timer))
        timer.start(round(PATIENCE * 1000))
        return batch

    def undo(self, batch: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Bring a batch back, by default the last one. Gives the names, none if it is too late."""
        if batch is None and self._waiting:
            batch = self._waiting[-1]
        if batch is None or batch not in self._waiting:
            return ()
        self._waiting.remove(batch)
        self._service.bring_back(batch)
        return batch

    def close(self) -> None:
        """Leave what waits to `Service.close`."""
        for timer in self.findChildren(QTimer):
            timer.stop()

    def _finish(self, batch: tuple[str, ...], timer: QTimer) -> None:
        timer.deleteLater()
        if batch in self._waiting:
            self._waiting.remove(batch)
            self._start(self._remove(batch), name="delete credentials")

    async def _remove(self, batch: tuple[str, ...]) -> None:
        names = {one.name for one in self._service.aside()}
        try:
            for name in batch:
                if name in names:
                    await self._service.remove(name)
        except ProxyCastError:
            self._service.bring_back(batch)
            raise
