"""The list of exchanges: columns that fit the room there is, and keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from proxycast.desktop import fonts
from proxycast.desktop.bridge import Bridge
from proxycast.desktop.pages.activity.delegate import CellDelegate
from proxycast.desktop.pages.activity.model import ExchangeModel, Index
from proxycast.desktop.pages.activity.words import ActivityWords, Column
from proxycast.desktop.tokens import Type

ROW = 36
_LEAST = {
    Column.TIME: 134,
    Column.CREDENTIAL: 100,
    Column.MODEL: 134,
    Column.STATUS: 92,
    Column.FIRST_BYTE: 80,
    Column.DURATION: 84,
    Column.TOKENS: 120,
}
"""Widths in device-independent pixels."""
_WEIGHTS = {Column.CREDENTIAL: 3, Column.MODEL: 4, Column.STATUS: 3}
"""How the room that is left is shared."""
_GO_FIRST = (Column.FIRST_BYTE, Column.TOKENS, Column.DURATION, Column.MODEL, Column.CREDENTIAL)
"""What is left out where there is no room, in this order; the details show all."""


class ExchangeTable(QTableView):
    """Shows exchanges.

    Signals:
        opened: the user wants to see more of an `Entry`.
        moved: the user went to another `Entry`.
        left: the user is done with the list.
    """

    opened = Signal(object)
    moved = Signal(object)
    left = Signal()

    def __init__(self, bridge: Bridge, words: ActivityWords, model: ExchangeModel) -> None:
        super().__init__()
        self._exchanges = model
        self._theme = bridge.theme
        self.setModel(model)
        self.setItemDelegate(CellDelegate(bridge.theme, words, model, self))
        self.setProperty("kind", "list")
        self.setAccessibleName(self.tr("Requests"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW)
        rows.setDefaultSectionSize(ROW)
        rows.hide()
        heads = self.horizontalHeader()
        heads.setFont(fonts.interface(Type.CAPTION))
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heads.setHighlightSections(False)
        heads.setSectionsClickable(False)
        heads.setFixedHeight(ROW - 4)
        self.verticalScrollBar().setSingleStep(ROW)
        self.selectionModel().currentRowChanged.connect(self._tell_moved)
        self.clicked.connect(self._open)
        model.dataChanged.connect(self._show_read)
        bridge.theme.changed.connect(self.viewport().update)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.currentIndex())
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            last = self._exchanges.rowCount() - 1
            self._go_to(0 if key == Qt.Key.Key_Home else last)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Letters search nothing: Qt would read the whole journal for them."""

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        keyboard = {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        if event.reason() in keyboard and not self.currentIndex().isValid():
            self._go_to(0)

    def rowsInserted(self, parent: Index, first: int, last: int) -> None:  # noqa: N802
        """Stay with what is being read when new rows come in above it."""
        bar = self.verticalScrollBar()
        place = bar.value()
        super().rowsInserted(parent, first, last)
        if place > 0:
            self.updateGeometries()
            bar.setValue(place + (last - first + 1) * ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint on a ground of its own: only then does Qt move what is there already when the list is scrolled."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._theme.colour("card"))
        painter.end()
        super().paintEvent(event)

    def _fit(self) -> None:
        width = self.viewport().width()
        shown = set(Column)
        for column in _GO_FIRST:
            if sum(_LEAST[one] for one in shown) > width:
                shown.discard(column)
        spare = max(0, width - sum(_LEAST[one] for one in shown))
        whole = sum(weight for one, weight in _WEIGHTS.items() if one in shown)
        for column in Column:
            self.setColumnHidden(column, column not in shown)
            self.setColumnWidth(column, _LEAST[column] + spare * _WEIGHTS.get(column, 0) // whole)

    def _go_to(self, row: int) -> None:
        if row >= 0:
            self.setCurrentIndex(self._exchanges.index(row, 0))

    def _open(self, index: Index) -> None:
        if (entry := self._exchanges.entry(index.row())) is not None:
            self.opened.emit(entry)

    def _tell_moved(self, index: Index) -> None:
        if (entry := self._exchanges.entry(index.row())) is not None:
            self.moved.emit(entry)

    def _show_read(self, first: Index, last: Index) -> None:
        """The row that was gone to before it was read is there now."""
        if first.row() <= self.currentIndex().row() <= last.row():
            self._tell_moved(self.currentIndex())
