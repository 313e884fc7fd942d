"""The staged check in the window: its stages as they run, its result, its offers, and the dialog of a card."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from tests.desktop.opened import open_window, until
from tests.desktop.pool_cards import choose, config, entry, focus, menu_of, press, service_of
from tests.fakes.answers import Behaviour, error
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY, MessagesService

from proxycast.desktop.checking.dialog import CheckDialog
from proxycast.desktop.pages.pool.entries import Standing
from proxycast.desktop.tray import Tray
from proxycast.desktop.window import MainWindow
from proxycast.model.credential import Auth


@pytest.fixture
async def window(tmp_path: Path, fake_api: FakeMessagesApi) -> AsyncIterator[MainWindow]:
    async with open_window(tmp_path, config(fake_api.base_url, ["one", "two"]), passphrase="pass") as window:
        yield window


async def opened(window: MainWindow, name: str = "one") -> CheckDialog:
    choose(menu_of(window, name), "Check details…")
    await until(lambda: window.findChildren(CheckDialog))
    return window.findChildren(CheckDialog)[-1]


def stages(dialog: CheckDialog) -> list[str]:
    return [row.partition(":")[0] for row in dialog.view.stages.rows]


async def test_the_dialog_of_a_card_checks_and_the_card_keeps_the_result(
    window: MainWindow, fake_api: FakeMessagesApi
) -> None:
    dialog = await opened(window)
    assert dialog.begin.text() == "Stop checking"
    await until(dialog.view.send.isVisible)
    assert stages(dialog)[-1] == "Token counting"
    dialog.view.send.click()
    await until(lambda: not dialog.view.running)
    assert stages(dialog)[-3:] == ["Message", "Stream", "Usage"]
    assert dialog.view.sentence.text() == "The key works: claude-haiku-5-5 answered."
    await until(lambda: entry(window, "one").standing is Standing.WORKS)
    dialog.reject()
    asked = len(fake_api.requests)
    again = await opened(window)
    assert not again.view.running, "the last result is shown, and nothing is asked"
    assert again.view.sentence.text() == "The key works: claude-haiku-5-5 answered."
    assert len(fake_api.requests) == asked


async def test_nothing_is_billed_when_the_price_is_declined(window: MainWindow, fake_api: FakeMessagesApi) -> None:
    dialog = await opened(window)
    await until(dialog.view.send.isVisible)
    dialog.view.skip.click()
    await until(lambda: not dialog.view.running)
    assert dialog.view.sentence.text() == "The key is accepted. No real message was sent."
    assert not any(one.path == "/v1/messages" and json.loads(one.body)["messages"] for one in fake_api.requests)
    await until(lambda: entry(window, "one").standing is Standing.ACCEPTED)


async def test_the_report_can_be_copied_and_holds_no_key(window: MainWindow, fake_api: FakeMessagesApi) -> None:
    fake_api.script = lambda _: error(401, f"{KEY} is wrong")
    dialog = await opened(window)
    await until(lambda: not dialog.view.running)
    dialog.view.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "✗ Authentication: " in copied
    assert "The service said: " in copied
    assert KEY[:20] not in copied


async def test_an_offer_changes_the_credential_and_checks_again(window: MainWindow, fake_api: FakeMessagesApi) -> None:
    fake_api.service = MessagesService(takes="bearer")
    dialog = await opened(window)
    await until(lambda: not dialog.view.running)
    await until(lambda: entry(window, "one").standing is Standing.FAILING)
    offer = next(one for one in dialog.view.findChildren(QPushButton) if one.text().startswith("Send the key as"))
    assert offer.text() == "Send the key as Authorization: Bearer"
    offer.click()
    await until(dialog.view.send.isVisible)
    assert service_of(window).pool.by_name("one").auth is Auth.BEARER
    dialog.reject()


async def test_a_limit_is_waited_for(window: MainWindow, fake_api: FakeMessagesApi) -> None:
    fake_api.script = lambda _: error(429, retry_after="2")
    dialog = await opened(window)
    await until(lambda: not dialog.view.running)
    assert dialog.view.retry.text().startswith("Wait ")
    fake_api.script = None
    dialog.view.retry.click()
    assert "– cancel" in dialog.view.retry.text()
    await until(dialog.view.send.isVisible, patience=8)
    dialog.reject()


async def test_the_window_stays_live_while_a_host_is_silent(window: MainWindow, fake_api: FakeMessagesApi) -> None:
    fake_api.script = lambda _: Behaviour(head_delay=60)
    dialog = await opened(window)
    await fake_api.next_request()
    ticks: list[float] = []
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    await asyncio.sleep(0.5)
    timer.stop()
    assert len(ticks) > 25
    began = time.perf_counter()
    QTest.keyClick(dialog.begin, Qt.Key.Key_Space)
    await until(lambda: not dialog.view.running)
    assert time.perf_counter() - began < 0.3
    assert dialog.view.sentence.text() == "The check was canceled."
    await fake_api.next_disconnect()


async def test_the_keyboard_opens_the_details(window: MainWindow) -> None:
    await focus(window, "two")
    press(window, Qt.Key.Key_F6)
    await until(lambda: window.findChildren(CheckDialog))
    assert window.findChildren(CheckDialog)[0].windowTitle() == "Check of two"


async def test_the_tray_checks_the_credential_in_use(
    window: MainWindow, fake_api: FakeMessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    tray = Tray(window._bridge)
    told: list[str] = []
    monkeypatch.setattr(tray, "tell", told.append)
    action = next(one for one in tray.menu.actions() if one.text() == "Check the connection")
    action.trigger()
    await until(lambda: told)
    assert told == ["one: The key is accepted. No real message was sent."]
    tray.close()
