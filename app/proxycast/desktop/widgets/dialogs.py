"""Dialogs that a coroutine can wait for. They never run an event loop of their own."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button
from proxycast.desktop.widgets.frames import row_of
from proxycast.desktop.widgets.labels import label


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


async def confirm(over: QWidget, question: str, explanation: str, yes: str, rank: Rank = Rank.PRIMARY) -> bool:
    """Ask whether to go on; `yes` names what is done then. Escape and closing mean no."""
    dialog = QDialog(over.window())
    dialog.setWindowTitle(question)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
    column.setSpacing(Space.M)
    column.addWidget(label(question, "title", wrap=True))
    words = label(explanation, "quiet", wrap=True)
    words.setMinimumWidth(380)
    column.addWidget(words)
    column.addSpacing(Space.S)
    row = row_of()
    row.addStretch(1)
    no = button(dialog.tr("Cancel"), Rank.SECONDARY, dialog.reject)
    row.addWidget(no)
    row.addWidget(button(yes, rank, dialog.accept))
    column.addLayout(row)
    no.setFocus()
    return await answer(dialog)
