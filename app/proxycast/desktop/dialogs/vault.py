"""Dialogs about the encrypted vault: making it, and giving it another passphrase."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button
from proxycast.desktop.widgets.dialogs import Dialog
from proxycast.desktop.widgets.fields import Field, SecretField
from proxycast.desktop.widgets.frames import column_of, row_of
from proxycast.desktop.widgets.labels import label
from proxycast.model.errors import ProxyCastError
from proxycast.model.secret import Secret
from proxycast.store.secrets import SHORTEST_PASSPHRASE


class NewPassphrase(QWidget):
    """A passphrase that is chosen, entered twice.

    Signals:
        edited: the user changed something.
    """

    edited = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        show, hide = self.tr("Show"), self.tr("Hide")
        self.first = SecretField(theme, show=show, hide=hide)
        self.second = SecretField(theme, show=show, hide=hide)
        least = self.tr("At least %n characters; several words are best.", "", SHORTEST_PASSPHRASE)
        self._once = Field(self.tr("New passphrase"), self.first, least)
        self._again = Field(self.tr("Repeat new passphrase"), self.second)
        self.setLayout(column_of(self._once, self._again, spacing=Space.L))
        for field in (self.first, self.second):
            field.textChanged.connect(self._check)

    @property
    def entered(self) -> Secret:
        """The passphrase, as it was typed."""
        return Secret(self.first.text())

    @property
    def is_good(self) -> bool:
        """Whether it is long enough, and twice the same."""
        return len(self.first.text()) >= SHORTEST_PASSPHRASE and self.first.text() == self.second.text()

    def _check(self) -> None:
        differs = bool(self.second.text()) and self.first.text() != self.second.text()
        self._again.explain(
            self.tr("The passphrases do not match.") if differs else "", Tone.ERROR if differs else Tone.NEUTRAL
        )
        self.edited.emit()


class VaultDialog(Dialog):
    """Asks for the passphrase of a new vault."""

    def __init__(self, bridge: Bridge, over: QWidget) -> None:
        super().__init__(over.window())
        self.setWindowTitle(self.tr("Keep keys encrypted"))
        self.passphrase = NewPassphrase(bridge.theme)
        self.save = button(self.tr("Encrypt"), Rank.PRIMARY, self.accept)
        self.passphrase.edited.connect(self._allow)
        explanation = self.tr(
            "ProxyCast keeps your keys in a file encrypted with this passphrase, and asks for it at every start. If "
            "you forget the passphrase, the keys are lost."
        )
        cancel = button(self.tr("Cancel"), Rank.SECONDARY, self.reject)
        _lay_out(self, explanation, self.passphrase, cancel=cancel, save=self.save)

    def _allow(self) -> None:
        self.save.setEnabled(self.passphrase.is_good)


class ChangePassphraseDialog(Dialog):
    """Gives the vault another passphrase; stays open if the old one is wrong."""

    def __init__(self, bridge: Bridge, over: QWidget) -> None:
        super().__init__(over.window())
        self._bridge = bridge
        self.setWindowTitle(self.tr("Change the passphrase"))
        self.old = SecretField(bridge.theme, show=self.tr("Show"), hide=self.tr("Hide"))
        self._old = Field(self.tr("Current passphrase"), self.old)
        self.passphrase = NewPassphrase(bridge.theme)
        self.save = button(self.tr("Change"), Rank.PRIMARY, self.change)
        self.old.textChanged.connect(self._allow)
        self.passphrase.edited.connect(self._allow)
        explanation = self.tr("The vault is encrypted again. Older copies of the file keep the old passphrase.")
        cancel = button(self.tr("Cancel"), Rank.SECONDARY, self.reject)
        _lay_out(self, explanation, self._old, self.passphrase, cancel=cancel, save=self.save)

    def change(self) -> None:
        """Change it, and close if that worked."""
        self._bridge.start(self._change(), name="change the passphrase")

    def _allow(self) -> None:
        self._old.explain()
        self.save.setEnabled(bool(self.old.text()) and self.passphrase.is_good)

    async def _change(self) -> None:
        self.save.setEnabled(False)
        try:
            await self._bridge.service.secrets.change_passphrase(Secret(self.old.text()), self.passphrase.entered)
        except ProxyCastError as error:
            self._old.explain(self._bridge.say(error), Tone.ERROR)
            self.old.setFocus()
            self.old.selectAll()
        else:
            self.accept()


def _lay_out(dialog: Dialog, explanation: str, *fields: QWidget, cancel: QPushButton, save: QPushButton) -> None:
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setMinimumWidth(440)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
    column.setSpacing(Space.L)
    column.addWidget(label(dialog.windowTitle(), "title"))
    column.addWidget(label(explanation, "quiet", wrap=True))
    for field in fields:
        column.addWidget(field)
    row = row_of()
    row.addStretch(1)
    row.addWidget(cancel)
    row.addWidget(save)
    column.addLayout(row)
    save.setDefault(True)
    save.setEnabled(False)
