"""Changes to the pool, in the order that loses nothing.

Adding and rotating: the secrets are written under a new revision and read back, then the configuration is switched to
it, then the old revision is deleted. Removing: the configuration first, then the secrets. A crash between any two steps
leaves at worst an item that nothing refers to; the ledger knows it, and the next start sweeps it away.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

import msgspec

from proxycast.model.credential import Credential, Keyring, SecretSource
from proxycast.model.errors import KeyringError, NameTaken, VaultError
from proxycast.model.pool import Pool
from proxycast.model.secret import Secret
from proxycast.model.settings import Settings
from proxycast.model.text import Text
from proxycast.store import config_edit
from proxycast.store.config import Configuration
from proxycast.store.config_file import ConfigFile
from proxycast.store.secrets import SecretStore

_log = logging.getLogger(__name__)


class Keeper:
    """Keeps configuration file and secrets in step. `adopt` is told of every configuration that a change leads to."""

    def __init__(self, file: ConfigFile, secrets: SecretStore, adopt: Callable[[Configuration], None]) -> None:
        self._file = file
        self._secrets = secrets
        self._adopt = adopt

    async def add(self, pool: Pool, credential: Credential, values: Mapping[str, Secret]) -> Credential:
        """Add a credential whose secrets have these values. Raises NameTaken, ConfigError, KeyringError, VaultError."""
        require_free(pool, credential.name)
        kept = _kept_in_keyring(credential, values)
        if values:
            await self._secrets.write(kept.id, kept.revision, kept.origin, values)
        await self._edit(lambda text: config_edit.put(text, kept))
        if values:
            await self._secrets.settle(kept.id, kept.revision)
        return kept

    async def change(self, pool: Pool, name: str, changed: Credential, values: Mapping[str, Secret]) -> Credential:
        """Put `changed` in place of the credential `name`; `values` are secrets that were entered anew.

        Secrets that were not stay. Since the user changed the credential here, a new destination is confirmed by it.
        Raises UnknownCredential, NameTaken, ConfigError, KeyringError, VaultError.
        """
        old = pool.by_name(name)
        if changed.name != name:
            require_free(pool, changed.name)
        moved = old.uses_keyring and changed.origin != old.origin
        if not values and not moved:
            await self._edit(lambda text: config_edit.put(text, changed, name=name))
            return changed
        stored = await self._secrets.read(old.id, old.revision) if old.uses_keyring else None
        merged = {**(stored.secrets if stored is not None else {}), **values}
        if not merged:
            await self._edit(lambda text: config_edit.put(text, changed, name=name))
            return changed
        kept = _kept_in_keyring(msgspec.structs.replace(changed, revision=old.revision + 1), merged)
        await self._secrets.write(kept.id, kept.revision, kept.origin, merged)
        await self._edit(lambda text: config_edit.put(text, kept, name=name))
        await self._secrets.settle(kept.id, kept.revision)
        if old.uses_keyring:
            await self._forget(old)
        return kept

    async def remove(self, pool: Pool, name: str) -> Credential:
        """Remove a credential and its secrets. Raises UnknownCredential, ConfigError."""
        old = pool.by_name(name)
        if old.uses_keyring:
            await self._secrets.condemn(old.id, old.revision)
        await self._edit(lambda text: config_edit.remove(text, name))
        if old.uses_keyring:
            await self._forget(old)
        return old

    async def select(self, pool: Pool, name: str) -> None:
        """Select a credential. Raises UnknownCredential, ConfigError."""
        pool.by_name(name)
        await self._edit(lambda text: config_edit.select(text, name))

    async def move(self, pool: Pool, name: str, *, before: str | None) -> None:
        """Put a credential before another one, or at the end. Raises UnknownCredential, InputError, ConfigError."""
        pool.by_name(name)
        await self._edit(lambda text: config_edit.move(text, name, before=before))

    async def change_settings(self, settings: Settings) -> None:
        """Write the program's settings. Raises InputError, ConfigError."""
        await self._edit(lambda text: config_edit.change_settings(text, settings))

    async def _edit(self, edit: Callable[[str], str]) -> None:
        self._adopt(await asyncio.to_thread(self._file.edit, edit))

    async def _forget(self, old: Credential) -> None:
        """Delete secrets that nothing refers to any more; if the keyring will not now, the next sweep does it."""
        try:
            await self._secrets.forget(old.id, old.revision)
        except (KeyringError, VaultError) as error:
            _log.warning("the old secrets of a credential are deleted at the next start: %s", error.code)


def require_free(pool: Pool, name: str) -> None:
    """Raises NameTaken if a credential has this name."""
    if any(one.name == name for one in pool.credentials):
        raise NameTaken(
            Text("There is already a credential named {name}.", name=name),
            Text("Choose another name; `proxycast rotate {name}` replaces its key.", name=name),
        )


def _kept_in_keyring(credential: Credential, values: Mapping[str, Secret]) -> Credential:
    sources: dict[str, SecretSource] = {**credential.secrets, **dict.fromkeys(values, Keyring())}
    return msgspec.structs.replace(credential, secrets=sources)
