"""Searching the pool, and a pool of five hundred."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionViewItem
from tests.desktop.opened import open_window, until
from tests.desktop.pool_cards import LEFT, cards_of, config, focus, press, service_of, shown

from proxycast.desktop.pages.pool.delegate import CardDelegate, Index
from proxycast.desktop.window import MainWindow

MANY = [f"credential-{number:03}" for number in range(500)]
MORE = "bedrock:\n  type: claude-custom\n  aws_region: eu-central-1\n"


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[MainWindow]:
    text = config("https://llm.example.com", ["work", "智谱", "Spare"], MORE)
    async with open_window(tmp_path, text) as window:
        yield window


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["work", "智谱", "Spare", "bedrock"]),
        ("spare", ["Spare"]),
        ("  SP  ar ", ["Spare"]),
        ("智", ["智谱"]),
        ("example.com", ["work", "智谱", "Spare"]),
        ("aws bedrock", ["bedrock"]),
        ("compatible wo", ["work"]),
        ("eu-central", ["bedrock"]),
    ],
)
async def test_the_search_looks_at_name_host_and_kind(window: MainWindow, search: str, found: list[str]) -> None:
    window.pool.top.search.insert(search)  # what an input method does; QTest types Latin letters only
    assert shown(window) == found
    assert window.pool.top.count.text() == ("4" if len(found) == 4 else f"{len(found)} of 4")


async def test_a_search_that_finds_nothing_says_so_and_can_be_cleared(window: MainWindow) -> None:
    window.pool.top.search.setText("nobody")
    assert window.pool.nothing_found.isVisible()
    QTest.mouseClick(window.pool.nothing_found.clear, LEFT)
    assert cards_of(window).isVisible()
    assert len(shown(window)) == 4


async def test_ctrl_f_searches_enter_goes_to_the_cards_and_escape_clears(window: MainWindow) -> None:
    await focus(window, "work")
    press(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    search = window.pool.top.search
    assert search.hasFocus()
    QTest.keyClicks(search, "spare")
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert cards_of(window).hasFocus()
    assert [one.name for one in cards_of(window).chosen] == ["Spare"]
    search.setFocus()
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""
    assert len(shown(window)) == 4


class Counting(CardDelegate):
    """Counts what it paints."""

    painted = 0

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        Counting.painted += 1
        super().paint(painter, option, index)


async def test_five_hundred_cards_come_fast_and_only_those_in_sight_are_painted(tmp_path: Path) -> None:
    async with open_window(tmp_path, config("https://llm.example.com", MANY)) as window:
        cards = cards_of(window)
        assert len(shown(window)) == 500
        began = time.perf_counter()
        window.pool.show_state()
        took = time.perf_counter() - began
        assert took < 0.25
        cards.setItemDelegate(Counting(window._bridge, cards, cards._moves))
        bar = cards.verticalScrollBar()
        began, Counting.painted = time.perf_counter(), 0
        for step in range(20):
            bar.setValue(bar.maximum() * step // 20)
            cards.viewport().grab()
        took = time.perf_counter() - began
        assert Counting.painted <= 20 * (cards.viewport().height() // 74 + 2)
        assert took / 20 < 0.1


async def test_a_change_far_away_keeps_place_choice_and_current_card(tmp_path: Path) -> None:
    async with open_window(tmp_path, config("https://llm.example.com", MANY)) as window:
        cards = cards_of(window)
        await focus(window, MANY[0])
        cards.reveal([MANY[250]])
        await until(lambda: cards.verticalScrollBar().value() > 0)
        place = cards.verticalScrollBar().value()
        await service_of(window).remove(MANY[499])
        assert cards.verticalScrollBar().value() == place
        assert [one.name for one in cards.chosen] == [MANY[250]]
        assert cards.currentIndex().row() == 250
