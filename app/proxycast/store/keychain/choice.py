"""Which keyring this machine has. Imported at first use only."""

from __future__ import annotations

import importlib.util
import platform
from typing import Protocol

from proxycast.model.errors import KeyringMissing
from proxycast.store.keychain.native import kwallet_if_there, macos, windows
from proxycast.store.keychain.secret_service import SecretService


class Keyring(Protocol):
    """Blocking access to a keyring. Every call may raise KeyringError, and TimeoutError if the keyring does not answer.

    `asks_by_itself`: whether any call may wait for the user; if not, only `unlock` does.
    """

    @property
    def asks_by_itself(self) -> bool:
        """Whether any call may wait for the user."""

    def get(self, user: str) -> str | None:
        """The value of an item, or None."""

    def set(self, user: str, value: str) -> None:
        """Store an item, in place of an older one."""

    def delete(self, user: str) -> None:
        """Remove an item, if there is one."""

    def probe(self) -> None:
        """Raises what a use would raise, as far as that can be found out without a prompt."""

    def unlock(self, seconds: float | None) -> None:
        """Ask the user to unlock it, and wait at most `seconds`; with None, unlock it if that takes nobody's answer."""


def choose(service: str, *, interactive: bool, patience: float) -> Keyring:
    """The keyring that holds the items of `service` on this machine; whether it works shows at its use."""
    system = platform.system()
    if system == "Darwin":
        return macos(service)
    if system == "Windows":
        return windows(service)
    secret_service = SecretService(service, interactive=interactive, patience=patience)
    if importlib.util.find_spec("dbus") is None:
        return secret_service
    try:
        secret_service.probe()
    except KeyringMissing:
        return kwallet_if_there(service) or secret_service
    return secret_service
