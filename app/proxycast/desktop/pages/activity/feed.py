"""What the activity page shows, read from the journal off the loop, and kept up to date while somebody looks."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.pages.activity.model import ExchangeModel
from proxycast.desktop.pages.activity.spans import ChartSpan, edges_of
from proxycast.desktop.pages.activity.summary import Summary
from proxycast.model.errors import JournalUnreadable
from proxycast.store.journal_filter import Filter, Page
from proxycast.store.journal_reader import Entry

_FOLLOW_MS = 700
"""How often new rows are looked for; the journal writes every 0.5 s."""
_CHART_MS = 10_000
_AT_ONCE = 500
"""New rows that are taken in one by one; more make all be counted anew."""

_IN_SIGHT = 3
"""Pages that can be in sight at once, with some to spare."""


class Shown(StrEnum):
    """What is in the place of the list."""

    NOTHING = "nothing"
    """It is not known yet."""
    LIST = "list"
    EMPTY = "empty"
    """There is no exchange at all."""
    NOT_FOUND = "not found"
    """None passes the filter."""
    UNREADABLE = "unreadable"


class Feed(QObject):
    """Reads the journal for the list and the charts. What is asked for while it reads is read right after.

    Signals:
        changed: `shown`, `held` or the number of rows is another.
        summed: there is a new `summary`.
        named: there are new `names`.
    """

    changed = Signal()
    summed = Signal()
    named = Signal()

    def __init__(self, bridge: Bridge, model: ExchangeModel, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._history = bridge.service.history
        self._model = model
        self.filter = Filter()
        self.span = ChartSpan.DAY
        self.shown = Shown.NOTHING
        self.problem: JournalUnreadable | None = None
        self.held: list[Entry] = []
        """New exchanges that are not shown because of `pause`, newest first."""
        self.summary = Summary.of(ChartSpan.DAY, (), [], [])
        self.names: dict[str, str] = {}
        self._paused = False
        self._stale = self._opening = False
        self._reading: asyncio.Task[object] | None = None
        self._summing: asyncio.Task[object] | None = None
        self._fetching: asyncio.Task[object] | None = None
        self._in_sight: list[Page] = []
        self._newest = 0
        self._tasks: set[asyncio.Task[object]] = set()
        self._follow_timer = QTimer(self, interval=_FOLLOW_MS)
        self._follow_timer.timeout.connect(self._read_soon)
        self._chart_timer = QTimer(self, interval=_CHART_MS)
        self._chart_timer.timeout.connect(self.sum_up)
        model.wanted.connect(self._fetch_soon)

    @property
    def paused(self) -> bool:
        """Whether new exchanges are held back."""
        return self._paused

    def begin(self) -> None:
        """Somebody looks: read now and go on reading."""
        self._opening = True
        self.reload()
        self._follow_timer.start()
        self._chart_timer.start()

    def end(self) -> None:
        """Nobody looks any more; what is being read is of no use, as the page may be about to go."""
        self._follow_timer.stop()
        self._chart_timer.stop()
        for task in self._tasks:
            task.cancel()
        self._reading = self._summing = self._fetching = None

    def choose(self, wanted: Filter) -> None:
        """Show what passes this filter."""
        if wanted != self.filter:
            self.filter = wanted
            self.reload()

    def choose_span(self, span: ChartSpan) -> None:
        """Let the charts be of this span."""
        self.span = span
        self.sum_up()

    def pause(self, *, paused: bool) -> None:
        """Hold back new exchanges, or let those that were held back in."""
        self._paused = paused
        if not paused:
            self._let_in()
        self.changed.emit()

    def reload(self) -> None:
        """Read everything anew."""
        self._stale = True
        self._read_soon()

    def sum_up(self) -> None:
        """Read the sums for the charts."""
        if self._summing is None or self._summing.done():
            self._summing = self._start(self._sum_up(), "sum up the journal")

    def _read_soon(self) -> None:
        if self._reading is None or self._reading.done():
            self._reading = self._start(self._read(), "read the journal")

    async def _read(self) -> None:
        try:
            self._stale = self._stale or self.problem is not None
            if not self._stale:
                await self._follow()
            while self._stale:
                self._stale = False
                await self._load()
            if self._opening:  # not before: the list would wait for it
                self._opening = False
                self.sum_up()
        except JournalUnreadable as problem:
            self._fail(problem)

    async def _load(self) -> None:
        wanted = self.filter
        opening = await self._history.opening(wanted)
        if wanted != self.filter:
            return  # something else is wanted by now, and will be read
        self._in_sight.clear()
        self._model.show(opening.pages, opening.rows)
        self._newest = max(opening.last, self._model.newest)
        self.held = []
        self.problem = None
        self.shown = Shown.LIST if opening.pages else Shown.NOT_FOUND if opening.last else Shown.EMPTY
        self.changed.emit()

    async def _follow(self) -> None:
        wanted = self.filter
        entries = await self._history.newer(wanted, self._newest, limit=_AT_ONCE)
        if wanted != self.filter:
            return
        if len(entries) == _AT_ONCE and not self._paused:
            self._stale = True
        elif entries:
            self._newest = entries[0].id
            self.held = (entries + self.held)[:_AT_ONCE]
            if not self._paused:
                self._let_in()
            self.changed.emit()

    def _let_in(self) -> None:
        held, self.held = self.held, []
        if len(held) >= _AT_ONCE:
            self.reload()
        elif held:
            self._model.prepend(held)
            self.shown = Shown.LIST

    def _fetch_soon(self, page: Page) -> None:
        """Read a page that came into sight; of those that wait, the ones that were long ago in sight are given up."""
        self._in_sight.append(page)
        while len(self._in_sight) > _IN_SIGHT:
            self._model.give_up(self._in_sight.pop(0))
        if self._fetching is None or self._fetching.done():
            self._fetching = self._start(self._fetch(), "read rows of the journal")

    async def _fetch(self) -> None:
        while self._in_sight:
            wanted, page = self.filter, self._in_sight.pop()
            try:
                rows = await self._history.rows(wanted, page)
            except JournalUnreadable as problem:
                self._fail(problem)
                return
            finally:
                self._model.give_up(page)
            if wanted == self.filter and not self._model.fill(page, rows):
                self.reload()  # rows were removed, as they are after 90 days

    async def _sum_up(self) -> None:
        try:
            while True:
                span = self.span
                edges = edges_of(span)
                bars, latencies = await self._history.chart(edges)
                whole = await self._history.latency(edges[0], edges[-1])
                await self._name({one.credential_id for one in bars if one.credential_id is not None})
                if span == self.span:
                    break
            self.summary = Summary.of(span, edges, bars, latencies, whole)
            self.summed.emit()
        except JournalUnreadable:
            pass  # the list tells

    async def _name(self, seen: set[str]) -> None:
        """Look for the names of credentials, unless those of all that were seen are known."""
        if not self.names or not seen <= self.names.keys():
            self.names = await self._history.names()
            self.named.emit()

    def _fail(self, problem: JournalUnreadable) -> None:
        self.problem = problem
        if self.shown is not Shown.UNREADABLE:
            self.shown = Shown.UNREADABLE
            self.changed.emit()

    def _start(self, work: Coroutine[Any, Any, object], name: str) -> asyncio.Task[object]:
        task = self._bridge.start(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
