"""The encrypted vault from the settings: made, with what this session kept, and given another passphrase."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from tests.desktop.opened import open_window, until

from proxycast.desktop.dialogs.vault import ChangePassphraseDialog, NewPassphrase, VaultDialog
from proxycast.desktop.window import SETTINGS, MainWindow
from proxycast.model.credential import Credential, Keyring, Kind
from proxycast.model.secret import Secret

LEFT = Qt.MouseButton.LeftButton
FIRST, SECOND = "correct horse", "battery staple"


def click(window: MainWindow, button: QPushButton) -> None:
    window.settings.area.ensureWidgetVisible(button)
    QTest.mouseClick(button, LEFT)


def shown(kind: type[VaultDialog | ChangePassphraseDialog]) -> VaultDialog | ChangePassphraseDialog | None:
    return next((one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()), None)


def enter(fields: NewPassphrase, passphrase: str) -> None:
    for field in (fields.first, fields.second):
        field.clear()
        QTest.keyClicks(field, passphrase)


async def test_a_vault_is_made_and_keeps_what_the_session_kept(home: Path) -> None:
    async with open_window(home) as window:
        service = window._bridge.service
        token = await service.token.fetch()
        relay = Credential(
            id="0123456789ab",
            name="relay",
            kind=Kind.COMPATIBLE,
            base_url="https://llm.example.com",
            secrets={"api_key": Keyring()},
        )
        added = await service.add(relay, {"api_key": Secret("sk-relay")})
        window.show_page(SETTINGS)
        secrets = window.settings.secrets
        await until(secrets.vault.isVisible)
        click(window, secrets.vault)
        await until(lambda: shown(VaultDialog))
        asked = shown(VaultDialog)
        assert asked is not None
        enter(asked.passphrase, "short")
        assert not asked.save.isEnabled()
        enter(asked.passphrase, FIRST)
        QTest.mouseClick(asked.save, LEFT)
        await until(lambda: secrets.badge.text() == "Encrypted")
        assert not secrets.vault.isVisible()
    async with open_window(home, passphrase=FIRST) as window:
        service = window._bridge.service
        assert await service.token.fetch() == token
        stored = await service.secrets.read(added.id, added.revision)
        assert stored is not None
        assert stored.secrets["api_key"].reveal() == "sk-relay"


async def test_the_passphrase_is_changed_and_a_wrong_one_is_told_in_place(home: Path) -> None:
    async with open_window(home, passphrase=FIRST) as window:
        token = await window._bridge.service.token.fetch()
        window.show_page(SETTINGS)
        secrets = window.settings.secrets
        await until(secrets.change.isVisible)
        click(window, secrets.change)
        await until(lambda: shown(ChangePassphraseDialog))
        asked = shown(ChangePassphraseDialog)
        assert isinstance(asked, ChangePassphraseDialog)
        enter(asked.passphrase, SECOND)
        assert not asked.save.isEnabled()
        QTest.keyClicks(asked.old, "wrong one")
        QTest.mouseClick(asked.save, LEFT)
        await until(lambda: "does not open the vault" in asked._old.note.text())
        asked.old.clear()
        QTest.keyClicks(asked.old, FIRST)
        QTest.mouseClick(asked.save, LEFT)
        await until(window.toast.isVisible)
        window._bridge.service.secrets.drop_cache()
        assert await window._bridge.service.token.fetch() == token
    async with open_window(home, passphrase=SECOND) as window:
        assert await window._bridge.service.token.fetch() == token
