from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxycast.model.errors import KeyringFailed
from proxycast.store.keychain.shards import Sharded

LIMIT = 10
USER = "0123456789ab/1"
values = st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=65)


class PowerCut(Exception):
    """The program is killed here."""


class SmallItems:
    """A keyring whose items hold LIMIT characters of value, or a manifest; the power goes after `left` changes."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.left = 1000

    def get(self, user: str) -> str | None:
        return self.values.get(user)

    def set(self, user: str, value: str) -> None:
        self._spend()
        assert len(value) <= max(LIMIT, len("shards:99:") + 64)
        self.values[user] = value

    def delete(self, user: str) -> None:
        self._spend()
        self.values.pop(user, None)

    def _spend(self) -> None:
        if self.left == 0:
            raise PowerCut
        self.left -= 1


@given(values)
def test_a_value_of_any_length_comes_back(value: str) -> None:
    items = SmallItems()
    sharded = Sharded(items, LIMIT)
    sharded.set(USER, value)
    assert sharded.get(USER) == value
    assert all(len(part) <= LIMIT for user, part in items.values.items() if user != USER)


@given(values, values)
def test_a_shorter_value_leaves_nothing_of_a_longer_one(first: str, second: str) -> None:
    items, fresh = SmallItems(), SmallItems()
    sharded = Sharded(items, LIMIT)
    sharded.set(USER, first)
    sharded.set(USER, second)
    Sharded(fresh, LIMIT).set(USER, second)
    assert items.values == fresh.values


@given(values)
def test_removal_leaves_nothing_and_touches_no_other(value: str) -> None:
    items = SmallItems()
    sharded = Sharded(items, LIMIT)
    sharded.set("other/1", "kept")
    sharded.set(USER, value)
    sharded.delete(USER)
    assert sharded.get(USER) is None
    assert items.values == {"other/1": "kept"}


@given(values, st.integers(min_value=0, max_value=8), st.integers(min_value=0, max_value=8))
def test_a_write_that_is_cut_short_is_no_value_and_can_be_removed(value: str, written: int, removed: int) -> None:
    items = SmallItems()
    sharded = Sharded(items, LIMIT)
    items.left = written
    try:
        sharded.set(USER, value)
    except PowerCut:
        assert sharded.get(USER) is None
    items.left = removed
    try:
        sharded.delete(USER)
    except PowerCut:
        items.left = 1000
        sharded.delete(USER)
    assert items.values == {}


@given(values, values, st.integers(min_value=0, max_value=8))
def test_a_mixture_of_two_values_is_never_taken_for_one(old: str, new: str, written: int) -> None:
    items = SmallItems()
    sharded = Sharded(items, LIMIT)
    sharded.set(USER, old)
    items.left = written
    try:
        sharded.set(USER, new)
    except PowerCut:
        with suppress(KeyringFailed):
            assert sharded.get(USER) in {old, new}
    else:
        assert sharded.get(USER) == new


@pytest.mark.parametrize("manifest", ["shards:", "shards:x:y", "shards:3:00", "shards:1:é", "shards:999999999:00"])
def test_a_foreign_manifest_is_refused(manifest: str) -> None:
    items = SmallItems()
    items.values[USER] = manifest
    with pytest.raises(KeyringFailed):
        Sharded(items, LIMIT).get(USER)
