"""A check from its start to what can be done about its result."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout

from proxycast.check.render import price, render
from proxycast.check.report import Cost, Finding, Offer, Report, Stage, State
from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.checking.stages import StageList, sentence_label
from proxycast.desktop.durations import duration
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.busy import BusyBar
from proxycast.desktop.widgets.buttons import Rank, button, button_with_icon, icon_button
from proxycast.desktop.widgets.frames import column_of, held, row_of
from proxycast.desktop.widgets.labels import label, numbers
from proxycast.desktop.widgets.marks import TONE_MARK, Mark
from proxycast.model.credential import Credential
from proxycast.model.secret import Secret

STATE_TONE = {
    State.PASSED: Tone.OK,
    State.WARNING: Tone.WARNING,
    State.FAILED: Tone.ERROR,
    State.SKIPPED: Tone.NEUTRAL,
}
_STAGES_HEIGHT = 190


class CheckView(QFrame):
    """Runs one check at a time and shows it; hidden before the first.

    The billed stages run after the user agreed to their price, which is asked in place, unless the service bills
    nothing, as `free` says. `apply` is given the offers that are taken.

    Signals:
        turned: a check began or ended.
        ended: the `Report` of one that came to its end.
    """

    turned = Signal()
    ended = Signal(object)

    def __init__(self, bridge: Bridge, apply: Callable[[Offer], None]) -> None:
        super().__init__()
        self._bridge = bridge
        self._apply = apply
        self._task: asyncio.Task[object] | None = None
        self._agreed: asyncio.Future[bool] | None = None
        self._again: Callable[[], None] = self.cancel
        self.report: Report | None = None
        self.free = False
        self.setProperty("kind", "sunken")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.mark = Mark(bridge.theme, *TONE_MARK[Tone.NEUTRAL], size=20)
        self.sentence = sentence_label()
        self.time = numbers("", "caption")
        self.copy = icon_button(bridge.theme, "copy", self.tr("Copy the report"), self._copy)
        self.dismiss = icon_button(bridge.theme, "close", self.tr("Hide the result"), self.hide)
        self.progress = BusyBar(bridge.theme, self.tr("The check is running"))
        self.stages = StageList(bridge)
        self.stages.setMaximumHeight(_STAGES_HEIGHT)
        self.price = label("", wrap=True)
        self.send = button(self.tr("Send"), Rank.PRIMARY, lambda: self._answer(agree=True))
        self.skip = button(self.tr("Skip"), Rank.SECONDARY, lambda: self._answer(agree=False))
        self.retry = button_with_icon(bridge.theme, "refresh", "", Rank.SECONDARY, self._wait_and_retry)
        self.policy = button_with_icon(
            bridge.theme, "copy", self.tr("Copy the IAM policy"), Rank.SECONDARY, self._copy_policy
        )
        self.offers = row_of(spacing=Space.S)
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._tick)
        self._waiting = False
        self._lay_out()
        self.hide()

    def sizeHint(self) -> QSize:  # noqa: N802
        hint = super().sizeHint()
        return QSize(hint.width(), self.column.totalHeightForWidth(self.width()))  # and no more: see its size policy

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    @property
    def running(self) -> bool:
        """Whether a check is under way, or waits for the answer about its price."""
        return self._task is not None

    def begin(
        self, credential: Credential, values: Mapping[str, Secret] | None = None, *, model: str | None = None
    ) -> None:
        """Check this credential; `values` are its secrets, None for those that are stored."""
        self._reset()
        self._again = lambda: self.begin(credential, values, model=model)
        self._show(self.tr("Checking {name}…").format(name=credential.name), Tone.NEUTRAL)
        self.stages.show()
        self.progress.show()
        self.dismiss.hide()
        self._task = self._bridge.start(self._run(credential, values, model), name="test the connection")
        self.turned.emit()

    def show_report(self, report: Report) -> None:
        """Show a check that has ended before."""
        self._reset()
        self.stages.show_report(report)
        self._show_report(report)

    def cancel(self) -> None:
        """End the check that runs, at once."""
        if self._task is not None:
            self._task.cancel()

    def abandon(self) -> None:
        """End the check that runs, and show nothing of it: its place closes."""
        self._clock.stop()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def refuse(self, sentence: str) -> None:
        """Say why there is no check."""
        self._reset()
        self._show(sentence, Tone.WARNING)

    def forget(self) -> None:
        """Hide a result that is about something else than what is entered now."""
        if not self.running:
            self._clock.stop()
            self.hide()

    # A `Watcher`.

    def began(self, stage: Stage) -> None:
        """See `Watcher`."""
        self.stages.began(stage)

    def found(self, finding: Finding) -> None:
        """See `Watcher`."""
        self.stages.found(finding)

    async def _run(self, credential: Credential, values: Mapping[str, Secret] | None, model: str | None) -> None:
        try:
            report = await self._bridge.service.check(credential, values, model=model, consent=self._ask, watcher=self)
        except asyncio.CancelledError:
            if self.running:
                self.stages.stop()
                self._end(self.tr("The check was canceled."), Tone.NEUTRAL)
            raise
        self._task = None
        self._show_report(report)
        self.turned.emit()
        self.ended.emit(report)

    async def _ask(self, cost: Cost) -> bool:
        """Whether the billed stages may run."""
        if self.free:
            return True
        self.price.setText(self._bridge.say(price(cost)))
        self._price_row.show()
        self.progress.hide()
        self.send.setFocus()
        self._agreed = asyncio.get_running_loop().create_future()
        try:
            return await self._agreed
        finally:
            self._agreed = None
            self._price_row.hide()
            self.progress.setVisible(self.running)

    def _answer(self, *, agree: bool) -> None:
        if self._agreed is not None and not self._agreed.done():
            self._agreed.set_result(agree)

    def _show_report(self, report: Report) -> None:
        self.report = report
        self.stages.stop()
        self._show(self._bridge.say(report.sentence), STATE_TONE[report.state])
        self.stages.show()
        self.time.setText(duration(report.seconds))
        self.copy.show()
        for offer in report.offers:
            made = button(self._bridge.say(offer.sentence), Rank.SECONDARY, self._taking(offer))
            self.offers.insertWidget(self.offers.count() - 1, made)
        self.policy.setVisible(report.policy is not None)
        self.retry.setVisible(report.retry_at is not None)
        if report.retry_at is not None:
            self._tick()
            self._clock.start()
        self._actions.setVisible(bool(report.offers) or report.policy is not None or report.retry_at is not None)

    def _taking(self, offer: Offer) -> Callable[[], None]:
        return lambda: self._apply(offer)

    def _copy(self) -> None:
        if self.report is not None:
            self._bridge.clipboard.copy(render(self.report, self._bridge.language.translate))
            self._bridge.tell(self.tr("Report copied"), Tone.OK)

    def _copy_policy(self) -> None:
        if self.report is not None and self.report.policy is not None:
            self._bridge.clipboard.copy(self.report.policy)
            self._bridge.tell(self.tr("Policy copied"), Tone.OK)

    # Trying again after a limit.

    def _wait_and_retry(self) -> None:
        self._waiting = not self._waiting
        self._tick()

    def _tick(self) -> None:
        """Show how long it is still worth waiting, and try again when that is over, if the user wants that."""
        at = self.report.retry_at if self.report is not None else None
        left = 0 if at is None else max(0, math.ceil(at - time.time()))
        if left == 0:
            self._clock.stop()
            self.retry.setText(self.tr("Try again"))
            if self._waiting:
                self._again()
        elif self._waiting:
            self.retry.setText(self.tr("Trying again in {seconds} s – cancel").format(seconds=left))
        else:
            self.retry.setText(self.tr("Wait {seconds} s and try again").format(seconds=left))

    # How it looks.

    def _reset(self) -> None:
        self.report = None
        self._waiting = False
        self._clock.stop()
        self.stages.clear()
        while self.offers.count() > 1 and (item := self.offers.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self._hide_parts()

    def _end(self, sentence: str, tone: Tone) -> None:
        self._task = None
        self._show(sentence, tone)
        self.turned.emit()

    def _show(self, sentence: str, tone: Tone) -> None:
        self.mark.show_as(*TONE_MARK[tone])
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.time.clear()
        self.progress.hide()
        self.dismiss.show()
        self.show()

    def _lay_out(self) -> None:
        line = row_of(self.mark, spacing=Space.M)
        line.addWidget(self.sentence, 1)
        for widget in (self.time, self.copy, self.dismiss):
            line.addWidget(widget)
        question = row_of(spacing=Space.S)
        question.addWidget(self.price, 1)
        question.addWidget(self.skip)
        question.addWidget(self.send)
        self._price_row = held(question)
        self.offers.addStretch(1)
        actions = row_of(self.retry, self.policy, spacing=Space.S)
        actions.addLayout(self.offers, 1)
        self._actions = held(actions)
        column = self.column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.M, Space.M, Space.M)
        column.setSpacing(Space.M)
        running = row_of(self.progress)
        running.setContentsMargins(0, 0, Space.XS, 0)
        column.addLayout(column_of(held(line), held(running), spacing=Space.S))
        column.addWidget(self.stages, 1)
        column.addWidget(self._price_row)
        column.addWidget(self._actions)
        self._hide_parts()

    def _hide_parts(self) -> None:
        for part in (self.copy, self._price_row, self._actions, self.progress, self.stages):
            part.hide()
