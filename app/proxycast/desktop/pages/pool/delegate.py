"""Paints the cards of the pool."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

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
_GHOST = 0.45
"""How much of a card is seen while it is dragged."""

Index = QModelIndex | QPersistentModelIndex


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
        self._title(painter, places, entry)
        self._status(painter, places, entry)
        if entry.in_use:
            self._in_use(painter, places.use)
        if note := self._words.trouble(entry):
            role = "error" if entry.standing is Standing.FAILING else "warning"
            self._write(painter, places.note, note, self._plain, role, wrap=True)
        painter.restore()

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

    def _title(self, painter: QPainter, places: CardLayout, entry: Entry) -> None:
        kind = self._words.kind(entry)
        badge = QFontMetrics(self._badge).horizontalAdvance(kind) + 2 * Space.S
        metrics = QFontMetrics(self._name)
        room = places.name.width() - badge - Space.S
        name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideRight, max(room, 0))
        ink = "text" if entry.credential.enabled else "quiet"
        self._write(painter, places.name, name, self._name, ink)
        place = QRect(places.name.left() + metrics.horizontalAdvance(name) + Space.S, 0, badge, 20)
        place.moveTop(places.name.top() + 2)
        tone = ("accent_soft", "accent_text") if entry.of_session else ("sunken", "quiet")
        self._pill(painter, place, "card" if entry.in_use else tone[0])
        self._write(painter, place, kind, self._badge, tone[1], align=Qt.AlignmentFlag.AlignHCenter)
        self._write(painter, places.host, entry.host, self._plain, "quiet", cut=Qt.TextElideMode.ElideMiddle)

    def _status(self, painter: QPainter, places: CardLayout, entry: Entry) -> None:
        if places.status is not None:
            icon, role = _MARK[entry.standing]
            upper, lower = _lines(places.status)
            mark = QRectF(upper.left(), upper.center().y() - 6.5, 16, 16)
            self._mark(painter, mark, icon, role, turning=entry.standing is Standing.CHECKING)
            self._write(painter, upper.adjusted(22, 0, 0, 0), self._words.standing(entry), self._strong, role)
            self._write(painter, lower, self._words.last_check(entry), self._small, "quiet")
        if places.uses is not None:
            upper, lower = _lines(places.uses)
            used = entry.counters is not None
            self._write(painter, upper, self._words.uses(entry), self._small, "text" if used else "quiet")
            self._write(painter, lower, self._words.last_used(entry), self._small, "quiet")

    def _mark(self, painter: QPainter, place: QRectF, icon: str, role: str, *, turning: bool) -> None:
        ink: str = getattr(self._theme.colours, role)
        if not turning:
            icons.render(painter, place, icon, ink)
            return
        painter.save()
        painter.translate(place.center())
        painter.rotate(self._angle)
        icons.render(painter, place.translated(-place.center()), icon, ink)
        painter.restore()

    def _in_use(self, painter: QPainter, place: QRect) -> None:
        text = self._words.in_use
        width = QFontMetrics(self._badge).horizontalAdvance(text) + 16 + Space.XS + 2 * Space.M
        pill = QRect(place.right() + 1 - width, place.center().y() - 13, width, 26)
        self._pill(painter, pill, "accent", 13)
        mark = QRectF(pill.left() + Space.M - 2, pill.center().y() - 7.5, 16, 16)
        icons.render(painter, mark, "tick", self._theme.colours.on_accent)
        self._write(painter, pill.adjusted(Space.M + 16 + 2, 0, 0, 0), text, self._badge, "on_accent")

    def _pill(self, painter: QPainter, place: QRect, role: str, radius: int = Radius.BADGE) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(role))
        painter.drawRoundedRect(QRectF(place), radius, radius)

    def _write(
        self,
        painter: QPainter,
        place: QRect,
        text: str,
        font: QFont,
        role: str,
        *,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        wrap: bool = False,
    ) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.colour(role))
        if wrap:
            painter.drawText(place, _WRAP, text)
            return
        shown = QFontMetrics(font).elidedText(text, cut, place.width())
        painter.drawText(place, _LINE | align, shown)


def paint_drop_line(painter: QPainter, pen: QPen, y: int, left: int, right: int) -> None:
    """The line that shows where a dragged card would come to stand."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawLine(QPointF(left + 6, y), QPointF(right, y))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(left + 3, y), 3, 3)


def _lines(place: QRect) -> tuple[QRect, QRect]:
    """The two lines of a block, as high as the lines of name and host."""
    upper = QRect(place.left(), place.top(), place.width(), 22)
    return upper, QRect(place.left(), upper.bottom() + 1, place.width(), place.height() - 22)
