"""The settings page on a real service: what is chosen holds at once and is remembered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from tests.desktop.opened import TWO, open_window, until

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.passphrase import PassphraseDialog
from proxycast.desktop.preferences import Preferences, PreferencesFile
from proxycast.desktop.theme import ThemeChoice
from proxycast.desktop.tokens import DARK, LIGHT
from proxycast.desktop.widgets.dialogs import Question
from proxycast.desktop.window import SETTINGS, MainWindow
from proxycast.proxy.ports import listen
from proxycast.store.config_file import ConfigFile

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[MainWindow]:
    async with open_window(tmp_path, TWO) as window:
        window.show_page(SETTINGS)
        yield window


def bridge_of(window: MainWindow) -> Bridge:
    return window._bridge


def free_port() -> int:
    with listen("127.0.0.1", 0) as free:
        port: int = free.getsockname()[1]
        return port


def type_port(field: QLineEdit, port: int) -> None:
    """Type a port and press Return."""
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, str(port))
    QTest.keyClick(field, Qt.Key.Key_Return)


async def test_the_theme_is_changed_at_once_and_remembered(window: MainWindow, tmp_path: Path) -> None:
    select = window.settings.look.theme
    QTest.keyClick(select, Qt.Key.Key_End)
    assert bridge_of(window).theme.colours is DARK
    QTest.keyClick(select, Qt.Key.Key_Up)
    assert bridge_of(window).theme.colours is LIGHT
    await until(lambda: PreferencesFile(tmp_path).load().theme is ThemeChoice.LIGHT)


async def test_another_port_is_written_and_listened_on_at_once(window: MainWindow, tmp_path: Path) -> None:
    service, proxy = bridge_of(window).service, bridge_of(window).proxy
    first, second = free_port(), free_port()
    type_port(window.settings.proxy.port, first)
    await until(lambda: service.settings.port == first)
    assert not proxy.running  # it was not, so it is not
    await proxy.turn(on=True)
    type_port(window.settings.proxy.port, second)
    await until(lambda: proxy.running and service.proxy.port == second)
    assert window.header.address.text() == f"http://127.0.0.1:{second}"
    assert ConfigFile(tmp_path / "config.yaml").load().settings.port == second


async def test_a_port_in_use_shows_why_and_the_next_one_helps(window: MainWindow) -> None:
    bridge = bridge_of(window)
    first, third = free_port(), free_port()
    await bridge.proxy.move(first)
    await bridge.proxy.turn(on=True)
    with listen("127.0.0.1", 0) as taken:
        type_port(window.settings.proxy.port, taken.getsockname()[1])
        await until(window.banners.isVisible)
    type_port(window.settings.proxy.port, third)
    await until(lambda: bridge.proxy.running)
    assert not window.banners.isVisible()


@pytest.mark.parametrize("typed", ["", "0", "65536", "x"])
async def test_what_is_no_port_is_not_taken(window: MainWindow, typed: str) -> None:
    field = window.settings.proxy.port
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    window.settings.look.language.setFocus()
    await bridge_of(window).service.select("spare")  # any change
    assert field.text() == "8999"
    assert bridge_of(window).service.settings.port == 8999


@pytest.mark.parametrize("preference", ["start_proxy", "close_to_tray"])
async def test_switches_are_remembered(tmp_path: Path, preference: str) -> None:
    async with open_window(tmp_path) as window:
        window.show_page(SETTINGS)
        switch = getattr(window.settings.startup, preference)
        assert switch.isChecked()
        QTest.mouseClick(switch, LEFT)
    assert getattr(PreferencesFile(tmp_path).load(), preference) is False
    async with open_window(tmp_path) as window:
        assert not getattr(window.settings.startup, preference).isChecked()


async def test_the_client_token_is_hidden_until_it_is_asked_for(window: MainWindow) -> None:
    secrets, token = window.settings.secrets, bridge_of(window).service.token
    assert set(secrets.token.text()) == {"•"}
    QTest.mouseClick(secrets.eye, LEFT)
    await until(lambda: secrets.token.text().startswith("pc_"))
    assert secrets.token.text() == (await token.fetch()).reveal()
    QTest.mouseClick(secrets.eye, LEFT)
    assert set(secrets.token.text()) == {"•"}


async def test_a_shown_token_is_hidden_when_the_page_is_left(window: MainWindow) -> None:
    secrets = window.settings.secrets
    QTest.mouseClick(secrets.eye, LEFT)
    await until(lambda: secrets.token.text().startswith("pc_"))
    window.show_page(0)
    assert set(secrets.token.text()) == {"•"}


async def test_a_copied_token_leaves_the_clipboard_again(window: MainWindow) -> None:
    bridge, clipboard = bridge_of(window), QGuiApplication.clipboard()
    clipboard.clear()
    QTest.mouseClick(window.settings.secrets.copy, LEFT)
    await until(clipboard.text)
    assert clipboard.text() == (await bridge.service.token.fetch()).reveal()
    assert bytes(clipboard.mimeData().data("x-kde-passwordManagerHint").data()) == b"secret"
    bridge.clipboard.forget()
    assert clipboard.text() == ""

    QTest.mouseClick(window.settings.secrets.copy, LEFT)
    await until(clipboard.text)
    clipboard.setText("something else")
    bridge.clipboard.forget()
    assert clipboard.text() == "something else"


@pytest.mark.parametrize("sure", [True, False])
async def test_renewing_the_token_asks_first(window: MainWindow, qapp: QApplication, sure: bool) -> None:
    token = bridge_of(window).service.token
    before = await token.fetch()
    QTest.mouseClick(window.settings.secrets.rotate, LEFT)
    await until(lambda: question(qapp))
    asked = question(qapp)
    assert asked is not None
    if sure:
        QTest.mouseClick(asked.yes, LEFT)
        await until(lambda: token.ready != before)
    else:
        QTest.keyClick(asked, Qt.Key.Key_Escape)
        await until(lambda: question(qapp) is None)
    assert (await token.fetch() != before) is sure


def question(app: QApplication) -> Question | None:
    return next((one for one in app.topLevelWidgets() if isinstance(one, Question) and one.isVisible()), None)


async def test_without_a_keyring_the_page_says_that_nothing_is_saved(window: MainWindow) -> None:
    await until(lambda: window.settings.secrets.badge.text() == "Not saved")
    assert "gone when you quit" in window.settings.secrets.keyring.hint.text()
    assert not window.settings.secrets.unlock.isVisible()


async def test_a_locked_vault_is_unlocked_from_the_page(tmp_path: Path, qapp: QApplication) -> None:
    async with open_window(tmp_path, passphrase="correct horse") as window:
        token = await bridge_of(window).service.token.fetch()  # makes the vault
        window.show_page(SETTINGS)
        await until(lambda: window.settings.secrets.badge.text() == "Encrypted")
    async with open_window(tmp_path) as window:
        window.show_page(SETTINGS)
        secrets = window.settings.secrets
        await until(secrets.unlock.isVisible)
        assert secrets.badge.text() == "Locked"

        await answer_passphrase(window, qapp, "wrong horse")
        await until(window.toast.isVisible)
        assert secrets.badge.text() == "Locked"

        await answer_passphrase(window, qapp, "correct horse")
        await until(lambda: secrets.badge.text() == "Encrypted")
        assert not secrets.unlock.isVisible()
        assert await bridge_of(window).service.token.fetch() == token


async def answer_passphrase(window: MainWindow, app: QApplication, passphrase: str) -> None:
    """Press unlock, and type the passphrase where it is asked for."""
    await until(window.settings.secrets.unlock.isEnabled)
    QTest.mouseClick(window.settings.secrets.unlock, LEFT)
    await until(lambda: dialogs(app))
    [asked] = dialogs(app)
    assert not asked.unlock.isEnabled()
    QTest.keyClicks(asked.field, passphrase)
    assert asked.field.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClick(asked.field, Qt.Key.Key_Return)


def dialogs(app: QApplication) -> list[PassphraseDialog]:
    return [one for one in app.topLevelWidgets() if isinstance(one, PassphraseDialog) and one.isVisible()]


def test_preferences_that_cannot_be_read_are_those_of_a_new_user(tmp_path: Path) -> None:
    file = PreferencesFile(tmp_path)
    assert file.load() == Preferences()
    for text in ("", "{", '{"theme":"pink"}', "[]"):
        (tmp_path / "desktop.json").write_text(text, encoding="utf-8")
        assert file.load() == Preferences()


def test_preferences_survive_a_newer_version_s_additions(tmp_path: Path) -> None:
    file = PreferencesFile(tmp_path)
    file.save(Preferences(theme=ThemeChoice.DARK))
    text = (tmp_path / "desktop.json").read_text(encoding="utf-8")
    data = msgspec.json.decode(text)
    (tmp_path / "desktop.json").write_bytes(msgspec.json.encode(data | {"new": 1}))
    assert file.load() == Preferences(theme=ThemeChoice.DARK)
    assert (tmp_path / "desktop.json").stat().st_mode & 0o077 == 0
