"""The main window: places navigation, header, banners and pages."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from proxycast.desktop.bridge import Bridge, Notice
from proxycast.desktop.header import Header
from proxycast.desktop.navigation import Navigation
from proxycast.desktop.notices import Banners
from proxycast.desktop.pages.about import AboutPage
from proxycast.desktop.pages.pool import PoolPage
from proxycast.desktop.pages.settings import SettingsPage
from proxycast.desktop.widgets.frames import column_of
from proxycast.desktop.widgets.messages import Toast

SETTINGS = 1
"""The position of the settings page."""


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
        bridge.language.changed.connect(self._rebuild_soon)

    @property
    def page(self) -> int:
        """The position of the page that is shown."""
        return self.pages.currentIndex()

    def show_page(self, position: int) -> None:
        """Show the page at this position of the navigation."""
        self.pages.setCurrentIndex(position)
        self.navigation.show_at(position)

    def choose_port(self) -> None:
        """Show the settings with the cursor in the port."""
        self.show_page(SETTINGS)
        self.settings.focus_port()

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
        self.pages = QStackedWidget()
        self.pool = PoolPage(bridge)
        self.settings = SettingsPage(bridge)
        self.about = AboutPage(bridge)
        for icon, name, made in (
            ("pool", self.tr("Credentials"), self.pool),
            ("settings", self.tr("Settings"), self.settings),
            ("about", self.tr("About"), self.about),
        ):
            self.navigation.add(icon, name)
            self.pages.addWidget(made)
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

    def _rebuild_soon(self) -> None:
        # Not now: the language is changed by a click on a widget that is about to go.
        QTimer.singleShot(0, self, lambda: self._build(self.page))

    def _show_notice(self, notice: Notice) -> None:
        self.toast.show_notice(notice)
