"""The exchanges that are listed, for Qt's views: rows are read when they come into sight."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from proxycast.desktop.pages.activity.words import ActivityWords, Column
from proxycast.store.journal_filter import ROWS, Page
from proxycast.store.journal_reader import Entry

ENTRY = Qt.ItemDataRole.UserRole
"""The role that gives the `Entry` of a row, None if it is still being read."""
_KEPT = 40
"""Pages that are kept, of some 256 rows each."""

Index = QModelIndex | QPersistentModelIndex


class ExchangeModel(QAbstractTableModel):
    """A table of exchanges, newest first, which knows how many there are and reads them by pages.

    Signals:
        wanted: a `Page` whose rows are in sight and are not there yet; `fill` brings them.
    """

    wanted = Signal(object)

    def __init__(self, words: ActivityWords, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._pages: list[Page] = []
        self._starts: list[int] = []
        self._count = 0
        self._rows: OrderedDict[int, list[Entry]] = OrderedDict()
        self._asked: set[int] = set()

    @property
    def newest(self) -> int:
        """The id of the first row, 0 if there is none."""
        return self._pages[0].last if self._pages else 0

    def show(self, pages: Sequence[Page], first: list[Entry]) -> None:
        """Show these pages, of the first of which the rows are there."""
        self.beginResetModel()
        self._pages = list(pages)
        self._rows.clear()
        self._asked.clear()
        if pages:
            self._rows[pages[0].first] = first
        self._count_rows()
        self.endResetModel()

    def prepend(self, entries: list[Entry]) -> None:
        """Put new exchanges on top, newest first."""
        if not entries:
            return
        self.beginInsertRows(QModelIndex(), 0, len(entries) - 1)
        top = self._pages[0] if self._pages else None
        if top is not None and top.rows + len(entries) <= ROWS and top.first in self._rows:
            rows = entries + self._rows[top.first]
            self._pages[0] = Page(first=top.first, last=entries[0].id, rows=len(rows))
            self._rows[top.first] = rows
        else:
            page = Page(first=entries[-1].id, last=entries[0].id, rows=len(entries))
            self._pages.insert(0, page)
            self._rows[page.first] = entries
        self._count_rows()
        self.endInsertRows()

    def fill(self, page: Page, rows: list[Entry]) -> bool:
        """Take the rows of a page that was wanted. Gives whether they are as many as were counted."""
        if page not in self._pages:
            return True
        if len(rows) != page.rows:
            return False
        self._rows[page.first] = rows
        while len(self._rows) > _KEPT:
            self._rows.popitem(last=False)
        start = self._starts[self._pages.index(page)]
        self.dataChanged.emit(self.index(start, 0), self.index(start + len(rows) - 1, len(Column) - 1))
        return True

    def give_up(self, page: Page) -> None:
        """The rows of a page are read no more; if they are not there, they are wanted again when they are looked at."""
        self._asked.discard(page.first)

    def entry(self, row: int) -> Entry | None:
        """The exchange in a row, None if it is still being read."""
        if not 0 <= row < self._count:
            return None
        position = bisect_right(self._starts, row) - 1
        page = self._pages[position]
        rows = self._rows.get(page.first)
        if rows is None:
            if page.first not in self._asked:
                self._asked.add(page.first)
                self.wanted.emit(page)
            return None
        self._rows.move_to_end(page.first)
        return rows[row - self._starts[position]]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == ENTRY:
            return self.entry(index.row())
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            entry = self.entry(index.row())
            return "…" if entry is None else self._words.cell(entry, Column(index.column()))
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words.heading(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if Column(section).is_number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _count_rows(self) -> None:
        *self._starts, self._count = accumulate((page.rows for page in self._pages), initial=0)
