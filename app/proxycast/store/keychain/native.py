"""Keyrings whose library calls ask the user by themselves: macOS, Windows, and KWallet's own interface.

Imported at first use only.
"""

from __future__ import annotations

import logging

from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError

from proxycast.model.errors import KeyringError
from proxycast.store.keychain import problems
from proxycast.store.keychain.backends import load, told_apart
from proxycast.store.keychain.shards import Sharded

WINDOWS_LIMIT = 1280
"""Characters in a Windows credential: CRED_MAX_CREDENTIAL_BLOB_SIZE is 2,560 bytes, and keyring stores UTF-16."""

_INTERACTION_NOT_ALLOWED = -25308
"""macOS's errSecInteractionNotAllowed: the keychain is locked and no window may be shown."""

_log = logging.getLogger(__name__)


class Native:
    """Blocking access to a backend of keyring. Every call may raise KeyringError, and may wait for the user.

    `limit`: the characters that one item holds, None for any number.
    """

    asks_by_itself = True

    def __init__(self, backend: KeyringBackend, service: str, limit: int | None = None) -> None:
        plain = _Plain(backend, service)
        self._items = plain if limit is None else Sharded(plain, limit)

    def get(self, user: str) -> str | None:
        """The value of an item, or None."""
        return told_apart(_explain, lambda: self._items.get(user))

    def set(self, user: str, value: str) -> None:
        """Store an item, in place of an older one."""
        told_apart(_explain, lambda: self._items.set(user, value))

    def delete(self, user: str) -> None:
        """Remove an item, if there is one."""
        told_apart(_explain, lambda: self._items.delete(user))

    def probe(self) -> None:
        """Nothing: the state of these keyrings cannot be found out without a prompt."""

    def unlock(self, seconds: float | None) -> None:
        """Nothing: these keyrings unlock themselves when they are used."""


def macos(service: str) -> Native:
    """The login keychain, whatever file KEYCHAIN_PATH names."""
    return Native(load("keyring.backends.macOS", "Keyring", keychain=None), service)


def windows(service: str) -> Native:
    """The credential manager, in which long values are spread over several items."""
    return Native(load("keyring.backends.Windows", "WinVaultKeyring"), service, WINDOWS_LIMIT)


def kwallet_if_there(service: str) -> Native | None:
    """KWallet 5 by its own interface, if it runs and dbus-python is installed.

    From KDE Frameworks 5.97 on it is a Secret Service as well, and is used as one.
    """
    backend = load("keyring.backends.kwallet", "DBusKeyring", appid="ProxyCast")
    return Native(backend, service) if type(backend).viable else None


class _Plain:
    """A backend's items under one service name."""

    def __init__(self, backend: KeyringBackend, service: str) -> None:
        self._backend = backend
        self._service = service

    def get(self, user: str) -> str | None:
        return self._backend.get_password(self._service, user)

    def set(self, user: str, value: str) -> None:
        self._backend.set_password(self._service, user, value)

    def delete(self, user: str) -> None:
        try:
            self._backend.delete_password(self._service, user)
        except PasswordDeleteError:  # raised for an absent item and for every other failure alike
            if self.get(user) is not None:
                raise


def _explain(error: Exception) -> KeyringError:
    _log.debug("the keyring fails with %s", type(error).__name__)
    if isinstance(error, KeyringLocked):
        return problems.dismissed()
    if isinstance(error, InitError):
        return problems.ended()
    status = getattr(error.__cause__, "args", ())[:1]
    return problems.locked() if status == (_INTERACTION_NOT_ALLOWED,) else problems.failed()
