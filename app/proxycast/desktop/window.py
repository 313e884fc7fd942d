"""The main window: places navigation, header, banners and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QWidget

from proxycast.desktop.bridge import Bridge, Notice
from proxycast.desktop.header import Header
from proxycast.desktop.navigation import Navigation
from proxycast.desktop.notices import Banners
from proxycast.desktop.pages.pool import PoolPage
from proxycast.desktop.widgets.frames import column_of
from proxycast.desktop.widgets.messages import Toast
from proxycast.desktop.widgets.pages import Pages

if TYPE_CHECKING:
    from proxycast.desktop.pages.about import AboutPage
    from proxycast.desktop.pages.activity import ActivityPage
    from proxycast.desktop.pages.clients import ClientsPage
    from proxycast.desktop.pages.settings import SettingsPage

POOL, CLIENTS, ACTIVITY, SETTINGS, ABOUT = range(5)
"""The positions of the pages."""


class MainWindow(QMainWindow):
    """The window.

    Signals:
        quit_wanted: the user wants the program to end.
        closed: the user closed the window; it is hidden.
    """

    quit_wanted = Signal()
    closed = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.setWindowTitle("ProxyCast")
        self.setMinimumSize(720, 520)
        self.resize(1040, 720)
        self.restoreGeometry(QByteArray.fromBase64(bridge.preferences.geometry.encode()))
        QShortcut(QKeySequence("Ctrl+Q"), self, self.quit_wanted.emit)
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)
        self._build(0)
        bridge.noticed.connect(self._show_notice)
        bridge.vault_wanted.connect(self._make_vault)
        bridge.language.changed.connect(self._rebuild_soon)

    @property
    def page(self) -> int:
        """The position of the page that is shown."""
        return self.pages.currentIndex()

    @property
    def pool(self) -> PoolPage:
        """The page of the credentials."""
        return cast("PoolPage", self.pages.page(POOL))

    @property
    def clients(self) -> ClientsPage:
        """The page of the clients."""
        return cast("ClientsPage", self.pages.page(CLIENTS))

    @property
    def activity(self) -> ActivityPage:
        """The page of past requests."""
        return cast("ActivityPage", self.pages.page(ACTIVITY))

    @property
    def settings(self) -> SettingsPage:
        """The page of the settings."""
        return cast("SettingsPage", self.pages.page(SETTINGS))

    @property
    def about(self) -> AboutPage:
        """The page about the program."""
        return cast("AboutPage", self.pages.page(ABOUT))

    def show_page(self, position: int) -> None:
        """Show the page at this position of the navigation."""
        self.pages.show_page(position)
        self.navigation.show_at(position)

    def choose_port(self) -> None:
        """Show the settings with the cursor in the port."""
        self.show_page(SETTINGS)
        self.settings.focus_port()

    def show_first_run(self) -> None:
        """Open the first steps, which are not shown by themselves again."""
        from proxycast.desktop.first_run import FirstRun  # noqa: PLC0415 - most starts of the program do not need it

        self._bridge.prefer(welcomed=True)
        FirstRun(self._bridge, self).open()

    def come_up(self) -> None:
        """Show the window before all others, whether it is hidden, minimised or covered."""
        self.setWindowState(self.windowState() & ~self.windowState().WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def save_geometry(self) -> None:
        """Remember place and size."""
        self._bridge.prefer(geometry=bytes(self.saveGeometry().toBase64().data()).decode())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        event.ignore()
        self.closed.emit()

    def _build(self, page: int) -> None:
        bridge = self._bridge
        self.navigation = Navigation(bridge.theme)
        self.header = Header(bridge)
        self.banners = Banners(bridge)
        self.banners.port_wanted.connect(self.choose_port)
        self.pages = Pages(
            lambda: PoolPage(bridge), self._make_clients, self._make_activity, self._make_settings, self._make_about
        )
        for icon, name in (
            ("pool", self.tr("Credentials")),
            ("clients", self.tr("Clients")),
            ("activity", self.tr("Activity")),
            ("settings", self.tr("Settings")),
            ("about", self.tr("About")),
        ):
            self.navigation.add(icon, name)
        self.navigation.chosen.connect(self.show_page)
        right = column_of(self.header, self.banners, spacing=0)
        right.addWidget(self.pages, 1)
        central = QWidget()
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addLayout(right, 1)
        self.setCentralWidget(central)
        central.show()
        self.toast = Toast(bridge.theme, self.pages)
        self.show_page(page)
        self.pages.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.pages.setFocus()  # nothing that a key could set off

    # The pages beside the first one: their modules, too, are loaded when somebody looks.

    def _make_clients(self) -> QWidget:
        from proxycast.desktop.pages.clients import ClientsPage  # noqa: PLC0415

        made = ClientsPage(self._bridge)
        made.first_run_wanted.connect(self.show_first_run)
        return made

    def _make_activity(self) -> QWidget:
        from proxycast.desktop.pages.activity import ActivityPage  # noqa: PLC0415

        made = ActivityPage(self._bridge)
        made.lines_wanted.connect(lambda: self.show_page(CLIENTS))
        return made

    def _make_settings(self) -> QWidget:
        from proxycast.desktop.pages.settings import SettingsPage  # noqa: PLC0415

        made = SettingsPage(self._bridge)
        made.renewed.connect(self._rebuild_soon)
        return made

    def _make_about(self) -> QWidget:
        from proxycast.desktop.pages.about import AboutPage  # noqa: PLC0415

        return AboutPage(self._bridge)

    def _rebuild_soon(self) -> None:
        # Not now: the language is changed by a click on a widget that is about to go.
        QTimer.singleShot(0, self, lambda: self._build(self.page))

    def _make_vault(self) -> None:
        self.show_page(SETTINGS)
        self.settings.secrets.make_vault()

    def _show_notice(self, notice: Notice) -> None:
        self.toast.show_notice(notice)
