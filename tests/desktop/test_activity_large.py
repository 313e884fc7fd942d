"""100,000 exchanges: the page opens, filters and scrolls without keeping the loop. `make bench` has exact figures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from tests.bench.rows import write_rows
from tests.desktop.opened import open_window, until

from proxycast.desktop.pages.activity import ActivityPage
from proxycast.desktop.window import ACTIVITY, MainWindow

ROWS = 100_000
SLOWNESS = 5
"""How many times as long as on a quiet machine all may take here."""


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "journal.sqlite3"
    write_rows(path, ROWS)
    return path


@pytest.fixture
def home(tmp_path: Path, journal: Path) -> Path:
    (tmp_path / "journal.sqlite3").write_bytes(journal.read_bytes())
    return tmp_path


async def opened(window: MainWindow) -> ActivityPage:
    window.resize(1_100, 800)
    window.show_page(ACTIVITY)
    page = window.activity
    await until(lambda: page.model.rowCount() == ROWS and page.model.entry(0))
    return page


async def seconds_until(condition: Callable[[], object]) -> float:
    began = time.perf_counter()
    await until(condition)
    return time.perf_counter() - began


async def test_the_page_opens_and_filters_at_once(home: Path) -> None:
    async with open_window(home) as window:
        assert await seconds_until_opened(window) <= 0.3 * SLOWNESS
        page = window.activity
        page.filters.search.setText("529 opus")
        assert await seconds_until(lambda: page.model.rowCount() == ROWS // 120) <= 0.15 * SLOWNESS
        page.filters.failed.setChecked(True)
        page.filters.search.clear()
        assert await seconds_until(lambda: page.model.rowCount() == ROWS // 40 - 1) <= 0.15 * SLOWNESS


async def seconds_until_opened(window: MainWindow) -> float:
    began = time.perf_counter()
    await opened(window)
    return time.perf_counter() - began


async def test_scrolling_and_reading_leave_the_loop_free(home: Path) -> None:
    async with open_window(home) as window:
        page = await opened(window)
        bar = page.table.verticalScrollBar()
        rings: list[float] = []
        timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=16)
        seen: set[int] = set()

        def ring() -> None:
            rings.append(time.perf_counter())
            bar.setValue((bar.value() + 701) % bar.maximum())
            page.table.viewport().repaint()
            top = page.model.entry(page.table.rowAt(1))
            if top is not None:
                seen.add(top.id)

        timer.timeout.connect(ring)
        timer.start()
        await asyncio.sleep(1.0)
        page.feed.reload()
        await asyncio.sleep(1.0)
        timer.stop()
        gaps = sorted(later - sooner for sooner, later in pairwise(rings))
        assert gaps[len(gaps) * 95 // 100] <= 0.033 * SLOWNESS
        assert len(seen) >= 2
        bar.setValue(bar.maximum())
        await until(lambda: page.model.entry(ROWS - 1))
        last = page.model.entry(ROWS - 1)
        assert last is not None
        assert last.id == 1
