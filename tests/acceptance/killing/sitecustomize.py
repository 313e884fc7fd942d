"""Kills the process at a write of its choice. Python imports this at its start if the folder is on PYTHONPATH.

`KILL_AT` numbers, from 1, what changes the user's files under `KILL_FOLDER` (opening one to write, renaming, removing),
the log aside, and every connection to the keyring's bus, in all threads together. What a killed write had not yet put
into its file does not matter, because no file is written in place.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _kill_at(number: int, folder: str) -> None:
    seen = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event == "open":
            path, _, flags = arguments
            counts = bool(flags & _WRITING) and str(path).startswith(folder) and not str(path).endswith(".log")
        elif event in {"os.rename", "os.remove"}:
            counts = str(arguments[0]).startswith(folder)
        else:
            counts = event == "socket.connect"
        seen += counts
        if counts and seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


_kill_at(int(os.environ["KILL_AT"]), os.environ["KILL_FOLDER"])
