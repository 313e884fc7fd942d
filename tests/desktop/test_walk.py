"""What people do, one after the other, in the real window on the real loop: add, test, start, use, switch, stop."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from anthropic import AsyncAnthropic
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.desktop.opened import open_window, until
from tests.desktop.test_tray import entry
from tests.fakes.answers import Behaviour
from tests.fakes.messages import Script
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY, MessagesService

from proxycast.desktop.dialogs.credential import CredentialDialog
from proxycast.desktop.tray import Tray
from proxycast.desktop.window import MainWindow
from proxycast.model.credential import Kind


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def opened_dialogs() -> list[CredentialDialog]:
    """The dialogs on the screen; one that is closed deletes itself."""
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, CredentialDialog) and one.isVisible()]


async def add_through_the_form(window: MainWindow, name: str, base_url: str) -> None:
    """Click and type a compatible service into the dialog, test the connection, and save."""
    empty = not window._bridge.service.pool.credentials
    QTest.mouseClick(window.pool.empty.add if empty else window.pool.top.add, Qt.MouseButton.LeftButton)
    await until(opened_dialogs)
    (dialog,) = opened_dialogs()
    QTest.mouseClick(dialog.form.kinds.cards[Kind.COMPATIBLE], Qt.MouseButton.LeftButton)
    QTest.mouseClick(dialog.form.services.other, Qt.MouseButton.LeftButton)
    for field, text in (
        (dialog.form.basics.name, name),
        (dialog.form.basics.key, KEY),
        (dialog.form.basics.url, base_url),
    ):
        field.setFocus()
        field.clear()
        QTest.keyClicks(field, text)
    await until(dialog.save.isEnabled)
    QTest.mouseClick(dialog.test, Qt.MouseButton.LeftButton)
    await until(dialog.trial.send.isVisible)
    QTest.mouseClick(dialog.trial.send, Qt.MouseButton.LeftButton)
    await until(lambda: not dialog.trial.running and dialog.trial.time.text())
    assert "works" in dialog.trial.sentence.text()
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    await until(lambda: any(one.name == name for one in window._bridge.service.pool.credentials))
    await until(lambda: not opened_dialogs())


async def streamed(client: AsyncAnthropic) -> str:
    """The text of a streamed answer, as the SDK gives it."""
    message = [{"role": "user", "content": "hi"}]
    async with client.messages.stream(model="claude-sonnet-5-5", max_tokens=64, messages=message) as stream:  # type: ignore[arg-type]
        return "".join([text async for text in stream.text_stream])


async def test_add_test_start_use_switch_and_stop(home: Path) -> None:
    config = f"server: {{port: {free_port()}}}\n"
    first_words, second_words = Script(text="the first one answers " * 5), Script(text="the second one answers")
    async with (
        FakeMessagesApi(MessagesService(says=first_words)) as first,
        FakeMessagesApi(MessagesService(says=second_words)) as second,
        open_window(home, config, passphrase="pass") as window,
    ):
        service, bridge = window._bridge.service, window._bridge
        tray = Tray(bridge)
        await add_through_the_form(window, "first", first.base_url)
        await add_through_the_form(window, "second", second.base_url)
        stored = await service.secrets.read(service.pool.by_name("first").id, 1)
        assert stored is not None
        assert stored.secrets["api_key"].reveal() == KEY
        assert KEY not in (home / "config.yaml").read_text(encoding="utf-8")

        entry(tray.menu, "Proxy on").trigger()
        await until(lambda: bridge.proxy.running and not bridge.proxy.busy)
        token = (await service.token.fetch()).reveal()
        async with AsyncAnthropic(base_url=service.proxy.address, auth_token=token, max_retries=0) as client:
            assert (await streamed(client)).strip() == first_words.text.strip()
            first.enqueue(Behaviour(rate=20))
            before = len(first.requests)
            running = asyncio.ensure_future(streamed(client))
            await until(lambda: len(first.requests) > before)
            entry(tray.menu, "second").trigger()
            await until(lambda: service.pool.selected is not None and service.pool.selected.name == "second")
            assert not running.done()
            assert await streamed(client) == second_words.text
            assert (await running).strip() == first_words.text.strip()
        entry(tray.menu, "Proxy on").trigger()
        await until(lambda: not bridge.proxy.running and not bridge.proxy.busy)
        tray.close()
