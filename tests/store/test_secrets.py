import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxycast.model.errors import (
    InputError,
    KeyringError,
    KeyringFailed,
    KeyringLocked,
    KeyringMissing,
    KeyringSilent,
    ProxyCastError,
    VaultLocked,
)
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.store.ledger import Ledger
from proxycast.store.secrets import PlaceKind, SecretStore, StoredSecrets, decode, encode, new_client_token
from proxycast.store.session import Session
from proxycast.store.vault import Vault
from proxycast.store.vault.vault import Ask

ORIGIN = "https://api.anthropic.com"
CANARY = "sk-canary-0451"
KEY = {"api_key": Secret(CANARY)}
PASSPHRASE = Secret("correct horse")
ID = "0123456789ab"


class Keychain(Session):
    """A keyring that works, or has the problem that it is given; counts what it is asked."""

    def __init__(self, problem: ProxyCastError | None = None) -> None:
        super().__init__()
        self.problem = problem
        self.reads = 0
        self.unlocked = False
        self.asked = asyncio.Event()
        self.answering = asyncio.Event()
        self.answering.set()

    async def get(self, user: str) -> Secret | None:
        self.reads += 1
        self.asked.set()
        self._raise()
        value = await super().get(user)
        await self.answering.wait()
        return value

    async def set(self, user: str, value: Secret) -> None:
        self._raise()
        await super().set(user, value)

    async def delete(self, user: str) -> None:
        self._raise()
        await super().delete(user)

    async def unlock(self) -> None:
        self._raise()
        self.unlocked = True

    async def state(self) -> ProxyCastError | None:  # type: ignore[override]  # Session's is always ready
        return self.problem

    def close(self) -> None:
        """It outlives the program."""

    def _raise(self) -> None:
        if self.problem is not None:
            raise type(self.problem)(self.problem.what)


class Forgetful(Keychain):
    """Keeps something else than what it was given."""

    async def set(self, user: str, value: Secret) -> None:
        await super().set(user, Secret(value.reveal()[:-1]))


def problem(kind: type[KeyringError]) -> KeyringError:
    return kind(Text("Something is wrong."))


MakeStore = Callable[..., SecretStore]


@pytest.fixture
async def make_store(tmp_path: Path) -> AsyncIterator[MakeStore]:
    """Makes stores over the same data folder, as processes one after another or at a time have them."""
    made: list[SecretStore] = []

    def make(
        keychain: Session,
        *,
        passphrase: Secret | None = None,
        ask: Ask | None = None,
        session: Session | None = None,
    ) -> SecretStore:
        store = SecretStore(
            keychain=keychain,
            vault=Vault(tmp_path / "vault", passphrase=passphrase, ask=ask),
            session=session or Session(),
            ledger=Ledger(tmp_path / "ledger"),
        )
        made.append(store)
        return store

    yield make
    for store in made:
        await store.close()


# What an item holds.


@given(
    st.text(),
    st.dictionaries(st.sampled_from(["api_key", "aws_access_key", "aws_secret_key"]), st.text(min_size=1)),
)
def test_an_item_comes_back_and_is_ascii(origin: str, values: dict[str, str]) -> None:
    stored = StoredSecrets(origin=origin, secrets={field: Secret(value) for field, value in values.items()})
    item = encode(stored)
    assert item.reveal().isascii()
    assert decode(item) == stored


def test_an_item_has_the_documented_form() -> None:
    item = json.loads(encode(StoredSecrets(origin=ORIGIN, secrets=KEY)).reveal())
    assert item == {"v": 1, "origin": ORIGIN, "secrets": {"api_key": CANARY}}


@pytest.mark.parametrize(
    "item",
    [
        CANARY,
        "",
        "{}",
        f'{{"v":2,"origin":"{ORIGIN}","secrets":{{"api_key":"{CANARY}"}}}}',
        f'{{"v":1,"origin":"{ORIGIN}","secrets":["{CANARY}"]}}',
        f'{{"v":1,"secrets":{{"api_key":"{CANARY}"}}}}',
        f'{{"v":1,"origin":"{ORIGIN}","secrets":{{"api_key":"{CANARY}"}}',
        '{"v":1,"origin":"\ud800","secrets":{}}',
    ],
)
def test_anything_else_is_refused_without_repeating_it(item: str) -> None:
    with pytest.raises(KeyringFailed) as raised:
        decode(Secret(item))
    assert CANARY not in str(raised.value)
    assert raised.value.__context__ is None


def test_a_client_token_has_256_random_bits() -> None:
    tokens = {new_client_token().reveal() for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch(r"pc_[A-Za-z0-9_-]{43}", token) for token in tokens)


# Where secrets go.


async def test_secrets_go_to_the_keyring(make_store: MakeStore) -> None:
    keychain = Keychain()
    store = make_store(keychain, passphrase=PASSPHRASE)
    await store.write(ID, 1, ORIGIN, KEY)
    assert keychain.users == {f"{ID}/1"}
    assert await make_store(keychain).read(ID, 1) == StoredSecrets(origin=ORIGIN, secrets=KEY)
    assert (await store.place()).kind is PlaceKind.KEYCHAIN


async def test_without_a_keyring_they_go_to_the_vault(make_store: MakeStore, tmp_path: Path) -> None:
    missing = Keychain(problem(KeyringMissing))
    store = make_store(missing, passphrase=PASSPHRASE)
    place = await store.place()
    assert (place.kind, place.saved, place.problem) == (PlaceKind.VAULT, True, None)
    await store.write(ID, 1, ORIGIN, KEY)
    assert await make_store(missing, passphrase=PASSPHRASE).read(ID, 1) is not None
    assert CANARY.encode() not in (tmp_path / "vault").read_bytes()
    place = await make_store(missing).place()
    assert place.kind is PlaceKind.VAULT
    assert isinstance(place.problem, VaultLocked)


async def test_without_keyring_and_vault_they_last_for_the_session(make_store: MakeStore, tmp_path: Path) -> None:
    missing = Keychain(problem(KeyringMissing))
    store = make_store(missing)
    place = await store.place()
    assert (place.kind, place.saved, place.problem) == (PlaceKind.SESSION, False, None)
    await store.write(ID, 1, ORIGIN, KEY)
    await store.settle(ID, 1)
    assert await store.read(ID, 1) is not None
    assert not (tmp_path / "vault").exists()
    with pytest.raises(KeyringMissing):
        await make_store(missing).read(ID, 1)


@pytest.mark.parametrize("kind", [KeyringLocked, KeyringSilent, KeyringFailed])
async def test_a_keyring_that_is_there_but_does_not_work_is_never_passed_over(
    make_store: MakeStore, kind: type[KeyringError], tmp_path: Path
) -> None:
    store = make_store(Keychain(problem(kind)), passphrase=PASSPHRASE)
    for use in (
        store.write(ID, 1, ORIGIN, KEY),
        store.read(ID, 1),
        store.forget(ID, 1),
        store.client_token(),
        store.set_client_token(new_client_token()),
        store.unlock(),
    ):
        with pytest.raises(kind):
            await use
    place = await store.place()
    assert place.kind is PlaceKind.KEYCHAIN
    assert isinstance(place.problem, kind)
    assert not (tmp_path / "vault").exists()


async def test_what_the_vault_holds_is_found_beside_a_keyring_that_came_later(make_store: MakeStore) -> None:
    before = make_store(Keychain(problem(KeyringMissing)), passphrase=PASSPHRASE)
    await before.write(ID, 1, ORIGIN, KEY)
    keychain = Keychain()
    after = make_store(keychain, passphrase=PASSPHRASE)
    assert await after.read(ID, 1) is not None
    await after.write(ID, 2, ORIGIN, KEY)
    await after.forget(ID, 1)
    assert keychain.users == {f"{ID}/2"}
    assert await make_store(keychain, passphrase=PASSPHRASE).read(ID, 1) is None


async def test_unlocking_is_passed_to_where_secrets_go(make_store: MakeStore) -> None:
    keychain = Keychain()
    await make_store(keychain).unlock()
    assert keychain.unlocked
    missing = Keychain(problem(KeyringMissing))
    await make_store(missing, passphrase=PASSPHRASE).write(ID, 1, ORIGIN, KEY)
    with pytest.raises(VaultLocked):
        await make_store(missing).unlock()


async def test_what_is_read_back_has_to_be_what_was_written(make_store: MakeStore) -> None:
    store = make_store(Forgetful())
    with pytest.raises(KeyringFailed) as raised:
        await store.write(ID, 1, ORIGIN, KEY)
    assert CANARY not in str(raised.value)


async def test_a_secret_that_is_saved_after_all_leaves_the_session(make_store: MakeStore) -> None:
    keychain, session = Keychain(problem(KeyringMissing)), Session()
    store = make_store(keychain, session=session)
    await store.set_client_token(Secret("pc_one"))
    keychain.problem = None
    await store.set_client_token(Secret("pc_two"))
    store.drop_cache()
    assert await session.get("client-token") is None
    assert await store.client_token() == Secret("pc_two")


# Reading.


async def test_one_read_serves_all_and_is_kept_until_it_is_dropped(make_store: MakeStore) -> None:
    keychain = Keychain()
    await make_store(keychain).write(ID, 1, ORIGIN, KEY)
    store = make_store(keychain)
    keychain.reads = 0
    assert len(await asyncio.gather(*(store.read(ID, 1) for _ in range(50)))) == 50
    await store.read(ID, 1)
    assert keychain.reads == 1
    store.drop_cache()
    await store.read(ID, 1)
    assert keychain.reads == 2


async def test_what_was_written_needs_no_read(make_store: MakeStore) -> None:
    keychain = Keychain()
    store = make_store(keychain)
    await store.write(ID, 1, ORIGIN, KEY)
    keychain.problem = problem(KeyringSilent)
    assert await store.read(ID, 1) is not None


async def test_an_error_or_an_absence_is_not_kept(make_store: MakeStore) -> None:
    keychain = Keychain()
    store = make_store(keychain)
    assert await store.read(ID, 1) is None
    keychain.problem = problem(KeyringLocked)
    with pytest.raises(KeyringLocked):
        await store.read(ID, 1)
    keychain.problem = None
    await make_store(keychain).write(ID, 1, ORIGIN, KEY)
    assert await store.read(ID, 1) is not None


async def test_a_read_under_way_does_not_bring_back_what_is_forgotten(make_store: MakeStore) -> None:
    keychain = Keychain()
    await make_store(keychain).write(ID, 1, ORIGIN, KEY)
    store = make_store(keychain)
    keychain.answering.clear()
    keychain.asked.clear()
    reading = asyncio.create_task(store.read(ID, 1))
    await keychain.asked.wait()
    store.drop_cache()
    await keychain.delete(f"{ID}/1")
    keychain.answering.set()
    assert await reading is not None
    assert await store.read(ID, 1) is None


async def test_a_read_that_begins_while_a_secret_is_forgotten_does_not_keep_it(make_store: MakeStore) -> None:
    class Slow(Keychain):
        """Deletes when it is let."""

        may_delete = asyncio.Event()
        deleting = asyncio.Event()

        async def delete(self, user: str) -> None:
            self.deleting.set()
            await self.may_delete.wait()
            await super().delete(user)

    keychain = Slow()
    await make_store(keychain).write(ID, 1, ORIGIN, KEY)
    store = make_store(keychain)
    forgetting = asyncio.create_task(store.forget(ID, 1))
    await keychain.deleting.wait()
    assert await store.read(ID, 1) is not None  # it is still there
    keychain.may_delete.set()
    await forgetting
    assert await store.read(ID, 1) is None


async def test_what_the_session_kept_moves_into_a_vault_that_is_made(make_store: MakeStore, tmp_path: Path) -> None:
    store = make_store(Keychain(problem(KeyringMissing)))
    await store.write(ID, 1, ORIGIN, KEY)
    assert not (await store.place()).saved
    await store.create_vault(PASSPHRASE)
    assert (await store.place()).kind is PlaceKind.VAULT
    later = make_store(Keychain(problem(KeyringMissing)), passphrase=PASSPHRASE)
    stored = await later.read(ID, 1)
    assert stored is not None
    assert stored.secrets == KEY


async def test_a_vault_is_not_made_twice_nor_with_a_short_passphrase(make_store: MakeStore) -> None:
    store = make_store(Keychain(problem(KeyringMissing)))
    with pytest.raises(InputError, match="fewer than 8"):
        await store.create_vault(Secret("seven.."))
    await store.create_vault(PASSPHRASE)
    with pytest.raises(InputError, match="already"):
        await store.create_vault(Secret("another one"))
    with pytest.raises(InputError, match="fewer than 8"):
        await store.change_passphrase(PASSPHRASE, Secret("short"))


async def test_the_client_token_is_kept_in_place(make_store: MakeStore) -> None:
    keychain = Keychain()
    store = make_store(keychain)
    assert await store.client_token() is None
    for token in (new_client_token(), new_client_token()):
        await store.set_client_token(token)
        assert await store.client_token() == token
        assert await make_store(keychain).client_token() == token
    assert keychain.users == {"client-token"}


async def test_without_a_keyring_there_is_no_client_token_yet(make_store: MakeStore) -> None:
    assert await make_store(Keychain(problem(KeyringMissing))).client_token() is None


# Garbage.


async def test_what_a_process_that_ended_left_is_swept_unless_it_is_referenced(make_store: MakeStore) -> None:
    keychain = Keychain()
    dead = make_store(keychain)
    await dead.write("saved", 1, ORIGIN, KEY)
    await dead.settle("saved", 1)
    await dead.write("switched", 1, ORIGIN, KEY)
    await dead.write("orphan", 1, ORIGIN, KEY)
    await dead.write("rotated", 3, ORIGIN, KEY)
    await dead.write("rotated", 4, ORIGIN, KEY)
    await dead.condemn("removed", 1)
    await keychain.set("unknown/1", Secret("not ours to touch"))
    await dead.close()
    living = make_store(keychain)
    await living.write("living", 1, ORIGIN, KEY)

    await make_store(keychain).sweep(lambda: {("saved", 1), ("switched", 1), ("rotated", 4), ("other", 1)})
    assert keychain.users == {"saved/1", "switched/1", "rotated/4", "living/1", "unknown/1"}


async def test_a_config_that_cannot_be_read_condemns_nothing(make_store: MakeStore) -> None:
    keychain = Keychain()
    dead = make_store(keychain)
    await dead.write(ID, 1, ORIGIN, KEY)
    await dead.close()

    def unreadable() -> set[tuple[str, int]]:
        raise ZeroDivisionError

    sweeper = make_store(keychain)
    with pytest.raises(ZeroDivisionError):
        await sweeper.sweep(unreadable)
    assert keychain.users == {f"{ID}/1"}
    await sweeper.sweep(set)
    assert keychain.users == set()


async def test_nothing_is_asked_of_anyone_if_there_is_nothing_to_sweep(make_store: MakeStore) -> None:
    keychain = Keychain()
    await make_store(keychain).sweep(lambda: pytest.fail("needless"))
    assert keychain.reads == 0


@pytest.mark.parametrize("kind", [KeyringLocked, KeyringSilent])
async def test_a_sweep_waits_for_a_keyring_that_does_not_work(make_store: MakeStore, kind: type[KeyringError]) -> None:
    keychain = Keychain()
    dead = make_store(keychain)
    await dead.write(ID, 1, ORIGIN, KEY)
    await dead.close()
    keychain.problem = problem(kind)
    keychain.reads = 0
    sweeper = make_store(keychain)
    await sweeper.sweep(set)
    assert keychain.reads == 0, "a use could have shown a prompt"
    keychain.problem = None
    await sweeper.sweep(set)
    assert keychain.users == set()


async def test_a_sweep_opens_no_vault(make_store: MakeStore) -> None:
    missing = Keychain(problem(KeyringMissing))
    dead = make_store(missing, passphrase=PASSPHRASE)
    await dead.write(ID, 1, ORIGIN, KEY)
    await dead.close()
    asked = []

    async def ask() -> Secret | None:
        asked.append("the passphrase")
        return PASSPHRASE

    first = make_store(missing, ask=ask)
    await first.sweep(set)
    await first.close()
    assert asked == []
    second = make_store(missing, passphrase=PASSPHRASE)
    assert await second.read(ID, 1) is not None
    await second.sweep(set)
    second.drop_cache()
    assert await second.read(ID, 1) is None


async def test_what_could_not_be_forgotten_is_swept_later(make_store: MakeStore) -> None:
    keychain = Keychain()
    first = make_store(keychain)
    await first.write(ID, 1, ORIGIN, KEY)
    await first.settle(ID, 1)
    keychain.problem = problem(KeyringLocked)
    with pytest.raises(KeyringLocked):
        await first.forget(ID, 1)
    with pytest.raises(KeyringLocked):
        await first.read(ID, 1)
    await first.close()
    keychain.problem = None
    await make_store(keychain).sweep(set)
    assert keychain.users == set()


async def test_a_full_disk_stops_before_anything_is_stored(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("a file where the folder should be")
    keychain = Keychain()
    store = SecretStore(
        keychain=keychain, vault=Vault(tmp_path / "vault"), session=Session(), ledger=Ledger(tmp_path / "ledger")
    )
    with pytest.raises(KeyringFailed):
        await store.write(ID, 1, ORIGIN, KEY)
    assert keychain.users == set()


async def test_no_secret_shows_in_logs_or_files(
    make_store: MakeStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store = make_store(Keychain(problem(KeyringMissing)), passphrase=PASSPHRASE)
    await store.write(ID, 1, ORIGIN, KEY)
    stored = await store.read(ID, 1)
    await store.write(ID, 2, ORIGIN, KEY)
    await store.forget(ID, 1)
    await store.sweep(set)
    assert CANARY not in repr(stored)
    assert CANARY not in caplog.text
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or CANARY.encode() not in path.read_bytes()
