"""What to do about an error in the window, where the error itself tells those who have only the command line."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from proxycast.model.errors import (
    ConnectionLost,
    CredentialDisabled,
    DestinationChanged,
    KeyringMissing,
    NameTaken,
    NothingSelected,
    PortTaken,
    ProxyCastError,
    SecretMissing,
    UnknownCredential,
    VaultLocked,
)

_OF_THE_COMMAND_LINE = re.compile(r"`proxycast |PROXYCAST_|--[a-z]")


def in_the_window(error: ProxyCastError) -> str | None:
    """The remedy in the window, in the user's language; None where the error's own is as good."""
    if error.remedy is None or not _OF_THE_COMMAND_LINE.search(error.remedy.template):
        return None
    for kind, words in _words().items():
        if isinstance(error, kind):
            return words
    return None


def _words() -> dict[type[ProxyCastError], str]:
    return {
        PortTaken: QCoreApplication.translate("Remedies", "Stop that program, or choose another port."),
        NothingSelected: QCoreApplication.translate("Remedies", "Add a credential, or select one."),
        UnknownCredential: QCoreApplication.translate("Remedies", "It may have been removed elsewhere."),
        NameTaken: QCoreApplication.translate("Remedies", "Choose another name."),
        CredentialDisabled: QCoreApplication.translate("Remedies", "Enable it, or select another."),
        SecretMissing: QCoreApplication.translate("Remedies", "Edit the credential and enter its key."),
        DestinationChanged: QCoreApplication.translate("Remedies", "Edit the credential and enter its key again."),
        KeyringMissing: QCoreApplication.translate(
            "Remedies", "Start a keyring, such as GNOME Keyring or KWallet, or keep keys in an encrypted file."
        ),
        ConnectionLost: QCoreApplication.translate(
            "Remedies", "Try again. If that does not help, check the credential."
        ),
        VaultLocked: QCoreApplication.translate("Remedies", "Enter its passphrase."),
    }
