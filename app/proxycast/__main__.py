"""The `proxycast` command: the window; with arguments, the command line."""

from __future__ import annotations

import os
import sys
from gettext import gettext

from proxycast.store.language import adopt, preferred_language


def main() -> None:
    """Run this process and exit."""
    # Both halves look their sentences up through gettext, some of them as they are imported.
    adopt(preferred_language())
    hidden = sys.argv[1:] == ["--hidden"]  # as the system starts it at login
    if sys.argv[1:] and not hidden:
        from proxycast.cli import entry  # noqa: PLC0415

        sys.exit(entry.run())
    if not _has_display():
        sys.exit(gettext("There is no display for the window. `proxycast serve` runs without one."))
    from proxycast.desktop.app import run  # noqa: PLC0415 - Qt takes its time

    sys.exit(run(hidden=hidden))


def _has_display() -> bool:
    """Qt ends the process if there is none."""
    named = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    return named or sys.platform in {"darwin", "win32"}


if __name__ == "__main__":
    main()
