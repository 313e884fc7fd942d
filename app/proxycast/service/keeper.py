"""Changes to the pool, in the order that loses nothing.

Adding and rotating: the secrets are written under a new revision and read back, then the configuration is switched to
it, then the old revision is deleted. Removing: the configuration first, then the secrets. A crash between any two steps
leaves at worst an item that nothing refers to; the ledger knows it, and the next start sweeps it away.

The configuration file is the truth: other programs may have changed it since the caller looked. What the caller wants
to be different is put on top of what the file says now, or refused if both changed the same thing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import msgspec

from proxycast.model.credential import Credential, Keyring, SecretSource
from proxycast.model.errors import ConfigError, InputError, KeyringError, NameTaken, ProxyCastError, VaultError
from proxycast.model.pool import Pool
from proxycast.model.secret import Secret
from proxycast.model.settings import Settings
from proxycast.model.text import Text
from proxycast.service.turn import turn
from proxycast.store import config_edit
from proxycast.store.config import Configuration, parse
from proxycast.store.config_file import ConfigFile
from proxycast.store.secrets import SecretStore

_log = logging.getLogger(__name__)


class Keeper:
    """Keeps configuration file and secrets in step.

    `lock` is the file that is locked while secrets change places. `adopt` is told of every configuration that a change
    leads to. All methods raise ConfigError, and for secrets KeyringError and VaultError.
    """

    def __init__(
        self, file: ConfigFile, secrets: SecretStore, lock: Path, adopt: Callable[[Configuration], None]
    ) -> None:
        self._file = file
        self._secrets = secrets
        self._lock = lock
        self._adopt = adopt

    async def add(self, pool: Pool, credential: Credential, values: Mapping[str, Secret]) -> Credential:
        """Add a credential whose secrets have these values. Raises NameTaken."""
        require_free(pool, credential.name)
        kept = _kept_in_keyring(credential, values)
        if not values:
            await self._edit(lambda text: config_edit.put(text, kept))
            return kept
        require_free((await self._load()).pool, credential.name)
        await self._secrets.write(kept.id, kept.revision, kept.origin, values)
        await self._switch_to(kept, lambda text: config_edit.put(text, kept))
        return kept

    async def change(self, pool: Pool, name: str, changed: Credential, values: Mapping[str, Secret]) -> Credential:
        """Put `changed` in place of the credential `name` of `pool`; `values` are secrets that were entered anew.

        Secrets that were not stay. Since the user changed the credential here, a new destination is confirmed by it.
        Raises UnknownCredential, NameTaken, InputError.
        """
        old = pool.by_name(name)
        if changed.name != name:
            require_free(pool, changed.name)
        changed = msgspec.structs.replace(changed, id=old.id, revision=old.revision)
        if values or (old.uses_keyring and _binding(changed) != _binding(old)):
            async with turn(self._lock):
                return await self._change_secrets(old, changed, values)
        configuration = await self._edit(
            lambda text: config_edit.put(text, rebased(_named(text, name), old, changed), name=name)
        )
        return configuration.pool.by_name(changed.name)

    async def remove(self, pool: Pool, name: str) -> Credential:
        """Remove a credential and its secrets. Raises UnknownCredential, InputError."""
        pool.by_name(name)
        old = await self._current(name)
        if not old.uses_keyring:
            await self._edit(lambda text: config_edit.remove(text, name))
            return old
        await self._secrets.condemn(old.id, old.revision)
        await self._edit(lambda text: config_edit.remove(_unless_changed(text, old), name))
        await self._forget(old)
        return old

    async def select(self, pool: Pool, name: str) -> None:
        """Select a credential. Raises UnknownCredential."""
        pool.by_name(name)
        await self._edit(lambda text: config_edit.select(text, name))

    async def move(self, pool: Pool, name: str, *, before: str | None) -> None:
        """Put a credential before another one, or at the end. Raises UnknownCredential, InputError."""
        pool.by_name(name)
        await self._edit(lambda text: config_edit.move(text, name, before=before))

    async def change_settings(self, settings: Settings) -> None:
        """Write the program's settings. Raises InputError."""
        await self._edit(lambda text: config_edit.change_settings(text, settings))

    async def _change_secrets(self, old: Credential, changed: Credential, values: Mapping[str, Secret]) -> Credential:
        current = await self._current(old.name)
        if current.origin != old.origin:
            raise _changed_elsewhere(old.name)
        wanted = rebased(current, old, changed)
        secrets = await self._merged(current, wanted, values)
        if not secrets:
            return await self._without_new_secrets(current, wanted)
        new = _kept_in_keyring(msgspec.structs.replace(wanted, revision=current.revision + 1), values)
        await self._secrets.write(new.id, new.revision, new.origin, secrets)
        await self._switch_to(new, lambda text: config_edit.put(_unless_changed(text, current), new, name=current.name))
        if current.uses_keyring:
            await self._forget(current)
        return new

    async def _merged(self, old: Credential, wanted: Credential, values: Mapping[str, Secret]) -> dict[str, Secret]:
        """The values of all that `wanted` keeps in the keyring: the new ones, and those that are stored already."""
        lacking = [field for field in _in_keyring(wanted) if field not in values]
        # What is entered anew is not read: it may be damaged, and entering it anew is what helps.
        stored = await self._secrets.read(old.id, old.revision) if lacking else None
        found = {} if stored is None else {field: stored.secrets[field] for field in lacking if field in stored.secrets}
        return {**found, **values}

    async def _without_new_secrets(self, old: Credential, wanted: Credential) -> Credential:
        """A change after which nothing is in the keyring, or which finds nothing there."""
        if not wanted.uses_keyring:
            await self._secrets.condemn(old.id, old.revision)
        await self._edit(lambda text: config_edit.put(_unless_changed(text, old), wanted, name=old.name))
        if not wanted.uses_keyring:
            await self._forget(old)
        return wanted

    async def _switch_to(self, new: Credential, edit: Callable[[str], str]) -> None:
        """Let the configuration refer to the secrets of `new`, which are written. If that fails, delete them again."""
        try:
            await self._edit(edit)
        except ProxyCastError:
            if not await asyncio.to_thread(self._refers_to, new):
                await self._forget(new)
            raise
        await self._tidy(self._secrets.settle(new.id, new.revision))

    def _refers_to(self, credential: Credential) -> bool:
        """Whether the file refers to these secrets, for all we know."""
        try:
            pool = ConfigFile(self._file.path).load().pool
        except ConfigError:
            return True
        return any(one.id == credential.id and one.revision == credential.revision for one in pool.credentials)

    async def _current(self, name: str) -> Credential:
        """The credential as the file has it now."""
        return (await self._load()).pool.by_name(name)

    async def _load(self) -> Configuration:
        configuration = await asyncio.to_thread(self._file.load)
        self._adopt(configuration)
        return configuration

    async def _edit(self, edit: Callable[[str], str]) -> Configuration:
        configuration = await asyncio.to_thread(self._file.edit, edit)
        self._adopt(configuration)
        return configuration

    async def _forget(self, old: Credential) -> None:
        """Delete secrets that nothing refers to any more."""
        await self._tidy(self._secrets.forget(old.id, old.revision))

    async def _tidy(self, work: Awaitable[None]) -> None:
        """Do what only leaves garbage if it fails: the ledger knows of it, and the next start clears it away."""
        try:
            await work
        except (KeyringError, VaultError) as error:
            _log.warning("old secrets of a credential are deleted at the next start: %s", error.code)


def require_free(pool: Pool, name: str) -> None:
    """Raises NameTaken if a credential has this name."""
    if any(one.name == name for one in pool.credentials):
        raise NameTaken(
            Text("There is already a credential named {name}.", name=name),
            Text("Choose another name; `proxycast rotate {name}` replaces its key.", name=name),
        )


def rebased(current: Credential, old: Credential, changed: Credential) -> Credential:
    """What makes `changed` different from `old`, on top of `current`.

    Raises InputError if `current` is different from `old` in the same things.
    """
    wanted = {field: getattr(changed, field) for field in Credential.__struct_fields__}
    differing = {field: value for field, value in wanted.items() if value != getattr(old, field)}
    if any(getattr(current, field) not in (getattr(old, field), value) for field, value in differing.items()):
        raise _changed_elsewhere(old.name)
    return msgspec.structs.replace(current, **differing)


def _binding(credential: Credential) -> tuple[str, frozenset[str]]:
    """What the stored item depends on: where its secrets may go, and which there are."""
    return credential.origin, frozenset(_in_keyring(credential))


def _in_keyring(credential: Credential) -> list[str]:
    return [field for field, source in credential.secrets.items() if isinstance(source, Keyring)]


def _kept_in_keyring(credential: Credential, values: Mapping[str, Secret]) -> Credential:
    sources: dict[str, SecretSource] = {**credential.secrets, **dict.fromkeys(values, Keyring())}
    return msgspec.structs.replace(credential, secrets=sources)


def _named(text: str, name: str) -> Credential:
    return parse(text, "config.yaml").pool.by_name(name)


def _unless_changed(text: str, known: Credential) -> str:
    """The text, if it still says what is known of a credential. Raises InputError."""
    if _named(text, known.name) != known:
        raise _changed_elsewhere(known.name)
    return text


def _changed_elsewhere(name: str) -> InputError:
    return InputError(
        Text("{name} was changed elsewhere at the same time, so nothing was changed here.", name=name),
        Text("Look at what it is now, and try again."),
    )
