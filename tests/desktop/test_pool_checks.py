"""Checks from the page of the pool: their progress, their results on the card, and how many run at a time."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.desktop.opened import open_window, until
from tests.desktop.pool_cards import (
    LEFT,
    cards_of,
    choose,
    config,
    entry,
    focus,
    menu_of,
    point_at,
    press,
    service_of,
    told,
)
from tests.fakes.answers import Behaviour, error
from tests.fakes.messages_api import FakeMessagesApi

from proxycast.desktop.pages.pool.entries import Standing
from proxycast.desktop.pages.pool.words import PoolWords
from proxycast.desktop.pool_state.checks import AT_ONCE
from proxycast.desktop.widgets.dialogs import Question
from proxycast.desktop.window import MainWindow
from proxycast.model.credential import Credential, Kind
from proxycast.model.exchange import Exchange
from proxycast.model.secret import Secret

NAMES = ["one", "two", "three", "four", "five", "six"]
SILENT = Behaviour(head_delay=60.0)


@pytest.fixture
async def window(tmp_path: Path, fake_api: FakeMessagesApi) -> AsyncIterator[MainWindow]:
    async with open_window(tmp_path, config(fake_api.base_url, NAMES), passphrase="pass") as window:
        yield window


def words(window: MainWindow) -> PoolWords:
    return PoolWords(window._bridge.language)


async def test_a_check_that_works_says_so_with_its_time_on_the_card(window: MainWindow) -> None:
    point_at(window, "two")
    QTest.mouseClick(cards_of(window).buttons.check_button, LEFT)
    await until(lambda: entry(window, "two").standing is Standing.ACCEPTED)
    said = words(window).last_check(entry(window, "two"))
    assert said.startswith("Checked just now · ")
    assert said.endswith(("ms", " s"))
    assert words(window).last_check(entry(window, "two"), brief=True) == "Checked just now"
    await until(lambda: "accepted" in told(window))


async def test_a_check_that_fails_leaves_its_sentence_on_the_card(
    window: MainWindow, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(error(401))
    height = cards_of(window).visualRect(cards_of(window).cards.index(1)).height()
    choose(menu_of(window, "two"), "Check")
    await until(lambda: entry(window, "two").standing is Standing.FAILING)
    assert "key" in words(window).trouble(entry(window, "two"))
    await until(lambda: cards_of(window).visualRect(cards_of(window).cards.index(1)).height() > height)


async def test_a_running_check_can_be_stopped_and_leaves_no_result(
    window: MainWindow, fake_api: FakeMessagesApi
) -> None:
    fake_api.enqueue(SILENT)
    await focus(window, "two")
    press(window, Qt.Key.Key_F5)
    await fake_api.next_request()
    await until(lambda: entry(window, "two").standing is Standing.CHECKING)
    point_at(window, "two")
    button = cards_of(window).buttons.check_button
    assert button.accessibleName() == "Stop checking"
    QTest.mouseClick(button, LEFT)
    await until(lambda: entry(window, "two").standing is Standing.READY)
    await fake_api.next_disconnect()
    assert entry(window, "two").checked is None


async def test_check_all_checks_what_is_enabled_a_few_at_a_time(window: MainWindow, fake_api: FakeMessagesApi) -> None:
    await service_of(window).set_enabled("six", enabled=False)
    fake_api.script = lambda _request: SILENT
    QTest.mouseClick(window.pool.top.check_all, LEFT)
    for _ in range(AT_ONCE):
        await fake_api.next_request()
    await until(lambda: window.pool.top.check_all.text() == "Stop checking")
    assert [one.name for one in cards_of(window).cards.entries if one.standing is Standing.CHECKING] == NAMES[:-1]
    with pytest.raises(TimeoutError):
        await fake_api.next_request(within=0.1)
    QTest.mouseClick(window.pool.top.check_all, LEFT)
    await until(lambda: window._bridge.pool.checks.running == 0)
    await until(lambda: window.pool.top.check_all.text() == "Check all")


async def test_check_all_gets_to_every_one(window: MainWindow) -> None:
    QTest.mouseClick(window.pool.top.check_all, LEFT)
    await until(lambda: all(entry(window, name).standing is Standing.ACCEPTED for name in NAMES))


async def test_a_result_holds_for_the_credential_as_it_was(window: MainWindow) -> None:
    await focus(window, "one")
    press(window, Qt.Key.Key_F5)
    await until(lambda: entry(window, "one").standing is Standing.ACCEPTED)
    await service_of(window).rename("one", "first")
    assert entry(window, "first").standing is Standing.ACCEPTED
    changed = msgspec.structs.replace(service_of(window).pool.by_name("first"), api_version="2099-01-01")
    await service_of(window).change("first", changed)
    assert entry(window, "first").standing is Standing.READY


async def test_the_next_start_knows_the_last_result(tmp_path: Path, fake_api: FakeMessagesApi) -> None:
    text = config(fake_api.base_url, NAMES)
    async with open_window(tmp_path, text, passphrase="pass") as window:
        await focus(window, "one")
        press(window, Qt.Key.Key_F5)
        await until(lambda: entry(window, "one").standing is Standing.ACCEPTED)
        await until((tmp_path / "checks.json").exists)
        report = entry(window, "one").checked.report  # type: ignore[union-attr]
    assert b"sk-" not in (tmp_path / "checks.json").read_bytes()
    async with open_window(tmp_path, text, passphrase="pass") as window:
        assert entry(window, "one").standing is Standing.ACCEPTED
        assert entry(window, "one").checked.report == report  # type: ignore[union-attr]
        assert entry(window, "two").standing is Standing.READY
    (tmp_path / "checks.json").write_text("{")
    async with open_window(tmp_path, text, passphrase="pass") as window:
        assert entry(window, "one").standing is Standing.READY


async def test_a_changed_destination_is_told_and_confirmed(
    window: MainWindow, fake_api: FakeMessagesApi, tmp_path: Path
) -> None:
    there = f"http://localhost:{fake_api.port}"
    credential = Credential(id="0" * 12, name="moved", kind=Kind.COMPATIBLE, base_url=there)
    await service_of(window).add(credential, {"api_key": Secret("sk-ant-api03-the-upstream-key-of-the-fake")})
    file = tmp_path / "config.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(there, fake_api.base_url), encoding="utf-8")
    await service_of(window).load()
    choose(menu_of(window, "moved"), "Check")
    await until(lambda: entry(window, "moved").standing is Standing.DESTINATION_CHANGED)
    assert fake_api.requests == []
    choose(menu_of(window, "moved"), "Confirm destination")
    await until(lambda: window.findChildren(Question))
    QTest.mouseClick(window.findChildren(Question)[0].yes, LEFT)
    await until(lambda: entry(window, "moved").standing is Standing.ACCEPTED)


async def test_what_requests_did_is_counted_soon(window: MainWindow) -> None:
    service = service_of(window)
    await service.start_proxy(port=0)
    identity = entry(window, "two").credential.id
    window._bridge.pool.counts._timer.setInterval(1200)
    for status in (401, 200, 401):
        service.history.ended(
            Exchange(
                started=time.time(),
                credential="two",
                credential_id=identity,
                path="/v1/messages",
                model=None,
                status=status,
                error=None if status == 200 else "authentication_error",
                first_byte=0.1,
                duration=0.2,
                request_bytes=1,
                response_bytes=1,
                usage=None,
            )
        )
    await until(lambda: entry(window, "two").counters is not None)
    assert words(window).uses(entry(window, "two")) == "3 uses · 2 errors"
    assert entry(window, "two").standing is Standing.FAILING
    assert "HTTP 401" in words(window).trouble(entry(window, "two"))
