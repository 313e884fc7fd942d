"""Notifications of real exchanges and of a port that is taken: gathered, muted, and told in the window in front."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.desktop.opened import open_window, until
from tests.desktop.test_settings import free_port
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import MessagesService

from proxycast.desktop.notifications import Notifications
from proxycast.desktop.preferences import LanguageChoice, PreferencesFile
from proxycast.desktop.troubles import TroubleKind
from proxycast.desktop.window import SETTINGS, MainWindow
from proxycast.proxy.ports import listen

TOKEN = "pc_" + "t" * 43
CONFIG = """\
server: {{port: {port}}}
providers:
  - {{name: work, type: claude-custom, api_key: "sk-wrong", base_url: "{url}"}}
  - {{name: spare, type: claude-custom, api_key: "sk-wrong", base_url: "{url}"}}
"""


class Heard(list[str]):
    """What was told, of which `in_front` decides where."""

    in_front = False


@pytest.fixture
async def window(home: Path) -> AsyncIterator[MainWindow]:
    async with FakeMessagesApi(MessagesService()) as fake:
        config = CONFIG.format(port=free_port(), url=fake.base_url)
        async with open_window(home, config, token=TOKEN) as window:
            yield window


@pytest.fixture
async def heard(window: MainWindow) -> AsyncIterator[Heard]:
    heard = Heard()
    notifications = Notifications(window._bridge, lambda: heard.in_front)
    notifications._timer.setInterval(300)
    notifications.told.connect(heard.append)
    yield heard
    notifications.close()


async def ask(window: MainWindow, name: str) -> int:
    """One request through the proxy with a credential; gives the status."""
    port = window._bridge.service.proxy.port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b'{"model":"claude-haiku-5-5","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}'
    head = f"POST /c/{name}/v1/messages HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nx-api-key: {TOKEN}\r\n"
    head += f"content-type: application/json\r\nanthropic-version: 2023-06-01\r\ncontent-length: {len(body)}\r\n"
    writer.write(head.encode() + b"connection: close\r\n\r\n" + body)
    status = int((await reader.readline()).split()[1])
    await reader.read()
    writer.close()
    return status


async def test_keys_that_are_refused_are_told_in_one_message_and_once(window: MainWindow, heard: Heard) -> None:
    await window._bridge.proxy.turn(on=True)
    for name in ("work", "spare", "work"):
        assert await ask(window, name) == 401
    await until(lambda: heard)
    assert heard == ["work: the service rejects the key\nspare: the service rejects the key"]
    await window._bridge.proxy.turn(on=False)


async def test_in_front_the_window_tells_itself(window: MainWindow, heard: Heard) -> None:
    heard.in_front = True
    await window._bridge.proxy.turn(on=True)
    await ask(window, "work")
    await until(window.toast.isVisible)
    assert heard == []
    await window._bridge.proxy.turn(on=False)


async def test_a_port_that_is_taken_is_told_with_its_owner(window: MainWindow, heard: Heard) -> None:
    with listen("127.0.0.1", window._bridge.service.settings.port):
        await window._bridge.proxy.turn(on=True)
    await until(lambda: heard)
    assert "is in use by" in heard[0]
    assert "--port" not in heard[0]


@pytest.mark.parametrize("kind", list(TroubleKind))
async def test_a_muted_kind_is_not_told_and_stays_muted(window: MainWindow, home: Path, kind: TroubleKind) -> None:
    window.show_page(SETTINGS)
    switch = window.settings.notifications.switches[kind]
    window.settings.area.ensureWidgetVisible(switch)
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert window._bridge.preferences.muted == {kind}
    await until(lambda: PreferencesFile(home).load().muted == {kind})
    notifications = Notifications(window._bridge, lambda: False)
    with listen("127.0.0.1", window._bridge.service.settings.port):
        await window._bridge.proxy.turn(on=True)
    assert notifications._timer.isActive() is (kind is not TroubleKind.PROXY)
    notifications.close()
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert window._bridge.preferences.muted == frozenset()


async def test_they_speak_chinese(window: MainWindow, heard: Heard) -> None:
    window._bridge.language.choose(LanguageChoice.CHINESE)
    await window._bridge.proxy.turn(on=True)
    await ask(window, "work")
    await until(lambda: heard)
    assert heard == ["work：服务不接受此密钥"]
    await window._bridge.proxy.turn(on=False)
