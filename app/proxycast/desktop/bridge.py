"""What every page and dialog is given: the service, and all that stands between it and widgets."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from proxycast.desktop import autostart
from proxycast.desktop.clipboard import Clipboard
from proxycast.desktop.language import Language
from proxycast.desktop.pool_state import PoolState
from proxycast.desktop.preferences import PreferencesFile
from proxycast.desktop.proxy_control import ProxyControl
from proxycast.desktop.theme import Theme
from proxycast.model.errors import (
    KeyringDismissed,
    KeyringLocked,
    KeyringMissing,
    ProxyCastError,
    VaultLocked,
    WrongPassphrase,
)
from proxycast.model.text import Text
from proxycast.service.service import Service
from proxycast.store.paths import Places

_log = logging.getLogger(__name__)


class Tone(StrEnum):
    """How a message is meant; also the `tone` of badges and banners."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A message that the window shows for some seconds, perhaps with one thing to do about it, such as undo."""

    text: str
    tone: Tone = Tone.NEUTRAL
    label: str = ""
    action: Callable[[], None] | None = None


class Bridge(QObject):
    """The service on one side, widgets on the other.

    Signals:
        changed: the pool, the settings, the proxy or the file's problem changed; widgets show `service` anew.
        noticed: a `Notice` for the window to show.
        vault_wanted: the user wants keys to be kept in the encrypted vault.
    """

    changed = Signal()
    noticed = Signal(object)
    vault_wanted = Signal()

    def __init__(
        self, service: Service, theme: Theme, language: Language, preferences: PreferencesFile, places: Places
    ) -> None:
        super().__init__()
        self.service = service
        self.theme = theme
        self.language = language
        self.places = places
        self.proxy = ProxyControl(service)
        self.autostart = autostart.of_this_system(os.environ)
        self.preferences = preferences.load()
        self.clipboard = Clipboard(self.preferences.clipboard_seconds)
        self._preferences_file = preferences
        self._saving = asyncio.Lock()
        self._unsaved = False
        self._tasks: set[asyncio.Task[object]] = set()
        self._forget_service = service.subscribe(self.changed.emit)
        self.proxy.changed.connect(self.changed)
        self.pool = PoolState(service, self.start, places.data_dir)

    def start(self, work: Coroutine[Any, Any, object], *, name: str) -> asyncio.Task[object]:
        """Run a coroutine from a slot, as a task that may be cancelled. What it raises as ProxyCastError is shown."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def say(self, message: Text | ProxyCastError) -> str:
        """A sentence or an error of the service, in the user's language."""
        return self.language.say(message)

    def tell(
        self, text: str, tone: Tone = Tone.NEUTRAL, label: str = "", action: Callable[[], None] | None = None
    ) -> None:
        """Show a message for some seconds; `label` and `action` offer one thing to do."""
        self.noticed.emit(Notice(text=text, tone=tone, label=label, action=action))

    def tell_error(self, error: ProxyCastError) -> None:
        """Show an error, with what helps against it, if one click does."""
        if isinstance(error, (KeyringLocked, KeyringDismissed, VaultLocked, WrongPassphrase)):
            self.tell(self.say(error), Tone.ERROR, self.tr("Unlock"), self._unlock)
        elif isinstance(error, KeyringMissing):
            self.tell(self.say(error), Tone.ERROR, self.tr("Keep keys encrypted…"), self.vault_wanted.emit)
        else:
            self.tell(self.say(error), Tone.ERROR)

    def prefer(self, **choices: Any) -> None:
        """Change preferences, given by their names, and write them down."""
        self.preferences = msgspec.structs.replace(self.preferences, **choices)
        self.clipboard.seconds = self.preferences.clipboard_seconds
        self._unsaved = True
        self.start(self._save(), name="save preferences")

    async def close(self) -> None:
        """Cancel what still runs, wait for it, and write what is unwritten."""
        self._forget_service()
        self.clipboard.forget()
        running = list(self._tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self.pool.close()
        await self._save()

    def _unlock(self) -> None:
        self.start(self.service.secrets.unlock(), name="unlock the place for secrets")

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, ProxyCastError):
            self.tell_error(error)
        elif error is not None:
            _log.error("task %s failed", task.get_name(), exc_info=error)

    async def _save(self) -> None:
        async with self._saving:
            while self._unsaved:
                self._unsaved = False
                try:
                    await asyncio.to_thread(self._preferences_file.save, self.preferences)
                except asyncio.CancelledError:
                    self._unsaved = True  # the thread goes on, but nobody waits for it: `close` writes once more
                    raise
                except OSError as error:
                    _log.warning("desktop.json cannot be written: %s", error.strerror)
