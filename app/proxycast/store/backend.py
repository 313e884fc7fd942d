"""What every place for secrets can do: the OS keyring, the encrypted vault, the memory of this session."""

from __future__ import annotations

from typing import Protocol

from proxycast.model.errors import ProxyCastError
from proxycast.model.secret import Secret
from proxycast.model.text import Text


class SecretBackend(Protocol):
    """A place for secrets. An item is named by its *user*, as keyrings call it: `<credential id>/<revision>`.

    Every method may raise KeyringError or VaultError.
    """

    @property
    def label(self) -> Text:
        """How the user knows this place."""

    async def get(self, user: str) -> Secret | None:
        """The value stored under `user`, or None if there is none."""

    async def set(self, user: str, value: Secret) -> None:
        """Store a value, in place of an older one."""

    async def delete(self, user: str) -> None:
        """Remove an item; one that is not there is no error."""

    async def unlock(self) -> None:
        """Make the place usable because the user asks for it: this may show a prompt."""

    async def state(self) -> ProxyCastError | None:
        """What a use would raise now, found out without prompting; None if the place is ready."""

    def close(self) -> None:
        """Let go of threads and keys."""
