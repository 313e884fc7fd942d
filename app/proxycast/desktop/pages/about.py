"""The page about the program: version, licences, folders."""

from __future__ import annotations

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from proxycast import __version__
from proxycast.desktop import icons
from proxycast.desktop.bridge import Bridge
from proxycast.desktop.pages.folders import folder_rows
from proxycast.desktop.tokens import Space
from proxycast.desktop.versions import about_this_program, version_of
from proxycast.desktop.widgets.buttons import Rank, button_with_icon
from proxycast.desktop.widgets.frames import Card, column_of, row_of, rule, scrolling_page
from proxycast.desktop.widgets.labels import ElidedLabel, label, numbers

_LIBRARIES = (
    ("PySide6-Essentials", "LGPL-3.0"),
    ("qasync", "BSD-2-Clause"),
    ("httptools", "MIT"),
    ("uvloop", "MIT, Apache-2.0"),
    ("aiohappyeyeballs", "PSF-2.0"),
    ("python-socks", "Apache-2.0"),
    ("truststore", "MIT"),
    ("httpx2", "BSD-3-Clause"),
    ("botocore", "Apache-2.0"),
    ("cryptography", "Apache-2.0, BSD-3-Clause"),
    ("keyring", "MIT"),
    ("SecretStorage", "BSD-3-Clause"),
    ("jeepney", "MIT"),
    ("msgspec", "BSD-3-Clause"),
    ("PyYAML", "MIT"),
    ("click", "BSD-3-Clause"),
    ("platformdirs", "MIT"),
)
"""The libraries that the program depends on, as their packages are named, and their licences."""


class AboutPage(QWidget):
    """What the program is, where it keeps things, and whose work it uses."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.versions: dict[str, QLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolling_page(self._program(), self._folders(), self._licences()))

    def _program(self) -> Card:
        card = Card()
        logo = QLabel()
        logo.setPixmap(icons.app_icon().pixmap(56, 56))
        version = self.tr("Version {version} · Qt {qt}").format(version=__version__, qt=qVersion())
        words = column_of(label("ProxyCast", "heading"), label(version, "quiet"), spacing=2)
        row = row_of(logo, spacing=Space.L)
        row.addLayout(words, 1)
        self.copy = button_with_icon(
            self._bridge.theme, "copy", self.tr("Copy version info"), Rank.SECONDARY, self._copy
        )
        row.addWidget(self.copy)
        card.body.addLayout(row)
        text = self.tr(
            "Keeps all your ways to reach Claude in the system keyring, and gives your tools a single address."
        )
        card.body.addWidget(label(text, "quiet", wrap=True))
        return card

    def _folders(self) -> Card:
        card = Card(self.tr("Folders"))
        for position, row in enumerate(folder_rows(self._bridge)):
            if position:
                card.body.addWidget(rule())
            card.body.addWidget(row)
        return card

    def _licences(self) -> Card:
        card = Card(self.tr("Licenses"))
        text = self.tr("ProxyCast is free software under the MIT license. It builds on the work of others:")
        card.body.addWidget(label(text, "quiet", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.XL)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnStretch(2, 1)
        for row, (name, licence) in enumerate(_LIBRARIES):
            self.versions[name] = numbers("", "quiet")
            under = ElidedLabel(licence, "quiet")
            under.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for column, cell in enumerate((label(name), self.versions[name], under)):
                grid.addWidget(cell, row, column)
        card.body.addLayout(grid)
        return card

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        for name, cell in self.versions.items():
            cell.setText(version_of(name) or "–")

    def _copy(self) -> None:
        self._bridge.clipboard.copy(about_this_program())
        self._bridge.tell(self.tr("Version info copied"))
