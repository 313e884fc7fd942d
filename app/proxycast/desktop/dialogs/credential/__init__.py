"""The dialog "Claude Custom", which adds and edits credentials."""

from proxycast.desktop.dialogs.credential.dialog import CredentialDialog

__all__ = ["CredentialDialog"]
