"""What the pictures show of the activity page."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.window import ACTIVITY, MainWindow


def activity(bridge: Bridge, window: MainWindow) -> QWidget:
    """The list and the charts of a day."""
    window.show_page(ACTIVITY)
    return window


def activity_error(bridge: Bridge, window: MainWindow) -> QWidget:
    """The details of a request that failed."""
    window.show_page(ACTIVITY)
    page = window.activity

    def open_first() -> None:
        page.table.setCurrentIndex(page.model.index(0, 0))
        QTest.keyClick(page.table, Qt.Key.Key_Return)

    page.filters.search.setText("overloaded")
    QTimer.singleShot(200, page, open_first)
    return window


def activity_week(bridge: Bridge, window: MainWindow) -> QWidget:
    """The charts of a week, with the keyboard on a bar, and the list held still."""
    window.show_page(ACTIVITY)
    page = window.activity
    page.span.setCurrentIndex(1)
    page.span.chosen.emit(page.span.value)
    page.top.pause.click()

    def point() -> None:
        page.tiles[0].setFocus(Qt.FocusReason.TabFocusReason)
        for _ in range(3):
            QTest.keyClick(page.tiles[0], Qt.Key.Key_Left)

    QTimer.singleShot(200, page, point)
    return window


def activity_not_found(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(ACTIVITY)
    window.activity.filters.search.setText("gpt")
    return window


def activity_empty(bridge: Bridge, window: MainWindow) -> QWidget:
    """There was no request yet."""
    for part in ("", "-wal", "-shm"):
        journal = bridge.places.journal
        journal.with_name(journal.name + part).unlink(missing_ok=True)
    window.show_page(ACTIVITY)
    return window


SCENES = (activity, activity_error, activity_week, activity_not_found, activity_empty)
