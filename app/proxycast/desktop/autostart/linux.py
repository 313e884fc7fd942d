"""Opening at login on Linux and BSD: a desktop entry in `autostart` (Desktop Application Autostart Specification)."""

from __future__ import annotations

import configparser
from collections.abc import Iterable
from pathlib import Path

from proxycast.desktop.autostart.autostart import Autostart, Start
from proxycast.store.atomic import write_atomically

_FILE = "io.github.proxycast.ProxyCast.desktop"
_SECTION = "Desktop Entry"
_ENTRY = """\
[Desktop Entry]
Type=Application
Name=ProxyCast
Comment=Credential manager for Claude
Comment[zh_CN]=Claude 凭证管理
Icon=proxycast
Exec={command}
Terminal=false
X-GNOME-Autostart-enabled=true
"""
_SPECIAL = str.maketrans({"\\": "\\\\", '"': '\\"', "`": "\\`", "$": "\\$"})


class LinuxAutostart(Autostart):
    """The entry in `folder`, usually `~/.config/autostart`."""

    def __init__(self, folder: Path, start: Start) -> None:
        self._file = folder / _FILE
        self._start = start

    @property
    def enabled(self) -> bool:
        entry = configparser.RawConfigParser(strict=False)
        try:
            entry.read_string(self._file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, configparser.Error):
            return False

        def says(key: str, *, otherwise: str) -> bool:
            return entry.get(_SECTION, key, fallback=otherwise).strip().lower() == "true"

        return (
            entry.has_option(_SECTION, "Exec")
            and not says("Hidden", otherwise="false")
            and says("X-GNOME-Autostart-enabled", otherwise="true")
        )

    def enable(self) -> None:
        variables = [f"{name}={value}" for name, value in self._start.environment.items()]
        words = (*(("env", *variables) if variables else ()), *self._start.arguments)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._file, _ENTRY.format(command=command_line(words)).encode())

    def disable(self) -> None:
        self._file.unlink(missing_ok=True)


def command_line(words: Iterable[str]) -> str:
    r"""Words as the value of `Exec` (Desktop Entry Specification, "The Exec key").

    Each is quoted; then, as in every string of such a file, a backslash is written as two, and `%` too.
    """
    quoted = " ".join(f'"{word.translate(_SPECIAL)}"' for word in words)
    return quoted.replace("\\", "\\\\").replace("%", "%%")
