"""What keeps a keyring from working, in the user's words.

The texts are fixed: what a library says about a failure may hold the value it failed on.
"""

from __future__ import annotations

from proxycast.model.errors import (
    KeyringDismissed,
    KeyringFailed,
    KeyringLocked,
    KeyringMissing,
    KeyringSilent,
)
from proxycast.model.text import Text


def no_bus() -> KeyringMissing:
    """There is nothing to ask for a keyring at all (Linux without a D-Bus session)."""
    return KeyringMissing(
        Text("No keyring can be reached: there is no D-Bus session."),
        Text("Start ProxyCast inside a desktop session, or give PROXYCAST_PASSPHRASE to use the encrypted vault."),
    )


def no_service() -> KeyringMissing:
    """No program on this machine plays the keyring."""
    return KeyringMissing(
        Text("No keyring service is installed."),
        Text("Install GNOME Keyring, KWallet or KeePassXC, or give PROXYCAST_PASSPHRASE to use the encrypted vault."),
    )


def does_not_start() -> KeyringMissing:
    """A keyring service is installed, but the session cannot start it."""
    return KeyringMissing(
        Text("The keyring service does not run and could not be started."),
        Text("Log out and in again, or give PROXYCAST_PASSPHRASE to use the encrypted vault."),
    )


def ended() -> KeyringFailed:
    """The service that answered before is gone: not a machine without a keyring, for which there is the vault."""
    return KeyringFailed(
        Text("The keyring service has ended."),
        Text("Start it again, for example by logging out and in. ProxyCast then goes on by itself."),
    )


def no_keyring_yet() -> KeyringMissing:
    """The service runs, but has no default collection, and nobody can be asked to make one."""
    return KeyringMissing(
        Text("The keyring service has no default keyring that could hold a secret."),
        Text("Create one in your desktop session, or give PROXYCAST_PASSPHRASE to use the encrypted vault."),
    )


def not_created_yet() -> KeyringLocked:
    """The service has no default collection; its prompt will make one."""
    return KeyringLocked(
        Text("The keyring service has no default keyring yet."),
        Text("Answer its prompt to create one."),
    )


def locked() -> KeyringLocked:
    """The keyring is locked."""
    return KeyringLocked(Text("The keyring is locked."), Text("Unlock it in your desktop session, then try again."))


def locked_since_start() -> KeyringLocked:
    """The service had ended or never ran; it was started just now and is therefore locked."""
    return KeyringLocked(
        Text("The keyring service was not running. It has been started again, but the keyring is locked."),
        Text("Unlock it in your desktop session, then try again."),
    )


def not_answered(seconds: float) -> KeyringLocked:
    """The prompt stayed open for too long."""
    return KeyringLocked(
        Text("The keyring is still locked: its prompt was not answered for {seconds} seconds.", seconds=round(seconds)),
        Text("Answer the prompt, or unlock the keyring in your desktop session, then try again."),
    )


def dismissed() -> KeyringDismissed:
    """The user closed the prompt."""
    return KeyringDismissed(
        Text("The keyring stays closed to ProxyCast, because its prompt was dismissed."),
        Text("Try again and answer the prompt, or unlock the keyring in your desktop session."),
    )


def silent() -> KeyringSilent:
    """No answer before the deadline."""
    return KeyringSilent(
        Text("The keyring does not answer."),
        Text("If this lasts, restart the keyring service or log out and in. ProxyCast then goes on by itself."),
    )


def failed() -> KeyringFailed:
    """Anything else."""
    return KeyringFailed(
        Text("The keyring answered with an error."),
        Text("Try again. The program that provides the keyring may say more in its own log."),
    )


def damaged() -> KeyringFailed:
    """An item is not of the form in which it was written."""
    return KeyringFailed(
        Text("A secret of ProxyCast in the keyring is damaged or was changed by another program."),
        Text("Enter the key of this credential again."),
    )
