"""The choice of a compatible service: the known ones, searchable, and any other."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QWidget

from proxycast.desktop.dialogs.credential.choices import Chip
from proxycast.desktop.dialogs.credential.suggest import endpoint_at, matches, short_name
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button
from proxycast.desktop.widgets.fields import SearchField
from proxycast.desktop.widgets.frames import column_of, held, row_of
from proxycast.desktop.widgets.labels import ElidedLabel, label
from proxycast.upstream.presets import Endpoint, Preset, Presets

_COLUMNS = 4
_REGION = 120


class ServiceChooser(QWidget):
    """The known services and "another one"; for one that is known its regions, its note and where its keys are made.

    Signals:
        chosen: the `Endpoint` that the user chose, None for another service.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, presets: Presets, language: str) -> None:
        super().__init__()
        self._theme = theme
        self._presets = presets
        self._language = language
        self.service: Preset | None = None
        self.endpoint: Endpoint | None = None
        self.search = SearchField(theme, self.tr("Search services"))
        self.search.setMaximumWidth(220)
        self.search.textChanged.connect(self._arrange)
        self.other = Chip(theme, self.tr("Another service (enter its base URL)"))
        self.other.clicked.connect(self._choose_other)
        self.chips = {one.id: self._chip(one) for one in presets.services}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(Space.S)
        for number in range(_COLUMNS):
            self._grid.setColumnStretch(number, 1)
        self.nothing = label(
            self.tr("No known service has this name. Choose “Another service” and enter its base URL."),
            "quiet",
            wrap=True,
        )
        self.region_chips: list[Chip] = []
        self.regions = column_of()
        self._region_box: QWidget | None = None
        self.note = label("", "caption", wrap=True)
        self.keys = button(self.tr("Get a key…"), Rank.LINK, self._open_keys)
        self.change = button(self.tr("Change"), Rank.LINK, self.browse)
        for action in (self.keys, self.change):
            action.setProperty("edge", "right")
        self.now = ElidedLabel("", "title")
        head = row_of(label(self.tr("Service"), "label"), self.now, spacing=Space.M)
        head.addStretch(1)
        head.addWidget(self.search)
        head.addWidget(self.keys)
        head.addWidget(self.change)
        column = column_of(spacing=Space.M)
        column.addLayout(head)
        self._offer = QWidget()
        self._offer.setLayout(self._grid)
        column.addWidget(self._offer)
        column.addWidget(self.nothing)
        column.addLayout(self.regions)
        column.addWidget(self.note)
        self.setLayout(column)
        self.other.setChecked(True)
        self._arrange()
        self._show_details()
        self.browse()

    def browse(self) -> None:
        """Show all that can be chosen."""
        self._settle(settled=False)

    def settle(self) -> None:
        """Show the choice alone."""
        self._settle(settled=True)

    def choose_first(self) -> None:
        """Choose the first service that the search finds, if any."""
        found = next((one for one in self._presets.services if matches(one, self.search.text())), None)
        if found is not None and self.search.text():
            self.chips[found.id].click()

    def show_url(self, base_url: str) -> None:
        """Show the service that has this base URL as the chosen one, without telling."""
        found = endpoint_at(self._presets, base_url)
        service, endpoint = found or (None, None)
        if (service, endpoint) == (self.service, self.endpoint):
            return
        self.service, self.endpoint = service, endpoint
        (self.chips[service.id] if service else self.other).setChecked(True)
        self._show_details()

    def _settle(self, *, settled: bool) -> None:
        for shown_while_open in (self._offer, self.search):
            shown_while_open.setVisible(not settled)
        for shown_while_settled in (self.now, self.change):
            shown_while_settled.setVisible(settled)
        self.nothing.setVisible(not settled and self._offer_is_empty())

    def _offer_is_empty(self) -> bool:
        return not any(matches(one, self.search.text()) for one in self._presets.services)

    def _chip(self, service: Preset) -> Chip:
        chip = Chip(self._theme, short_name(service, self._language))
        chip.setToolTip(service.name.in_language(self._language))
        chip.clicked.connect(self._choosing(service, service.endpoints[0]))
        return chip

    def _arrange(self) -> None:
        """Put those that the search finds into the grid; the chosen one and "another one" always stay."""
        found = [one for one in self._presets.services if matches(one, self.search.text())]
        shown = [self.chips[one.id] for one in found]
        self.nothing.setVisible(not shown)
        for chip in (*self.chips.values(), self.other):
            self._grid.removeWidget(chip)
            chip.hide()
        for position, chip in enumerate(shown):
            self._grid.addWidget(chip, position // _COLUMNS, position % _COLUMNS)
            chip.show()
        self._grid.addWidget(self.other, len(self.chips), 0, 1, _COLUMNS)
        self.other.show()

    def _choosing(self, service: Preset, endpoint: Endpoint) -> Callable[[], None]:
        def choose() -> None:
            self.service, self.endpoint = service, endpoint
            self._show_details()
            self.settle()
            self.chosen.emit(endpoint)

        return choose

    def _choose_other(self) -> None:
        self.service = self.endpoint = None
        self._show_details()
        self.settle()
        self.chosen.emit(None)

    def _show_details(self) -> None:
        self._show_regions()
        self.now.setText(self.service.name.in_language(self._language) if self.service else self.tr("Another service"))
        note = self.service.note.in_language(self._language) if self.service and self.service.note else ""
        self.note.setText(note)
        self.keys.setVisible(bool(self.endpoint and self.endpoint.keys))
        self.note.setVisible(bool(note))

    def _show_regions(self) -> None:
        if self._region_box is not None:
            self._region_box.hide()
            self._region_box.deleteLater()
            self._region_box = None
        self.region_chips.clear()
        if self.service is None or len(self.service.endpoints) == 1:
            return
        row = row_of(spacing=Space.S)
        for endpoint in self.service.endpoints:
            host = QUrl(endpoint.base_url).host()
            region = endpoint.region.in_language(self._language) if endpoint.region else ""
            chip = Chip(self._theme, f"{region} · {host}" if region else host)
            chip.setMinimumWidth(_REGION)  # a host may be long
            chip.setToolTip(chip.text())
            chip.setChecked(endpoint == self.endpoint)
            chip.clicked.connect(self._choosing_region(endpoint))
            self.region_chips.append(chip)
            row.addWidget(chip, 1)
        self._region_box = held(column_of(label(self.tr("Region"), "label"), held(row), spacing=6))
        self.regions.addWidget(self._region_box)

    def _choosing_region(self, endpoint: Endpoint) -> Callable[[], None]:
        def choose() -> None:
            self.endpoint = endpoint
            self.keys.setVisible(bool(endpoint.keys))
            self.chosen.emit(endpoint)

        return choose

    def _open_keys(self) -> None:
        if self.endpoint is not None and self.endpoint.keys:
            QDesktopServices.openUrl(QUrl(self.endpoint.keys))
