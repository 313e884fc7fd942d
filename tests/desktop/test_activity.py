"""The activity page: what is listed, filtered, held still, explained, charted and exported."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QWidget
from tests.desktop.opened import TWO, open_window, tooltip, until
from tests.fakes.service import KEY
from tests.store.test_journal import exchange, keep

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.checking.dialog import CheckDialog
from proxycast.desktop.pages.activity import ActivityPage
from proxycast.desktop.pages.activity.spans import ChartSpan, edges_of
from proxycast.desktop.pages.activity.words import Column
from proxycast.desktop.preferences import LanguageChoice
from proxycast.desktop.window import ACTIVITY, MainWindow
from proxycast.store.config_credential import derived_id
from proxycast.store.journal_reader import JournalReader


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[MainWindow]:
    async with open_window(tmp_path, TWO) as window:
        window.resize(1100, 800)
        yield window


def bridge_of(window: MainWindow) -> Bridge:
    return window._bridge


def remember(window: MainWindow, *changes: dict[str, Any]) -> None:
    """Write exchanges into the journal, as another process might, oldest first."""
    work = {"credential": "work", "credential_id": derived_id("work")}
    keep(bridge_of(window).places.journal, *(exchange(**work | change) for change in changes))


async def open_page(window: MainWindow, rows: int) -> ActivityPage:
    window.show_page(ACTIVITY)
    page = window.activity
    await until(lambda: page.model.rowCount() == rows)
    return page


def listed(page: ActivityPage, column: Column = Column.MODEL) -> list[str]:
    return [page.model.index(row, column).data() for row in range(page.model.rowCount())]


def words(widget: QWidget) -> list[str]:
    return [one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget)]


async def test_nothing_yet_says_what_to_do(window: MainWindow) -> None:
    window.show_page(ACTIVITY)
    page = window.activity
    await until(page.empty.isVisible)
    assert "No requests yet" in words(page.empty)
    assert "http://127.0.0.1:8999" in page.empty.words.text()
    assert page.start_proxy.isVisible()
    assert not page.top.export.isVisible()
    QTest.mouseClick(page.connect_client, Qt.MouseButton.LeftButton)
    assert window.pages.currentWidget() is window.clients


async def test_a_request_through_the_proxy_is_listed_when_it_ended(window: MainWindow) -> None:
    service = bridge_of(window).service
    window.show_page(ACTIVITY)
    await until(window.activity.empty.isVisible)
    await service.start_proxy(port=0)
    reader, writer = await asyncio.open_connection("127.0.0.1", service.proxy.port)
    writer.write(
        b"GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nx-api-key: %s\r\n\r\n" % (service.proxy.port, KEY.encode())
    )
    assert b" 401 " in await reader.readline()
    writer.close()
    page = window.activity
    await until(lambda: page.model.rowCount() == 1)
    assert listed(page, Column.STATUS) == ["401 wrong_token"]
    assert listed(page, Column.CREDENTIAL) == ["No credential"]
    assert page.table.isVisible()


async def test_rows_say_it_all_in_the_language_of_the_user(window: MainWindow) -> None:
    remember(window, {"first_byte": 0.25, "duration": 75.0, "started": time.time() - 3 * 86_400})
    page = await open_page(window, 1)
    heads = [page.model.headerData(column, Qt.Orientation.Horizontal) for column in Column]
    assert heads == ["Time", "Credential", "Model", "Status", "First byte", "Duration", "Tokens"]
    row = [page.model.index(0, column).data() for column in Column]
    assert row[1:] == ["work", "claude-opus-5-5", "200", "250 ms", "1 min 15 s", "80 → 20"]
    bridge_of(window).language.choose(LanguageChoice.CHINESE)
    await until(lambda: window.activity is not page)
    page = await open_page(window, 1)
    row = [page.model.index(0, column).data() for column in Column]
    assert row[4:6] == ["250 毫秒", "1 分 15 秒"]
    assert "月" in row[0]


async def test_a_text_that_is_cut_is_whole_in_a_tooltip(window: MainWindow) -> None:
    model = "anthropic.claude-opus-5-5-20260901-v1:0-of-the-whole-research-team-in-eu-central-1-for-batches-at-night"
    remember(window, {"model": model, "status": 529, "error": "overloaded_error"})
    table = (await open_page(window, 1)).table
    row = {column: table.visualRect(table.model().index(0, column)).center() for column in Column}
    for whole in (row[Column.CREDENTIAL], row[Column.TIME], row[Column.TIME] + QPoint(0, 200)):
        assert tooltip(table.viewport(), whole) == ""
    assert tooltip(table.viewport(), row[Column.MODEL]) == model


async def test_filters_narrow_the_list_and_clear_again(window: MainWindow) -> None:
    remember(
        window,
        {"model": "a", "started": time.time() - 5_000},
        {"model": "b", "status": 529, "error": "overloaded_error"},
        {"model": "c", "credential": "spare", "credential_id": derived_id("spare")},
    )
    page = await open_page(window, 3)
    assert listed(page) == ["c", "b", "a"]
    QTest.keyClicks(page.filters.search, "overload")
    await until(lambda: listed(page) == ["b"])
    assert page.top.count.text() == "1"
    page.filters.search.clear()
    QTest.mouseClick(page.filters.failed, Qt.MouseButton.LeftButton)
    await until(lambda: listed(page) == ["b"])
    QTest.mouseClick(page.filters.failed, Qt.MouseButton.LeftButton)
    await until(lambda: page.filters.credential.count() == 3)
    choose(page.filters.credential, "spare")
    await until(lambda: listed(page) == ["c"])
    choose(page.filters.credential, "All credentials")
    choose(page.filters.span, "Last hour")
    await until(lambda: listed(page) == ["c", "b"])
    QTest.keyClicks(page.filters.search, "nothing like it")
    await until(page.not_found.isVisible)
    QTest.mouseClick(page.clear, Qt.MouseButton.LeftButton)
    await until(lambda: listed(page) == ["c", "b", "a"])


def choose(select: QComboBox, text: str) -> None:
    select.setCurrentText(text)
    select.activated.emit(select.currentIndex())


async def test_pause_holds_new_requests_back_and_loses_none(window: MainWindow) -> None:
    remember(window, {"model": "a"})
    page = await open_page(window, 1)
    QTest.mouseClick(page.top.pause, Qt.MouseButton.LeftButton)
    remember(window, {"model": "b"}, {"model": "c"})
    await until(lambda: page.top.pause.text() == "Resume (2 new)")
    assert listed(page) == ["a"]
    QTest.mouseClick(page.top.pause, Qt.MouseButton.LeftButton)
    assert listed(page) == ["c", "b", "a"]
    remember(window, {"model": "d"})
    await until(lambda: listed(page) == ["d", "c", "b", "a"])


async def test_a_hidden_page_reads_nothing_and_catches_up(window: MainWindow) -> None:
    remember(window, {"model": "a"})
    page = await open_page(window, 1)
    window.show_page(0)
    remember(window, {"model": "b"})
    await asyncio.sleep(0.8)
    assert listed(page) == ["a"]
    window.show_page(ACTIVITY)
    await until(lambda: listed(page) == ["b", "a"])


async def test_new_rows_do_not_move_what_is_being_read(window: MainWindow) -> None:
    remember(window, *({"model": f"m{number}"} for number in range(300)))
    page = await open_page(window, 300)
    bar = page.table.verticalScrollBar()
    bar.setValue(4_000)
    await until(lambda: page.model.entry(page.table.rowAt(1)))
    top = page.model.index(page.table.rowAt(1), Column.MODEL).data()
    remember(window, {"model": "x"}, {"model": "y"})
    await until(lambda: page.model.rowCount() == 302)
    assert page.model.index(page.table.rowAt(1), Column.MODEL).data() == top
    bar.setValue(0)
    remember(window, {"model": "z"})
    await until(lambda: page.model.rowCount() == 303)
    assert page.model.index(page.table.rowAt(1), Column.MODEL).data() == "z"


async def test_details_explain_an_error_and_lead_to_the_check(window: MainWindow) -> None:
    remember(
        window, {"model": "b", "status": 401, "error": "authentication_error", "removed": ("top_k",)}, {"model": "a"}
    )
    page = await open_page(window, 2)
    place = page.table.visualRect(page.model.index(1, 1)).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    details = page.details
    assert details.isVisible()
    assert details.headline.text() == "HTTP 401\nauthentication_error"
    assert details.what.text() == "The service did not accept the key."
    assert "enter the new one" in details.remedy.text()
    assert {"b", "work", "/v1/messages", "top_k"} <= set(words(details))
    QTest.mouseClick(details.copy, Qt.MouseButton.LeftButton)
    assert "The service did not accept the key." in QGuiApplication.clipboard().text()
    QTest.keyClick(page.table, Qt.Key.Key_Up)
    assert details.headline.text() == "Answered (HTTP 200)"
    assert not details.check.isVisible()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    QTest.mouseClick(details.check, Qt.MouseButton.LeftButton)
    [dialog] = window.findChildren(CheckDialog)
    dialog.reject()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.focusWidget() is page.table
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert not details.isVisible()
    assert window.focusWidget() is page.table


async def test_everything_can_be_reached_with_tab_and_has_a_name(window: MainWindow) -> None:
    remember(window, {"status": 500, "error": "api_error"})
    page = await open_page(window, 1)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Home)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    controls = [
        one for one in page.findChildren(QWidget) if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    reached: list[QWidget] = []
    here: QWidget | None = page.nextInFocusChain()
    while here is not None and here is not page:
        if here in controls:
            reached.append(here)
        here = here.nextInFocusChain()
    assert set(reached) == set(controls)
    for one in controls:
        assert QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name), one
    order = [reached.index(one) for one in (*page.tiles, page.filters.search, page.filters.credential, page.table)]
    assert order == sorted(order)


async def test_the_charts_sum_up_a_day_or_a_week_and_each_bar_can_be_asked(window: MainWindow) -> None:
    now = time.time()
    remember(
        window,
        {"started": now - 3 * 86_400, "first_byte": 4.0},
        {"started": now, "status": 500, "error": "api_error", "usage": None},
        {"started": now, "credential": "spare", "credential_id": derived_id("spare"), "first_byte": 1.5},
        {"started": now},
    )
    page = await open_page(window, 4)
    requests, errors, tokens, latency = page.tiles
    await until(lambda: requests.value(None)[0] == "3")
    assert errors.value(None) == ("1", "33.3%")
    assert tokens.value(None)[0] == "200"
    assert latency.value(None) == ("500 ms", "median")
    assert requests.lines(None) == ["work: 2", "spare: 1"]
    QTest.keyClick(requests, Qt.Key.Key_Left)
    assert "work: 2" in requests.accessibleDescription()
    QTest.keyClick(requests, Qt.Key.Key_Left)
    assert "work" not in requests.accessibleDescription()
    choose(page.span, "Last 7 days")
    await until(lambda: requests.value(None)[0] == "4")
    assert sum(bool(requests.lines(slot)) for slot in range(requests.summary.slots)) == 2
    QTest.mouseMove(latency, QPoint(latency.width() - 20, 80))
    assert latency.accessibleName() == "First byte"


@pytest.mark.parametrize(("span", "count"), [(ChartSpan.DAY, 25), (ChartSpan.WEEK, 29)])
def test_the_edges_of_charts_ascend_and_hold_the_present(span: ChartSpan, count: int) -> None:
    edges = edges_of(span)
    assert len(edges) == count
    assert list(edges) == sorted(edges)
    assert edges[-2] <= time.time() < edges[-1] or span is ChartSpan.WEEK
    assert edges[0] < time.time() < edges[-1]


async def test_what_is_listed_is_exported(window: MainWindow, tmp_path: Path) -> None:
    remember(window, {"model": "a"}, {"model": "b", "status": 500, "error": "api_error"})
    page = await open_page(window, 2)
    QTest.mouseClick(page.filters.failed, Qt.MouseButton.LeftButton)
    await until(lambda: page.model.rowCount() == 1)
    QTest.mouseClick(page.top.export, Qt.MouseButton.LeftButton)
    [dialog] = page.findChildren(QFileDialog)
    file = tmp_path / "requests.csv"
    dialog.selectFile(str(file))
    dialog.accept()
    await until(window.toast.isVisible)
    assert words(window.toast) == ["1 request exported"]
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ",b,500,api_error," in lines[1]
    page.export(str(tmp_path / "no such folder" / "out.csv"))
    await until(lambda: "cannot be written: No such file or directory" in "".join(words(window.toast)))


async def test_a_journal_that_cannot_be_read_is_told_in_place_and_read_again(window: MainWindow) -> None:
    journal = bridge_of(window).places.journal
    journal.write_bytes(b"this is no database" * 1_000)
    window.show_page(ACTIVITY)
    page = window.activity
    await until(page.unreadable.isVisible)
    assert "cannot be read" in page.unreadable.words.text()
    journal.unlink()
    remember(window, {"model": "a"})
    assert JournalReader(journal).recent(1)
    QTest.mouseClick(page.again, Qt.MouseButton.LeftButton)
    await until(lambda: listed(page) == ["a"])
    assert page.table.isVisible()
