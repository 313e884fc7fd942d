"""The cards that are shown, for Qt's views."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from proxycast.desktop.language import Language
from proxycast.desktop.pages.pool.entries import Entry
from proxycast.desktop.pages.pool.words import PoolWords

ENTRY = Qt.ItemDataRole.UserRole
"""The role that gives an `Entry`."""

Index = QModelIndex | QPersistentModelIndex


class PoolModel(QAbstractListModel):
    """A list of entries."""

    def __init__(self, language: Language, parent: QObject) -> None:
        super().__init__(parent)
        self._words = PoolWords(language)
        self.entries: list[Entry] = []

    def show(self, entries: list[Entry]) -> bool:
        """Show these. If they are the same credentials in the same order, only what differs is told.

        Gives whether it was another list.
        """
        old = self.entries
        if self.differs(entries):
            self.beginResetModel()
            self.entries = entries
            self.endResetModel()
            return True
        self.entries = entries
        for row, (before, after) in enumerate(zip(old, entries, strict=True)):
            if before != after:
                self.dataChanged.emit(self.index(row), self.index(row))
        return False

    def differs(self, entries: list[Entry]) -> bool:
        """Whether these are other credentials than those that are shown, or in another order."""
        return _ids(entries) != _ids(self.entries)

    def row_of(self, identity: str) -> int:
        """The row of the credential of this id, -1 if it is not shown."""
        return next((row for row, one in enumerate(self.entries) if one.credential.id == identity), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._words.spoken(entry)
        return None


def _ids(entries: list[Entry]) -> list[str]:
    return [one.credential.id for one in entries]
