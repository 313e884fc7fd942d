"""The list of cards: chosen and acted on by mouse and keyboard, put in order by dragging."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.pages.pool.actions import PoolActions
from proxycast.desktop.pages.pool.card_buttons import CardButtons
from proxycast.desktop.pages.pool.card_layout import GAP, RING, lay_out
from proxycast.desktop.pages.pool.delegate import CardDelegate, paint_drop_line
from proxycast.desktop.pages.pool.drag import CardDrag
from proxycast.desktop.pages.pool.entries import Entry, Standing
from proxycast.desktop.pages.pool.menu import CardMenu
from proxycast.desktop.pages.pool.model import PoolModel
from proxycast.desktop.pages.pool.moves import CardMoves

_KEYBOARD = {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
_TURN_MS = 80
_WHEEL_STEP = 28


class CardList(QListView):
    """Shows entries as cards.

    `ordered`: the cards are all there are, so that their order can be changed.

    Signals:
        choice_changed: other cards are chosen.
    """

    choice_changed = Signal()

    def __init__(self, bridge: Bridge, actions: PoolActions) -> None:
        super().__init__()
        self._bridge = bridge
        self._actions = actions
        self.cards = PoolModel(bridge.language, self)
        self.ordered = True
        self._motion = bridge.theme.motion
        self._motion.changed.connect(self._turn_marks)
        self._moves = CardMoves(self._motion, self.viewport())
        self._delegate = CardDelegate(bridge, self, self._moves)
        self._drag = CardDrag(self)
        self._mouse: QPoint | None = None
        self._by_keyboard = False
        self._turning = QTimer(self, interval=_TURN_MS)
        self._turning.timeout.connect(self._turn)
        self._configure()
        self.buttons = CardButtons(bridge.theme, self.viewport())
        self.buttons.use.connect(lambda: self._on_button(actions.use))
        self.buttons.edit.connect(lambda: self._on_button(actions.edit))
        self.buttons.check.connect(lambda: self._on_button(lambda entry: self._toggle_check([entry])))
        self.buttons.more.connect(self._open_menu_below)
        self.verticalScrollBar().valueChanged.connect(self._follow)
        self.doubleClicked.connect(lambda index: actions.use(self.cards.entries[index.row()]))
        self.selectionModel().selectionChanged.connect(self._choice_changed)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    @property
    def chosen(self) -> list[Entry]:
        """The entries of the chosen cards, from top to bottom."""
        return [self.cards.entries[row] for row in sorted(index.row() for index in self.selectedIndexes())]

    def show_entries(self, entries: list[Entry], *, moving: bool = True) -> None:
        """Show these; the choice, the current card and the place in the list stay as far as they can.

        `moving`: cards whose place is another go there; else they are there.
        """
        moving = moving and self._motion.duration > 0 and self.cards.differs(entries)
        before = self._tops() if moving else {}
        chosen, row = {one.credential.id for one in self.chosen}, self.currentIndex().row()
        current = self.cards.entries[row].credential.id if row >= 0 else ""
        place = self.verticalScrollBar().value()
        if self.cards.show(entries):
            here = self.cards.row_of(current)
            row = here if here >= 0 else min(row, len(entries) - 1)
            self._choose({at for at, one in enumerate(entries) if one.credential.id in chosen} or {row}, row)
            self.verticalScrollBar().setValue(place)
        if moving:
            self._moves.begin(before, self._tops())
        self._turn_marks()
        self._follow()

    def reveal(self, names: Collection[str]) -> None:
        """Choose these cards and scroll to the first of them."""
        rows = {row for row, one in enumerate(self.cards.entries) if one.name in names}
        if rows:
            self._choose(rows, min(rows))
            self.scrollTo(self.cards.index(min(rows)))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        self._mouse, self._by_keyboard = None, True
        if event.key() == Qt.Key.Key_Escape and self._drag.row >= 0:
            self._end_drag()
        elif not self._act(event):
            super().keyPressEvent(event)
        self._follow()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._by_keyboard = False
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        plain = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
        if plain and index.isValid() and not self.cards.entries[index.row()].of_session:
            self._drag.press(index.row(), event.position().toPoint())
        self._follow()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._mouse = event.position().toPoint()
        if not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
        elif self._drag.move(self._mouse):
            self._delegate.dragged = self._drag.row
            self.viewport().update()
        self._follow()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseReleaseEvent(event)
        self._end_drag(drop=True)
        self._follow()

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Leave:
            self._mouse = None
            self._follow()
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        if event.reason() in _KEYBOARD:
            self._by_keyboard = True
            if not self.currentIndex().isValid():
                self._choose({0}, 0)
        super().focusInEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self._turn_marks()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self._turn_marks()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        where = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            where = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        elif not self.indexAt(event.pos()).isValid():
            return
        self._open_menu(self.chosen, where)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if self._drag.row < 0:
            return
        painter = QPainter(self.viewport())
        pen = QPen(self._bridge.theme.colour("accent"), 2)
        paint_drop_line(painter, pen, self._gap_y(), RING, self.viewport().width() - RING)
        painter.end()

    def _configure(self) -> None:
        self.setProperty("kind", "bare")
        self.setAccessibleName(self.tr("Credentials"))
        self.setModel(self.cards)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(_WHEEL_STEP)

    def _tops(self) -> dict[str, int]:
        """Where the cards begin in the viewport, by their ids."""
        return {
            one.credential.id: self.visualRect(self.cards.index(row)).top()
            for row, one in enumerate(self.cards.entries)
        }

    # What keys do.

    def _act(self, event: QKeyEvent) -> bool:
        """Do what the key stands for. Gives whether it stands for something."""
        entries, row = self.chosen, self.currentIndex().row()
        if row < 0 or not entries:
            return False
        actions, entry, key = self._actions, self.cards.entries[row], event.key()
        pressed = (event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, key)
        plain, control, alt = (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ControlModifier,
            Qt.KeyboardModifier.AltModifier,
        )
        if pressed in {(plain, Qt.Key.Key_Return), (plain, Qt.Key.Key_Enter)}:
            actions.use(entry)
        elif pressed in {(plain, Qt.Key.Key_F2), (plain, Qt.Key.Key_E)}:
            actions.edit(entry)
        elif pressed in {(plain, Qt.Key.Key_Delete), (plain, Qt.Key.Key_Backspace)}:
            actions.delete(entries)
        elif pressed == (plain, Qt.Key.Key_Space):
            actions.set_enabled(entries, enabled=not entry.credential.enabled)
        elif pressed == (plain, Qt.Key.Key_F6):
            actions.show_check(entry)
        elif pressed == (plain, Qt.Key.Key_F5):
            self._toggle_check(entries)
        elif pressed == (control, Qt.Key.Key_D):
            actions.duplicate(entry)
        elif pressed in {(alt, Qt.Key.Key_Up), (alt, Qt.Key.Key_Down)}:
            self._move(row, row + (1 if key == Qt.Key.Key_Down else -1))
        else:
            return False
        return True

    def _toggle_check(self, entries: list[Entry]) -> None:
        if all(one.standing is Standing.CHECKING for one in entries):
            self._actions.cancel(entries)
        else:
            self._actions.check(entries)

    def _on_button(self, act: Callable[[Entry], None]) -> None:
        if self.buttons.entry is not None:
            act(self.buttons.entry)

    # Order.

    def _move(self, row: int, position: int) -> None:
        if not self.ordered:
            self._bridge.tell(self.tr("Clear the search to change the order."))
            return
        self._actions.move(self.cards.entries[row], position)

    def _end_drag(self, *, drop: bool = False) -> None:
        moved = self._drag.end()
        self._delegate.dragged = -1
        self.viewport().update()
        if drop and moved is not None:
            last = sum(not one.of_session for one in self.cards.entries) - 1
            self._move(moved[0], min(moved[1], last))

    def _gap_y(self) -> int:
        """Where the line is that shows where a dragged card would stand."""
        gap, count = self._drag.gap, len(self.cards.entries)
        if gap < count:
            return max(self.visualRect(self.cards.index(gap)).top() + RING - GAP // 2, RING)
        return self.visualRect(self.cards.index(count - 1)).bottom() + RING - GAP // 2

    # Which card is acted on.

    def _choose(self, rows: Collection[int], current: int) -> None:
        selection = QItemSelection()
        for row in rows:
            if row >= 0:
                selection.select(self.cards.index(row), self.cards.index(row))
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(self.cards.index(current), flag.NoUpdate)
        self.selectionModel().select(selection, flag.ClearAndSelect)

    def _choice_changed(self) -> None:
        self._delegate.many = len(self.selectedIndexes()) > 1
        self.viewport().update()
        self.choice_changed.emit()

    def _follow(self) -> None:
        """Put the buttons on the card under the mouse, or else on the one that the keyboard is on."""
        focus = QApplication.focusWidget()
        focused = focus is self or (focus is not None and self.buttons.isAncestorOf(focus))
        keyboard = self.currentIndex() if focused and self._by_keyboard else QModelIndex()
        index = self.indexAt(self._mouse) if self._mouse is not None else keyboard
        ringed = keyboard.row() if focus is self else -1
        if self._drag.row >= 0:
            index = QModelIndex()
        if (index.row(), ringed) != (self._delegate.acting, self._delegate.ringed):
            self._delegate.acting, self._delegate.ringed = index.row(), ringed
            self.viewport().update()
        if index.isValid():
            self.buttons.put_on(self.cards.entries[index.row()], lay_out(self.visualRect(index), acting=True))
        else:
            self.buttons.leave()

    def _open_menu_below(self) -> None:
        if self.buttons.entry is not None:
            below = self.buttons.more_button
            self._open_menu([self.buttons.entry], below.mapToGlobal(QPoint(0, below.height() + 2)))

    def _open_menu(self, entries: list[Entry], where: QPoint) -> None:
        if not entries:
            return
        row = self.cards.row_of(entries[0].credential.id)
        move = (lambda by: self._move(row, row + by)) if self.ordered else None
        CardMenu(self, self._bridge.theme, entries, self._actions, move).popup(where)

    def _turn_marks(self) -> None:
        """Let the marks of running checks turn while they are seen, where things move."""
        checking = any(one.standing is Standing.CHECKING for one in self.cards.entries)
        if not (checking and self.isVisible() and self._motion.duration):
            self._turning.stop()
        elif not self._turning.isActive():
            self._turning.start()

    def _turn(self) -> None:
        self._delegate.turn()
        self.viewport().update()
