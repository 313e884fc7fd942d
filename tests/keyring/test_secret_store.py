"""The whole store over a real GNOME Keyring: add, rotate, remove, and nothing of it in a log or a file."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.keyring.secret_service import SecretService

from proxycast.model.errors import KeyringError
from proxycast.model.secret import Secret
from proxycast.store.keychain import Keychain
from proxycast.store.ledger import Ledger
from proxycast.store.secrets import PlaceKind, SecretStore, new_client_token
from proxycast.store.session import Session
from proxycast.store.vault import Vault

pytestmark = pytest.mark.keyring

CANARY = "sk-canary-0451"
ORIGIN = "https://api.anthropic.com"


@pytest.fixture
async def store(keychain: Keychain, tmp_path: Path) -> AsyncIterator[SecretStore]:
    store = SecretStore(
        keychain=keychain, vault=Vault(tmp_path / "vault"), session=Session(), ledger=Ledger(tmp_path / "ledger")
    )
    yield store
    await store.close()


async def test_the_life_of_a_credentials_secrets(keyring: SecretService, store: SecretStore) -> None:
    assert (await store.place()).kind is PlaceKind.KEYCHAIN
    await store.write("0123456789ab", 1, ORIGIN, {"api_key": Secret(CANARY)})
    await store.settle("0123456789ab", 1)
    item = keyring.lookup("0123456789ab/1")
    assert item is not None
    assert json.loads(item) == {"v": 1, "origin": ORIGIN, "secrets": {"api_key": CANARY}}

    await store.write("0123456789ab", 2, ORIGIN, {"api_key": Secret("sk-2")})
    await store.settle("0123456789ab", 2)
    await store.forget("0123456789ab", 1)
    assert keyring.users() == {"0123456789ab/2"}
    stored = await store.read("0123456789ab", 2)
    assert stored is not None
    assert stored.secrets == {"api_key": Secret("sk-2")}

    await store.condemn("0123456789ab", 2)
    await store.forget("0123456789ab", 2)
    await store.set_client_token(new_client_token())
    assert keyring.users() == {"client-token"}


async def test_nothing_is_said_of_a_secret_whatever_happens(
    keyring: SecretService, store: SecretStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = []
    await store.write("0123456789ab", 1, ORIGIN, {"api_key": Secret(CANARY)})
    for disturb in (keyring.lock, keyring.stop, keyring.kill, keyring.end_bus):
        disturb()
        for use in (
            store.write("0123456789ab", 2, ORIGIN, {"api_key": Secret(CANARY)}),
            store.forget("0123456789ab", 1),
        ):
            with pytest.raises(KeyringError) as raised:
                await use
            said.append(repr(raised.value) + str(raised.value))
    assert CANARY not in "".join(said) + caplog.text
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or CANARY.encode() not in path.read_bytes()
