import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxycast.model.errors import InputError, VaultDamaged, WrongPassphrase
from proxycast.model.secret import Secret
from proxycast.store.vault import format as form

PASSPHRASE = Secret("correct horse, café")
CANARY = "sk-canary-0451"


@pytest.fixture(scope="module")
def key() -> form.Key:
    return form.new_key(PASSPHRASE)


@pytest.fixture(scope="module")
def vault(key: form.Key) -> bytes:
    return form.encrypt({"0123456789ab/1": CANARY, "client-token": "pc_1"}, key)


def head_with(vault: bytes, name: bytes, value: bytes) -> bytes:
    """The vault with another value in its head."""
    changed = re.sub(rb'("%s":)("[^"]*"|\d+)' % name, rb"\g<1>" + value, vault, count=1)
    assert changed != vault
    return changed


@given(values=st.dictionaries(st.text(), st.text()))
def test_values_come_back(key: form.Key, values: dict[str, str]) -> None:
    assert form.decrypt(form.encrypt(values, key), key) == values


def test_the_passphrase_gives_the_key_however_it_was_typed(vault: bytes) -> None:
    decomposed = Secret("correct horse, cafe\N{COMBINING ACUTE ACCENT}")
    assert form.decrypt(vault, form.same_key(decomposed, vault))["client-token"] == "pc_1"


def test_another_passphrase_is_told_apart_from_damage(vault: bytes) -> None:
    with pytest.raises(WrongPassphrase):
        form.same_key(Secret("correct horse"), vault)


def test_an_empty_passphrase_is_refused() -> None:
    with pytest.raises(InputError):
        form.new_key(Secret(""))


def test_nothing_of_a_value_or_of_the_key_shows_in_the_file(key: form.Key, vault: bytes) -> None:
    assert CANARY.encode() not in vault
    assert b"0123456789ab" not in vault


def test_every_write_has_a_nonce_of_its_own(key: form.Key) -> None:
    nonces = {re.search(rb'"nonce":"([^"]+)"', form.encrypt({}, key))[1] for _ in range(50)}  # type: ignore[index]
    assert len(nonces) == 50


def test_the_parameters_are_as_strong_as_promised(key: form.Key) -> None:
    assert (key.parameters.n, key.parameters.r, key.parameters.p) == (2**17, 8, 1)


def test_any_changed_byte_is_noticed(key: form.Key, vault: bytes) -> None:
    for position in range(len(vault)):
        changed = bytearray(vault)
        changed[position] ^= 1
        with pytest.raises(VaultDamaged):
            form.decrypt(bytes(changed), key)


@pytest.mark.parametrize("length", [0, 1, 17, 18, 60, -17, -1])
def test_a_part_of_a_vault_is_damaged(key: form.Key, vault: bytes, length: int) -> None:
    with pytest.raises(VaultDamaged):
        form.decrypt(vault[:length], key)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"n", b"1073741824"),  # would take a terabyte
        (b"n", b"1024"),
        (b"n", b"131073"),
        (b"n", b"-131072"),
        (b"n", b'"131072"'),
        (b"r", b"1"),
        (b"r", b"4096"),
        (b"p", b"0"),
        (b"p", b"1000000"),
        (b"salt", b'"AAAA"'),
        (b"check", b'""'),
        (b"nonce", b'"not base64!"'),
    ],
)
def test_a_tampered_head_is_refused_before_any_key_is_derived(vault: bytes, name: bytes, value: bytes) -> None:
    with pytest.raises(VaultDamaged):
        form.same_key(PASSPHRASE, head_with(vault, name, value))


def test_an_error_carries_no_value(key: form.Key) -> None:
    sealed = form.encrypt({"user": CANARY}, key)
    for broken in (sealed[:-1], sealed[:-1] + b"x"):
        with pytest.raises(VaultDamaged) as raised:
            form.decrypt(broken, key)
        assert raised.value.__context__ is None
