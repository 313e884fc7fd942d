"""The tray: its states by shape, and everything its menu does."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu
from tests.desktop.opened import TWO, open_window, until

from proxycast.desktop.preferences import LanguageChoice
from proxycast.desktop.tray import Tray
from proxycast.desktop.window import MainWindow


@pytest.fixture
async def window(home: Path) -> AsyncIterator[MainWindow]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with open_window(home, TWO.replace("8999", str(port)), passphrase="pass") as opened:
        yield opened


@pytest.fixture
async def tray(window: MainWindow) -> AsyncIterator[Tray]:
    tray = Tray(window._bridge)
    yield tray
    tray.close()
    await window._bridge.service.stop_proxy()


def entry(menu: QMenu, text: str) -> QAction:
    """The entry of a menu whose text begins so, submenus included."""
    for action in menu.actions():
        if action.text().startswith(text):
            return action
        inner = action.menu()
        if isinstance(inner, QMenu):
            try:
                return entry(inner, text)
            except AssertionError:
                continue
    raise AssertionError(f"no entry {text!r} in {[action.text() for action in menu.actions()]}")


async def test_the_menu_starts_and_stops_the_proxy_and_says_where_it_runs(window: MainWindow, tray: Tray) -> None:
    proxy = window._bridge.proxy
    assert entry(tray.menu, "Proxy stopped").isEnabled() is False
    entry(tray.menu, "Proxy on").trigger()
    await until(lambda: proxy.running and not proxy.busy)
    address = window._bridge.service.proxy.address
    await until(lambda: tray.menu.actions()[0].text() == f"Proxy running · {address.removeprefix('http://')}")
    assert address in tray.icon.toolTip()
    assert entry(tray.menu, "Proxy on").isChecked()
    entry(tray.menu, "Proxy on").trigger()
    await until(lambda: not proxy.running and not proxy.busy)
    await until(lambda: tray.icon.toolTip().startswith("ProxyCast · Proxy stopped"))


async def test_a_port_that_is_taken_shows_as_an_error(window: MainWindow, tray: Tray) -> None:
    proxy = window._bridge.proxy
    with socket.create_server(("127.0.0.1", window._bridge.service.settings.port)):
        entry(tray.menu, "Proxy on").trigger()
        await until(lambda: proxy.failure is not None)
    await until(lambda: "could not start" in tray.icon.toolTip())
    assert not entry(tray.menu, "Proxy on").isChecked()


async def test_the_four_states_differ_in_shape(window: MainWindow) -> None:
    theme = window._bridge.theme
    pictures = [
        theme.icon(f"tray-{state}", "text").pixmap(32, 32).toImage()
        for state in ("running", "stopped", "warning", "error")
    ]
    for number, one in enumerate(pictures):
        for other in pictures[number + 1 :]:
            alpha = [
                (one.pixelColor(x, y).alpha() > 127) != (other.pixelColor(x, y).alpha() > 127)
                for x in range(32)
                for y in range(32)
            ]
            assert sum(alpha) > 20, "two states are told apart by their outline, not by a colour"


async def test_the_menu_switches_the_credential(window: MainWindow, tray: Tray) -> None:
    service = window._bridge.service
    assert entry(tray.menu, "work").isChecked()
    entry(tray.menu, "spare").trigger()
    await until(lambda: service.pool.selected is not None and service.pool.selected.name == "spare")
    await until(lambda: "Using spare" in tray.icon.toolTip())
    assert entry(tray.menu, "spare").isChecked()
    assert not entry(tray.menu, "work").isChecked()


async def test_a_disabled_credential_cannot_be_chosen(window: MainWindow, tray: Tray) -> None:
    await window._bridge.service.set_enabled("spare", enabled=False)
    await until(lambda: not entry(tray.menu, "spare").isEnabled())


async def test_the_address_the_token_and_the_lines_for_a_shell_can_be_copied(window: MainWindow, tray: Tray) -> None:
    service, clipboard = window._bridge.service, QGuiApplication.clipboard()
    entry(tray.menu, "Address").trigger()
    assert clipboard.text() == service.client_address(None)
    token = (await service.token.fetch()).reveal()
    entry(tray.menu, "Client token").trigger()
    await until(lambda: clipboard.text() == token)
    assert clipboard.mimeData().data("x-kde-passwordManagerHint").data() == b"secret"
    entry(tray.menu, "Lines for fish").trigger()
    await until(lambda: f"set -gx ANTHROPIC_AUTH_TOKEN '{token}'" in clipboard.text())


async def test_the_menu_speaks_the_language_that_was_chosen(window: MainWindow, tray: Tray) -> None:
    english = {action.text() for action in tray.menu.actions() if action.text()}
    window._bridge.language.choose(LanguageChoice.CHINESE)
    await until(lambda: not english & {action.text() for action in tray.menu.actions() if action.text()})


async def test_window_first_steps_and_quit_are_asked_for_by_signals(tray: Tray) -> None:
    asked: list[str] = []
    tray.window_wanted.connect(lambda: asked.append("window"))
    tray.quit_wanted.connect(lambda: asked.append("quit"))
    tray.first_run_wanted.connect(lambda: asked.append("first steps"))
    entry(tray.menu, "Open the window").trigger()
    entry(tray.menu, "First steps").trigger()
    entry(tray.menu, "Quit ProxyCast").trigger()
    assert asked == ["window", "first steps", "quit"]


async def test_without_a_tray_the_icon_is_not_counted_on(tray: Tray) -> None:
    assert not tray.is_there


async def test_menus_of_the_past_do_not_pile_up(window: MainWindow, tray: Tray) -> None:
    for _ in range(10):
        tray.show_state()
    await until(lambda: len(tray.menu.findChildren(QMenu)) == 2)


async def test_an_open_menu_stays_as_it_is_until_it_is_closed(window: MainWindow, tray: Tray) -> None:
    tray.menu.popup(QPoint(10, 10))
    submenu = entry(tray.menu, "Address").parent()
    assert isinstance(submenu, QMenu)
    submenu.popup(QPoint(40, 40))
    await window._bridge.service.rename("spare", "other")
    await until(lambda: not tray._renew.isActive())
    assert submenu.isVisible()
    submenu.close()
    tray.menu.close()
    await until(lambda: has_entry(tray.menu, "other"))


def has_entry(menu: QMenu, text: str) -> bool:
    """Whether the menu has an entry whose text begins so."""
    try:
        entry(menu, text)
    except AssertionError:
        return False
    return True
