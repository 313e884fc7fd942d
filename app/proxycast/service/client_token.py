"""The client token: the secret that a client shows to the proxy."""

from __future__ import annotations

import asyncio
from pathlib import Path

from proxycast.model.errors import InputError, KeyringMissing, KeyringSilent, ProxyCastError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.service.turn import turn
from proxycast.store.secrets import SecretStore, new_client_token

VARIABLE = "PROXYCAST_TOKEN"


class ClientToken:
    """The client token of this process: given by the environment, else kept with the secrets, else made and kept there.

    `stamp` is an empty file that a rotation touches, so that other processes notice and read the new token. `lock` is
    the file that is locked while secrets change places.
    """

    def __init__(self, store: SecretStore, stamp: Path, lock: Path, given: str | None) -> None:
        self._store = store
        self._stamp = stamp
        self._turn_lock = lock
        self._given = _checked(given) if given is not None else None
        self._value = self._given
        self._seen = self._stamped()
        self._lock = asyncio.Lock()

    @property
    def ready(self) -> Secret | None:
        """The token, if it was fetched already."""
        return self._value

    @property
    def given(self) -> bool:
        """Whether it is this process's own: set by the environment, or made for the session."""
        return self._given is not None

    async def fetch(self) -> Secret:
        """The token; the first time ever, a new one is made and kept. Raises KeyringError, VaultError."""
        async with self._lock:
            while self._value is None:
                seen = self._seen
                value = await self._store.client_token() or await self._make()
                if seen == self._seen:  # else it was renewed while the keyring was asked
                    self._value = value
            return self._value

    async def require_shared(self) -> None:
        """Raises KeyringMissing if the token would be known to no other process, for want of a place to keep it in.

        Raises KeyringSilent without a second attempt.
        """
        if self.given:
            return
        place = await self._store.place()
        if isinstance(place.problem, KeyringSilent):
            raise place.problem
        if not place.saved:
            raise KeyringMissing(
                Text("There is no keyring to keep the client token in, so no client could know it."),
                Text("Set {variable} to a token of your own, or PROXYCAST_PASSPHRASE for a vault.", variable=VARIABLE),
            )

    def make_for_session(self) -> Secret:
        """A new token that this process alone uses and nothing keeps."""
        self._given = self._value = new_client_token()
        return self._value

    async def rotate(self) -> Secret:
        """A new token in place of the old one, in every process.

        Raises InputError if it is this process's own, ProxyCastError if the others cannot be told, KeyringError,
        VaultError.
        """
        if self._given is not None:
            raise InputError(
                Text("{variable} sets the client token of this process.", variable=VARIABLE),
                Text("Unset it to use and renew the one that ProxyCast keeps."),
            )
        async with self._lock, turn(self._turn_lock):
            self._value = await self._renew()
            self._tell_others()
            return self._value

    def notice_rotation(self) -> None:
        """Forget the token if another process has renewed it."""
        stamped = self._stamped()
        if stamped != self._seen and self._given is None:
            self._seen = stamped
            self._value = None
            self._store.drop_cache()

    async def _make(self) -> Secret:
        """The first token. Of several processes that find none, one makes it and the others read that."""
        async with turn(self._turn_lock):
            self._store.drop_cache()
            return await self._store.client_token() or await self._renew()

    async def _renew(self) -> Secret:
        token = new_client_token()
        await self._store.set_client_token(token)
        return token

    def _tell_others(self) -> None:
        try:
            self._stamp.touch(mode=0o600)
        except OSError as error:
            raise ProxyCastError(
                Text(
                    "The client token is new, but running ProxyCasts cannot be told: {reason}.", reason=error.strerror
                ),
                Text("Start them again."),
            ) from None
        self._seen = self._stamped()

    def _stamped(self) -> int:
        try:
            return self._stamp.stat().st_mtime_ns
        except OSError:
            return 0


def _checked(value: str) -> Secret:
    """The token from the environment. Raises InputError if a header could not carry it."""
    if not value or not all("!" <= character <= "~" for character in value):
        raise InputError(
            Text("{variable} is not a client token.", variable=VARIABLE),
            Text("Set it to printable ASCII characters without spaces, or unset it."),
        )
    return Secret(value)
