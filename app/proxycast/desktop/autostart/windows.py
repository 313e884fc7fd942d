"""Opening at login on Windows: a value of the registry's `Run` key."""

from __future__ import annotations

import subprocess

from PySide6.QtCore import QSettings

from proxycast.desktop.autostart.autostart import Autostart, Start

RUN_KEY = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Run"
_VALUE = "ProxyCast"


class WindowsAutostart(Autostart):
    """The value in `run`, which is `RUN_KEY` as Qt opens it.

    A value holds a command line and no environment: `PROXYCAST_HOME` has to be set for the user.
    """

    def __init__(self, run: QSettings, start: Start) -> None:
        self._run = run
        self._start = start

    @property
    def enabled(self) -> bool:
        self._run.sync()
        return bool(self._run.value(_VALUE))

    def enable(self) -> None:
        self._run.setValue(_VALUE, subprocess.list2cmdline(self._start.arguments))
        self._write()

    def disable(self) -> None:
        self._run.remove(_VALUE)
        self._write()

    def _write(self) -> None:
        self._run.sync()
        if self._run.status() is not QSettings.Status.NoError:
            raise PermissionError(f"the registry refuses: {self._run.status().name}")
