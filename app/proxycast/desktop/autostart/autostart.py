"""What differs by system when the program is to open at login."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

import msgspec

HIDDEN = "--hidden"
"""The argument of a start that shows no window: the tray is enough until somebody wants it."""
_HOME = "PROXYCAST_HOME"


class Start(msgspec.Struct, frozen=True):
    """How the program is started: its arguments, the first of which is a path, and what it needs of the environment."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = {}

    @classmethod
    def as_now(cls, environment: Mapping[str, str]) -> Start:
        """As this process was, but hidden. A folder of its own (`PROXYCAST_HOME`) is kept."""
        python = Path(sys.executable)
        command = python.with_name("proxycast.exe" if sys.platform == "win32" else "proxycast")
        if getattr(sys, "frozen", False):
            arguments: tuple[str, ...] = (str(python), HIDDEN)
        elif command.is_file() and sys.platform != "win32":
            arguments = (str(command), HIDDEN)
        else:  # -P: the folder it is started in must not stand in for its modules
            quiet = python.with_name("pythonw.exe")  # which opens no console, on Windows
            arguments = (str(quiet if quiet.is_file() else python), "-P", "-m", "proxycast", HIDDEN)
        return cls(arguments, {_HOME: environment[_HOME]} if environment.get(_HOME) else {})


class Autostart(ABC):
    """The entry, which is where the choice is kept: other programs may change it too. Its methods block."""

    @property
    @abstractmethod
    def enabled(self) -> bool:
        """Whether the system starts the program at login."""

    @abstractmethod
    def enable(self) -> None:
        """Write the entry, in place of an older one. Raises OSError."""

    @abstractmethod
    def disable(self) -> None:
        """Remove the entry; one that is not there is no error. Raises OSError."""
