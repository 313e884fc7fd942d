"""The rows that name the program's folders and open them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.widgets.buttons import Rank, button_with_icon
from proxycast.desktop.widgets.frames import FormRow


def folder_rows(bridge: Bridge) -> Iterator[FormRow]:
    """A row for each folder."""
    places = bridge.places
    for name, folder in (
        (QCoreApplication.translate("Folders", "Configuration"), places.config_dir),
        (QCoreApplication.translate("Folders", "Data"), places.data_dir),
        (QCoreApplication.translate("Folders", "Logs"), places.log_dir),
    ):
        open_it = button_with_icon(
            bridge.theme,
            "folder",
            QCoreApplication.translate("Folders", "Open"),
            Rank.SECONDARY,
            partial(show, folder),
        )
        text = QCoreApplication.translate("Folders", "Open the folder: {name}").format(name=name)
        open_it.setAccessibleName(text)
        yield FormRow(name, open_it, str(folder))


def show(path: Path) -> None:
    """Open a folder or a file in the program that the desktop has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
