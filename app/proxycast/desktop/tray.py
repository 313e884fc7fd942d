"""The icon in the system's tray: what the proxy does at a glance, and its switch within two clicks."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QAction, QActionGroup, QDesktopServices, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.pool_state.checks import Checked
from proxycast.desktop.status import credential_words, proxy_words
from proxycast.model.secret import Secret
from proxycast.service.shells import SHELL_NAMES, Shell, assignments, client_environment

_SHOWN = 20
"""Credentials in the menu; more of them are easier to find in the window."""
_LOOK_AGAIN = 5000
"""Milliseconds until a tray that was not there is looked for again: some desktops start it late."""


class Tray(QObject):
    """The tray icon and its menu.

    Signals:
        window_wanted: show the window.
        first_run_wanted: show the first steps.
        window_toggled: show the window, or hide it if it is in front.
        quit_wanted: end the program.
    """

    window_wanted = Signal()
    first_run_wanted = Signal()
    window_toggled = Signal()
    quit_wanted = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.menu = QMenu()
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self.window_wanted)
        # Many changes come at once; the menu is made anew once after them.
        self._renew = QTimer(self, singleShot=True, interval=0)
        self._renew.timeout.connect(self.show_state)
        self._search = QTimer(self, interval=_LOOK_AGAIN)
        self._search.timeout.connect(self._look_for_tray)
        self.menu.aboutToHide.connect(self._renew.start)
        self._asked: str | None = None
        bridge.pool.checks.ended.connect(self._checked)
        bridge.changed.connect(self._renew.start)
        bridge.language.changed.connect(self._renew.start)
        bridge.theme.changed.connect(self._renew.start)
        self.show_state()
        self._look_for_tray()

    @property
    def is_there(self) -> bool:
        """Whether the user can see the icon: only then may the window hide."""
        return self.icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def tell(self, sentence: str) -> None:
        """Show a message beside the icon; a click on it wants the window."""
        self.icon.showMessage("ProxyCast", sentence, self._picture())

    def show_state(self) -> None:
        """Show what is the case now."""
        service, proxy = self._bridge.service, self._bridge.proxy
        self.icon.setIcon(self._picture())
        address = service.client_address(None)
        lines = [f"ProxyCast · {proxy_words(proxy)}", *([address] if proxy.running else []), credential_words(service)]
        self.icon.setToolTip("\n".join(lines))
        if not self.menu.isVisible():  # an open one would close or change under the mouse; it is renewed afterwards
            self._fill_menu(address)

    def close(self) -> None:
        """Take the icon away."""
        self._search.stop()
        self._renew.stop()
        self.icon.hide()

    def _picture(self) -> QIcon:
        return self._bridge.theme.icon(f"tray-{self._bridge.proxy.state}", "text")

    def _look_for_tray(self) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable():
            self.icon.show()
            self._search.stop()
        elif not self._search.isActive():
            self._search.start()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # On macOS a click opens the menu, and must do nothing else.
        if reason is QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self.window_toggled.emit()

    def _fill_menu(self, address: str) -> None:
        menu, proxy = self.menu, self._bridge.proxy
        menu.clear()
        for old in menu.findChildren(QMenu):  # which `clear` leaves
            old.deleteLater()
        where = f" · {address.removeprefix('http://')}" if proxy.running else ""
        menu.addAction(f"{proxy_words(proxy)}{where}").setEnabled(False)
        switch = menu.addAction(self.tr("Proxy on"))
        switch.setCheckable(True)
        switch.setChecked(proxy.running)
        switch.setEnabled(not proxy.busy)
        switch.triggered.connect(self._turn)
        menu.addSeparator()
        self._add_credentials(menu.addMenu(self.tr("Current credential")))
        check = menu.addAction(self.tr("Check the connection"), self._check)
        check.setEnabled(self._bridge.service.pool.selected is not None)
        self._add_copies(menu.addMenu(self.tr("Copy")))
        menu.addSeparator()
        menu.addAction(self.tr("Open the window"), self.window_wanted.emit)
        menu.addAction(self.tr("First steps…"), self.first_run_wanted.emit)
        menu.addAction(self.tr("Open the log folder"), self._open_logs)
        menu.addSeparator()
        menu.addAction(self.tr("Quit ProxyCast"), self.quit_wanted.emit)

    def _add_credentials(self, menu: QMenu) -> None:
        pool = self._bridge.service.pool
        group = QActionGroup(menu)
        for credential in pool.credentials[:_SHOWN]:
            action = QAction(credential.name.replace("&", "&&"), menu, checkable=True)
            action.setData(credential.name)
            action.setChecked(credential is pool.selected)
            action.setEnabled(credential.enabled)
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._select)
        if len(pool.credentials) > _SHOWN:
            menu.addAction(self.tr("More in the window…"), self.window_wanted.emit)
        menu.setEnabled(bool(pool.credentials))

    def _add_copies(self, menu: QMenu) -> None:
        menu.addAction(self.tr("Address"), self._copy_address)
        menu.addAction(self.tr("Client token"), self._copy_token)
        menu.addSeparator()
        shells = QActionGroup(menu)
        for shell, name in SHELL_NAMES.items():
            action = QAction(self.tr("Lines for {shell}").format(shell=name), menu)
            action.setData(shell)
            shells.addAction(action)
            menu.addAction(action)
        shells.triggered.connect(self._copy_lines)

    def _turn(self, on: bool) -> None:
        self._bridge.start(self._bridge.proxy.turn(on=on), name="turn the proxy")

    def _check(self) -> None:
        """Check the credential in use, of what costs nothing, and tell the result beside the icon."""
        selected = self._bridge.service.pool.selected
        if selected is not None:
            self._asked = selected.id
            self._bridge.pool.checks.check([selected])

    def _checked(self, checked: Checked) -> None:
        if checked.credential.id == self._asked:
            self._asked = None
            self.tell(f"{checked.credential.name}: {self._bridge.say(checked.report.sentence)}")

    def _select(self, action: QAction) -> None:
        self._bridge.start(self._bridge.service.select(action.data()), name="select a credential")

    def _copy_address(self) -> None:
        self._bridge.clipboard.copy(self._bridge.service.client_address(None))

    def _copy_token(self) -> None:
        async def copy() -> None:
            self._bridge.clipboard.copy_secret(await self._bridge.service.token.fetch())

        self._bridge.start(copy(), name="copy the client token")

    def _copy_lines(self, action: QAction) -> None:
        async def copy() -> None:
            service = self._bridge.service
            token = (await service.token.fetch()).reveal()
            variables = client_environment(service.client_address(None), token, os.environ)
            self._bridge.clipboard.copy_secret(Secret(assignments(variables, Shell(action.data()))))

        self._bridge.start(copy(), name="copy the lines for a shell")

    def _open_logs(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._bridge.places.log_dir)))
