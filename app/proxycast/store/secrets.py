"""The one place that the rest of the program stores secrets in and reads them from."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Literal, ParamSpec, TypeVar

import msgspec

from proxycast.model.errors import InputError, KeyringFailed, KeyringMissing, ProxyCastError, VaultLocked
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.store.backend import SecretBackend
from proxycast.store.ledger import Ledger
from proxycast.store.session import Session
from proxycast.store.single_flight import SingleFlight
from proxycast.store.vault import Vault
from proxycast.store.vault.problems import locked as vault_locked

SHORTEST_PASSPHRASE = 8
"""Characters of a passphrase that somebody chooses for the vault."""

_CLIENT_TOKEN = "client-token"  # noqa: S105  # the name of the item, not the token

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger(__name__)


class StoredSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """The secrets of one revision of a credential, by YAML field, and the origin they may be sent to."""

    origin: str
    secrets: Mapping[str, Secret]


class PlaceKind(StrEnum):
    """The kinds of places for secrets."""

    KEYCHAIN = "keychain"
    VAULT = "vault"
    SESSION = "session"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a secret would be stored now. `problem` is what has to be settled first, such as a locked keyring."""

    kind: PlaceKind
    label: Text
    problem: ProxyCastError | None

    @property
    def saved(self) -> bool:
        """Whether a secret stored there outlives the program."""
        return self.kind is not PlaceKind.SESSION


class SecretStore:
    """Secrets in the OS keyring; where there is none, in the vault; without a vault, in memory for this session.

    A keyring that is there but locked or silent is an error, never a reason to store a secret elsewhere. All methods
    raise KeyringError and VaultError.

    The order that loses nothing, whenever the process is killed:

    - add and rotate: `write` the new revision, switch config.yaml to it, `settle` it, `forget` the old revision;
    - remove: `condemn` the revision, take it out of config.yaml, `forget` it.

    What a killed process left that config.yaml does not reference is deleted by the next `sweep`.
    """

    def __init__(self, *, keychain: SecretBackend, vault: Vault, session: Session, ledger: Ledger) -> None:
        self._keychain = keychain
        self._vault = vault
        self._session = session
        self._ledger = ledger
        self._cache: dict[str, Secret] = {}
        self._changes = 0
        self._reads: SingleFlight[Secret | None] = SingleFlight("read secret")

    async def write(self, credential_id: str, revision: int, origin: str, values: Mapping[str, Secret]) -> None:
        """Store the secrets of a new revision, and make sure that they can be read back.

        Written down as possible garbage are this revision, until it is settled, and the one before it, if there is one,
        which this one is going to replace. Raises KeyringFailed if what is read back differs.
        """
        doubtful = [_user(credential_id, one) for one in (revision - 1, revision) if one > 0]
        await self._note(self._ledger.add, *doubtful)
        await self._store(doubtful[-1], encode(StoredSecrets(origin=origin, secrets=values)))

    async def read(self, credential_id: str, revision: int) -> StoredSecrets | None:
        """What is stored for this revision, if anything. Raises KeyringFailed if it is damaged.

        One read serves all who ask at the same time, and what was read is kept in memory.
        """
        value = await self._read(_user(credential_id, revision))
        return None if value is None else decode(value)

    async def settle(self, credential_id: str, revision: int) -> None:
        """Note that config.yaml references this revision: it is no garbage."""
        await self._note(self._ledger.settle, _user(credential_id, revision))

    async def condemn(self, credential_id: str, revision: int) -> None:
        """Note that config.yaml will soon not reference this revision any more."""
        await self._note(self._ledger.add, _user(credential_id, revision))

    async def forget(self, credential_id: str, revision: int) -> None:
        """Delete a revision that config.yaml does not reference. If this raises, a later sweep deletes it."""
        user = _user(credential_id, revision)
        await self._note(self._ledger.add, user)
        self._drop(user)
        await self._delete(user)
        self._drop(user)  # a read that began before it was gone must not keep it
        await self._note(self._ledger.settle, user)

    async def sweep(self, referenced: Callable[[], Collection[tuple[str, int]]]) -> None:
        """Delete what killed processes left and config.yaml does not reference. Never shows a prompt.

        `referenced` reads config.yaml and returns the ids and revisions in it. It is called in a thread, and only after
        the lists of the dead were taken over, so that it sees all that they had still switched. If it raises, nothing
        is deleted.
        """
        orphans = await self._note(self._orphans, referenced)
        problem = await self._keychain.state() if orphans else None
        if problem is not None and not isinstance(problem, KeyringMissing):
            _log.info("old secrets are deleted another time: %s", problem.code)
            return
        vault_is_open = await self._vault.state() is None
        for user in sorted(orphans):
            try:
                await self._delete(user, may_open_vault=vault_is_open)
            except (KeyringMissing, VaultLocked):
                continue  # it may lie where nobody can look now
            await self._note(self._ledger.settle, user)

    async def client_token(self) -> Secret | None:
        """The client token, if one is stored."""
        try:
            return await self._read(_CLIENT_TOKEN)
        except KeyringMissing:
            return None

    async def set_client_token(self, token: Secret) -> None:
        """Store the client token in place of the one before."""
        await self._store(_CLIENT_TOKEN, token)

    async def place(self) -> Place:
        """Where a secret would be stored now. Never shows a prompt."""
        kind, backend = PlaceKind.KEYCHAIN, self._keychain
        problem = await backend.state()
        if isinstance(problem, KeyringMissing):
            kind, backend = self._without_keyring()
            problem = await backend.state()
        return Place(kind=kind, label=backend.label, problem=problem)

    async def unlock(self) -> None:
        """Make the place for secrets usable because the user asks for it: this may show a prompt."""
        try:
            await self._keychain.unlock()
        except KeyringMissing:
            await self._without_keyring()[1].unlock()

    async def create_vault(self, passphrase: Secret) -> None:
        """Make the encrypted vault, which holds secrets from now on where there is no keyring, and leave it open.

        What was kept for this session moves into it. Raises InputError for a short passphrase, or if there is a vault.
        """
        _require_strength(passphrase)
        if not await self._vault.create(passphrase):
            raise InputError(Text("There is a vault already."), Text("Unlock it with its passphrase."))
        for user in tuple(self._session.users):
            value = await self._session.get(user)
            if value is not None:
                await self._vault.set(user, value)
                await self._session.delete(user)

    async def change_passphrase(self, old: Secret, new: Secret) -> None:
        """Encrypt the vault under a new passphrase. Raises WrongPassphrase, InputError for a short new one."""
        _require_strength(new)
        await self._vault.change_passphrase(old, new)

    def drop_cache(self) -> None:
        """Read everything anew when it is next needed, because another process may have changed it."""
        self._cache.clear()
        self._changes += 1

    async def close(self) -> None:
        """End the threads and leave the ledger."""
        self._keychain.close()
        self._vault.close()
        await asyncio.to_thread(self._ledger.close)

    async def _read(self, user: str) -> Secret | None:
        cached = self._cache.get(user)
        return cached if cached is not None else await self._reads.run(user, lambda: self._fetch(user))

    async def _fetch(self, user: str) -> Secret | None:
        changes = self._changes
        value = await self._find(user)
        if value is not None and changes == self._changes:
            self._cache[user] = value
        return value

    async def _find(self, user: str) -> Secret | None:
        value = await self._session.get(user)
        if value is not None:
            return value
        try:
            value = await self._keychain.get(user)
        except KeyringMissing:
            if not self._vault.exists:
                raise
        return value if value is not None else await self._vault.get(user)

    async def _store(self, user: str, value: Secret) -> None:
        self._drop(user)
        backend = self._keychain
        try:
            await backend.set(user, value)
        except KeyringMissing:
            _, backend = self._without_keyring()
            await backend.set(user, value)
        if await backend.get(user) != value:
            raise _differs(backend.label)
        if backend is not self._session:
            await self._session.delete(user)
        self._drop(user)  # as in `forget`
        self._cache[user] = value

    async def _delete(self, user: str, *, may_open_vault: bool = True) -> None:
        if await self._session.get(user) is not None:
            await self._session.delete(user)
            return
        missing: KeyringMissing | None = None
        try:
            if await self._keychain.get(user) is not None:
                await self._keychain.delete(user)
                return
        except KeyringMissing as problem:
            missing = problem
        if self._vault.exists:
            if not may_open_vault:
                raise vault_locked()
            if await self._vault.get(user) is not None:
                await self._vault.delete(user)
                return
        if missing is not None:
            raise missing

    def _without_keyring(self) -> tuple[PlaceKind, SecretBackend]:
        if self._vault.can_hold:
            return PlaceKind.VAULT, self._vault
        return PlaceKind.SESSION, self._session

    def _orphans(self, referenced: Callable[[], Collection[tuple[str, int]]]) -> set[str]:
        adopted = self._ledger.adopt()
        used = {_user(*one) for one in referenced()} if adopted else set()
        for user in adopted & used:
            self._ledger.settle(user)
        return adopted - used

    def _drop(self, user: str) -> None:
        self._cache.pop(user, None)
        self._changes += 1

    async def _note(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Use the ledger, which blocks."""
        try:
            return await asyncio.to_thread(call, *args, **kwargs)
        except OSError as error:
            reason = error.strerror or type(error).__name__
        raise KeyringFailed(
            Text("ProxyCast cannot write to its data folder: {reason}.", reason=reason),
            Text("Make sure that the disk is not full and that the folder belongs to you."),
        )


def _require_strength(passphrase: Secret) -> None:
    if len(passphrase.reveal()) < SHORTEST_PASSPHRASE:
        raise InputError(
            Text("The passphrase has fewer than {count} characters.", count=SHORTEST_PASSPHRASE),
            Text("Take several words: whoever has the file can try passphrases without end."),
        )


def new_client_token() -> Secret:
    """A fresh client token: `pc_` and 43 base64url characters, 256 random bits."""
    return Secret(f"pc_{secrets.token_urlsafe(32)}")


def encode(stored: StoredSecrets) -> Secret:
    """The value of a keyring item. It is ASCII, so that one character is one in every keyring."""
    values = {field: value.reveal() for field, value in stored.secrets.items()}
    return Secret(json.dumps({"v": 1, "origin": stored.origin, "secrets": values}, separators=(",", ":")))


def decode(value: Secret) -> StoredSecrets:
    """What `encode` made a keyring item of. Raises KeyringFailed for anything else."""
    try:
        item = msgspec.json.decode(value.reveal(), type=_Item)
    except (msgspec.DecodeError, UnicodeError):
        pass
    else:
        return StoredSecrets(origin=item.origin, secrets={field: Secret(one) for field, one in item.secrets.items()})
    raise KeyringFailed(  # out here no exception hangs on it that may hold the value
        Text("A stored secret of ProxyCast is damaged, was changed by another program, or is of a newer version."),
        Text("Enter the key of this credential again."),
    )


class _Item(msgspec.Struct, kw_only=True):
    v: Literal[1]
    origin: str
    secrets: dict[str, str]


def _user(credential_id: str, revision: int) -> str:
    return f"{credential_id}/{revision}"


def _differs(place: Text) -> KeyringFailed:
    return KeyringFailed(
        Text("What was read back is not what was stored: {place}. So nothing was changed.", place=place),
        Text("Try again. If this happens again, use another keyring program."),
    )
