"""The settings page as a whole: the search, the way to the services, the log, and resetting all of it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from tests.desktop.opened import open_window, until
from tests.desktop.test_settings import free_port, question

from proxycast.desktop.pages.settings.group import Group
from proxycast.desktop.preferences import LanguageChoice, Preferences, PreferencesFile
from proxycast.desktop.theme import ThemeChoice
from proxycast.desktop.widgets.fields import Select
from proxycast.desktop.widgets.frames import FormRow
from proxycast.desktop.window import SETTINGS, MainWindow
from proxycast.model.secret import Secret
from proxycast.model.settings import LogLevel
from proxycast.store.config_file import ConfigFile

T = TypeVar("T")

COMMENTED = """\
# kept by hand
proxy: none  # at home
providers:
  - {name: work, type: claude-custom, api_key: "sk-ant-1"}  # mine
"""


@pytest.fixture
async def window(home: Path) -> AsyncIterator[MainWindow]:
    async with open_window(home, COMMENTED) as window:
        window.show_page(SETTINGS)
        yield window


def shown_rows(page: QWidget) -> list[str]:
    return [one.name.text() for one in page.findChildren(FormRow) if one.isVisibleTo(page)]


def choose(select: Select[T], value: T) -> None:
    """Choose as a user does, who activates an item."""
    position = select._values.index(value)
    select.setCurrentIndex(position)
    select.activated.emit(position)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("port", "Port"),
        ("SOCKS5", "Outbound proxy"),
        ("dark", "Theme"),
        ("log at", "Open at login"),
        ("开机", "Open at login"),
        ("clipboard", "Clear the clipboard"),
    ],
)
async def test_the_search_finds_a_setting_by_what_it_is_called_anywhere(
    window: MainWindow, typed: str, found: str
) -> None:
    page = window.settings
    everything = shown_rows(page)
    page.search.setFocus()
    page.search.insert(typed)  # an input method does the same
    rows = shown_rows(page)
    assert found in rows
    assert len(rows) < len(everything)
    groups = [one for one in page.findChildren(Group) if one.isVisibleTo(page)]
    assert all(shown_rows(one) for one in groups), "no card without a row"
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert shown_rows(page) == everything


async def test_a_search_without_a_result_says_so(window: MainWindow) -> None:
    page = window.settings
    QTest.keyClicks(page.search, "no such thing")
    assert shown_rows(page) == []
    assert page.nothing.isVisible()
    assert "no such thing" in page.nothing.text()
    page.focus_port()
    assert page.proxy.port.isVisible()
    assert not page.nothing.isVisible()


async def test_ctrl_f_goes_to_the_search(window: MainWindow) -> None:
    window.activateWindow()
    await until(window.isActiveWindow)
    window.settings.proxy.port.setFocus()
    QTest.keyClick(window.settings.proxy.port, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    await until(window.settings.search.hasFocus)


async def test_the_way_to_the_services_is_written_beside_the_comments_and_used_at_once(
    window: MainWindow, home: Path
) -> None:
    group, service = window.settings.proxy, window._bridge.service
    assert group.way.value == "none"
    choose(group.way, "own")
    assert group.address.isVisible()
    QTest.keyClicks(group.address, "socks5://127.0.0.1:1080")
    QTest.keyClick(group.address, Qt.Key.Key_Return)
    await until(lambda: service.settings.proxy == "socks5://127.0.0.1:1080")
    text = (home / "config.yaml").read_text(encoding="utf-8")
    assert text == COMMENTED.replace("proxy: none", 'proxy: "socks5://127.0.0.1:1080"')
    choose(group.way, "system")
    await until(lambda: service.settings.proxy == "system")
    assert not group.address.isVisible()
    assert "# kept by hand" in (home / "config.yaml").read_text(encoding="utf-8")


async def test_an_address_that_is_no_proxy_is_explained_and_not_taken(window: MainWindow, home: Path) -> None:
    group, service = window.settings.proxy, window._bridge.service
    choose(group.way, "own")
    QTest.keyClicks(group.address, "ftp://example.com")
    QTest.keyClick(group.address, Qt.Key.Key_Return)
    await until(lambda: "socks5://host:port" in group.upstream.hint.text())
    assert group.address.text() == "ftp://example.com", "it can be corrected"
    assert service.settings.proxy == "none"
    group.address.clear()
    QTest.keyClicks(group.address, "http://me:word@127.0.0.1:7890")
    QTest.keyClick(group.address, Qt.Key.Key_Return)
    await until(lambda: service.settings.proxy.endswith(":7890"))
    assert "password" in group.upstream.hint.text()


async def test_a_change_of_the_file_shows(window: MainWindow, home: Path) -> None:
    (home / "config.yaml").write_text("proxy: http://127.0.0.1:1\nlog_level: error\n", encoding="utf-8")
    await window._bridge.service.load()
    assert window.settings.proxy.address.text() == "http://127.0.0.1:1"
    assert window.settings.files.level.value is LogLevel.ERROR


async def test_the_log_level_is_written(window: MainWindow, home: Path) -> None:
    choose(window.settings.files.level, LogLevel.DEBUG)
    await until(lambda: window._bridge.service.settings.log_level is LogLevel.DEBUG)
    assert (home / "config.yaml").read_text(encoding="utf-8") == COMMENTED + "log_level: debug\n"


@pytest.mark.parametrize("seconds", [10, 0])
async def test_how_long_a_secret_stays_in_the_clipboard_is_chosen(window: MainWindow, home: Path, seconds: int) -> None:
    bridge = window._bridge
    choose(window.settings.secrets.clearing, seconds)
    await until(lambda: PreferencesFile(home).load().clipboard_seconds == seconds)
    bridge.clipboard.copy_secret(Secret("pc_secret"))
    assert bridge.clipboard._timer.isActive() is bool(seconds)
    assert ("10 seconds" in bridge.clipboard.promise()) is bool(seconds)
    bridge.clipboard.forget()
    assert QGuiApplication.clipboard().text() == ("" if seconds else "pc_secret")
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("sure", [True, False])
async def test_a_reset_asks_and_leaves_nothing_but_the_credentials(
    window: MainWindow, home: Path, qapp: QApplication, sure: bool
) -> None:
    bridge, page = window._bridge, window.settings
    port = free_port()
    await bridge.proxy.move(port)
    bridge.autostart.enable()
    choose(page.look.theme, ThemeChoice.DARK)
    choose(page.secrets.clearing, 10)
    page.startup.close_to_tray.click()
    bridge.prefer(tray_told=True)
    QTest.mouseClick(page.reset.reset, Qt.MouseButton.LeftButton)
    await until(lambda: question(qapp))
    asked = question(qapp)
    assert asked is not None
    QTest.mouseClick(asked.yes if sure else asked.no, Qt.MouseButton.LeftButton)
    await until(lambda: question(qapp) is None)
    if not sure:
        assert bridge.service.settings.port == port
        assert bridge.autostart.enabled
        assert bridge.preferences.theme is ThemeChoice.DARK
        return
    await until(lambda: window.settings is not page)
    assert window.page == SETTINGS
    assert window.settings.startup.close_to_tray.isChecked()
    assert bridge.preferences == Preferences(tray_told=True)
    assert not bridge.autostart.enabled
    configuration = ConfigFile(home / "config.yaml").load()
    assert configuration.settings == type(configuration.settings)()
    assert [one.name for one in configuration.pool.credentials] == ["work"]
    assert "# kept by hand" in (home / "config.yaml").read_text(encoding="utf-8")


async def test_the_search_works_in_chinese(home: Path) -> None:
    PreferencesFile(home).save(Preferences(language=LanguageChoice.CHINESE))
    async with open_window(home) as window:
        window.show_page(SETTINGS)
        window.settings.search.setText("代理 8999")
        assert shown_rows(window.settings) == ["端口"]


def test_levels_are_those_of_logging() -> None:
    assert {one.upper() for one in LogLevel} <= set(logging.getLevelNamesMapping())
