"""The descriptors that Qt watches for asyncio."""

from __future__ import annotations

import selectors
from asyncio import Handle
from collections.abc import Callable
from selectors import EVENT_READ, EVENT_WRITE, SelectorKey
from typing import Any

from PySide6.QtCore import QSocketNotifier

KINDS = {EVENT_READ: QSocketNotifier.Type.Read, EVENT_WRITE: QSocketNotifier.Type.Write}


class Notifiers(selectors.SelectSelector):
    """A selector for asyncio that is never asked: Qt tells it when a descriptor is ready.

    It keeps asyncio's keys as every selector does. A descriptor that is ready offers its handle to `run_now`. When that
    answers False, because other callbacks come first, the descriptor is left alone until the handle's turn has come
    through `call_soon`; else Qt, which reports what is ready again and again, would put the handle in line many times.

    To Qt a descriptor is a number. So there is one notifier per number and direction, switched on and off from then on,
    also when the number has come to mean another socket.
    """

    def __init__(self, run_now: Callable[[Handle], bool], call_soon: Callable[..., object]) -> None:
        super().__init__()
        self._run_now = run_now
        self._call_soon = call_soon
        self._watches: dict[tuple[int, int], _Watch] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> SelectorKey:
        key = super().register(fileobj, events, data)
        self._start(key)
        return key

    def modify(self, fileobj: Any, events: int, data: Any = None) -> SelectorKey:
        key = super().modify(fileobj, events, data)
        self._start(key)
        return key

    def unregister(self, fileobj: Any) -> SelectorKey:
        key = super().unregister(fileobj)
        for event in KINDS:
            if key.events & event:
                self._watches[key.fd, event].stop()
        return key

    def close(self) -> None:
        for watch in self._watches.values():
            watch.stop()
        self._watches.clear()
        super().close()

    def _start(self, key: SelectorKey) -> None:
        for event, handle in zip(KINDS, key.data, strict=True):  # asyncio keeps (reader, writer) in a key
            if key.events & event:
                watch = self._watches.get((key.fd, event))
                if watch is None:
                    watch = self._watches[key.fd, event] = _Watch(key.fd, event, self._run_now, self._call_soon)
                watch.start(handle)


class _Watch:
    """One descriptor in one direction: Qt's notifier, and asyncio's handle to run when it fires."""

    def __init__(
        self, fd: int, event: int, run_now: Callable[[Handle], bool], call_soon: Callable[..., object]
    ) -> None:
        self._run_now = run_now
        self._call_soon = call_soon
        self._handle: Handle | None = None
        self._notifier = QSocketNotifier(fd, KINDS[event])
        self._notifier.activated.connect(self._ready)

    def start(self, handle: Handle) -> None:
        self._handle = handle
        self._notifier.setEnabled(True)

    def stop(self) -> None:
        self._handle = None
        self._notifier.setEnabled(False)

    def _ready(self) -> None:
        handle = self._handle
        if handle is not None and not self._run_now(handle):
            self._notifier.setEnabled(False)
            self._call_soon(self._run_late, handle)

    def _run_late(self, handle: Handle) -> None:
        if handle is self._handle:  # neither removed nor replaced while it waited
            self._notifier.setEnabled(True)
            handle._run()  # noqa: SLF001 (whose public parts only name and cancel it)
