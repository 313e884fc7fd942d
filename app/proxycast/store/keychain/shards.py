"""Values longer than what one keyring item holds, spread over several."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Protocol

from proxycast.store.keychain import problems

_MANIFEST = "shards:"


class Items(Protocol):
    """Named values, as a keyring holds them."""

    def get(self, user: str) -> str | None:
        """The value of an item, or None."""

    def set(self, user: str, value: str) -> None:
        """Store an item, in place of an older one."""

    def delete(self, user: str) -> None:
        """Remove an item, if there is one."""


class Sharded:
    """Items of any length over items of at most `limit` characters.

    A long value is cut into the items `user#1`, `user#2`, …; `user` itself is written last and holds a manifest with
    their number and the value's digest. So a write that is cut short is never taken for a value, nor is a mixture of
    two values. Parts are removed from the last to the first, and the manifest after them: what a removal that was cut
    short has left is still found from `user#1` on by the next one.
    """

    def __init__(self, items: Items, limit: int) -> None:
        self._items = items
        self._limit = limit

    def get(self, user: str) -> str | None:
        """The value, or None. Raises KeyringFailed if parts are missing or of another value."""
        value = self._items.get(user)
        if value is None or not value.startswith(_MANIFEST):
            return value
        count, _, digest = value.removeprefix(_MANIFEST).partition(":")
        whole = ""
        for number in range(1, int(count) + 1 if count.isdecimal() else 1):
            part = self._items.get(_part(user, number))
            if part is None:
                raise problems.damaged()
            whole += part
        if _digest(whole) != digest:
            raise problems.damaged()
        return whole

    def set(self, user: str, value: str) -> None:
        """Store a value, which is ASCII."""
        count = 0
        stored = value
        if len(value) > self._limit or value.startswith(_MANIFEST):
            for count, start in enumerate(range(0, len(value), self._limit), start=1):
                self._items.set(_part(user, count), value[start : start + self._limit])
            stored = f"{_MANIFEST}{count}:{_digest(value)}"
        self._items.set(user, stored)
        self._trim(user, keep=count)

    def delete(self, user: str) -> None:
        """Remove a value with all its parts, also those of a write or removal that was cut short."""
        self._trim(user, keep=0)
        self._items.delete(user)

    def _trim(self, user: str, *, keep: int) -> None:
        for part in reversed(list(self._parts_after(user, keep))):
            self._items.delete(part)

    def _parts_after(self, user: str, number: int) -> Iterator[str]:
        while self._items.get(part := _part(user, number := number + 1)) is not None:
            yield part


def _part(user: str, number: int) -> str:
    return f"{user}#{number}"


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
