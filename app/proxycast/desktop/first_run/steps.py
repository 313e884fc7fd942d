"""The row that shows which of the steps is at hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.frames import row_of, rule
from proxycast.desktop.widgets.labels import label, restyle

_DISC = 24


class StepRow(QWidget):
    """Numbers in discs, with their names; those that are done have a tick."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = tuple(names)
        self._discs: list[QLabel] = []
        self._words: list[QLabel] = []
        row = row_of(spacing=Space.S)
        for name in names:
            disc = QLabel()
            disc.setProperty("kind", "step")
            disc.setFixedSize(_DISC, _DISC)
            disc.setAlignment(Qt.AlignmentFlag.AlignCenter)
            words = label(name, "label")
            if self._discs:
                row.addWidget(rule(), 1)
            row.addWidget(disc)
            row.addWidget(words)
            self._discs.append(disc)
            self._words.append(words)
        self.setLayout(row)

    def show_at(self, position: int) -> None:
        """Mark the step at this position as the one at hand."""
        for place, (disc, words) in enumerate(zip(self._discs, self._words, strict=True)):
            disc.setText("✓" if place < position else str(place + 1))
            restyle(disc, "at", "done" if place < position else "now" if place == position else "later")
            restyle(words, "type", "label" if place == position else "quiet")
        whole = self.tr("Step {number} of {count}: {name}")
        self.setAccessibleName(whole.format(number=position + 1, count=len(self._names), name=self._names[position]))
