"""The real window over a real service, for tests."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.language import Language
from proxycast.desktop.passphrase import ask_passphrase
from proxycast.desktop.preferences import LanguageChoice, PreferencesFile
from proxycast.desktop.theme import Theme
from proxycast.desktop.window import MainWindow
from proxycast.model.secret import Secret
from proxycast.service.assembly import assemble
from proxycast.store.paths import Places

PATIENCE = 5.0
TWO = """\
server: {host: 127.0.0.1, port: 8999}
providers:
  - {name: work, type: claude-custom, api_key: "sk-ant-1"}
  - {name: spare, type: claude-custom, api_key: "sk-2", base_url: "https://llm.example.com"}
"""
"""A configuration with two credentials. A test that starts the proxy chooses a free port."""


@asynccontextmanager
async def open_window(
    home: Path, config: str = "", *, passphrase: str = "", token: str = "", bus: str = "/nonexistent"
) -> AsyncIterator[MainWindow]:
    """The window over the folder `home`, shown, with `config` as its configuration, in English and light.

    There is no OS keyring; with a passphrase secrets go to a vault, else they last as long as the window. `token` is
    the client token, and `bus` the socket behind which a keyring is looked for.
    """
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    if config:
        (home / "config.yaml").write_text(config, encoding="utf-8")
    places = Places.find({"PROXYCAST_HOME": str(home)})
    preferences = PreferencesFile(home)
    chosen = preferences.load()
    spoken = LanguageChoice.ENGLISH if chosen.language is LanguageChoice.SYSTEM else chosen.language
    language = Language(app, spoken)
    environment = {"PROXYCAST_PASSPHRASE": passphrase, "PROXYCAST_TOKEN": token}
    outside = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={bus}"  # never the keyring of whoever runs the tests
    theme = Theme(app, chosen.theme)

    async def ask() -> Secret | None:
        return await ask_passphrase(theme, window)

    given = {name: value for name, value in environment.items() if value}
    service = assemble(places, translate=language.translate, environment=given, ask_passphrase=ask)
    bridge = Bridge(service, theme, language, preferences, places)
    window = MainWindow(bridge)
    try:
        await service.load()
        window.show()
        yield window
    finally:
        await bridge.close()
        await service.close()
        window.hide()
        window.deleteLater()
        language.changed.disconnect(window._rebuild_soon)  # it is about to go
        language.choose(LanguageChoice.ENGLISH)
        if outside is None:
            del os.environ["DBUS_SESSION_BUS_ADDRESS"]
        else:
            os.environ["DBUS_SESSION_BUS_ADDRESS"] = outside


async def until(condition: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until something is so, at most some seconds."""
    async with asyncio.timeout(patience):
        while not condition():  # noqa: ASYNC110 (what widgets show has no event)
            await asyncio.sleep(0.005)


def tooltip(widget: QWidget, where: QPoint) -> str:
    """What is shown after the mouse has rested there."""
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, where, widget.mapToGlobal(where)))
    return QToolTip.text()
