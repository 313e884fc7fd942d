"""Deleting credentials: gone from sight at once, undone by the message or Ctrl+Z, final after a while or at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.desktop.opened import open_window, until
from tests.desktop.pool_cards import (
    LEFT,
    cards_of,
    choose,
    click,
    config,
    focus,
    menu_of,
    names,
    press,
    service_of,
    shown,
    undo_button,
    written,
)

from proxycast.desktop.pool_state import deletions
from proxycast.desktop.window import MainWindow
from proxycast.model.credential import Credential
from proxycast.model.secret import Secret

CONTROL = Qt.KeyboardModifier.ControlModifier
ALL = ["one", "two", "three"]


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[MainWindow]:
    text = config("https://llm.example.com", ALL, "selected: two\n")
    async with open_window(tmp_path, text, passphrase="pass") as window:
        yield window


async def test_a_deleted_credential_is_gone_at_once_and_still_in_the_file(window: MainWindow) -> None:
    await focus(window, "two")
    press(window, Qt.Key.Key_Delete)
    assert shown(window) == names(window) == ["one", "three"]
    assert written(window) == ALL
    assert [one.name for one in cards_of(window).chosen] == ["three"]


async def test_undo_restores_place_use_and_choice(window: MainWindow) -> None:
    before = service_of(window).pool
    choose(menu_of(window, "two"), "Delete")
    QTest.mouseClick(undo_button(window), LEFT)
    assert service_of(window).pool == before
    assert shown(window) == ALL
    assert [one.name for one in cards_of(window).chosen] == ["two"]


async def test_ctrl_z_undoes_the_last_deletion_and_then_the_one_before(window: MainWindow) -> None:
    await focus(window, "one")
    press(window, Qt.Key.Key_Delete)
    press(window, Qt.Key.Key_Delete)
    assert shown(window) == ["three"]
    press(window, Qt.Key.Key_Z, CONTROL)
    assert shown(window) == ["two", "three"]
    press(window, Qt.Key.Key_Z, CONTROL)
    assert shown(window) == ALL


async def test_several_chosen_cards_are_deleted_and_brought_back_together(window: MainWindow) -> None:
    click(window, "one")
    click(window, "three", CONTROL)
    QTest.mouseClick(window.pool.top.chosen_buttons[3], LEFT)
    assert shown(window) == ["two"]
    QTest.mouseClick(undo_button(window), LEFT)
    assert shown(window) == ALL
    assert [one.name for one in cards_of(window).chosen] == ["one", "three"]


async def test_a_deletion_nobody_undoes_becomes_final(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deletions, "PATIENCE", 0.05)
    await service_of(window).add(Credential(id="0" * 12, name="kept"), {"api_key": Secret("k")})
    await focus(window, "kept")
    press(window, Qt.Key.Key_Delete)
    await until(lambda: written(window) == ALL)
    await until(lambda: all(task.get_name() != "delete credentials" for task in asyncio.all_tasks()))
    assert await service_of(window).secrets.read("0" * 12, 1) is None
    press(window, Qt.Key.Key_Z, CONTROL)
    assert shown(window) == ALL


async def test_a_deletion_that_cannot_be_written_is_taken_back_and_told(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletions, "PATIENCE", 0.05)
    file = tmp_path / "config.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text("providers: {", encoding="utf-8")
    await focus(window, "one")
    press(window, Qt.Key.Key_Delete)
    assert shown(window) == ["two", "three"]
    await until(lambda: shown(window) == ALL)
    file.write_text(good, encoding="utf-8")


async def test_closing_makes_deletions_final(tmp_path: Path) -> None:
    async with open_window(tmp_path, config("https://llm.example.com", ALL)) as window:
        await focus(window, "one")
        press(window, Qt.Key.Key_Delete)
    assert written(window) == ["two", "three"]
