"""The first steps: add or demo, check, connect; skipped, repeated, and not shown twice by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.desktop.opened import open_window, until
from tests.desktop.pool_cards import config
from tests.desktop.test_clients_try import free_port
from tests.desktop.test_walk import opened_dialogs
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY

from proxycast.desktop.first_run import FirstRun
from proxycast.desktop.preferences import PreferencesFile
from proxycast.desktop.window import MainWindow
from proxycast.model.credential import Kind

CLIENTS = 1
LEFT = Qt.MouseButton.LeftButton
TOKEN = "pc_" + "t" * 43


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[MainWindow]:
    async with open_window(tmp_path, f"server: {{port: {free_port()}}}\n", passphrase="pass", token=TOKEN) as window:
        await window._bridge.proxy.turn(on=True)
        yield window


async def opened(window: MainWindow) -> FirstRun:
    window.show_page(CLIENTS)
    QTest.mouseClick(window.clients.steps, LEFT)
    await until(lambda: window.findChildren(FirstRun))
    return window.findChildren(FirstRun)[-1]


async def test_the_demo_leads_to_an_answer_in_three_clicks(window: MainWindow) -> None:
    steps = await opened(window)
    assert steps.row.accessibleName() == "Step 1 of 3: Add"
    QTest.mouseClick(steps.choosing.demo, LEFT)
    await until(lambda: steps.view.report is not None)
    assert steps.row.accessibleName() == "Step 2 of 3: Check"
    assert steps.view.sentence.text() == "The key works: proxycast-demo answered.", "and no price was asked about"
    assert not any("running" in one for one in steps.view.stages.rows)
    assert steps.go_on.text() == "Continue"
    QTest.mouseClick(steps.go_on, LEFT)
    assert steps.row.accessibleName() == "Step 3 of 3: Connect"
    assert "claude" in steps.lines.blocks[0].text.toPlainText()
    QTest.mouseClick(steps.trying.send, LEFT)
    await until(lambda: "offline demo" in steps.trying.answer.toPlainText())
    QTest.mouseClick(steps.go_on, LEFT)
    await until(lambda: not window.findChildren(FirstRun))


async def test_a_credential_that_is_added_is_checked_and_selected(
    window: MainWindow, fake_api: FakeMessagesApi
) -> None:
    steps = await opened(window)
    QTest.mouseClick(steps.choosing.add, LEFT)
    await until(opened_dialogs)
    (dialog,) = opened_dialogs()
    QTest.mouseClick(dialog.form.kinds.cards[Kind.COMPATIBLE], LEFT)
    QTest.mouseClick(dialog.form.services.other, LEFT)
    for field, text in ((dialog.form.basics.key, KEY), (dialog.form.basics.url, fake_api.base_url)):
        field.setFocus()
        QTest.keyClicks(field, text)
    await until(dialog.save.isEnabled)
    QTest.mouseClick(dialog.save, LEFT)
    await until(lambda: steps.step == 1 and steps.view.send.isVisible())
    assert steps.go_on.text() == "Skip the check"
    QTest.mouseClick(steps.view.send, LEFT)
    await until(lambda: steps.view.report is not None)
    pool = window._bridge.service.pool
    assert pool.selected is not None
    checked = window._bridge.pool.checks.last(pool.selected)
    assert checked is not None, "its card knows the result"
    steps.reject()


async def test_the_check_can_be_left_out_and_gone_back_to(window: MainWindow, fake_api: FakeMessagesApi) -> None:
    steps = await opened(window)
    steps.choosing.demo.click()
    await until(lambda: steps.step == 1)
    QTest.mouseClick(steps.go_on, LEFT)
    assert steps.step == 2
    await until(lambda: not steps.view.running)
    QTest.mouseClick(steps.back, LEFT)
    assert steps.step == 1
    await until(lambda: steps.view.report is not None)
    QTest.mouseClick(steps.back, LEFT)
    assert steps.choosing.keep.isVisible(), "the demo is there now"
    steps.reject()


async def test_who_has_a_credential_can_go_on_with_it(tmp_path: Path, fake_api: FakeMessagesApi) -> None:
    async with open_window(tmp_path, config(fake_api.base_url, ["one"]), token=TOKEN) as window:
        steps = await opened(window)
        QTest.mouseClick(steps.choosing.keep, LEFT)
        await until(steps.view.send.isVisible)
        QTest.mouseClick(steps.skip, LEFT)
        await until(lambda: not window.findChildren(FirstRun))
        assert not any(one.path == "/v1/messages" and one.json()["messages"] for one in fake_api.requests)


async def test_they_are_skipped_with_escape_and_remembered(window: MainWindow, tmp_path: Path) -> None:
    steps = await opened(window)
    QTest.keyClick(steps, Qt.Key.Key_Escape)
    await until(lambda: not window.findChildren(FirstRun))
    await until(lambda: PreferencesFile(tmp_path).load().welcomed)


async def test_closing_in_the_midst_of_a_check_or_an_answer_leaves_nothing_running(window: MainWindow) -> None:
    steps = await opened(window)
    steps.choosing.demo.click()
    await until(lambda: steps.view.running)
    steps.reject()
    again = await opened(window)
    again.show_step(2)
    again.trying.begin()
    await until(again.trying.answer.toPlainText)
    again.reject()
    await until(lambda: not window.findChildren(FirstRun))
