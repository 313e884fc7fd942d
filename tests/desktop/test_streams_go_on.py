"""Streams through the embedded proxy go on whatever the window has open, and whatever it waits for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QMessageBox, QWidget
from tests.desktop.opened import open_window, until
from tests.desktop.pool_cards import choose, menu_of, service_of
from tests.fakes.answers import Behaviour
from tests.fakes.messages import numbered
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY, MessagesService
from tests.fakes.session_bus import silent_bus

from proxycast.desktop.dialogs.credential import CredentialDialog
from proxycast.desktop.tray import Tray
from proxycast.desktop.window import SETTINGS, MainWindow
from proxycast.model.errors import KeyringSilent

TOKEN = "pc_" + "t" * 43
STREAMS = 5
MORE = 10
"""Events of each stream that have to arrive while something is open."""
WORDS = 5000
"""More than a test waits for."""


class Reader:
    """A client that reads one stream and counts the words, which are numbers from 0 on."""

    def __init__(self) -> None:
        self.seen = 0

    async def read(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        body = (
            b'{"model":"claude-sonnet-5-5","max_tokens":9999,"stream":true,"messages":[{"role":"user","content":""}]}'
        )
        head = f"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nx-api-key: {TOKEN}\r\n"
        writer.write(f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
        try:
            while line := await reader.readline():
                if (word := re.search(rb'"text":"(\d+) ?"', line)) is not None:
                    assert int(word[1]) == self.seen, "an event is missing"
                    self.seen += 1
        finally:
            writer.close()


@asynccontextmanager
async def streaming(window: MainWindow) -> AsyncIterator[Callable[[], int]]:
    """The proxy with streams through it; gives how many events the slowest has brought."""
    service = service_of(window)
    await service.start_proxy(port=0)
    readers = [Reader() for _ in range(STREAMS)]
    tasks = [asyncio.ensure_future(one.read(service.proxy.port)) for one in readers]

    def slowest() -> int:
        for task in tasks:
            assert not task.done(), task
        return min(one.seen for one in readers)

    try:
        await until(slowest)
        yield slowest
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await service.stop_proxy()


@pytest.fixture
async def upstream() -> AsyncIterator[FakeMessagesApi]:
    async with FakeMessagesApi(MessagesService(says=numbered(WORDS))) as fake:
        fake.enqueue(*[Behaviour(rate=200)] * STREAMS)
        yield fake


def pool(upstream: FakeMessagesApi) -> str:
    return f'providers:\n  - {{name: work, type: claude-custom, api_key: "{KEY}", base_url: "{upstream.base_url}"}}\n'


def the(kind: type[QDialog]) -> QDialog:
    """The dialog of this kind on the screen."""
    (found,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]
    return found


def shown_dialogs(window: MainWindow) -> list[QDialog]:
    return [one for one in window.findChildren(QDialog) if one.isVisible()]


async def test_dialogs_and_menus_stop_no_stream(home: Path, upstream: FakeMessagesApi) -> None:
    async with open_window(home, pool(upstream), token=TOKEN) as window, streaming(window) as slowest:
        tray = Tray(window._bridge)

        async def goes_on(open_one: QWidget, close: Callable[[], object] | None = None) -> None:
            assert open_one.isVisible()
            before = slowest()
            await until(lambda: slowest() >= before + MORE)
            assert open_one.isVisible()
            (close or open_one.close)()

        await goes_on(menu_of(window, "work"))

        tray.menu.popup(QPoint(40, 40))
        submenu = next(one for one in tray.menu.findChildren(QMenu) if one.title() == "Copy")
        submenu.popup(QPoint(90, 90))
        await goes_on(submenu)
        tray.menu.close()

        choose(menu_of(window, "work"), "Edit")
        dialog = the(CredentialDialog)
        assert isinstance(dialog, CredentialDialog)
        dialog.form.advanced._choose_file()
        await goes_on(the(QFileDialog))
        dialog.form.advanced.auth.showPopup()
        await goes_on(dialog.form.advanced.auth.view(), dialog.form.advanced.auth.hidePopup)
        await goes_on(dialog)

        window.settings.secrets.rotate.click()
        await until(lambda: shown_dialogs(window))
        await goes_on(shown_dialogs(window)[0])
        tray.close()


@pytest.mark.parametrize("make", [QMenu, QMessageBox, QFileDialog])
async def test_what_runs_an_event_loop_of_its_own_stops_no_stream(
    home: Path, upstream: FakeMessagesApi, make: Callable[[QWidget], QMenu | QDialog]
) -> None:
    """As Qt itself does for a few of its menus and questions."""
    async with open_window(home, pool(upstream), token=TOKEN) as window, streaming(window) as slowest:
        shown = make(window)
        if isinstance(shown, QMenu):
            shown.addAction("one")
        closed = asyncio.get_running_loop().create_future()
        QTimer.singleShot(0, lambda: closed.set_result(shown.exec()))
        await until(shown.isVisible)
        before = slowest()
        await until(lambda: slowest() >= before + MORE)
        assert not closed.done()
        shown.close()
        await closed


async def test_a_keyring_that_hangs_stops_no_stream(home: Path, upstream: FakeMessagesApi) -> None:
    with silent_bus() as bus:
        async with open_window(home, pool(upstream), token=TOKEN, bus=bus) as window, streaming(window) as slowest:
            reading = asyncio.ensure_future(service_of(window).secrets.read("0123456789ab", 1))
            window.show_page(SETTINGS)  # it looks at the keyring too
            before = slowest()
            await until(lambda: slowest() >= before + MORE)
            assert not reading.done()
            with pytest.raises(KeyringSilent):
                await reading
            assert slowest() > before + MORE
            await until(lambda: window.settings.secrets.badge.text() == "Not answering")


async def test_a_question_for_the_passphrase_stops_no_stream(home: Path, upstream: FakeMessagesApi) -> None:
    async with open_window(home, passphrase="pass") as window:
        await service_of(window).secrets.write("0123456789ab", 1, "https://example.com", {})
    async with open_window(home, pool(upstream), token=TOKEN) as window, streaming(window) as slowest:
        reading = asyncio.ensure_future(service_of(window).secrets.read("0123456789ab", 1))
        await until(lambda: shown_dialogs(window))
        before = slowest()
        await until(lambda: slowest() >= before + MORE)
        assert not reading.done()
        shown_dialogs(window)[0].reject()
        with pytest.raises(Exception, match="vault"):
            await reading
