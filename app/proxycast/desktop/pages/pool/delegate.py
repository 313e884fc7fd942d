"""Paints the cards of the pool."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from proxycast.desktop import fonts, icons
from proxycast.desktop.bridge import Bridge
from proxycast.desktop.pages.pool.card_layout import RING, CardLayout, height_of, lay_out, note_width
from proxycast.desktop.pages.pool.entries import Entry, Standing
from proxycast.desktop.pages.pool.model import ENTRY
from proxycast.desktop.pages.pool.moves import CardMoves
from proxycast.desktop.pages.pool.words import PoolWords
from proxycast.desktop.tokens import Radius, Space, Type

_MARK = {
    Standing.READY: ("status-ready", "quiet"),
    Standing.ACCEPTED: ("ok", "ok"),
    Standing.WORKS: ("ok", "ok"),
    Standing.DOUBTFUL: ("warning", "warning"),
    Standing.CHECKING: ("refresh", "accent_text"),
    Standing.DISABLED: ("status-off", "quiet"),
    Standing.NEEDS_KEY: ("key", "warning"),
    Standing.DESTINATION_CHANGED: ("warning", "warning"),
    Standing.FAILING: ("error", "error"),
}
"""The icon and the colour's role of every standing."""
_LINE = Qt.TextFlag.TextSingleLine | Qt.AlignmentFlag.AlignVCenter
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
_TURN = 30
"""Degrees that the mark of a running check turns between two pictures."""
_MARK_WIDTH = 22
"""From the mark of the standing to the word for it."""
_GHOST = 0.45
"""How much of a card is seen while it is dragged."""

Index = QModelIndex | QPersistentModelIndex


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of text on a card, in the colour of a role; cut at its end or in its middle where it must be."""

    text: str
    place: QRect
    font: QFont
    role: str
    cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight

    @property
    def shown(self) -> str:
        """What there is room for."""
        return QFontMetrics(self.font).elidedText(self.text, self.cut, max(self.place.width(), 0))


class CardDelegate(QStyledItemDelegate):
    """Paints an entry as a card.

    `acting` is the row whose card has buttons on it, `ringed` the one that the keyboard is on, `dragged` the one that
    is being dragged; -1 for none. `many` says that several cards are chosen.
    """

    def __init__(self, bridge: Bridge, view: QListView, moves: CardMoves) -> None:
        super().__init__(view)
        self._moves = moves
        self._view = view
        self._theme = bridge.theme
        self._words = PoolWords(bridge.language)
        self._name = fonts.interface(Type.BODY + 1, QFont.Weight.DemiBold)
        self._strong = fonts.interface(Type.BODY - 1, QFont.Weight.Medium)
        self._plain = fonts.interface(Type.BODY - 1)
        self._badge = fonts.interface(Type.CAPTION, QFont.Weight.Medium)
        self._small = fonts.numbers(Type.CAPTION)
        self.acting = self.ringed = self.dragged = -1
        self.many = False
        self._angle = 0

    def turn(self) -> None:
        """Turn the marks of running checks a little."""
        self._angle = (self._angle + _TURN) % 360

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802, ARG002
        width = self._view.viewport().width()
        return QSize(width, height_of(self._note_height(index.data(ENTRY), note_width(width))))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY)
        identity, acting = entry.credential.id, index.row() == self.acting
        places = lay_out(option.rect.translated(0, self._moves.shift(identity)), acting=acting)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_GHOST if index.row() == self.dragged else self._moves.strength(identity))
        self._ground(painter, places.card, entry, chosen=chosen, acting=acting)
        if index.row() == self.ringed:
            self._ring(painter, places.card)
        if acting and not entry.of_session:
            self._grip(painter, places)
        self._tile(painter, places.tile, entry, ticked=chosen and self.many)
        for line in self._lines(places, entry):
            self._write(painter, line)
        self._kind(painter, places, entry)
        if places.status is not None:
            self._mark(painter, places.status, entry.standing)
        if entry.in_use:
            self._in_use(painter, places.use)
        if note := self._words.trouble(entry):
            role = "error" if entry.standing is Standing.FAILING else "warning"
            painter.setFont(self._plain)
            painter.setPen(self._theme.colour(role))
            painter.drawText(places.note, _WRAP, note)
        painter.restore()

    def helpEvent(  # noqa: N802
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Show all of a line that is cut."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        places = lay_out(option.rect, acting=index.row() == self.acting)
        lines = self._lines(places, index.data(ENTRY))
        whole = next((one.text for one in lines if one.place.contains(event.pos()) and one.shown != one.text), "")
        QToolTip.showText(event.globalPos(), whole, view)
        return True

    def _note_height(self, entry: Entry, width: int) -> int:
        note = self._words.trouble(entry)
        if not note or width <= 0:
            return 0
        metrics = QFontMetrics(self._plain)
        return metrics.boundingRect(QRect(0, 0, width, 10_000), _WRAP, note).height()

    def _ground(self, painter: QPainter, card: QRect, entry: Entry, *, chosen: bool, acting: bool) -> None:
        colour = self._theme.colour
        fill = "accent_soft" if entry.in_use else "hover" if chosen else "card"
        edge, width = ("accent", 2.0) if entry.in_use else ("outline" if acting or chosen else "line", 1.0)
        painter.setPen(QPen(colour(edge), width))
        painter.setBrush(colour(fill))
        inset = width / 2
        painter.drawRoundedRect(QRectF(card).adjusted(inset, inset, -inset, -inset), Radius.CARD, Radius.CARD)

    def _ring(self, painter: QPainter, card: QRect) -> None:
        painter.setPen(QPen(self._theme.colour("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        out = RING - 1.0
        painter.drawRoundedRect(QRectF(card).adjusted(-out, -out, out, out), Radius.CARD + out, Radius.CARD + out)

    def _grip(self, painter: QPainter, places: CardLayout) -> None:
        place = QRectF(places.card.left() + 2, places.tile.center().y() - 8, 16, 16)
        icons.render(painter, place, "drag", self._theme.colours.disabled)

    def _tile(self, painter: QPainter, tile: QRect, entry: Entry, *, ticked: bool) -> None:
        colours = self._theme.colours
        strong = entry.in_use or ticked
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent" if strong else "sunken"))
        painter.drawRoundedRect(QRectF(tile), 10, 10)
        ink = colours.on_accent if strong else colours.disabled if not entry.credential.enabled else colours.quiet
        icon = "tick" if ticked else f"kind-{entry.credential.kind}"
        icons.render(painter, QRectF(tile).adjusted(9, 9, -9, -9), icon, ink)

    def _lines(self, places: CardLayout, entry: Entry) -> Iterator[Line]:
        words, small = self._words, self._small
        name = places.name.adjusted(0, 0, -self._kind_width(entry) - Space.S, 0)
        ink = "text" if entry.credential.enabled else "quiet"
        yield Line(text=entry.name, place=name, font=self._name, role=ink)
        middle = Qt.TextElideMode.ElideMiddle
        yield Line(text=entry.host, place=places.host, font=self._plain, role="quiet", cut=middle)
        if places.status is not None:
            upper, lower = _halves(places.status)
            standing, (_, role) = words.standing(entry), _MARK[entry.standing]
            yield Line(text=standing, place=upper.adjusted(_MARK_WIDTH, 0, 0, 0), font=self._strong, role=role)
            checked = words.last_check(entry)
            if QFontMetrics(small).horizontalAdvance(checked) > lower.width():
                checked = words.last_check(entry, brief=True)
            yield Line(text=checked, place=lower, font=small, role="quiet")
        if places.uses is not None:
            upper, lower = _halves(places.uses)
            used = "text" if entry.counters is not None else "quiet"
            yield Line(text=words.uses(entry), place=upper, font=small, role=used)
            yield Line(text=words.last_used(entry), place=lower, font=small, role="quiet")

    def _kind_width(self, entry: Entry) -> int:
        return QFontMetrics(self._badge).horizontalAdvance(self._words.kind(entry)) + 2 * Space.S

    def _kind(self, painter: QPainter, places: CardLayout, entry: Entry) -> None:
        """The badge behind the name."""
        name = next(self._lines(places, entry))
        after = QFontMetrics(self._name).horizontalAdvance(name.shown) + Space.S
        place = QRect(places.name.left() + after, places.name.top() + 2, self._kind_width(entry), 20)
        tone = ("accent_soft", "accent_text") if entry.of_session else ("sunken", "quiet")
        self._pill(painter, place, "card" if entry.in_use else tone[0])
        painter.setFont(self._badge)
        painter.setPen(self._theme.colour(tone[1]))
        painter.drawText(place, _LINE | Qt.AlignmentFlag.AlignHCenter, self._words.kind(entry))

    def _mark(self, painter: QPainter, place: QRect, standing: Standing) -> None:
        icon, role = _MARK[standing]
        mark = QRectF(place.left(), _halves(place)[0].center().y() - 6.5, 16, 16)
        ink: str = getattr(self._theme.colours, role)
        if standing is not Standing.CHECKING:
            icons.render(painter, mark, icon, ink)
            return
        painter.save()
        painter.translate(mark.center())
        painter.rotate(self._angle)
        icons.render(painter, mark.translated(-mark.center()), icon, ink)
        painter.restore()

    def _in_use(self, painter: QPainter, place: QRect) -> None:
        text = self._words.in_use
        width = QFontMetrics(self._badge).horizontalAdvance(text) + 16 + Space.XS + 2 * Space.M
        pill = QRect(place.right() + 1 - width, place.center().y() - 13, width, 26)
        self._pill(painter, pill, "accent", 13)
        mark = QRectF(pill.left() + Space.M - 2, pill.center().y() - 7.5, 16, 16)
        icons.render(painter, mark, "tick", self._theme.colours.on_accent)
        painter.setFont(self._badge)
        painter.setPen(self._theme.colour("on_accent"))
        painter.drawText(pill.adjusted(Space.M + 16 + 2, 0, 0, 0), _LINE, text)

    def _pill(self, painter: QPainter, place: QRect, role: str, radius: int = Radius.BADGE) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(role))
        painter.drawRoundedRect(QRectF(place), radius, radius)

    def _write(self, painter: QPainter, line: Line) -> None:
        painter.setFont(line.font)
        painter.setPen(self._theme.colour(line.role))
        painter.drawText(line.place, _LINE, line.shown)


def paint_drop_line(painter: QPainter, pen: QPen, y: int, left: int, right: int) -> None:
    """The line that shows where a dragged card would come to stand."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawLine(QPointF(left + 6, y), QPointF(right, y))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(left + 3, y), 3, 3)


def _halves(place: QRect) -> tuple[QRect, QRect]:
    """The two lines of a block, as high as the lines of name and host."""
    upper = QRect(place.left(), place.top(), place.width(), 22)
    return upper, QRect(place.left(), upper.bottom() + 1, place.width(), place.height() - 22)
