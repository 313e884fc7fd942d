"""The page about the program: version, licences, folders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from proxycast import __version__
from proxycast.desktop import icons
from proxycast.desktop.bridge import Bridge
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button_with_icon
from proxycast.desktop.widgets.frames import Card, FormRow, column_of, row_of, rule, scrolling_page
from proxycast.desktop.widgets.labels import ElidedLabel, label

_LIBRARIES = (
    ("Qt, PySide6", "LGPL-3.0"),
    ("qasync", "BSD-2-Clause"),
    ("httptools, uvloop, msgspec, PyYAML", "MIT, Apache-2.0, BSD-3-Clause"),
    ("keyring, SecretStorage, jeepney", "MIT, BSD-3-Clause"),
    ("cryptography, truststore, python-socks", "Apache-2.0, MIT"),
    ("httpx2, boto3, click, platformdirs", "BSD-3-Clause, Apache-2.0, MIT"),
)


class AboutPage(QWidget):
    """What the program is, where it keeps things, and whose work it uses."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
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
        card.body.addLayout(row)
        text = self.tr(
            "Keeps every way you have to reach Claude in the keyring of your operating system, and gives all your "
            "tools one address."
        )
        card.body.addWidget(label(text, "quiet", wrap=True))
        return card

    def _folders(self) -> Card:
        card = Card(self.tr("Folders"))
        places = self._bridge.places
        folders = (
            (self.tr("Configuration"), places.config_dir),
            (self.tr("Data"), places.data_dir),
            (self.tr("Logs"), places.log_dir),
        )
        for position, (name, folder) in enumerate(folders):
            if position:
                card.body.addWidget(rule())
            open_it = button_with_icon(self._bridge.theme, "folder", self.tr("Open"), Rank.SECONDARY, _opener(folder))
            open_it.setAccessibleName(self.tr("Open the folder: {name}").format(name=name))
            card.body.addWidget(FormRow(name, open_it, str(folder)))
        return card

    def _licences(self) -> Card:
        card = Card(self.tr("Licences"))
        text = self.tr("ProxyCast is free software under the MIT licence. It stands on the work of others:")
        card.body.addWidget(label(text, "quiet", wrap=True))
        for names, licence in _LIBRARIES:
            row = row_of(label(names), spacing=Space.L)
            row.addStretch(1)
            row.addWidget(ElidedLabel(licence, "quiet"))
            card.body.addLayout(row)
        return card


def _opener(folder: Path) -> Callable[[], bool]:
    return lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
