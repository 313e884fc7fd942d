"""The test of the connection: its progress, its result, and how to end it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout

from proxycast.check.probe import ProbeResult
from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import icon_button
from proxycast.desktop.widgets.fields import TextField
from proxycast.desktop.widgets.frames import column_of, row_of
from proxycast.desktop.widgets.labels import label, numbers
from proxycast.desktop.widgets.marks import TONE_MARK, Mark
from proxycast.model.credential import Credential
from proxycast.model.errors import ProxyCastError
from proxycast.model.secret import Secret

_ABOUT_THE_MODEL = frozenset({400, 403, 404, 422})
"""Answers after which it is worth a try to ask for another model."""


class Trial(QFrame):
    """Runs one test at a time and shows what came of it; hidden before the first.

    Signals:
        turned: a test began or ended.
    """

    turned = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._task: asyncio.Task[object] | None = None
        self.setProperty("kind", "sunken")
        self.mark = Mark(bridge.theme, *TONE_MARK[Tone.NEUTRAL], size=20)
        self.sentence = label("", "label", wrap=True)
        self.said = label("", "caption", wrap=True)
        self.time = numbers("", "caption")
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("The test is running"))
        self.model = TextField()
        self.model.setAccessibleName(self.tr("Model to test with"))
        self.model_name = label(self.tr("Model to test with"), "caption")
        self.dismiss = icon_button(bridge.theme, "close", self.tr("Hide the result"), self.hide)
        line = row_of(self.mark, spacing=Space.M)
        line.addLayout(column_of(self.sentence, self.said, spacing=2), 1)
        line.addWidget(self.time)
        line.addWidget(self.dismiss)
        self._model_row = row_of(self.model_name, self.model, spacing=Space.M)
        self._model_row.setStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.M, Space.S, Space.M)
        column.setSpacing(Space.S)
        column.addLayout(line)
        column.addWidget(self.progress)
        column.addLayout(self._model_row)
        self.hide()

    @property
    def running(self) -> bool:
        """Whether a test is under way."""
        return self._task is not None

    def begin(self, credential: Credential, values: Mapping[str, Secret] | None) -> None:
        """Test this credential; `values` are its secrets, None for those that are stored."""
        host = QUrl(credential.base_url).host() or credential.name
        self._show(self.tr("Asking {host} for one word …").format(host=host), Tone.NEUTRAL)
        self.progress.show()
        self.dismiss.hide()
        work = self._run(credential, values, self.model.text().strip() or None)
        self._task = self._bridge.start(work, name="test the connection")
        self.turned.emit()

    def cancel(self) -> None:
        """End the test that runs, at once."""
        if self._task is not None:
            self._task.cancel()

    def abandon(self) -> None:
        """End the test that runs, and show nothing of it: the dialog closes."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def refuse(self, sentence: str) -> None:
        """Say why there is no test."""
        self._show(sentence, Tone.WARNING)

    def forget(self) -> None:
        """Hide a result that is about something else than what is entered now."""
        if not self.running:
            self.hide()

    async def _run(self, credential: Credential, values: Mapping[str, Secret] | None, model: str | None) -> None:
        try:
            result = await self._bridge.service.probe(credential, values, model)
        except asyncio.CancelledError:
            if self.running:
                self._end(self.tr("The test was cancelled."), Tone.NEUTRAL)
            raise
        except ProxyCastError as error:
            self._end(self._bridge.say(error), Tone.ERROR)
        else:
            self._show_result(result)

    def _show_result(self, result: ProbeResult) -> None:
        self._end(self._bridge.say(result.sentence).strip(), Tone.OK if result.works else Tone.ERROR)
        seconds = self.tr("{seconds} s").format(seconds=f"{result.seconds:.2f}")
        self.time.setText(seconds if result.status is None else f"HTTP {result.status} · {seconds}")
        self.said.setText(self.tr("The service says: {words}").format(words=result.said) if result.said else "")
        self.said.setVisible(bool(result.said))
        self.model.setPlaceholderText(result.model)
        for widget in (self.model_name, self.model):
            widget.setVisible(result.status in _ABOUT_THE_MODEL)

    def _end(self, sentence: str, tone: Tone) -> None:
        self._task = None
        self._show(sentence, tone)
        self.turned.emit()

    def _show(self, sentence: str, tone: Tone) -> None:
        self.mark.show_as(*TONE_MARK[tone])
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.time.clear()
        for widget in (self.said, self.progress, self.model_name, self.model):
            widget.hide()
        self.dismiss.show()
        self.show()
