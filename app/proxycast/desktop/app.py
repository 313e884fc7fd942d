"""The window's entry point: one window per configuration, Qt's application object, and the loop under both."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from gettext import gettext

from PySide6.QtWidgets import QApplication

from proxycast import __version__
from proxycast.desktop.instance import Instance
from proxycast.service.process import harden
from proxycast.store.paths import Places


def run(arguments: Sequence[str] = (), *, hidden: bool = False) -> int:
    """Open the window and stay until the user quits. Gives the exit status.

    If a window of this configuration is open already, it is raised instead. `arguments` are Qt's, such as `-style`.
    `hidden`: the tray is enough until somebody wants the window.
    """
    harden(os.environ)
    places = Places.find(os.environ)
    try:
        instance = Instance(places.config_dir)
        first = instance.claim()
    except OSError as error:
        return _fail(gettext("ProxyCast cannot use its folder {folder}: {reason}."), error.filename, error.strerror)
    if not first:
        return (
            0
            if hidden or instance.raise_first()
            else _fail(gettext("ProxyCast is running already, but does not answer."))
        )
    # A second start, which ends here within a moment, needs nothing of what follows.
    from proxycast.desktop import loop  # noqa: PLC0415
    from proxycast.desktop.life import Desktop  # noqa: PLC0415

    try:
        app = make_application(arguments)
        instance.listen()
        return loop.run(app, Desktop(app, places, instance).live(hidden=hidden))
    except (KeyboardInterrupt, SystemExit):  # Qt was told to quit, as at the end of the session
        return 0
    finally:
        instance.release()


def make_application(arguments: Sequence[str] = ()) -> QApplication:
    """Qt's application object, named so that the desktop knows whose windows these are."""
    app = QApplication(["proxycast", *arguments])
    app.setApplicationName("ProxyCast")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("proxycast")
    app.setQuitOnLastWindowClosed(False)
    return app


def _fail(sentence: str, folder: object = "", reason: object = "") -> int:
    sys.stderr.write(sentence.format(folder=folder, reason=reason) + "\n")
    return 1
