"""The page of the clients: the lines to copy, and a first message to try them with."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.pages.clients.lines import LinesView
from proxycast.desktop.pages.clients.trying import TryView
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button
from proxycast.desktop.widgets.frames import Card, column_of, held, row_of, scrolling_page
from proxycast.desktop.widgets.labels import heading, label


class ClientsPage(QWidget):
    """What a client needs, and whether it works.

    Signals:
        first_run_wanted: the user wants the first steps again.
    """

    first_run_wanted = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.lines = LinesView(bridge)
        self.trying = TryView(bridge)
        self.lines.pinned.connect(self.trying.show_for)
        self.trying.add_wanted.connect(self._add)
        self.trying.check_wanted.connect(self._check)
        self.steps = button(self.tr("First steps…"), Rank.SECONDARY, self.first_run_wanted.emit)
        words = self.tr("Point each client here once. From then on, you switch credentials in ProxyCast.")
        head = row_of(spacing=Space.L)
        head.addLayout(column_of(heading(self.tr("Clients")), label(words, "quiet", wrap=True), spacing=2), 1)
        head.addWidget(self.steps, 0, Qt.AlignmentFlag.AlignTop)
        copied, tried = Card(), Card(self.tr("Try it"))
        copied.body.addWidget(self.lines)
        tried.body.addWidget(
            label(
                self.tr(
                    "Sends one real message through the proxy, as a client would. The service bills it like any other."
                ),
                "quiet",
                wrap=True,
            )
        )
        tried.body.addWidget(self.trying)
        self.area = scrolling_page(held(head), copied, tried)
        self.trying.began.connect(lambda: self.area.ensureWidgetVisible(tried))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.area)

    def _add(self) -> None:
        # The dialogs are large, and most starts of the program do not need them.
        from proxycast.desktop.dialogs.credential import CredentialDialog  # noqa: PLC0415

        CredentialDialog(self._bridge, self.window()).open()

    def _check(self) -> None:
        from proxycast.desktop.checking.dialog import CheckDialog  # noqa: PLC0415 - as above

        credential = self.trying.credential
        if credential is not None:
            CheckDialog(self._bridge, credential, self.window()).open()
