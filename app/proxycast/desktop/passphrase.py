"""Asks for the passphrase of the encrypted vault."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button
from proxycast.desktop.widgets.dialogs import Dialog, answer
from proxycast.desktop.widgets.fields import SecretField
from proxycast.desktop.widgets.frames import row_of
from proxycast.desktop.widgets.labels import label
from proxycast.model.secret import Secret


class PassphraseDialog(Dialog):
    """A field for the passphrase; `entered` is what was typed when it was accepted."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self.entered: Secret | None = None
        self.setWindowTitle(self.tr("Unlock the vault"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        column.setSpacing(Space.M)
        column.addWidget(label(self.windowTitle(), "title"))
        words = label(self.tr("Your keys are in a file encrypted with your passphrase."), "quiet", wrap=True)
        words.setMinimumWidth(380)
        column.addWidget(words)
        self.field = SecretField(theme, show=self.tr("Show the passphrase"), hide=self.tr("Hide the passphrase"))
        self.field.setAccessibleName(self.tr("Passphrase"))
        self.field.setPlaceholderText(self.tr("Passphrase"))
        self.field.textChanged.connect(self._allow)
        column.addWidget(self.field)
        column.addSpacing(Space.S)
        self.unlock = button(self.tr("Unlock"), Rank.PRIMARY, self.accept)
        self.unlock.setDefault(True)
        self.unlock.setEnabled(False)
        row = row_of()
        row.addStretch(1)
        row.addWidget(button(self.tr("Cancel"), Rank.SECONDARY, self.reject))
        row.addWidget(self.unlock)
        column.addLayout(row)
        self.field.setFocus()

    def accept(self) -> None:
        self.entered = Secret(self.field.text())
        super().accept()

    def _allow(self) -> None:
        self.unlock.setEnabled(bool(self.field.text()))


async def ask_passphrase(theme: Theme, over: QWidget) -> Secret | None:
    """Ask over a window; None if the user does not say."""
    dialog = PassphraseDialog(theme, over)
    return dialog.entered if await answer(dialog) else None
