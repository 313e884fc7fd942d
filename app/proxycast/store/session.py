"""Secrets in memory only: what is left where there is neither a keyring nor a passphrase."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from proxycast.model.secret import Secret
from proxycast.model.text import Text


class Session:
    """Secrets that last as long as the program runs. A SecretBackend that never fails."""

    def __init__(self) -> None:
        self._values: dict[str, Secret] = {}

    @property
    def label(self) -> Text:
        """How the user knows this place."""
        return Text("this session only (not saved)")

    @property
    def users(self) -> AbstractSet[str]:
        """Under which names there are values, now and later."""
        return self._values.keys()

    async def get(self, user: str) -> Secret | None:
        """The value stored under `user`, or None if there is none."""
        return self._values.get(user)

    async def set(self, user: str, value: Secret) -> None:
        """Keep a value until the program ends."""
        self._values[user] = value

    async def delete(self, user: str) -> None:
        """Forget a value; one that is not there is no error."""
        self._values.pop(user, None)

    async def unlock(self) -> None:
        """Nothing to unlock."""

    async def state(self) -> None:
        """Always ready."""

    def close(self) -> None:
        """Forget everything."""
        self._values.clear()
