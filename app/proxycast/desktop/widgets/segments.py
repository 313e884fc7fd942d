"""Segments: a choice of one among a few that are all in sight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QSizePolicy

from proxycast.desktop.widgets.frames import row_of

T = TypeVar("T")


class Segments(QFrame, Generic[T]):
    """Buttons side by side, of which one is down. Tab reaches the one that is down, and the arrows choose others.

    Signals:
        chosen: the value that the user chose.
    """

    chosen = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[str, T]], now: T) -> None:
        super().__init__()
        self.setProperty("kind", "sunken")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self._values = [value for _, value in choices]
        self._group = QButtonGroup(self)
        row = row_of(spacing=2)
        row.setContentsMargins(3, 3, 3, 3)
        self.buttons = [self._button(text) for text, _ in choices]
        for position, made in enumerate(self.buttons):
            self._group.addButton(made, position)
            row.addWidget(made)
        self.setLayout(row)
        self.buttons[self._values.index(now)].setChecked(True)
        self._group.idClicked.connect(lambda position: self.chosen.emit(self._values[position]))

    @property
    def value(self) -> T:
        """What is chosen."""
        return self._values[self._group.checkedId()]

    def _button(self, text: str) -> QPushButton:
        made = QPushButton(text)
        made.setProperty("kind", "segment")
        made.setCheckable(True)
        made.setAutoDefault(False)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        return made
