"""Paints the cells of the list.

Some hundred cells are painted for each picture while the list is scrolled, so what is the same for many is kept.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
)

from proxycast.desktop import fonts, icons
from proxycast.desktop.pages.activity.model import ExchangeModel
from proxycast.desktop.pages.activity.words import MARKS, ActivityWords, Column, Outcome, outcome_of
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space, Type
from proxycast.store.journal_reader import Entry

_ICON = 16
_BESIDE = _ICON + 6
"""From the mark to the words beside it."""
_WAITING = 8
"""Height of the bar that stands for what is still being read."""
_FOCUS = 3
"""Width of the bar at the chosen row of a list that has the keyboard."""
_KEPT = 4_000
_PADDING = {Column.TIME: (Space.L, Space.S), Column.TOKENS: (Space.S, Space.L)}
"""Of the first and the last column, which stand at the edges of the card. The heads have it from the style sheet."""
_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft | _LINE, Qt.AlignmentFlag.AlignRight | _LINE
_SELECTED = QStyle.StateFlag.State_Selected
_COLUMNS = tuple(Column)
_STRONG = {Column.CREDENTIAL, Column.STATUS}

Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Paints a cell from the entry itself: fewer questions to the model than Qt's own delegate asks."""

    def __init__(self, theme: Theme, words: ActivityWords, model: ExchangeModel, view: QTableView) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme
        self._words = words
        self._model = model
        text, digits = fonts.interface(Type.BODY - 1), fonts.numbers(Type.BODY - 1)
        self._fonts = {one: digits if one.is_number or one is Column.TIME else text for one in Column}
        self._metrics = {one: QFontMetrics(font) for one, font in self._fonts.items()}
        self._sides = {one: _RIGHT if one.is_number else _LEFT for one in Column}
        self._fitting: dict[tuple[str, Column, int], str] = {}
        self._colours: dict[str, QColor] = {}
        self._marks: dict[tuple[str, str, float], QPixmap] = {}
        theme.changed.connect(self._forget_colours)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        left, top, width, height = rect.left(), rect.top(), rect.width(), rect.height()
        column = _COLUMNS[index.column()]
        chosen = bool(option.state & _SELECTED)
        if chosen:
            painter.fillRect(rect, self._colour("accent_soft"))
            if column is Column.TIME and self._view.hasFocus():
                painter.fillRect(left, top, _FOCUS, height, self._colour("accent"))
        painter.fillRect(left, top + height - 1, width, 1, self._colour("line"))
        before, behind = _PADDING.get(column, (Space.S, Space.S))
        left, width = left + before, width - before - behind
        entry = self._model.entry(index.row())
        if entry is None:
            middle = top + (height - _WAITING) // 2
            painter.fillRect(left, middle, min(width, 64), _WAITING, self._colour("hover"))
            return
        role = "text" if chosen or column in _STRONG else "quiet"
        if column is Column.STATUS:
            role = self._mark(painter, left, top + (height - _ICON) // 2, entry, chosen=chosen)
            left, width = left + _BESIDE, width - _BESIDE
        painter.setFont(self._fonts[column])
        painter.setPen(self._colour(role))
        words = self._fit(self._words.cell(entry, column), column, width)
        painter.drawText(left, top, width, height, self._sides[column], words)

    def helpEvent(  # noqa: N802
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Show all of a text that is cut."""
        entry = self._model.entry(index.row()) if index.isValid() else None
        if event.type() != QEvent.Type.ToolTip or entry is None:
            return super().helpEvent(event, view, option, index)
        column = _COLUMNS[index.column()]
        words = self._words.cell(entry, column)
        room = option.rect.width() - 2 * Space.S - (_BESIDE if column is Column.STATUS else 0)
        QToolTip.showText(event.globalPos(), words if self._fit(words, column, room) != words else "", view)
        return True

    def _mark(self, painter: QPainter, left: int, top: int, entry: Entry, *, chosen: bool) -> str:
        """Paint the mark of the outcome, and give the role of the words beside it."""
        outcome = outcome_of(entry.exchange)
        icon, role = MARKS[outcome]
        ink, ratio = "text" if chosen else role, self._view.devicePixelRatioF()
        picture = self._marks.get((icon, ink, ratio))
        if picture is None:
            picture = icons.pixmap(icon, _ICON, getattr(self._theme.colours, ink), ratio)
            self._marks[icon, ink, ratio] = picture
        painter.drawPixmap(left, top, picture)
        return "text" if chosen or outcome is Outcome.ANSWERED else role

    def _fit(self, text: str, column: Column, width: int) -> str:
        """The text, cut where there is no room."""
        key = (text, column, width)
        fitting = self._fitting.get(key)
        if fitting is None:
            if len(self._fitting) > _KEPT:
                self._fitting.clear()
            fitting = self._metrics[column].elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._fitting[key] = fitting
        return fitting

    def _colour(self, role: str) -> QColor:
        colour = self._colours.get(role)
        if colour is None:
            colour = self._colours[role] = self._theme.colour(role)
        return colour

    def _forget_colours(self) -> None:
        self._colours.clear()
        self._marks.clear()
