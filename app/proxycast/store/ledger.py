"""Which secrets may be garbage, written down before they can become it."""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec

from proxycast.store.atomic import remove_leftovers, write_atomically
from proxycast.store.file_lock import locked
from proxycast.store.paths import make_folder

_WAIT = 5.0
"""Seconds to wait for another process that begins, ends or adopts a list."""

_log = logging.getLogger(__name__)


class Ledger:
    """A durable list of users (names of keyring items, no secrets) that no configuration may reference.

    Every process has a list of its own in `folder`, and holds a lock on it as long as it lives: the system frees the
    lock even of a process that is killed. So `adopt` can tell lists that a dead process left from those of processes
    that are in the middle of something, and needs neither clocks nor process ids. Methods block and may raise OSError;
    any number of threads may call them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / f"{secrets.token_hex(8)}.json"
        self._users: set[str] = set()
        self._adopted: set[str] = set()
        self._mutex = threading.Lock()
        self._lock = contextlib.ExitStack()
        self._is_held = False

    def add(self, *users: str) -> None:
        """Write users down; they are on the disk when this returns."""
        with self._mutex:
            if not self._is_held:
                with self._turn():
                    self._hold()
            self._write(self._users | set(users))

    def settle(self, user: str) -> None:
        """Strike a user out: a configuration references it now, or its item is gone."""
        with self._mutex:
            self._adopted.discard(user)
            if user in self._users:
                self._write(self._users - {user})

    def adopt(self) -> set[str]:
        """Take over the lists of dead processes. Returns all users so adopted that are not settled yet."""
        with self._mutex:
            if self._folder.is_dir():
                with self._turn():
                    for lock in sorted(self._folder.glob("*.lock")):
                        self._adopt(lock.with_suffix(".json"))
            return set(self._adopted)

    def close(self) -> None:
        """Leave the list: the next process adopts what is on it. Without entries the files go."""
        with self._mutex:
            if not self._is_held:
                return
            with self._turn():
                self._lock.close()
                self._is_held = False
                if not self._users:
                    _remove(self._file)
            self._users, self._adopted = set(), set()

    def _adopt(self, file: Path) -> None:
        if file == self._file:
            return
        try:
            with locked(_lock_of(file), wait=0):
                users = _read(file)
                if users:
                    self._adopted |= users
                    self._hold()
                    self._write(self._users | users)
        except TimeoutError:
            _log.debug("the process of %s is alive", file.name)
        except (msgspec.DecodeError, UnicodeDecodeError):
            _log.warning("%s is not a list of users and stays as it is", file)
        else:
            _remove(file)

    def _write(self, users: set[str]) -> None:
        write_atomically(self._file, msgspec.json.encode(sorted(users)))
        self._users = users

    def _hold(self) -> None:
        """Begin a list, in turn with others."""
        if not self._is_held:
            self._lock.enter_context(locked(_lock_of(self._file), wait=0))
            self._is_held = True

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """One process at a time begins, ends or adopts lists: else one that is just beginning would look dead."""
        make_folder(self._folder)
        with locked(self._folder.with_suffix(".lock"), wait=_WAIT):
            yield


def _read(file: Path) -> set[str]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=set[str])
    except FileNotFoundError:  # its process was killed before it wrote any
        return set()


def _lock_of(file: Path) -> Path:
    return file.with_suffix(".lock")


def _remove(file: Path) -> None:
    """Remove a list that nobody holds, its lock, and what killed writes of it left."""
    remove_leftovers(file)
    file.unlink(missing_ok=True)
    _lock_of(file).unlink(missing_ok=True)
