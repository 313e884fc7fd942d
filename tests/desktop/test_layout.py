"""Where things stand: in the middle of large windows, with one edge for all, and in full where there is room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from tests.desktop.opened import TWO, open_window, until

from proxycast.check.report import Finding, Report, Stage, State
from proxycast.desktop.checking.dialog import CheckDialog
from proxycast.desktop.widgets.frames import PAGE_WIDTH, Card
from proxycast.desktop.window import ABOUT, ACTIVITY, CLIENTS, POOL, SETTINGS, MainWindow
from proxycast.model.text import Text


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[MainWindow]:
    async with open_window(tmp_path, TWO) as window:
        yield window


def span(part: QWidget, page: QWidget) -> tuple[int, int]:
    """How far a part is from the left and from the right edge of its page."""
    left = part.mapTo(page, QPoint(0, 0)).x()
    return left, page.width() - left - part.width()


@pytest.mark.parametrize("position", [POOL, CLIENTS, SETTINGS, ABOUT])
async def test_pages_stand_in_the_middle_of_a_large_window(window: MainWindow, position: int) -> None:
    window.resize(1920, 1080)
    window.show_page(position)
    page = window.pages.page(position)
    column = window.pool.top if position == POOL else page.findChildren(Card)[0]
    await until(lambda: column.width() >= PAGE_WIDTH)
    left, right = span(column, page)
    assert abs(left - right) <= 1
    assert left > 300


async def test_what_scrolls_has_its_edge_where_it_is_without_a_scroll_bar(window: MainWindow) -> None:
    window.resize(900, 600)
    window.show_page(SETTINGS)
    page = window.settings
    bar = page.area.verticalScrollBar()
    await until(bar.isVisible)
    with_bar = span(page.look, page)
    page.search.setText("theme")
    await until(lambda: not bar.isVisible())
    await until(lambda: span(page.look, page) == with_bar)
    assert with_bar[0] == with_bar[1]


async def test_charts_are_higher_where_the_page_is(window: MainWindow) -> None:
    window.resize(900, 600)
    window.show_page(ACTIVITY)
    [first, *others] = window.activity.tiles
    await until(lambda: window.activity.height() > 0)
    low = first.height()
    window.resize(1400, 1000)
    await until(lambda: first.height() > low)
    assert {one.height() for one in others} == {first.height()}


async def test_a_check_shows_all_its_steps_where_there_is_room(window: MainWindow) -> None:
    credential = window._bridge.service.pool.by_name("work")
    found = tuple(
        Finding(stage=stage, state=State.PASSED, key=f"{stage}.well", evidence=Text("Yes."), seconds=0.1)
        for stage in (Stage.CONFIGURATION, Stage.SECRET, Stage.DNS, Stage.TCP, Stage.TLS, Stage.MODEL)
    )
    report = Report(findings=found, sentence=Text("Yes."), model="claude-haiku-5-5", at=0.0, seconds=1.0)
    window._bridge.pool.checks.keep(credential, report)
    dialog = CheckDialog(window._bridge, credential, window)
    dialog.open()
    bar = dialog.view.stages.verticalScrollBar()
    await until(lambda: dialog.view.stages.height() == dialog.view.stages.sizeHint().height())
    assert bar.maximum() == 0
    assert dialog.view.height() < dialog.height() / 2, "it is no higher than they need"
    dialog.resize(dialog.width(), 330)
    await until(lambda: bar.maximum() > 0)
    dialog.reject()


async def test_a_short_toast_stands_on_one_line(window: MainWindow) -> None:
    window._bridge.tell("gateway was deleted", label="Undo", action=lambda: None)
    low = window.toast.height()
    window._bridge.tell("gateway was deleted " * 8, label="Undo", action=lambda: None)
    assert window.toast.height() > low
    assert window.toast.width() < window.width()
