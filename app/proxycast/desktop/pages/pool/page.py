"""The page of the credential pool: the row on top, the cards, and what stands in their place."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.pages.pool.actions import PoolActions
from proxycast.desktop.pages.pool.card_layout import RING
from proxycast.desktop.pages.pool.card_list import CardList
from proxycast.desktop.pages.pool.empty import EmptyPool, NothingFound
from proxycast.desktop.pages.pool.entries import Entry, entries_of
from proxycast.desktop.pages.pool.top import PoolTop
from proxycast.desktop.pages.pool.words import PoolWords
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.frames import PAGE_WIDTH, beside_bar, column_of, held, row_of

_BUNDLE_MS = 30
_CLOCK_MS = 30_000
"""How often "2 min ago" is looked at again."""


class PoolPage(QWidget):
    """The credentials as cards."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._pool = bridge.pool
        self._entries: list[Entry] = []
        self._words = PoolWords(bridge.language)
        self._actions = PoolActions(bridge, self)
        self.top = PoolTop(bridge.theme)
        self.list = CardList(bridge, self._actions)
        self.empty = EmptyPool(bridge.theme, self._actions.add, self._actions.begin_demo)
        self.nothing_found = NothingFound(bridge.theme, self.top.search.clear)
        self._stack = QStackedWidget()
        self._soon = QTimer(self, singleShot=True, interval=_BUNDLE_MS)
        self._clock = QTimer(self, interval=_CLOCK_MS)
        self._lay_out()
        self._connect()
        self.show_state()

    def show_state(self) -> None:
        """Show the pool as it is now."""
        self._soon.stop()
        self._entries = entries_of(self._bridge.service, self._pool)
        self._show_found(moving=True)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self._pool.counts.read()
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self._clock.stop()

    def _search_changed(self) -> None:
        self._show_found(moving=False)  # with each letter, all would be on the way

    def _show_found(self, *, moving: bool) -> None:
        search = self.top.search.text()
        found = [one for one in self._entries if self._words.matches(one, search)]
        self.list.ordered = len(found) == len(self._entries)
        self.list.show_entries(found, moving=moving)
        self.top.show_count(len(found), len(self._entries))
        self.top.show_checking(checking=self._pool.checks.running > 0)
        self._stack.setCurrentWidget(self._cards if found else self.nothing_found if self._entries else self.empty)

    def _connect(self) -> None:
        bridge, actions, top = self._bridge, self._actions, self.top
        bridge.changed.connect(self.show_state)
        self._pool.checks.changed.connect(self._soon.start)
        self._pool.counts.changed.connect(self._soon.start)
        self._soon.timeout.connect(self.show_state)
        self._clock.timeout.connect(self.list.viewport().update)
        bridge.theme.changed.connect(self.list.viewport().update)
        actions.made.connect(self._reveal)
        self.list.choice_changed.connect(self._show_chosen)
        top.search.textChanged.connect(self._search_changed)
        top.search.returnPressed.connect(self._enter_list)
        top.search.left.connect(self._enter_list)
        top.add.clicked.connect(actions.add)
        top.check_all.clicked.connect(self._check_all)
        top.check.connect(lambda: actions.check(self.list.chosen))
        top.enable.connect(lambda: actions.set_enabled(self.list.chosen, enabled=True))
        top.disable.connect(lambda: actions.set_enabled(self.list.chosen, enabled=False))
        top.delete.connect(lambda: actions.delete(self.list.chosen))
        for keys, act in (
            (QKeySequence("Ctrl+F"), self._search),
            (QKeySequence("Ctrl+N"), actions.add),
            (QKeySequence("Ctrl+Z"), actions.undo),
        ):
            QShortcut(keys, self, act)

    def _lay_out(self) -> None:
        beside = row_of(self.list)
        beside_bar(self.list, lambda bar: beside.setContentsMargins(Space.XL - RING, 0, Space.XL - RING - bar, 0))
        self._cards = held(beside)
        for one in (self._cards, self.empty, self.nothing_found):
            self._stack.addWidget(one)
        self.top.setContentsMargins(Space.XL, Space.XL, Space.XL, 0)
        column = column_of(self.top, self._stack, spacing=Space.L - RING)
        column.setStretch(1, 1)
        cards = held(column)
        cards.setMaximumWidth(PAGE_WIDTH + 2 * Space.XL)
        outer = QHBoxLayout(self)  # in whose middle they stand where there is more room
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(cards)

    def _reveal(self, names: tuple[str, ...]) -> None:
        if not {one.name for one in self.list.cards.entries} & set(names):
            self.top.search.clear()
        self.list.reveal(names)

    def _show_chosen(self) -> None:
        self.top.show_chosen(len(self.list.chosen))

    def _check_all(self) -> None:
        if self._pool.checks.running:
            self._pool.checks.cancel_all()
        else:
            self._pool.checks.check(one.credential for one in self.list.cards.entries if one.credential.enabled)

    def _search(self) -> None:
        self.top.search.setFocus()
        self.top.search.selectAll()

    def _enter_list(self) -> None:
        if self.list.cards.entries:
            self.list.setFocus()
