"""The rows over the list: title, pause and export, and the filter."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from proxycast.desktop.pages.activity.words import ActivityWords
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button_with_icon
from proxycast.desktop.widgets.fields import SearchField, Select
from proxycast.desktop.widgets.frames import row_of
from proxycast.desktop.widgets.labels import heading, numbers
from proxycast.store.journal_filter import Filter

_HOUR, _DAY = 3600.0, 24 * 3600.0
_SELECT = 128


class ActivityTop(QWidget):
    """The title, how many requests are listed, what the charts span, and what can be done with the list.

    Signals:
        pause_wanted: whether new requests are to be held back.
        export_wanted: the user wants a file of what is listed.
    """

    pause_wanted = Signal(bool)
    export_wanted = Signal()

    def __init__(self, theme: Theme, words: ActivityWords, span: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self._span = span
        self._paused = False
        self.count = numbers("", "quiet")
        self.pause: QPushButton = button_with_icon(theme, "pause", self.tr("Pause"), on_click=self._turn)
        self.export = button_with_icon(theme, "export", self.tr("Export"), on_click=self.export_wanted.emit)
        self.export.setToolTip(self.tr("Save the listed requests as a CSV file"))
        row = row_of(heading(self.tr("Activity")), self.count, spacing=Space.M)
        row.addStretch(1)
        row.addWidget(span)
        row.addWidget(self.pause)
        row.addWidget(self.export)
        self.setLayout(row)
        self.show_pause(paused=False, held=0)

    def show_count(self, count: int) -> None:
        """Show how many requests are listed."""
        self.count.setText(self._words.number(count) if count else "")

    def show_pause(self, *, paused: bool, held: int) -> None:
        """Show whether new requests are held back, and how many are."""
        self._paused = paused
        name = self.tr("Pause")
        if paused:
            name = self.tr("Resume (%Ln new)", "", held) if held else self.tr("Resume")
        self.pause.setText(name)
        self.pause.setIcon(self._theme.icon("play" if paused else "pause", "text"))
        tip = self.tr("Show new requests as they finish") if paused else self.tr("Keep the list still; nothing is lost")
        self.pause.setToolTip(tip)

    def show_usable(self, *, usable: bool) -> None:
        """Whether there is something to pause and to export."""
        self._span.setVisible(usable)
        self.pause.setVisible(usable)
        self.export.setVisible(usable)

    def _turn(self) -> None:
        self.pause_wanted.emit(not self._paused)


class FilterRow(QWidget):
    """What narrows the list.

    Signals:
        changed: another filter is wanted.
    """

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._names: dict[str, str] = {}
        self.search = SearchField(theme, self.tr("Search model, status, error, path"))
        self.credential = Select[str | None](self._choices(), None)
        self.credential.setAccessibleName(self.tr("Credential"))
        self.credential.setMaximumWidth(2 * _SELECT)
        self.span = Select[float | None](
            (
                (self.tr("Any time"), None),
                (self.tr("Last hour"), _HOUR),
                (self.tr("Last 24 hours"), _DAY),
                (self.tr("Last 7 days"), 7 * _DAY),
            ),
            None,
        )
        self.span.setAccessibleName(self.tr("Time range"))
        self.failed = button_with_icon(theme, "error", self.tr("Errors only"), Rank.SECONDARY)
        self.failed.setCheckable(True)
        for one in (self.credential, self.span):
            one.setMinimumWidth(_SELECT)
        self._row = row_of(self.search, self.credential, self.span, self.failed, spacing=Space.S)
        self._row.setStretch(0, 1)
        self.setLayout(self._row)
        self.search.textChanged.connect(self._tell)
        self.credential.chosen.connect(self._tell)
        self.span.chosen.connect(self._tell)
        self.failed.toggled.connect(self._tell)

    def filter(self) -> Filter:
        """What is chosen now."""
        span = self.span.value
        return Filter(
            text=self.search.text().strip(),
            credential_id=self.credential.value,
            failed=self.failed.isChecked(),
            since=None if span is None else time.time() - span,
        )

    def clear(self) -> None:
        """Let everything pass."""
        self.search.clear()
        self.credential.setCurrentIndex(0)
        self.span.setCurrentIndex(0)
        self.failed.setChecked(False)
        self.changed.emit()

    def show_names(self, names: Mapping[str, str]) -> None:
        """Offer these credentials, by their ids; the one that is chosen stays so."""
        if names != self._names:
            self._names = dict(names)
            chosen = self.credential.value
            self.credential.offer(self._choices(), chosen if chosen in names else None)

    def _choices(self) -> list[tuple[str, str | None]]:
        names = sorted(self._names.items(), key=lambda one: one[1].casefold())
        return [(self.tr("All credentials"), None), *((name, identity) for identity, name in names)]

    def _tell(self, _: object = None) -> None:
        self.changed.emit()
