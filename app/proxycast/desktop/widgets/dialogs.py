"""Dialogs that a coroutine can wait for. They never run an event loop of their own."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button
from proxycast.desktop.widgets.frames import row_of
from proxycast.desktop.widgets.labels import label

_CHANGES = frozenset({QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show})


async def answer(dialog: QDialog) -> bool:
    """Open a dialog over its window and wait until it is closed. Gives whether it was accepted.

    If the task is cancelled, the dialog is closed. It is deleted afterwards.
    """
    closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def close(result: int) -> None:
        if not closed.done():
            closed.set_result(result)

    dialog.finished.connect(close)
    dialog.open()
    try:
        return await closed == QDialog.DialogCode.Accepted
    finally:
        dialog.close()
        dialog.deleteLater()


class Dialog(QDialog):
    """A dialog that is always as tall as its texts need at the width that it has."""

    def event(self, event: QEvent) -> bool:
        """Look after the height whenever the width or the contents have changed."""
        changed = event.type() in _CHANGES
        handled = super().event(event)  # which for some deletes this
        if changed and (layout := self.layout()) is not None and layout.hasHeightForWidth():
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return handled


class Question(Dialog):
    """Asks whether to go on; `yes` names what is done then. Escape and closing mean no."""

    def __init__(self, over: QWidget, question: str, explanation: str, yes: str, rank: Rank) -> None:
        super().__init__(over.window())
        self.setWindowTitle(question)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        column.setSpacing(Space.M)
        column.addWidget(label(question, "title", wrap=True))
        words = label(explanation, "quiet", wrap=True)
        words.setMinimumWidth(380)
        column.addWidget(words)
        column.addSpacing(Space.S)
        self.no = button(self.tr("Cancel"), Rank.SECONDARY, self.reject)
        self.yes = button(yes, rank, self.accept)
        row = row_of()
        row.addStretch(1)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        column.addLayout(row)
        self.no.setFocus()


async def confirm(over: QWidget, question: str, explanation: str, yes: str, rank: Rank = Rank.PRIMARY) -> bool:
    """Ask over the window of `over` and wait for the answer. See `Question`."""
    return await answer(Question(over, question, explanation, yes, rank))
