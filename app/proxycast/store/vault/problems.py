"""What keeps the vault from working, in the user's words."""

from __future__ import annotations

from proxycast.model.errors import VaultDamaged, VaultError, VaultLocked, WrongPassphrase
from proxycast.model.text import Text


def locked() -> VaultLocked:
    """The vault is there, but its passphrase is not."""
    return VaultLocked(Text("The vault is locked."), Text("Enter its passphrase, or give it in PROXYCAST_PASSPHRASE."))


def wrong_passphrase() -> WrongPassphrase:
    """The passphrase is not the one the vault was made with."""
    return WrongPassphrase(
        Text("The passphrase does not open the vault."), Text("Enter the one that the vault was made with.")
    )


def damaged() -> VaultDamaged:
    """The file is not a vault, or not as it was written."""
    return VaultDamaged(
        Text("The vault file is damaged, or was changed by another program."),
        Text("Put back a copy of it from a backup, or move it away and enter the keys again."),
    )


def busy(seconds: float) -> VaultError:
    """Another process holds the vault's lock."""
    return VaultError(
        Text("Another process has been writing the vault for {seconds} seconds.", seconds=round(seconds)),
        Text("Try again."),
    )


def disk(error: OSError) -> VaultError:
    """The system refuses to read or write the file."""
    return VaultError(
        Text("The vault cannot be read or written: {reason}.", reason=error.strerror),
        Text("Make sure that the disk is not full and that the file belongs to you."),
    )
