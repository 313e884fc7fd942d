"""The window's composition root and life: from the first start to a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from gettext import gettext

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from proxycast import __version__
from proxycast.desktop import icons, loop
from proxycast.desktop.bridge import Bridge
from proxycast.desktop.instance import Instance
from proxycast.desktop.language import Language
from proxycast.desktop.preferences import PreferencesFile
from proxycast.desktop.theme import Theme
from proxycast.desktop.window import MainWindow
from proxycast.model.errors import ConfigError, KeyringError, VaultError
from proxycast.service.assembly import assemble
from proxycast.service.process import harden
from proxycast.store.paths import Places

APP_ID = "io.github.proxycast.ProxyCast"


def run(arguments: Sequence[str] = ()) -> int:
    """Open the window and stay until the user quits. Gives the exit status."""
    harden()
    app = make_application(arguments)
    places = Places.find(os.environ)
    instance = Instance(places.config_dir)
    if not instance.claim():
        if instance.raise_first():
            return 0
        sys.stderr.write(gettext("ProxyCast is running already, but does not answer.") + "\n")
        return 1
    try:
        return loop.run(app, Desktop(app, places, instance).live())
    except (KeyboardInterrupt, SystemExit):
        return 0
    finally:
        instance.release()


def make_application(arguments: Sequence[str] = ()) -> QApplication:
    """Qt's application object, named so that the desktop knows whose windows these are."""
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(["proxycast", *arguments])
    app.setApplicationName("ProxyCast")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("proxycast")
    app.setWindowIcon(icons.app_icon())
    app.setQuitOnLastWindowClosed(False)
    return app


class Desktop:
    """Everything the window consists of, while it lives."""

    def __init__(self, app: QApplication, places: Places, instance: Instance) -> None:
        self._app = app
        self._places = places
        self._instance = instance
        self._quit = asyncio.Event()

    async def live(self) -> int:
        """Show the window, run the proxy, and end both when the user quits."""
        preferences = PreferencesFile(self._places.config_dir)
        chosen = preferences.load()
        language = Language(self._app, chosen.language)
        theme = Theme(self._app, chosen.theme)
        service = assemble(self._places, translate=language.translate, environment=os.environ, allow_prompt=True)
        self._bridge = bridge = Bridge(service, theme, language, preferences, self._places)
        self._window = window = MainWindow(bridge)
        window.quit_wanted.connect(self._quit.set)
        window.closed.connect(self._close_window)
        self._instance.raised.connect(window.come_up)
        self._app.commitDataRequest.connect(self._end_with_session)
        self._catch_signals()
        window.show()
        try:
            await self._begin()
            await self._quit.wait()
        finally:
            window.hide()
            await bridge.close()
            await service.close()
        return 0

    async def _begin(self) -> None:
        bridge = self._bridge
        with contextlib.suppress(ConfigError):  # a banner shows it
            await bridge.service.load()
        bridge.service.follow()
        if bridge.preferences.start_proxy and bridge.service.problem is None:
            await bridge.proxy.turn(on=True)
        bridge.start(self._prepare(), name="fetch the client token")

    async def _prepare(self) -> None:
        with contextlib.suppress(KeyringError, VaultError):  # the settings page tells
            await self._bridge.service.token.fetch()
        await self._bridge.service.sweep()

    def _close_window(self) -> None:
        """Hide the window where the tray keeps the program in sight; else closing it quits."""
        preferences = self._bridge.preferences
        if preferences.close_to_tray and QSystemTrayIcon.isSystemTrayAvailable():
            self._window.hide()
        else:
            self._quit.set()

    def _end_with_session(self) -> None:
        self._quit.set()

    def _catch_signals(self) -> None:
        if sys.platform == "win32":
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._quit.set)
