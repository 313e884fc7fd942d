"""The check of a stored credential, in a dialog of its own."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from proxycast.check.report import Offer, Report
from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.checking.view import CheckView
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button, button_with_icon
from proxycast.desktop.widgets.fields import TextField
from proxycast.desktop.widgets.frames import column_of, dialog_column
from proxycast.desktop.widgets.labels import ElidedLabel, label
from proxycast.model.credential import Credential

_SIZE = QSize(680, 700)


class CheckDialog(QDialog):
    """Shows the last check of a credential, or begins one; the report goes to its card as well."""

    def __init__(self, bridge: Bridge, credential: Credential, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._credential = credential
        self.view = CheckView(bridge, self._take)
        self.view.stages.setMaximumHeight(16_777_215)
        self.model = TextField("", self.tr("A low-cost model of the service"))
        self.model.setAccessibleName(self.tr("Model to check with"))
        self.begin = button_with_icon(bridge.theme, "check", "", Rank.PRIMARY, self._turn)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(self.tr("Check of {name}").format(name=credential.name))
        self._lay_out()
        self.view.turned.connect(self._show_turn)
        self.view.ended.connect(self._keep)
        self.finished.connect(self.deleteLater)
        self.resize(_SIZE)
        self.begin.setFocus()
        self._show_turn()
        checked = bridge.pool.checks.last(credential)
        if checked is not None:
            self.view.show_report(checked.report)
            self._show_turn()
        else:
            self.view.begin(credential)

    def sizeHint(self) -> QSize:  # noqa: N802
        return _SIZE

    def done(self, result: int) -> None:
        """Close, and end the check that runs."""
        self.view.abandon()
        super().done(result)

    def _turn(self) -> None:
        if self.view.running:
            self.view.cancel()
        else:
            self.view.begin(self._credential, model=self.model.text().strip() or None)

    def _show_turn(self) -> None:
        running = self.view.running
        self.begin.setText(self.tr("Stop checking") if running else self.tr("Check again"))
        self.begin.setIcon(self._bridge.theme.icon("stop" if running else "check", "on_accent"))
        self.model.setEnabled(not running)
        self.view.dismiss.hide()

    def _keep(self, report: Report) -> None:
        self._bridge.pool.checks.keep(self._credential, report)

    def _take(self, offer: Offer) -> None:
        """Change the stored credential as the offer says, and check it again."""

        async def change() -> None:
            changed = offer.applied_to(self._credential)
            self._credential = await self._bridge.service.change(self._credential.name, changed)
            self._bridge.tell(self.tr("{name} was changed").format(name=self._credential.name), Tone.OK)
            self.view.begin(self._credential)

        self._bridge.start(change(), name="take an offer")

    def _lay_out(self) -> None:
        head = column_of(
            label(self.tr("Connection check"), "heading"),
            ElidedLabel(self._credential.name, "quiet"),
            spacing=2,
        )
        head.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        body = column_of(self.view)
        body.addStretch(1)
        body.setStretchFactor(self.view, 100)
        body.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        foot = QHBoxLayout()
        foot.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        foot.setSpacing(Space.M)
        foot.addWidget(label(self.tr("Model"), "caption"))
        foot.addWidget(self.model, 1)
        foot.addWidget(button(self.tr("Close"), Rank.SECONDARY, self.reject))
        foot.addWidget(self.begin)
        self.setLayout(dialog_column(head, body, foot))
