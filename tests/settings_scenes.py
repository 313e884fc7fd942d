"""What to take pictures of in the settings and around them: see `tests/screenshots.py`."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.crash import CrashDialog
from proxycast.desktop.dialogs.vault import ChangePassphraseDialog
from proxycast.desktop.passphrase import PassphraseDialog
from proxycast.desktop.window import SETTINGS, MainWindow


def settings_middle(bridge: Bridge, window: MainWindow) -> QWidget:
    """The groups between the first and the last."""
    window.show_page(SETTINGS)
    window.settings.area.ensureWidgetVisible(window.settings.notifications, 0, 0)
    return window


def settings_search(bridge: Bridge, window: MainWindow) -> QWidget:
    """What a search finds."""
    window.show_page(SETTINGS)
    window.settings.search.setText("proxy")
    return window


def settings_vault(bridge: Bridge, window: MainWindow) -> QWidget:
    """The dialog in which the vault gets another passphrase, with what may be wrong in it."""
    dialog = ChangePassphraseDialog(bridge, window)
    dialog.passphrase.first.setText("correct horse")
    dialog.passphrase.second.setText("correct house")
    dialog.open()
    return dialog


def settings_crash(bridge: Bridge, window: MainWindow) -> QWidget:
    """The report of an error that nobody expected."""
    dialog = CrashDialog(bridge, window)
    dialog.add("asyncio: Task exception was never retrieved\nTraceback (most recent call last):\nRuntimeError: broken")
    dialog.open()
    return dialog


def settings_reset(bridge: Bridge, window: MainWindow) -> QWidget:
    """The question before all settings are reset."""
    window.show_page(SETTINGS)
    window.settings.reset.reset.click()
    return window


def settings_unlock(bridge: Bridge, window: MainWindow) -> QWidget:
    """The dialog that asks for the vault's passphrase."""
    dialog = PassphraseDialog(bridge.theme, window)
    dialog.open()
    return dialog


SCENES = (settings_middle, settings_search, settings_vault, settings_crash, settings_reset, settings_unlock)
