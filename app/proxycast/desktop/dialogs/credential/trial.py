"""The check of what is entered in the dialog, and the model that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from proxycast.check.report import Offer, Report, Stage, State
from proxycast.desktop.bridge import Bridge
from proxycast.desktop.checking.view import CheckView
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.fields import TextField
from proxycast.desktop.widgets.frames import held, row_of
from proxycast.desktop.widgets.labels import label
from proxycast.model.credential import Credential
from proxycast.model.secret import Secret

_ABOUT_THE_MODEL = frozenset({Stage.MODEL, Stage.MESSAGE})
"""Stages after whose failure it is worth a try to ask for another model."""


class Trial(CheckView):
    """A `CheckView` with a field for another model, where that may help."""

    def __init__(self, bridge: Bridge, apply: Callable[[Offer], None]) -> None:
        super().__init__(bridge, apply)
        self.model = TextField()
        self.model.setAccessibleName(self.tr("Model to check with"))
        self.model_name = label(self.tr("Model to check with"), "caption")
        row = row_of(self.model_name, self.model, spacing=Space.M)
        row.setStretch(1, 1)
        self._model_row = held(row)
        self._model_row.hide()
        self.column.addWidget(self._model_row)
        self.turned.connect(self._show_model)

    def begin(
        self, credential: Credential, values: Mapping[str, Secret] | None = None, *, model: str | None = None
    ) -> None:
        """See `CheckView`; the model is the one in the field, if there is one."""
        super().begin(credential, values, model=model or self.model.text().strip() or None)

    def _show_model(self) -> None:
        report = self.report
        self._model_row.setVisible(report is not None and _about_the_model(report))
        if report is not None and report.model is not None:
            self.model.setPlaceholderText(report.model)


def _about_the_model(report: Report) -> bool:
    return any(one.state is State.FAILED and one.stage in _ABOUT_THE_MODEL for one in report.findings)
