"""Secrets in an encrypted file, for coroutines."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from proxycast.model.errors import VaultError, VaultLocked, WrongPassphrase
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.store.prompts import Prompts
from proxycast.store.vault import problems

if TYPE_CHECKING:
    from proxycast.store.vault.file import VaultFile

T = TypeVar("T")

Ask = Callable[[], Awaitable[Secret | None]]
"""Asks the user for the vault's passphrase; None if they would not say."""


class Vault:
    """The encrypted vault at `path`: a SecretBackend. Deriving keys and the disk stay off the loop.

    It is opened at first use with `passphrase`, or else with what `ask` returns, and stays open until `close`. With
    `passphrase` it is also made at the first write, if there is none.
    """

    def __init__(self, path: Path, *, passphrase: Secret | None = None, ask: Ask | None = None) -> None:
        self._path = path
        self._passphrase = passphrase
        self._ask = ask
        self._prompts = Prompts("vault passphrase", refusals=(VaultLocked, WrongPassphrase))
        self._file: VaultFile | None = None

    @property
    def label(self) -> Text:
        """How the user knows this place."""
        return Text("encrypted vault")

    @property
    def exists(self) -> bool:
        """Whether the file is there."""
        return self._path.exists()

    @property
    def can_hold(self) -> bool:
        """Whether the file is there, or would be made by the first write."""
        return self.exists or self._passphrase is not None

    async def get(self, user: str) -> Secret | None:
        """The value stored under `user`, or None. Raises VaultError."""
        if not self.exists:
            return None
        value = await self._use(lambda file: file.get(user))
        return None if value is None else Secret(value)

    async def set(self, user: str, value: Secret) -> None:
        """Store a value, in place of an older one. Raises VaultError."""
        if not self.exists and self._passphrase is not None:
            await self.create(self._passphrase)
        await self._use(lambda file: file.set(user, value.reveal()))

    async def delete(self, user: str) -> None:
        """Remove a value; one that is not there is no error. Raises VaultError."""
        if self.exists:
            await self._use(lambda file: file.delete(user))

    async def unlock(self) -> None:
        """Open the vault, asking for the passphrase if need be, even after it was refused. Raises VaultError."""
        self._prompts.allow()
        if self.exists and await self.state() is not None:
            await self._prompts.show(self._open_with_passphrase)

    async def state(self) -> VaultError | None:
        """VaultLocked if a use would have to ask for the passphrase."""
        is_open = self._file is not None and self._file.is_open
        return None if is_open or self._passphrase is not None else problems.locked()

    async def create(self, passphrase: Secret) -> bool:
        """Make an empty vault and leave it open; False, and nothing is done, if there is one.

        Raises InputError for an empty passphrase, VaultError.
        """
        return await asyncio.to_thread(lambda: self._blocking().create(passphrase))

    async def open(self, passphrase: Secret) -> None:
        """Open the vault. Raises WrongPassphrase, VaultDamaged."""
        await asyncio.to_thread(lambda: self._blocking().open(passphrase))

    async def change_passphrase(self, old: Secret, new: Secret) -> None:
        """Encrypt everything under a new passphrase. Raises WrongPassphrase, InputError, VaultError."""
        await asyncio.to_thread(lambda: self._blocking().change_passphrase(old, new))
        if self._passphrase is not None:
            self._passphrase = new

    def close(self) -> None:
        """Forget the key: the next use needs the passphrase again."""
        if self._file is not None:
            self._file.close()

    async def _use(self, call: Callable[[VaultFile], T]) -> T:
        try:
            return await asyncio.to_thread(lambda: call(self._blocking()))
        except VaultLocked:
            await self._prompts.show(self._open_with_passphrase)
        return await asyncio.to_thread(lambda: call(self._blocking()))

    async def _open_with_passphrase(self) -> None:
        passphrase = self._passphrase
        if passphrase is None and self._ask is not None:
            passphrase = await self._ask()
        if passphrase is None:
            raise problems.locked()
        await self.open(passphrase)

    def _blocking(self) -> VaultFile:
        if self._file is None:
            from proxycast.store.vault.file import VaultFile  # noqa: PLC0415  # imports cryptography, which takes time

            self._file = VaultFile(self._path)
        return self._file
