"""The vault file on the disk: blocking access to it. Imported at first use only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from proxycast.model.secret import Secret
from proxycast.store.atomic import remove_leftovers, write_atomically
from proxycast.store.file_lock import locked
from proxycast.store.paths import make_folder
from proxycast.store.vault import format as form
from proxycast.store.vault import problems

_WAIT = 5.0
"""Seconds to wait for another process that writes the vault."""


class VaultFile:
    """The values in the file at `path`, once it is open. Any number of threads and processes may use it.

    The file is read at every use and written under a lock, so that processes see each other's changes. Only the
    derived key is kept in memory. Every method may raise VaultError.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key: form.Key | None = None

    @property
    def is_open(self) -> bool:
        """Whether the key is in memory."""
        return self._key is not None

    def create(self, passphrase: Secret) -> bool:
        """Make an empty vault and leave it open; False, and nothing is done, if there is one.

        Raises InputError for an empty passphrase.
        """
        key = form.new_key(passphrase)
        with self._writing():
            if self._path.exists():
                return False
            write_atomically(self._path, form.encrypt({}, key))
        self._key = key
        return True

    def open(self, passphrase: Secret) -> None:
        """Derive the key and keep it. Raises WrongPassphrase, VaultDamaged."""
        with _disk_errors():
            data = self._path.read_bytes()
        key = form.same_key(passphrase, data)
        form.decrypt(data, key)
        self._key = key

    def close(self) -> None:
        """Forget the key."""
        self._key = None

    def get(self, user: str) -> str | None:
        """A value, or None. Raises VaultLocked."""
        with _disk_errors():
            return self._read().get(user)

    def set(self, user: str, value: str) -> None:
        """Store a value, in place of an older one. Raises VaultLocked."""
        with self._writing():
            self._write({**self._read(), user: value})

    def delete(self, user: str) -> None:
        """Remove a value, if there is one. Raises VaultLocked."""
        with self._writing():
            values = self._read()
            if values.pop(user, None) is not None:
                self._write(values)

    def change_passphrase(self, old: Secret, new: Secret) -> None:
        """Encrypt everything under a new passphrase. Raises WrongPassphrase, InputError."""
        key = form.new_key(new)
        with self._writing():
            data = self._path.read_bytes()
            values = form.decrypt(data, form.same_key(old, data))
            write_atomically(self._path, form.encrypt(values, key))
        self._key = key

    def _read(self) -> dict[str, str]:
        data = self._path.read_bytes()
        key = self._key
        if key is None or form.parameters(data) != key.parameters:  # another process may have changed the passphrase
            self._key = None
            raise problems.locked()
        return form.decrypt(data, key)

    def _write(self, values: dict[str, str]) -> None:
        if self._key is None:
            raise problems.locked()
        write_atomically(self._path, form.encrypt(values, self._key))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with _disk_errors():
            make_folder(self._path.parent)
            with locked(self._path.with_name(f"{self._path.name}.lock"), wait=_WAIT):
                remove_leftovers(self._path)
                yield


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise problems.busy(_WAIT) from None
    except OSError as error:
        raise problems.disk(error) from None
