"""The stages of a check, one below the other, as they run."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from proxycast.check.render import STAGES
from proxycast.check.report import Finding, Report, Stage, State
from proxycast.desktop.bridge import Bridge
from proxycast.desktop.durations import duration
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.frames import beside_bar, column_of, held
from proxycast.desktop.widgets.labels import label, numbers
from proxycast.desktop.widgets.marks import Mark
from proxycast.desktop.widgets.scrolling import Scrolling
from proxycast.model.text import Text

STATE_MARK = {
    State.PASSED: ("ok", "ok"),
    State.WARNING: ("warning", "warning"),
    State.FAILED: ("error", "error"),
    State.SKIPPED: ("status-off", "quiet"),
}
"""Icon and colour's role of every state: tick, triangle, octagon, ring."""
_RUNNING = ("refresh", "accent_text")
_NAME_WIDTH = 128
_INSTANT = 0.0005
"""Seconds that are not worth a number."""
_UNSEEN = frozenset({"not_reached", "free", "declined"})


class StageList(QScrollArea):
    """A `Watcher` that shows what it is told."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._rows: dict[Stage, _Row] = {}
        self._column = column_of(spacing=Space.S)
        self._column.addStretch(1)
        self.setWidget(held(self._column))
        self.setWidgetResizable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        beside_bar(self, lambda bar: self._column.setContentsMargins(0, 0, max(Space.XS - bar, 0), 0))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Steps of the check"))
        self._scrolling = Scrolling(bridge.theme.motion, self)

    def event(self, event: QEvent) -> bool:
        """The rows are of another height: so is this, as far as there is room."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def sizeHint(self) -> QSize:  # noqa: N802
        width = self.viewport().width()
        return QSize(super().sizeHint().width(), self._column.totalHeightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    @property
    def rows(self) -> list[str]:
        """What the rows say, for people who hear them."""
        return [row.accessibleName() for row in self._rows.values()]

    def clear(self) -> None:
        """Show none."""
        for row in self._rows.values():
            row.hide()
            row.deleteLater()
        self._rows.clear()

    def show_report(self, report: Report) -> None:
        """Show the findings of a check that has ended."""
        self.clear()
        for finding in report.findings:
            self.found(finding)
        bad = next((one.stage for one in report.findings if one.state is State.FAILED), None)
        QTimer.singleShot(0, self, lambda: self._turn_to(bad))

    def began(self, stage: Stage) -> None:
        """See `Watcher`. A stage that ended without a finding was not needed."""
        self.stop()
        self._row(stage).show_running()

    def found(self, finding: Finding) -> None:
        """See `Watcher`. A stage that was not tried because of another is not shown."""
        if finding.key.rpartition(".")[2] not in _UNSEEN:
            self._row(finding.stage).show_finding(finding)
        elif (row := self._rows.pop(finding.stage, None)) is not None:
            row.hide()
            row.deleteLater()

    def stop(self) -> None:
        """Take away the stage that was running: it has no result."""
        for stage in [stage for stage, row in self._rows.items() if row.running]:
            row = self._rows.pop(stage)
            row.hide()
            row.deleteLater()

    def _row(self, stage: Stage) -> _Row:
        row = self._rows.get(stage)
        if row is None:
            row = self._rows[stage] = _Row(self._bridge, self._bridge.say(STAGES[stage]))
            self._column.insertWidget(self._column.count() - 1, row)
            self._scrolling.to_end()
        return row

    def _turn_to(self, stage: Stage | None) -> None:
        """Show the row of this stage, or the first one."""
        self._scrolling.stop()
        if stage in self._rows:
            self.ensureWidgetVisible(self._rows[stage])
        else:
            self.verticalScrollBar().setValue(0)


class _Row(QWidget):
    """One stage: its mark, its name, what was found and how long it took; below, what to do."""

    def __init__(self, bridge: Bridge, name: str) -> None:
        super().__init__()
        self._bridge = bridge
        self._name = name
        self.running = False
        self._mark = Mark(bridge.theme, *_RUNNING, size=20)
        self._found = label("", wrap=True)
        self._time = numbers("", "caption")
        self._more = label("", "caption", wrap=True)
        self._more.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        title = label(name, "quiet")
        title.setMinimumWidth(_NAME_WIDTH)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(2)
        line = self._found.fontMetrics().lineSpacing()  # on whose middle all that is smaller stands
        self._mark.setMinimumHeight(line)
        self._time.setMinimumHeight(line)
        top = Qt.AlignmentFlag.AlignTop
        for column, widget in enumerate((self._mark, title, self._found, self._time)):
            grid.addWidget(widget, 0, column, top if widget is not self._found else Qt.AlignmentFlag(0))
        grid.addWidget(self._more, 1, 2, 1, 2)
        grid.setColumnStretch(2, 1)
        self._more.hide()

    def show_running(self) -> None:
        """It is under way."""
        self.running = True
        self._mark.show_as(*_RUNNING)
        self._found.setText("…")
        self.setAccessibleName(self.tr("{stage}: running").format(stage=self._name))

    def show_finding(self, finding: Finding) -> None:
        """It has ended."""
        self.running = False
        self._mark.show_as(*STATE_MARK[finding.state])
        self._found.setText(self._bridge.say(finding.evidence))
        self._time.setText(duration(finding.seconds) if finding.seconds >= _INSTANT else "")
        self._more.setText("\n".join(self._lines(finding)))
        self._more.setVisible(bool(self._more.text()))
        parts = (self._found.text(), self._more.text())
        self.setAccessibleName(f"{self._name}: {' '.join(part for part in parts if part)}")

    def _lines(self, finding: Finding) -> list[str]:
        remedy = [self._bridge.say(finding.remedy)] if finding.remedy is not None else []
        said = [self._bridge.say(Text("The service said: {said}", said=finding.said))] if finding.said else []
        return [*remedy, *said]


def sentence_label() -> QLabel:
    """The label of a result's one sentence."""
    made = label("", "label", wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
