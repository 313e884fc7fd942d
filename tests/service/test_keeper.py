"""Configuration and keyring stay in step, whatever fails and whoever else changes them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest
from tests.service.world import KEY, OTHER, World, credential, key, relay, stored_key

from proxycast.model.credential import Aws, Credential, Environment, Keyring, Kind, Literal
from proxycast.model.errors import (
    ConfigError,
    DestinationChanged,
    InputError,
    KeyringError,
    KeyringLocked,
    NameTaken,
    ProxyCastError,
    SecretMissing,
    UnknownCredential,
)
from proxycast.model.secret import Secret
from proxycast.model.settings import Settings
from proxycast.model.text import Text
from proxycast.service.service import Service

LITERAL = """\
providers:
  - name: plain
    type: claude-custom
    api_key: sk-in-the-file   # to be moved
  - name: variable
    type: claude-custom
    api_key: ${THE_KEY}
"""
BROKEN = "providers: [\n"

Change = Callable[[Service], Awaitable[object]]


async def test_an_added_key_is_in_the_keyring_and_not_in_the_file(world: World) -> None:
    service = await world.service()
    added = await service.add(relay(), key())
    assert world.keyring.keys() == {f"{added.id}/1": {"api_key": KEY}}
    assert world.in_file() == [added] == list(service.pool.credentials)
    assert added.secrets == {"api_key": Keyring()}
    assert KEY not in world.config.read_text()
    assert await stored_key(service, "relay") == KEY


async def test_after_a_change_nothing_is_left_to_sweep(world: World) -> None:
    service = await world.service()
    await service.add(relay(), key())
    await service.rotate("relay", key(OTHER))
    await service.remove("relay")
    await world.end(service)
    assert list(world.places.ledger.glob("*.json")) == []
    assert world.keyring.items == {}


async def test_a_rotated_key_is_a_new_revision_and_the_old_one_is_gone(world: World) -> None:
    service = await world.service()
    added = await service.add(relay(), key())
    rotated = await service.rotate("relay", key(OTHER))
    assert rotated == msgspec.structs.replace(added, revision=2)
    assert world.keyring.keys() == {f"{added.id}/2": {"api_key": OTHER}}
    assert await stored_key(service, "relay") == OTHER


async def test_a_key_goes_along_to_a_destination_that_is_changed_here(world: World) -> None:
    service = await world.service()
    added = await service.add(relay(), key())
    moved = await service.change("relay", msgspec.structs.replace(added, base_url="https://new.example.com"))
    assert moved.revision == 2
    assert world.keyring.keys() == {f"{added.id}/2": {"api_key": KEY}}
    assert await stored_key(service, "relay") == KEY


async def test_a_changed_path_moves_no_key(world: World) -> None:
    service = await world.service()
    added = await service.add(relay(), key())
    changed = await service.change("relay", msgspec.structs.replace(added, base_url=f"{added.base_url}/api"))
    assert (changed.revision, changed.base_url) == (1, "https://relay.example.com/api")
    assert [operation for operation, _ in world.keyring.asked].count("set") == 1


async def test_renaming_keeps_key_id_and_selection(world: World) -> None:
    service = await world.service()
    await service.add(credential("first"), key(OTHER))
    added = await service.add(relay(), key())
    await service.select("relay")
    await service.rename("relay", "中转 1")
    assert service.pool.selected == msgspec.structs.replace(added, name="中转 1")
    assert await stored_key(service, "中转 1") == KEY


async def test_literals_and_variables_survive_changes_of_other_things(world: World) -> None:
    world.write(LITERAL)
    service = await world.service()
    await service.add(relay(), key())
    await service.rename("plain", "plainer")
    await service.set_enabled("variable", enabled=False)
    await service.change("variable", msgspec.structs.replace(service.pool.by_name("variable"), proxy="none"))
    await service.select("relay")
    await service.change_settings(Settings(port=9000))
    sources = {one.name: dict(one.secrets) for one in world.in_file()}
    assert sources["plainer"] == {"api_key": Literal(Secret("sk-in-the-file"))}
    assert sources["variable"] == {"api_key": Environment("THE_KEY")}
    assert "# to be moved" in world.config.read_text()


async def test_rotating_moves_a_literal_into_the_keyring(world: World) -> None:
    world.write(LITERAL)
    service = await world.service()
    rotated = await service.rotate("plain", key())
    assert world.keyring.keys() == {f"{rotated.id}/2": {"api_key": KEY}}
    assert "sk-in-the-file" not in world.config.read_text()
    assert not any("sk-in-the-file" in file.read_text() for file in world.config.parent.glob("config.yaml.?"))


async def test_a_key_that_becomes_a_variable_leaves_the_keyring(world: World) -> None:
    service = await world.service({"THE_KEY": OTHER})
    added = await service.add(relay(), key())
    await service.change("relay", msgspec.structs.replace(added, secrets={"api_key": Environment("THE_KEY")}))
    assert world.keyring.keys() == {}
    assert await stored_key(service, "relay") == OTHER


async def test_back_in_the_keyring_a_key_never_has_a_revision_that_another_process_may_remember(world: World) -> None:
    service, other = await world.service(), await world.service()
    added = await service.add(relay(), key())
    await other.load()
    assert await stored_key(other, "relay") == KEY
    await service.change("relay", msgspec.structs.replace(added, secrets={"api_key": Environment("THE_KEY")}))
    await service.rotate("relay", key(OTHER))
    await other.load()
    assert await stored_key(other, "relay") == OTHER


def bedrock() -> Credential:
    return credential("aws", kind=Kind.BEDROCK, base_url="", aws=Aws(region="us-east-1"))


AWS_KEYS = {"aws_access_key": Secret("AKIA1"), "aws_secret_key": Secret("secret-1")}


async def test_one_of_two_secrets_is_replaced_and_the_other_stays(world: World) -> None:
    service = await world.service()
    added = await service.add(bedrock(), AWS_KEYS)
    await service.rotate("aws", {"aws_secret_key": Secret("secret-2")})
    assert world.keyring.keys() == {f"{added.id}/2": {"aws_access_key": "AKIA1", "aws_secret_key": "secret-2"}}


async def test_secrets_that_a_credential_no_longer_has_leave_the_keyring(world: World) -> None:
    service = await world.service()
    added = await service.add(bedrock(), AWS_KEYS)
    bearer = msgspec.structs.replace(added, secrets={})
    changed = await service.change("aws", bearer, {"aws_bearer_token": Secret("bearer")})
    assert changed.secrets == {"aws_bearer_token": Keyring()}
    assert world.keyring.keys() == {f"{added.id}/2": {"aws_bearer_token": "bearer"}}
    profile = msgspec.structs.replace(changed, secrets={}, aws=Aws(region="us-east-1", profile="dev"))
    await service.change("aws", profile)
    assert world.keyring.keys() == {}


async def test_a_damaged_item_is_replaced_by_a_key_that_is_entered_again(world: World) -> None:
    service = await world.service()
    added = await service.add(relay(), key())
    world.keyring.items[f"{added.id}/1"] = "{"
    service.secrets.drop_cache()
    await service.rotate("relay", key(OTHER))
    assert world.keyring.keys() == {f"{added.id}/2": {"api_key": OTHER}}


async def test_removing_takes_the_key_along(world: World) -> None:
    service = await world.service()
    await service.add(relay(), key())
    await service.add(credential("work"), key(OTHER))
    await service.remove("relay")
    assert [one.name for one in world.in_file()] == ["work"]
    assert list(world.keyring.keys().values()) == [{"api_key": OTHER}]


@pytest.mark.parametrize("operation", ["set", "get"])
async def test_a_keyring_that_does_not_take_a_key_changes_nothing(world: World, operation: str) -> None:
    service = await world.service()
    added = await service.add(relay(), key())
    before = world.config.read_bytes()
    locked = KeyringLocked(Text("The keyring is locked."))
    changes: list[Change] = [
        lambda one: one.add(credential("new"), key(OTHER)),
        lambda one: one.rotate("relay", key(OTHER)),
        lambda one: one.change("relay", msgspec.structs.replace(added, base_url="https://new.example.com")),
    ]
    for change in changes:
        service.secrets.drop_cache()
        world.keyring.fail(operation, problem=locked)
        with pytest.raises(KeyringLocked):
            await change(service)
        world.keyring.fail()
        assert world.config.read_bytes() == before
        assert list(service.pool.credentials) == [added]
        assert await stored_key(service, "relay") == KEY
    await world.end(service)
    later = await world.service()
    await later.sweep()
    assert world.keyring.keys() == {f"{added.id}/1": {"api_key": KEY}}


async def test_a_file_that_cannot_be_changed_leaves_the_keyring_as_it_was(world: World) -> None:
    service = await world.service()
    added = await service.add(relay(), key())
    world.write(BROKEN)
    changes: list[Change] = [
        lambda one: one.add(credential("new"), key(OTHER)),
        lambda one: one.rotate("relay", key(OTHER)),
        lambda one: one.remove("relay"),
    ]
    for change in changes:
        with pytest.raises(ConfigError):
            await change(service)
        assert world.keyring.keys() == {f"{added.id}/1": {"api_key": KEY}}
    assert world.config.read_text() == BROKEN


def break_the_file_while_writing(world: World) -> None:
    """As an editor would that saves something half-done in the middle of a change."""

    async def spoil(operation: str, user: str) -> None:
        if operation == "set":
            world.write(BROKEN)

    world.keyring.before = spoil


def take_the_name_while_writing(world: World, name: str) -> None:
    async def take(operation: str, user: str) -> None:
        if operation == "set":
            world.write(f"providers:\n  - {{name: {name}, type: claude-custom}}\n")

    world.keyring.before = take


async def test_a_key_that_came_to_nothing_is_taken_back_at_once(world: World) -> None:
    service = await world.service()
    take_the_name_while_writing(world, "new")
    with pytest.raises(NameTaken):
        await service.add(credential("new"), key())
    assert world.keyring.keys() == {}


async def test_a_key_that_may_be_referred_to_stays_and_is_looked_at_again_at_the_next_start(world: World) -> None:
    service = await world.service()
    added = await service.add(relay(), key())
    good = world.config.read_text()
    break_the_file_while_writing(world)
    with pytest.raises(ConfigError):
        await service.rotate("relay", key(OTHER))
    assert set(world.keyring.keys()) == {f"{added.id}/1", f"{added.id}/2"}
    await world.end(service)
    world.keyring.before = None
    world.write(good)
    later = await world.service()
    await later.sweep()
    assert world.keyring.keys() == {f"{added.id}/1": {"api_key": KEY}}


async def test_a_key_that_cannot_be_taken_back_is_deleted_at_the_next_start(world: World) -> None:
    service = await world.service()
    take_the_name_while_writing(world, "new")
    world.keyring.fail("delete")
    with pytest.raises(NameTaken):
        await service.add(credential("new"), key())
    assert list(world.keyring.keys().values()) == [{"api_key": KEY}]
    await world.end(service)
    world.keyring.fail()
    world.keyring.before = None
    later = await world.service()
    await later.sweep()
    assert world.keyring.keys() == {}


async def test_a_keyring_that_does_not_delete_fails_nothing_and_is_swept_later(world: World) -> None:
    service = await world.service()
    added = await service.add(relay(), key())
    gone = await service.add(credential("gone"), key())
    world.keyring.fail("delete")
    await service.rotate("relay", key(OTHER))
    await service.remove("gone")
    assert await stored_key(service, "relay") == OTHER
    assert set(world.keyring.keys()) == {f"{added.id}/1", f"{added.id}/2", f"{gone.id}/1"}
    await world.end(service)
    world.keyring.fail()
    later = await world.service()
    await later.sweep()
    assert world.keyring.keys() == {f"{added.id}/2": {"api_key": OTHER}}


async def test_a_taken_name_is_told_before_any_key_is_written(world: World) -> None:
    service = await world.service()
    await service.add(relay("one"), key())
    await service.add(relay("two"), key())
    with pytest.raises(NameTaken, match="two"):
        await service.add(relay("two"), key(OTHER))
    with pytest.raises(NameTaken, match="two"):
        await service.rename("one", "two")
    assert len(world.keyring.items) == 2


async def test_a_name_that_another_process_took_meanwhile_leaves_no_key_behind(world: World) -> None:
    service, other = await world.service(), await world.service()
    added = await other.add(relay("same"), key())
    with pytest.raises(NameTaken):
        await service.add(relay("same"), key(OTHER))
    assert world.keyring.keys() == {f"{added.id}/1": {"api_key": KEY}}


@pytest.mark.parametrize(
    "change",
    [
        lambda service: service.rotate("nope", key()),
        lambda service: service.rename("nope", "new"),
        lambda service: service.remove("nope"),
        lambda service: service.select("nope"),
        lambda service: service.confirm("nope"),
        lambda service: service.set_enabled("nope", enabled=True),
    ],
)
async def test_a_name_that_is_not_there_is_told(world: World, change: Change) -> None:
    service = await world.service()
    await service.add(relay("note"), key())
    with pytest.raises(UnknownCredential, match="note"):
        await change(service)


async def test_a_change_does_not_undo_what_another_process_changed(world: World) -> None:
    service, other = await world.service(), await world.service()
    added = await service.add(relay(), key())
    await other.load()
    await other.rotate("relay", key(OTHER))
    await other.change("relay", msgspec.structs.replace(other.pool.by_name("relay"), proxy="none"))
    assert service.pool.by_name("relay").revision == 1  # it has not looked yet
    await service.rename("relay", "renamed")
    assert world.in_file() == [msgspec.structs.replace(added, name="renamed", revision=2, proxy="none")]
    assert await stored_key(service, "renamed") == OTHER


async def test_a_form_that_was_filled_before_a_rotation_does_not_bring_the_old_revision_back(world: World) -> None:
    service = await world.service()
    filled = await service.add(relay(), key())
    await service.rotate("relay", key(OTHER))
    await service.change("relay", msgspec.structs.replace(filled, proxy="none"))
    assert await stored_key(service, "relay") == OTHER


async def test_the_same_thing_changed_twice_is_told(world: World) -> None:
    service, other = await world.service(), await world.service()
    added = await service.add(relay(), key())
    await other.load()
    await other.change("relay", msgspec.structs.replace(added, base_url="https://theirs.example.com"))
    before = world.config.read_bytes()
    with pytest.raises(InputError, match="changed elsewhere"):
        await service.change("relay", msgspec.structs.replace(added, base_url="https://ours.example.com"))
    assert world.config.read_bytes() == before


async def test_a_key_is_not_entered_for_a_destination_that_its_user_has_not_seen(world: World) -> None:
    service = await world.service()
    await service.add(relay(), key())
    world.write(world.config.read_text().replace("relay.example.com", "evil.example.com"))
    with pytest.raises(InputError, match="changed elsewhere"):
        await service.rotate("relay", key(OTHER))
    assert OTHER not in str(world.keyring.items)


async def test_of_two_processes_that_rotate_at_once_the_later_wins_whole(world: World) -> None:
    service, other = await world.service(), await world.service()
    added = await service.add(relay(), key())
    await other.load()
    await asyncio.gather(service.rotate("relay", key("sk-from-a")), other.rotate("relay", key("sk-from-b")))
    ((user, values),) = world.keyring.keys().items()
    assert user == f"{added.id}/3"
    assert values["api_key"] in {"sk-from-a", "sk-from-b"}
    third = await world.service()
    assert await stored_key(third, "relay") == values["api_key"]


async def test_a_rotation_and_a_removal_at_once_leave_all_or_nothing(world: World) -> None:
    service, other = await world.service(), await world.service()
    await service.add(relay(), key())
    await other.load()
    results = await asyncio.gather(service.rotate("relay", key(OTHER)), other.remove("relay"), return_exceptions=True)
    assert all(isinstance(one, Credential | ProxyCastError) for one in results)
    third = await world.service()
    if third.pool.credentials:
        assert await stored_key(third, "relay") in {KEY, OTHER}
    else:
        assert world.keyring.keys() == {}


async def test_a_sweep_waits_for_a_change_that_is_under_way(world: World) -> None:
    dead = await world.service()
    added = await dead.add(relay(), key())
    world.keyring.fail("get")
    with pytest.raises(KeyringError):
        await dead.rotate("relay", key(OTHER))  # leaves revision 2, of which its ledger knows
    await world.end(dead)
    world.keyring.fail()
    service, sweeping = await world.service(), await world.service()
    writing, go_on = asyncio.Event(), asyncio.Event()

    async def hold(operation: str, user: str) -> None:
        if operation == "set" and not writing.is_set():
            writing.set()
            await go_on.wait()

    world.keyring.before = hold
    rotation = asyncio.create_task(service.rotate("relay", key(OTHER)))
    await writing.wait()
    sweep = asyncio.create_task(sweeping.sweep())
    go_on.set()
    await asyncio.gather(rotation, sweep)
    assert world.keyring.keys() == {f"{added.id}/2": {"api_key": OTHER}}


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("at", range(12))
@pytest.mark.parametrize("what", ["add", "rotate", "move", "remove"])
async def test_a_process_that_dies_at_any_access_to_the_keyring_loses_nothing(world: World, what: str, at: int) -> None:
    service = await world.service()
    added = await service.add(relay(), key())
    changes: dict[str, Callable[[], Awaitable[object]]] = {
        "add": lambda: service.add(credential("new"), key(OTHER)),
        "rotate": lambda: service.rotate("relay", key(OTHER)),
        "move": lambda: service.change("relay", msgspec.structs.replace(added, base_url="https://new.example.com")),
        "remove": lambda: service.remove("relay"),
    }
    left = at
    service.secrets.drop_cache()

    async def die(operation: str, user: str) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed

    world.keyring.before = die
    try:
        await changes[what]()
        survived = True
    except Killed:
        survived = False
    world.keyring.before = None
    await world.end(service)
    later = await world.service()
    await later.sweep()
    for one in later.pool.credentials:
        assert await stored_key(later, one.name) in {KEY, OTHER}
    assert set(world.keyring.keys()) == {f"{one.id}/{one.revision}" for one in later.pool.credentials}
    assert survived or what == "remove" or "relay" in [one.name for one in later.pool.credentials]


async def test_confirming_binds_the_key_to_where_the_file_says_now(world: World) -> None:
    service = await world.service()
    await service.add(relay(), key())
    world.write(world.config.read_text().replace("relay.example.com", "new.example.com"))
    await service.load()
    with pytest.raises(DestinationChanged, match=r"https://relay\.example\.com.*https://new\.example\.com"):
        await stored_key(service, "relay")
    confirmed = await service.confirm("relay")
    assert (confirmed.revision, confirmed.origin) == (2, "https://new.example.com")
    assert await stored_key(service, "relay") == KEY


async def test_confirming_what_did_not_change_writes_nothing(world: World) -> None:
    service = await world.service()
    added = await service.add(relay(), key())
    assert await service.confirm("relay") == added


async def test_what_is_not_stored_cannot_be_confirmed(world: World) -> None:
    world.write(LITERAL)
    service = await world.service()
    with pytest.raises(SecretMissing, match="stored"):
        await service.confirm("plain")
