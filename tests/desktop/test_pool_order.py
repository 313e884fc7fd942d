"""The order of the cards: changed by dragging and by keyboard, and kept in the file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from tests.desktop.opened import open_window, until
from tests.desktop.pool_cards import LEFT, cards_of, choose, config, focus, menu_of, middle, press, shown, told, written

from proxycast.desktop.window import MainWindow

ALT = Qt.KeyboardModifier.AltModifier
ALL = ["one", "two", "three"]


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[MainWindow]:
    more = "section:\n  type: claude-custom\n  api_key: ${KEY}\n"
    async with open_window(tmp_path, config("https://llm.example.com", ALL, more)) as window:
        yield window


def drag(window: MainWindow, name: str, to: QPoint, *, drop: bool = True) -> None:
    """Drag a card by mouse."""
    ground, start = cards_of(window).viewport(), middle(window, name)
    QTest.mousePress(ground, LEFT, pos=start)
    for step in range(1, 6):
        QTest.mouseMove(ground, start + (to - start) * step / 5)
    if drop:
        QTest.mouseRelease(ground, LEFT, pos=to)


async def test_a_dragged_card_stands_where_it_was_dropped_and_so_does_its_block(window: MainWindow) -> None:
    drag(window, "one", middle(window, "three") + QPoint(0, 20))
    await until(lambda: shown(window) == ["two", "three", "one", "section"])
    assert written(window) == shown(window)
    drag(window, "one", middle(window, "two") - QPoint(0, 20))
    await until(lambda: shown(window) == ["one", "two", "three", "section"])
    assert written(window) == shown(window)


async def test_what_is_in_use_stays_in_use_when_the_order_changes(window: MainWindow) -> None:
    drag(window, "one", middle(window, "two") + QPoint(0, 20))
    await until(lambda: shown(window)[0] == "two")
    assert [one.name for one in cards_of(window).cards.entries if one.in_use] == ["one"]


async def test_dropping_a_card_beside_its_place_or_pressing_escape_moves_nothing(window: MainWindow) -> None:
    drag(window, "two", middle(window, "two") + QPoint(40, 15))
    drag(window, "two", middle(window, "one") - QPoint(0, 20), drop=False)
    assert cards_of(window)._drag.row == 1
    press(window, Qt.Key.Key_Escape)
    QTest.mouseRelease(cards_of(window).viewport(), LEFT, pos=middle(window, "one"))
    assert shown(window) == written(window) == [*ALL, "section"]


async def test_alt_and_an_arrow_move_a_card_which_stays_the_current_one(window: MainWindow) -> None:
    await focus(window, "one")
    press(window, Qt.Key.Key_Down, ALT)
    await until(lambda: shown(window) == ["two", "one", "three", "section"])
    assert [one.name for one in cards_of(window).chosen] == ["one"]
    press(window, Qt.Key.Key_Down, ALT)
    await until(lambda: shown(window) == ["two", "three", "one", "section"])
    press(window, Qt.Key.Key_Up, ALT)
    await until(lambda: shown(window) == ["two", "one", "three", "section"])
    assert written(window) == shown(window)


async def test_the_first_card_cannot_go_up(window: MainWindow) -> None:
    await focus(window, "one")
    press(window, Qt.Key.Key_Up, ALT)
    choose(menu_of(window, "two"), "Move up")
    await until(lambda: shown(window) == ["two", "one", "three", "section"])


async def test_an_order_that_the_file_cannot_have_is_explained(window: MainWindow) -> None:
    await focus(window, "section")
    press(window, Qt.Key.Key_Up, ALT)
    await until(window.toast.isVisible)
    assert "providers" in told(window)
    assert shown(window) == [*ALL, "section"]


async def test_while_searching_the_order_cannot_be_changed_and_this_is_told(window: MainWindow) -> None:
    window.pool.top.search.setText("two")
    await focus(window, "two")
    press(window, Qt.Key.Key_Down, ALT)
    assert told(window) == "Clear the search to change the order."
    window.pool.top.search.clear()
    assert shown(window) == written(window) == [*ALL, "section"]


async def test_a_drag_near_the_edge_scrolls(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(30)]
    async with open_window(tmp_path, config("https://llm.example.com", names)) as window:
        cards = cards_of(window)
        drag(window, "c0", QPoint(100, cards.viewport().height() - 5), drop=False)
        await until(lambda: cards.verticalScrollBar().value() > 200)
        press(window, Qt.Key.Key_Escape)
        QTest.mouseRelease(cards.viewport(), LEFT)
