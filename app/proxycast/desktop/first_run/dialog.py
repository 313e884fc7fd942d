"""The dialog of the first steps. Every step can be left out, and all of them repeated."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QWidget
from shiboken6 import isValid

from proxycast.check.report import Offer, Report, State
from proxycast.desktop.bridge import Bridge
from proxycast.desktop.checking.view import CheckView
from proxycast.desktop.dialogs.credential import CredentialDialog
from proxycast.desktop.first_run.choosing import Choosing
from proxycast.desktop.first_run.steps import StepRow
from proxycast.desktop.pages.clients.lines import LinesView
from proxycast.desktop.pages.clients.trying import TryView
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import QUIET_PADDING, Rank, button
from proxycast.desktop.widgets.frames import beside_bar, column_of, dialog_column, held, scrolling
from proxycast.desktop.widgets.labels import label, restyle
from proxycast.model.credential import Credential

_SIZE = QSize(760, 700)
_CHOOSE, _CHECK, _COPY = range(3)


class FirstRun(QDialog):
    """Leads from nothing to a streamed answer. Open it with `open`; it is deleted when it is closed."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._waits_for_demo = False
        self._checked: Credential | None = None
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(self.tr("First steps"))
        self.row = StepRow((self.tr("Add"), self.tr("Check"), self.tr("Connect")))
        self.choosing = Choosing(bridge)
        self.view = CheckView(bridge, self._take)
        self.view.stages.setMaximumHeight(16_777_215)
        self.lines = LinesView(bridge, lasting=False)
        self.trying = TryView(bridge)
        self.back = button(self.tr("Back"), Rank.QUIET, self._go_back)
        self.skip = button(self.tr("Skip setup"), Rank.QUIET, self.reject)
        self.go_on = button(self.tr("Continue"), Rank.PRIMARY, self._go_on)
        self._steps = QStackedWidget()
        self._connect()
        self._lay_out()
        self.show_step(_CHOOSE)
        self.resize(_SIZE)

    @property
    def step(self) -> int:
        """The position of the step that is shown."""
        return self._steps.currentIndex()

    def sizeHint(self) -> QSize:  # noqa: N802
        return _SIZE

    def done(self, result: int) -> None:
        """Close, and end what runs."""
        self.view.abandon()
        self.trying.stop()
        super().done(result)

    def show_step(self, position: int) -> None:
        """Show the step at this position."""
        self._steps.setCurrentIndex(position)
        self.row.show_at(position)
        self.back.setVisible(position != _CHOOSE)
        self.skip.setVisible(position != _COPY)
        self.go_on.setVisible(position != _CHOOSE)
        if position == _CHECK:
            self._check()
        self._name_button()

    def _check(self) -> None:
        """Check the selected credential, unless that was done already."""
        selected = self._bridge.service.pool.selected
        if selected is None:
            self.show_step(_CHOOSE)
        elif self._checked != selected and not self.view.running:
            self._checked = selected
            self.view.free = self._bridge.service.is_attached(selected)
            self.view.begin(selected)

    def _name_button(self) -> None:
        """Say whether going on leaves something out."""
        report = self.view.report
        worked = report is not None and report.state is not State.FAILED
        if self.step == _COPY:
            text, rank = self.tr("Done"), Rank.PRIMARY
        elif worked:
            text, rank = self.tr("Continue"), Rank.PRIMARY
        else:
            text, rank = self.tr("Skip the check"), Rank.SECONDARY
        self.go_on.setText(text)
        restyle(self.go_on, "kind", rank.value)
        self.view.dismiss.hide()

    def _go_on(self) -> None:
        if self.step == _COPY:
            self.accept()
            return
        self.view.cancel()
        self.show_step(_COPY)

    def _go_back(self) -> None:
        self.view.cancel()
        self._checked = None
        self.show_step(self.step - 1)

    def _add(self) -> None:
        dialog = CredentialDialog(self._bridge, self)
        dialog.saved.connect(self._added)
        dialog.open()

    def _added(self, name: str) -> None:
        async def select() -> None:
            await self._bridge.service.select(name)
            if isValid(self):
                self._checked = None
                self.show_step(_CHECK)

        self._bridge.start(select(), name="select the first credential")

    def _begin_demo(self) -> None:
        self._waits_for_demo = True
        self._bridge.pool.demo.begin(self._bridge.language.name)
        self._look_for_demo()

    def _look_for_demo(self) -> None:
        selected = self._bridge.service.pool.selected
        if self._waits_for_demo and selected is not None and self._bridge.service.is_attached(selected):
            self._waits_for_demo = False
            self.show_step(_CHECK)

    def _ended(self, report: Report) -> None:
        if self._checked is not None:
            self._bridge.pool.checks.keep(self._checked, report)
        self._name_button()
        if report.state is not State.FAILED:
            self.go_on.setFocus()

    def _take(self, offer: Offer) -> None:
        """Change the credential as an offer of the check says, and check it again."""
        credential = self._checked
        if credential is None:
            return

        async def change() -> None:
            await self._bridge.service.change(credential.name, offer.applied_to(credential))
            self._check()

        self._bridge.start(change(), name="take an offer")

    def _connect(self) -> None:
        self.choosing.add_wanted.connect(self._add)
        self.choosing.demo_wanted.connect(self._begin_demo)
        self.choosing.kept.connect(lambda: self.show_step(_CHECK))
        self.lines.pinned.connect(self.trying.show_for)
        self.trying.add_wanted.connect(self._add)
        self.trying.check_wanted.connect(lambda: self.show_step(_CHECK))
        self.view.turned.connect(self._name_button)
        self.view.ended.connect(self._ended)
        self._bridge.changed.connect(self._look_for_demo)
        self.finished.connect(self.deleteLater)

    def _lay_out(self) -> None:
        explained = self.tr("Every step on the way to the service is checked, so you see exactly where a problem is.")
        check = column_of(label(explained, "quiet", wrap=True), self.view, spacing=Space.M)
        check.addStretch(1)
        check.setStretchFactor(self.view, 100)
        check.setContentsMargins(0, 0, Space.XL, 0)
        copy = column_of(self.lines, label(self.tr("Try it"), "title"), self.trying, spacing=Space.L)
        copying = scrolling(held(copy))
        beside_bar(copying, lambda bar: copy.setContentsMargins(0, 0, Space.XL - bar, 0))
        self.trying.began.connect(lambda: copying.ensureWidgetVisible(self.trying))
        for step in (self.choosing, held(check), copying):
            self._steps.addWidget(step)
        head = column_of(label(self.tr("Welcome to ProxyCast"), "heading"), self.row, spacing=Space.L)
        head.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        body = column_of(self._steps)
        body.setContentsMargins(Space.XL, Space.L, 0, Space.L)  # the steps have the right one: one of them scrolls
        foot = QHBoxLayout()
        foot.setContentsMargins(Space.XL - QUIET_PADDING, Space.M, Space.XL, Space.M)
        foot.setSpacing(Space.S)
        foot.addWidget(self.skip)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.go_on)
        self.setLayout(dialog_column(head, body, foot))
