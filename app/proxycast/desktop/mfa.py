"""Asks for the code of an AWS MFA device."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button
from proxycast.desktop.widgets.dialogs import Dialog, answer
from proxycast.desktop.widgets.fields import TextField
from proxycast.desktop.widgets.frames import row_of
from proxycast.desktop.widgets.labels import label

_DIGITS = 6


class MfaDialog(Dialog):
    """A field for the code; `code` is what was typed when it was accepted. `name` is the credential's."""

    def __init__(self, over: QWidget, name: str) -> None:
        super().__init__(over)
        self.code: str | None = None
        self.setWindowTitle(self.tr("Sign in to AWS"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        column.setSpacing(Space.M)
        column.addWidget(label(self.windowTitle(), "title"))
        text = self.tr("{name} uses a role that requires a second factor. Enter the code shown on your MFA device.")
        words = label(text.format(name=name), "quiet", wrap=True)
        words.setMinimumWidth(380)
        column.addWidget(words)
        self.field = TextField(hint="123456")
        self.field.setAccessibleName(self.tr("MFA code"))
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.field.textChanged.connect(self._allow)
        column.addWidget(self.field)
        column.addSpacing(Space.S)
        self.sign_in = button(self.tr("Sign in"), Rank.PRIMARY, self.accept)
        self.sign_in.setDefault(True)
        self.sign_in.setEnabled(False)
        row = row_of()
        row.addStretch(1)
        row.addWidget(button(self.tr("Cancel"), Rank.SECONDARY, self.reject))
        row.addWidget(self.sign_in)
        column.addLayout(row)
        self.field.setFocus()

    def accept(self) -> None:
        self.code = self._typed()
        super().accept()

    def _typed(self) -> str:
        return "".join(self.field.text().split())

    def _allow(self) -> None:
        code = self._typed()
        self.sign_in.setEnabled(len(code) == _DIGITS and code.isdigit())


async def ask_code(over: QWidget, name: str) -> str | None:
    """Ask over a window; None if the user does not say."""
    dialog = MfaDialog(over, name)
    return dialog.code if await answer(dialog) else None
