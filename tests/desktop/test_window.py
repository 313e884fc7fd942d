"""The window: header, navigation, banners, toasts, closing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from tests.desktop.opened import PATIENCE, TWO, open_window, until

from proxycast import __version__
from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.window import ABOUT, SETTINGS, MainWindow
from proxycast.model.errors import ConfigError
from proxycast.model.text import Text
from proxycast.proxy.ports import listen


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[MainWindow]:
    async with open_window(tmp_path, TWO) as window:
        yield window


def bridge_of(window: MainWindow) -> Bridge:
    return window._bridge


async def free_port(window: MainWindow) -> int:
    with listen("127.0.0.1", 0) as free:
        port: int = free.getsockname()[1]
    service = bridge_of(window).service
    await service.change_settings(msgspec.structs.replace(service.settings, port=port))
    return port


def words(widget: QWidget) -> list[str]:
    return [one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget)]


async def test_the_switch_starts_and_stops_the_proxy(window: MainWindow) -> None:
    port = await free_port(window)
    header, proxy = window.header, bridge_of(window).proxy
    assert header.state.text() == "Proxy stopped"

    QTest.mouseClick(header.switch, Qt.MouseButton.LeftButton)
    await until(lambda: proxy.running and not proxy.busy)
    assert header.state.text() == "Proxy running"
    assert header.address.text() == f"http://127.0.0.1:{port}"
    socket.create_connection(("127.0.0.1", port)).close()

    QTest.keyClick(header.switch, Qt.Key.Key_Space)
    await until(lambda: not proxy.running and not proxy.busy)
    assert header.state.text() == "Proxy stopped"
    assert not header.switch.isChecked()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


async def test_a_taken_port_shows_a_banner_with_its_owner_and_two_ways_out(window: MainWindow) -> None:
    port = await free_port(window)
    with listen("127.0.0.1", port):
        window.header.switch.click()
        await until(window.banners.isVisible)
        assert f"Port {port} is in use by" in words(window.banners)[0]
        assert window.header.state.text() == "Proxy could not start"
        assert not window.header.switch.isChecked()
        elsewhere, again = window.banners.findChildren(QPushButton)
        QTest.mouseClick(elsewhere, Qt.MouseButton.LeftButton)
        assert window.page == SETTINGS
        assert window.focusWidget() is window.settings.proxy.port
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    await until(lambda: bridge_of(window).proxy.running)
    assert not window.banners.isVisible()


async def test_the_header_names_the_selected_credential(window: MainWindow) -> None:
    service = bridge_of(window).service
    assert window.header.credential.text() == "Using work"
    await service.select("spare")
    assert window.header.credential.text() == "Using spare"
    await service.set_enabled("spare", enabled=False)
    assert window.header.credential.text() == "spare is selected but disabled"


async def test_the_address_is_copied(window: MainWindow) -> None:
    QTest.mouseClick(window.header.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "http://127.0.0.1:8999"
    assert "Address copied" in words(window.toast)


async def test_alt_and_a_number_turn_the_pages(window: MainWindow) -> None:
    window.activateWindow()
    await until(window.isActiveWindow)
    turned: list[int] = []
    window.pages.currentChanged.connect(turned.append)
    for key in (Qt.Key.Key_5, Qt.Key.Key_4, Qt.Key.Key_3, Qt.Key.Key_2, Qt.Key.Key_1):
        before = len(turned)
        QTest.keyClick(window, key, Qt.KeyboardModifier.AltModifier)
        async with asyncio.timeout(PATIENCE):
            while len(turned) == before:  # noqa: ASYNC110 (Qt shows the button pressed for a moment)
                await asyncio.sleep(0.01)
    assert turned == [4, 3, 2, 1, 0]


async def test_a_bad_file_shows_where_and_what_until_it_is_repaired(
    window: MainWindow, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    service = bridge_of(window).service
    (tmp_path / "config.yaml").write_text("providers:\n  - {name: work, typo: 1}\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        await service.load()
    caplog.clear()  # of the warning about it
    assert f"{tmp_path / 'config.yaml'}:2:18: " in words(window.banners)[0]
    (tmp_path / "config.yaml").write_text(TWO, encoding="utf-8")
    await service.load()
    assert not window.banners.isVisible()


async def test_a_toast_offers_to_undo_once(window: MainWindow) -> None:
    undone: list[str] = []
    bridge_of(window).tell("Deleted", Tone.OK, "Undo", lambda: undone.append("yes"))
    assert window.toast.isVisible()
    [undo] = window.toast.findChildren(QPushButton)
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert undone == ["yes"]
    assert not window.toast.isVisible()


async def test_an_error_of_a_task_becomes_a_toast(window: MainWindow) -> None:
    async def fail() -> None:
        raise ConfigError(Text("The file cannot be read."), file="config.yaml")

    bridge_of(window).start(fail(), name="fail")
    await until(window.toast.isVisible)
    assert words(window.toast) == ["config.yaml: The file cannot be read."]


@pytest.mark.parametrize("keys", [(Qt.Key.Key_Q, "quit_wanted"), (Qt.Key.Key_W, "closed")])
async def test_ctrl_q_quits_and_ctrl_w_closes(window: MainWindow, keys: tuple[Qt.Key, str]) -> None:
    key, signal = keys
    window.activateWindow()
    await until(window.isActiveWindow)
    heard: list[str] = []
    window.quit_wanted.connect(lambda: heard.append("quit_wanted"))
    window.closed.connect(lambda: heard.append("closed"))
    QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    assert heard == [signal]


async def test_the_page_about_it_tells_versions_and_copies_them(window: MainWindow) -> None:
    window.show_page(ABOUT)
    about = window.about
    assert about.versions["msgspec"].text() == version("msgspec")
    assert all(one.text() for one in about.versions.values())
    QTest.mouseClick(about.copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert f"ProxyCast {__version__}" in copied
    assert "Python 3" in copied


async def test_place_and_size_are_remembered(tmp_path: Path) -> None:
    async with open_window(tmp_path) as window:
        window.resize(760, 640)
        window.save_geometry()
    async with open_window(tmp_path) as window:
        assert (window.width(), window.height()) == (760, 640)
