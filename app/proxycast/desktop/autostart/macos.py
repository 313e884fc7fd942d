"""Opening at login on macOS: a launch agent (`launchd.plist(5)`)."""

from __future__ import annotations

import plistlib
from pathlib import Path
from xml.parsers.expat import ExpatError

from proxycast.desktop.autostart.autostart import Autostart, Start
from proxycast.store.atomic import write_atomically

_LABEL = "io.github.proxycast.ProxyCast"


class MacAutostart(Autostart):
    """The agent in `folder`, usually `~/Library/LaunchAgents`. launchd reads it at the next login."""

    def __init__(self, folder: Path, start: Start) -> None:
        self._file = folder / f"{_LABEL}.plist"
        self._start = start

    @property
    def enabled(self) -> bool:
        try:
            agent = plistlib.loads(self._file.read_bytes())
        except (OSError, plistlib.InvalidFileException, ExpatError, ValueError):
            return False
        return isinstance(agent, dict) and agent.get("RunAtLoad") is True and agent.get("Disabled") is not True

    def enable(self) -> None:
        agent = {
            "Label": _LABEL,
            "ProgramArguments": list(self._start.arguments),
            "EnvironmentVariables": dict(self._start.environment),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            "LimitLoadToSessionType": "Aqua",
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._file, plistlib.dumps(agent))

    def disable(self) -> None:
        self._file.unlink(missing_ok=True)
