"""The window's composition root and its life: from the first start to a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from proxycast.desktop import icons
from proxycast.desktop.bridge import Bridge
from proxycast.desktop.crash import CrashReports
from proxycast.desktop.garbage import Collector
from proxycast.desktop.instance import Instance
from proxycast.desktop.language import Language
from proxycast.desktop.mfa import ask_code
from proxycast.desktop.notifications import Notifications
from proxycast.desktop.passphrase import ask_passphrase
from proxycast.desktop.preferences import PreferencesFile
from proxycast.desktop.theme import Theme
from proxycast.desktop.tray import Tray
from proxycast.desktop.window import MainWindow
from proxycast.model.errors import ConfigError, KeyringError, VaultError
from proxycast.model.secret import Secret
from proxycast.service.assembly import assemble, take_environment
from proxycast.store.logs import set_level, set_up
from proxycast.store.paths import Places

_TRAY_PATIENCE = 10.0
"""Seconds."""


class Desktop:
    """Everything the window consists of, while it lives.

    Starts with the loop.
    """

    def __init__(self, app: QApplication, places: Places, instance: Instance) -> None:
        self._app = app
        self._places = places
        self._instance = instance
        self._quit = asyncio.Event()
        preferences = PreferencesFile(places.config_dir)
        chosen = preferences.load()
        language = Language(app, chosen.language)
        theme = Theme(app, chosen.theme, still=chosen.still)
        service = assemble(
            places,
            translate=language.translate,
            environment=take_environment(os.environ),
            ask_passphrase=self._ask_passphrase,
            allow_prompt=True,
        )
        service.answer_codes(self._ask_code)
        self.bridge = Bridge(service, theme, language, preferences, places)
        self.window = MainWindow(self.bridge)
        self.tray = Tray(self.bridge)
        self.tray.quit_wanted.connect(self.quit)
        self.tray.window_wanted.connect(self.window.come_up)
        self.tray.first_run_wanted.connect(self._welcome)
        self.tray.window_toggled.connect(self._toggle_window)
        self.notifications = Notifications(self.bridge, self.window.isActiveWindow)
        self.notifications.told.connect(self.tray.tell)
        self.window.quit_wanted.connect(self.quit)
        self.window.closed.connect(self._close_window)
        instance.raised.connect(self.window.come_up)
        app.setWindowIcon(icons.app_icon())
        app.commitDataRequest.connect(self.quit)

    async def live(self, *, hidden: bool = False) -> int:
        """Show the window, run the proxy, and end both when the user quits.

        `hidden` shows the tray icon alone, or, where no tray comes up within some seconds, the window minimised.
        """
        self._catch_signals()
        self._app.applicationStateChanged.connect(self._activated)
        self._activated(self._app.applicationState())
        garbage = Collector()
        end_of_logs = set_up(self._places.log_file, stderr=sys.stderr)
        self.bridge.changed.connect(self._set_log_level)
        reports = CrashReports(self.bridge, self.window)
        reports.hidden.connect(self.tray.tell)
        if hidden:
            self.bridge.start(self._await_tray(), name="wait for the tray")
        else:
            self.window.show()
        try:
            await self._begin(hidden=hidden)
            await self._quit.wait()
        finally:
            self._app.applicationStateChanged.disconnect(self._activated)
            self.window.save_geometry()
            self.window.hide()
            self.tray.close()
            self.notifications.close()
            reports.close()
            self._instance.release()  # the port is free before the last stream has ended
            await self.bridge.close()
            await self.bridge.service.close()
            end_of_logs()
            garbage.close()
        return 0

    def quit(self) -> None:
        """End the program: streams get their grace."""
        self._quit.set()

    async def _begin(self, *, hidden: bool) -> None:
        service, welcomed = self.bridge.service, self.bridge.preferences.welcomed
        with contextlib.suppress(ConfigError):  # a banner shows it
            await service.load()
        service.follow()
        if not (hidden or welcomed or service.problem or service.pool.credentials):
            self._welcome()
        if self.bridge.preferences.start_proxy:
            self.bridge.start(self._start_proxy(), name="start the proxy at launch")
        self.bridge.start(self._prepare(), name="fetch the client token")

    async def _start_proxy(self) -> None:
        """Start the proxy as soon as there is a configuration to go by: the file's, or the one before a bad one."""
        service = self.bridge.service
        await self._until(lambda: service.problem is None or service.pool.credentials)
        await self.bridge.proxy.turn(on=True)

    async def _prepare(self) -> None:
        """Have the client token at hand before the first request, and clear away what killed processes left.

        The keyring may ask for its password then, so this waits for a credential: at the very first start, nothing
        covers the first steps, and who looks at the demo alone is asked no earlier than a client shows a token.
        """
        service = self.bridge.service
        await self._until(lambda: any(not service.is_attached(one) for one in service.pool.credentials))
        with contextlib.suppress(KeyringError, VaultError):  # the settings page tells
            await service.token.fetch()
        await service.sweep()

    async def _until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so with the service."""
        told = asyncio.Event()
        forget = self.bridge.service.subscribe(told.set)
        try:
            while not condition():
                told.clear()
                await told.wait()
        finally:
            forget()

    async def _await_tray(self) -> None:
        """Many desktops start their tray after the programs that open at login."""
        await asyncio.sleep(_TRAY_PATIENCE)
        if not self.tray.is_there and not self.window.isVisible():
            self.window.showMinimized()

    def _activated(self, state: Qt.ApplicationState) -> None:
        """Look what the platform says of motion now: the user may come from its settings."""
        if state is Qt.ApplicationState.ApplicationActive:
            self.bridge.start(self.bridge.theme.motion.ask_platform(), name="ask the platform about motion")

    def _set_log_level(self) -> None:
        set_level(self.bridge.service.settings.log_level)

    async def _ask_passphrase(self) -> Secret | None:
        """Ask for the vault's passphrase over the window, which may have to be shown for it."""
        self.window.come_up()
        return await ask_passphrase(self.bridge.theme, self.window)

    async def _ask_code(self, name: str) -> str | None:
        """Ask for the code of the MFA device of the credential `name` over the window, as above."""
        self.window.come_up()
        return await ask_code(self.window, name)

    def _welcome(self) -> None:
        """Show the first steps over the window."""
        self.window.come_up()
        self.window.show_first_run()

    def _toggle_window(self) -> None:
        if self.window.isActiveWindow():
            self.window.hide()
        else:
            self.window.come_up()

    def _close_window(self) -> None:
        """Hide the window where the tray keeps the program in sight; else closing it quits."""
        bridge, tray = self.bridge, self.tray
        if not (bridge.preferences.close_to_tray and tray.is_there):
            self.quit()
            return
        self.window.hide()
        if not bridge.preferences.tray_told:
            bridge.prefer(tray_told=True)
            tray.tell(self.window.tr("ProxyCast keeps running here. Quit it from this menu."))

    def _catch_signals(self) -> None:
        """Ctrl+C and the system's request end the program cleanly; a second one ends it at once."""
        if sys.platform == "win32":
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._interrupted)

    def _interrupted(self) -> None:
        if self._quit.is_set():
            os._exit(1)
        self.quit()
