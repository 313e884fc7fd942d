"""Opening at login: the entry by which the system starts the program, hidden, when the user logs in."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QSettings

from proxycast.desktop.autostart.autostart import HIDDEN, Autostart, Start
from proxycast.desktop.autostart.linux import LinuxAutostart
from proxycast.desktop.autostart.macos import MacAutostart
from proxycast.desktop.autostart.windows import RUN_KEY, WindowsAutostart

__all__ = ["HIDDEN", "Autostart", "Start", "of_this_system"]


def of_this_system(environment: Mapping[str, str]) -> Autostart:
    """The entry of this system's kind, which would start the program as it was started now."""
    start = Start.as_now(environment)
    if sys.platform == "darwin":
        return MacAutostart(Path.home() / "Library" / "LaunchAgents", start)
    if sys.platform == "win32":
        return WindowsAutostart(QSettings(RUN_KEY, QSettings.Format.NativeFormat), start)
    configuration = environment.get("XDG_CONFIG_HOME", "")
    folder = Path(configuration) if Path(configuration).is_absolute() else Path.home() / ".config"
    return LinuxAutostart(folder / "autostart", start)
