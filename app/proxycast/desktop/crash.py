"""Errors that nobody expected, as a report for the user: what happened, in what, without anything private."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from proxycast.desktop import fonts
from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.pages.folders import show
from proxycast.desktop.tokens import Space
from proxycast.desktop.versions import about_this_program
from proxycast.desktop.widgets.buttons import Rank, button
from proxycast.desktop.widgets.dialogs import Dialog
from proxycast.desktop.widgets.frames import row_of
from proxycast.desktop.widgets.labels import label
from proxycast.store.logs import scrub

_AT_MOST = 5
"""Different reports of one run; a program that is this broken should not fill the screen too."""


class _Handler(logging.Handler):
    """Hears of every record with an exception that is an error: all that is unhandled becomes one, see `logs`."""

    def __init__(self, reports: CrashReports) -> None:
        super().__init__(logging.ERROR)
        self._reports = reports
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[0] is not None:
            self._reports.caught.emit(self.format(record))  # reaches its own thread whatever thread this is


class CrashReports(QObject):
    """Shows reports over the window; while that is hidden, once it is shown.

    Signals:
        caught: the text of a record, with its traceback.
        hidden: there is something to show, and the window is hidden.
    """

    caught = Signal(str)
    hidden = Signal(str)

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        super().__init__()
        self._bridge = bridge
        self._window = window
        self._seen: set[str] = set()
        self._waiting: list[str] = []
        self.dialog: CrashDialog | None = None
        self._handler = _Handler(self)
        self.caught.connect(self._take, Qt.ConnectionType.QueuedConnection)
        window.installEventFilter(self)
        logging.getLogger().addHandler(self._handler)

    def close(self) -> None:
        """Hear of nothing any more."""
        logging.getLogger().removeHandler(self._handler)
        self._window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Show and watched is self._window and self._waiting:
            self._show()
        return False

    def _take(self, text: str) -> None:
        mark = hashlib.sha256(text.encode()).hexdigest()
        if mark in self._seen or len(self._seen) >= _AT_MOST:
            return
        self._seen.add(mark)
        self._waiting.append(redacted(text))
        if self._window.isVisible():
            self._show()
        else:
            self.hidden.emit(self.tr("Something went wrong in ProxyCast. Open the window for details."))

    def _show(self) -> None:
        if self.dialog is None:
            self.dialog = CrashDialog(self._bridge, self._window)
            self.dialog.finished.connect(self._forget)
            self.dialog.open()
        for text in self._waiting:
            self.dialog.add(text)
        self._waiting.clear()

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


class CrashDialog(Dialog):
    """Shows a report to copy."""

    def __init__(self, bridge: Bridge, over: QWidget) -> None:
        super().__init__(over)
        self._bridge = bridge
        self.setWindowTitle(self.tr("Something went wrong"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.resize(640, 440)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        column.setSpacing(Space.M)
        column.addWidget(label(self.windowTitle(), "title"))
        explanation = self.tr(
            "ProxyCast ran into an error and keeps running. If something no longer works, restart it. This report "
            "helps to fix the error. Keys and the name of your folder are removed from it; read it before you share "
            "it."
        )
        column.addWidget(label(explanation, "quiet", wrap=True))
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setTabChangesFocus(True)
        self.report.setFont(fonts.fixed())
        self.report.setAccessibleName(self.tr("Report"))
        self.report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.report.setPlainText(about_this_program())
        ground = QFrame()
        ground.setProperty("kind", "sunken")
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(Space.XS, Space.XS, Space.XS, Space.XS)
        inside.addWidget(self.report)
        column.addWidget(ground, 1)
        self.copy = button(self.tr("Copy the report"), Rank.PRIMARY, self._copy)
        self.leave = button(self.tr("Close"), Rank.SECONDARY, self.reject)
        logs = button(self.tr("Open the log folder"), Rank.LINK, lambda: show(bridge.places.log_dir))
        logs.setProperty("edge", "left")
        row = row_of(logs)
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.copy)
        column.addLayout(row)
        self.leave.setFocus()

    def add(self, text: str) -> None:
        """Append what happened."""
        self.report.appendPlainText(f"\n{text}")
        self.report.verticalScrollBar().setValue(0)

    def _copy(self) -> None:
        self._bridge.clipboard.copy(self.report.toPlainText())
        self.accept()
        self._bridge.tell(self.tr("Report copied"), Tone.OK)


def redacted(text: str) -> str:
    """The text without what looks like a key, and without the name of the user's folder."""
    return scrub(text.replace(str(Path.home()), "~"))
