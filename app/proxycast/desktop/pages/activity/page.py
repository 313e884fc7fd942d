"""The page of what passed through the proxy: charts, filter, list, and the details of one request."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QStackedWidget, QWidget

from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.pages.activity.chart_words import ChartWords
from proxycast.desktop.pages.activity.charts import CountTile, LatencyTile, Legend
from proxycast.desktop.pages.activity.details import Details
from proxycast.desktop.pages.activity.feed import Feed, Shown
from proxycast.desktop.pages.activity.model import ExchangeModel
from proxycast.desktop.pages.activity.spans import ChartSpan
from proxycast.desktop.pages.activity.summary import Measure
from proxycast.desktop.pages.activity.table import ExchangeTable
from proxycast.desktop.pages.activity.top import ActivityTop, FilterRow
from proxycast.desktop.pages.activity.words import ActivityWords
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.blank import Blank
from proxycast.desktop.widgets.buttons import Rank, button, button_with_icon
from proxycast.desktop.widgets.fields import Select
from proxycast.desktop.widgets.frames import column_of, held, row_of
from proxycast.model.errors import JournalUnreadable
from proxycast.store.journal_reader import Entry

_FOR_CHARTS, _FOR_DETAILS = 430, 620
"""A page that is lower shows no charts, or none beside details: the list would be too short to be of use."""


class ActivityPage(QWidget):
    """Requests as they end, and those of the last 90 days.

    Signals:
        lines_wanted: the user wants to connect a client.
    """

    lines_wanted = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.words = ActivityWords()
        self.model = ExchangeModel(self.words, self)
        self.feed = Feed(bridge, self.model, self)
        theme, chart_words = bridge.theme, ChartWords(self.words)
        summary = self.feed.summary
        self.tiles = (
            *(CountTile(theme, chart_words, summary, measure) for measure in Measure),
            LatencyTile(theme, chart_words, summary),
        )
        self.legend = Legend(theme, chart_words, summary)
        self.span = Select(
            ((self.tr("Last 24 hours"), ChartSpan.DAY), (self.tr("Last 7 days"), ChartSpan.WEEK)), ChartSpan.DAY
        )
        self.span.setAccessibleName(self.tr("Time range of the charts"))
        self.span.setMinimumWidth(132)
        self.top = ActivityTop(theme, self.words, self.span)
        self.filters = FilterRow(theme)
        self.table = ExchangeTable(bridge, self.words, self.model)
        self.details = Details(bridge, self.words)
        self._make_blanks()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._lay_out()
        self._connect()
        self._show_state()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self.feed.begin()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self.feed.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._show_charts()

    def _make_blanks(self) -> None:
        theme = self._bridge.theme
        self.start_proxy: QPushButton = button_with_icon(
            theme, "play", self.tr("Start the proxy"), Rank.PRIMARY, self._start_proxy
        )
        self.connect_client = button_with_icon(
            theme, "clients", self.tr("Connect a client"), on_click=self.lines_wanted.emit
        )
        self.empty = Blank(
            theme,
            "activity",
            self.tr("No requests yet"),
            hint=self.tr("Only figures are kept, on this machine and for 90 days. Never a prompt, an answer or a key."),
            buttons=(self.start_proxy, self.connect_client),
        )
        self.clear = button(self.tr("Clear filters"), on_click=self.filters.clear)
        self.not_found = Blank(
            theme, "search", self.tr("Nothing found"), self.tr("No request matches the filters."), buttons=(self.clear,)
        )
        self.again = button_with_icon(theme, "refresh", self.tr("Read again"), on_click=self.feed.reload)
        self.unreadable = Blank(theme, "warning", self.tr("Past requests cannot be shown"), buttons=(self.again,))
        self.nothing = QWidget()

    def _lay_out(self) -> None:
        tiles = row_of(*self.tiles, spacing=Space.M)
        self._charts = held(column_of(held(tiles), self.legend, spacing=Space.S))
        beside = row_of(self.table, self.details, spacing=Space.M)
        beside.setStretch(0, 1)
        self.details.hide()
        self._list = held(beside)
        self._stack = QStackedWidget()
        for one in (self._list, self.not_found, self.nothing):
            self._stack.addWidget(one)
        self._body = held(column_of(self._charts, self.filters, self._stack, spacing=Space.M))
        self._whole = QStackedWidget()
        for one in (self._body, self.empty, self.unreadable):
            self._whole.addWidget(one)
        column = column_of(self.top, self._whole, spacing=Space.M)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        column.setStretch(1, 1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(column)

    def _connect(self) -> None:
        bridge, feed = self._bridge, self.feed
        feed.changed.connect(self._show_state)
        feed.summed.connect(self._show_summary)
        feed.named.connect(lambda: self.filters.show_names(feed.names))
        bridge.changed.connect(self._show_address)
        self._soon.timeout.connect(lambda: feed.choose(self.filters.filter()))
        self.filters.changed.connect(self._soon.start)
        self.filters.search.returnPressed.connect(self.table.setFocus)
        self.filters.search.left.connect(self.table.setFocus)
        self.span.chosen.connect(feed.choose_span)
        self.top.pause_wanted.connect(lambda paused: feed.pause(paused=paused))
        self.top.export_wanted.connect(self._choose_file)
        self.table.opened.connect(self._open)
        self.table.moved.connect(self._follow)
        self.table.left.connect(self._close_details)
        self.details.closed.connect(self._close_details)
        self.details.check_wanted.connect(self._check)
        QShortcut(QKeySequence("Ctrl+F"), self, self._search)
        QShortcut(QKeySequence("F5"), self, feed.reload)

    def _show_state(self) -> None:
        feed = self.feed
        shown = feed.shown
        whole = {Shown.EMPTY: self.empty, Shown.UNREADABLE: self.unreadable}.get(shown, self._body)
        inside = {Shown.NOT_FOUND: self.not_found, Shown.NOTHING: self.nothing}.get(shown, self._list)
        self._whole.setCurrentWidget(whole)
        self._stack.setCurrentWidget(inside)
        if feed.problem is not None:
            self.unreadable.explain(self._bridge.say(feed.problem))
        if shown is not Shown.LIST:
            self._hide_details()
        self.top.show_usable(usable=whole is self._body and shown is not Shown.NOTHING)
        self.top.show_count(self.model.rowCount())
        self.top.show_pause(paused=feed.paused, held=len(feed.held))
        self._show_address()

    def _show_address(self) -> None:
        running = self._bridge.proxy.running
        self.start_proxy.setVisible(not running)
        address = self._bridge.service.client_address(None)
        self.empty.explain(
            self.tr("Point a client to {address}, and its requests are listed here.").format(address=address)
            if running
            else self.tr("The proxy is stopped. Start it, then point a client to {address}.").format(address=address)
        )

    def _show_summary(self) -> None:
        for tile in self.tiles:
            tile.show_summary(self.feed.summary)
        self.legend.show_summary(self.feed.summary)

    def _show_charts(self) -> None:
        least = _FOR_CHARTS if self.details.isHidden() else _FOR_DETAILS
        self._charts.setVisible(self.height() >= least)
        for tile in self.tiles:
            tile.fit(self.height())

    # The details.

    def _open(self, entry: Entry) -> None:
        self.details.show_entry(entry)
        self.details.show()
        self._show_charts()
        self.table.scrollTo(self.table.currentIndex())

    def _follow(self, entry: Entry) -> None:
        if self.details.isVisible():
            self.details.show_entry(entry)

    def _close_details(self) -> None:
        self._hide_details()
        self.table.setFocus()

    def _hide_details(self) -> None:
        self.details.hide()
        self._show_charts()

    def _check(self, identity: str) -> None:
        from proxycast.desktop.checking.dialog import CheckDialog  # noqa: PLC0415 - most starts do not need it

        for one in self._bridge.service.pool.credentials:
            if one.id == identity:
                CheckDialog(self._bridge, one, self.window()).open()

    # What the buttons do.

    def _search(self) -> None:
        self.filters.search.setFocus()
        self.filters.search.selectAll()

    def _start_proxy(self) -> None:
        self._bridge.start(self._bridge.proxy.turn(on=True), name="turn the proxy")

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Export the listed requests"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("CSV files (*.csv)"), self.tr("All files (*)")])
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("proxycast.csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.export)
        dialog.open()

    def export(self, file: str) -> None:
        """Write what is listed into a file."""
        self._bridge.start(self._export(Path(file)), name="export the requests")

    async def _export(self, file: Path) -> None:
        try:
            count = await self._bridge.service.history.export(self.feed.filter, file)
        except OSError as error:
            words = self.tr("{file} cannot be written: {reason}.").format(file=file, reason=error.strerror)
            self._bridge.tell(words, Tone.ERROR)
        except JournalUnreadable as error:
            self._bridge.tell_error(error)
        else:
            self._bridge.tell(self.tr("%Ln request(s) exported", "", count), Tone.OK)
