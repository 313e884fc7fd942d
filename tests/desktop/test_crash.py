"""Errors that nobody expected: they become a report to read and copy, without keys, and the program goes on."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from tests.desktop.opened import open_window, until

from proxycast import __version__
from proxycast.desktop.crash import CrashReports, redacted
from proxycast.desktop.window import MainWindow
from proxycast.store.logs import set_up

KEY = "sk-ant-api03-CaNaRy_0123456789-abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
async def window(home: Path) -> AsyncIterator[MainWindow]:
    async with open_window(home) as window:
        yield window


@pytest.fixture
async def reports(
    window: MainWindow, home: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[CrashReports]:
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    undo = set_up(home / "logs" / "proxycast.log")
    reports = CrashReports(window._bridge, window)
    yield reports
    if reports.dialog is not None:
        reports.dialog.reject()
    reports.close()
    undo()
    caplog.clear()


def fault(text: str = "broken") -> None:
    raise RuntimeError(text)


def in_a_task(window: MainWindow) -> None:
    async def work() -> None:
        fault()

    window._bridge.start(work(), name="work")


def in_a_thread(window: MainWindow) -> None:
    thread = threading.Thread(target=fault)
    thread.start()
    thread.join()


def anywhere(window: MainWindow) -> None:
    try:
        fault()
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)


@pytest.mark.parametrize("happen", [in_a_task, in_a_thread, anywhere])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_an_error_that_nobody_expected_becomes_a_report(
    window: MainWindow, reports: CrashReports, caplog: pytest.LogCaptureFixture, happen: Callable[[MainWindow], None]
) -> None:
    happen(window)
    await until(lambda: reports.dialog)
    assert reports.dialog is not None
    text = reports.dialog.report.toPlainText()
    assert f"ProxyCast {__version__}" in text
    assert "RuntimeError: broken" in text
    assert "test_crash.py" in text
    QTest.mouseClick(reports.dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == text
    assert reports.dialog is None
    caplog.clear()


async def test_a_report_holds_neither_a_key_nor_the_name_of_the_folder(
    window: MainWindow, reports: CrashReports, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("proxycast").error("no", exc_info=RuntimeError(f"{KEY} in {Path.home()}/.config/x"))
    await until(lambda: reports.dialog)
    assert reports.dialog is not None
    text = reports.dialog.report.toPlainText()
    assert KEY not in text
    assert str(Path.home()) not in text
    assert "~/.config/x" in text
    assert redacted("plain") == "plain"
    caplog.clear()


async def test_the_same_error_is_shown_once_and_another_is_added(
    window: MainWindow, reports: CrashReports, caplog: pytest.LogCaptureFixture
) -> None:
    log = logging.getLogger("proxycast")
    for text in ("first", "first", "second"):
        log.error("it failed", exc_info=RuntimeError(text))
    await until(lambda: reports.dialog and "second" in reports.dialog.report.toPlainText())
    assert reports.dialog is not None
    assert reports.dialog.report.toPlainText().count("RuntimeError: first") == 1
    reports.dialog.reject()
    log.error("it failed", exc_info=RuntimeError("first"))
    await until(lambda: not reports._waiting)
    assert reports.dialog is None
    caplog.clear()


async def test_many_errors_do_not_fill_the_report(
    window: MainWindow, reports: CrashReports, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(20):
        logging.getLogger("proxycast").error("it failed", exc_info=RuntimeError(f"number {number}"))
    await until(lambda: reports.dialog)
    assert reports.dialog is not None
    assert reports.dialog.report.toPlainText().count("RuntimeError") == 5
    caplog.clear()


async def test_a_hidden_window_shows_the_report_when_it_is_opened(
    window: MainWindow, reports: CrashReports, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    reports.hidden.connect(told.append)
    window.hide()
    logging.getLogger("proxycast").error("it failed", exc_info=RuntimeError("hidden"))
    await until(lambda: told)
    assert reports.dialog is None
    window.come_up()
    await until(lambda: reports.dialog)
    caplog.clear()


async def test_an_error_that_was_handled_is_no_report(
    window: MainWindow, reports: CrashReports, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("proxycast").error("told in words")
    logging.getLogger("proxycast").warning("it went on", exc_info=RuntimeError("handled"))
    await until(lambda: True)
    assert reports.dialog is None
    caplog.clear()
