"""What a process that holds keys asks of its operating system."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Mapping

ALLOW_DUMPS = "PROXYCAST_ALLOW_DUMPS"
_PR_SET_DUMPABLE = 4
_WANTED_FILES = 65536


def harden(environment: Mapping[str, str]) -> None:
    """Leave no core dump, let no other process read this one's memory, and take all the file descriptors there are.

    The first two keep keys from other processes of the user (Linux: `prctl(2)`, PR_SET_DUMPABLE), unless
    PROXYCAST_ALLOW_DUMPS is 1, for whoever has to debug the program; the third keeps many connections from starving the
    files.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - does not exist on Windows

    closed = environment.get(ALLOW_DUMPS) != "1"
    if closed:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED_FILES if hard == resource.RLIM_INFINITY else min(hard, _WANTED_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # macOS has a limit of its own below the one it tells
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if closed and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
