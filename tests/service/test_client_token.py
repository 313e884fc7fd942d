"""The client token: one for all processes, unless the environment gives one."""

from __future__ import annotations

import asyncio
import re

import pytest
from tests.service.world import World

from proxycast.model.errors import InputError, KeyringLocked, KeyringMissing, ProxyCastError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.service.turn import turn


async def test_the_first_token_is_made_and_kept(world: World) -> None:
    service = await world.service()
    assert service.token.ready is None
    token = await service.token.fetch()
    assert re.fullmatch(r"pc_[A-Za-z0-9_-]{43}", token.reveal())
    assert service.token.ready == token
    assert world.keyring.items == {"client-token": token.reveal()}


async def test_every_process_has_the_same_token(world: World) -> None:
    services = [await world.service() for _ in range(4)]
    tokens = await asyncio.gather(*(one.token.fetch() for one in services for _ in range(3)))
    assert len({token.reveal() for token in tokens}) == 1
    assert world.keyring.items == {"client-token": tokens[0].reveal()}


async def test_a_rotation_replaces_the_token_in_every_process(world: World) -> None:
    service, other = await world.service(), await world.service()
    old = await service.token.fetch()
    assert await other.token.fetch() == old
    new = await other.token.rotate()
    assert new != old
    assert service.token.ready == old  # until it looks
    service.token.notice_rotation()
    assert service.token.ready is None
    assert await service.token.fetch() == new
    service.token.notice_rotation()
    other.token.notice_rotation()
    assert service.token.ready == other.token.ready == new


async def test_a_token_that_was_renewed_while_it_was_read_is_read_again(world: World) -> None:
    service, other = await world.service(), await world.service()
    await other.token.fetch()
    asked, go_on = asyncio.Event(), asyncio.Event()
    old = world.keyring.items["client-token"]

    async def hold(operation: str, user: str) -> None:
        if operation == "get" and not asked.is_set():
            asked.set()
            await go_on.wait()
            world.keyring.items["client-token"] = old  # what this slow reader is going to see

    world.keyring.before = hold
    fetch = asyncio.create_task(service.token.fetch())
    await asyncio.wait_for(asked.wait(), 5)
    new = await other.token.rotate()
    service.token.notice_rotation()
    world.keyring.before = None
    go_on.set()
    await asyncio.sleep(0)
    world.keyring.items["client-token"] = new.reveal()
    assert await fetch == new


async def test_a_locked_keyring_gives_no_token_and_makes_none(world: World) -> None:
    service = await world.service()
    world.keyring.fail("get", problem=KeyringLocked(Text("The keyring is locked.")))
    with pytest.raises(KeyringLocked):
        await service.token.fetch()
    assert service.token.ready is None
    assert world.keyring.items == {}
    world.keyring.fail()
    assert await service.token.fetch() == service.token.ready


async def test_a_failed_rotation_keeps_the_token(world: World) -> None:
    service = await world.service()
    token = await service.token.fetch()
    world.keyring.fail("set")
    with pytest.raises(ProxyCastError):
        await service.token.rotate()
    assert service.token.ready == token


async def test_a_token_of_the_environment_is_used_and_never_kept_or_renewed(world: World) -> None:
    service = await world.service(token="of-the-environment")
    other = await world.service()
    await other.token.rotate()
    service.token.notice_rotation()
    assert service.token.given
    assert service.token.ready == await service.token.fetch() == Secret("of-the-environment")
    assert "of-the-environment" not in world.keyring.items.values()
    with pytest.raises(InputError, match="PROXYCAST_TOKEN"):
        await service.token.rotate()
    await service.token.require_shared()


@pytest.mark.parametrize("bad", ["", " ", "with space", "sk-tab\t", "sk-line\n", "ключ", "\x7f"])
async def test_a_token_that_no_header_can_carry_is_refused_without_being_shown(world: World, bad: str) -> None:
    with pytest.raises(InputError) as caught:
        await world.service(token=bad)
    assert "PROXYCAST_TOKEN" in str(caught.value)
    assert not bad.strip() or bad.strip() not in str(caught.value)


async def test_without_a_keyring_the_token_is_of_this_process_alone_and_that_is_told(world: World) -> None:
    missing = KeyringMissing(Text("No keyring."))
    world.keyring.fail("get", "set", "state", problem=missing)
    service, other = await world.service(), await world.service()
    assert await service.token.fetch() == await service.token.fetch()
    assert await service.token.fetch() != await other.token.fetch()
    with pytest.raises(KeyringMissing, match="PROXYCAST_TOKEN"):
        await service.token.require_shared()


async def test_a_token_for_the_session_stays_out_of_the_keyring(world: World) -> None:
    service = await world.service()
    token = service.token.make_for_session()
    assert await service.token.fetch() == token
    assert world.keyring.items == {}


async def test_a_new_token_that_the_others_cannot_be_told_of_is_told(world: World) -> None:
    service = await world.service()
    stamp = world.places.data_dir / "client-token.stamp"
    stamp.symlink_to(stamp)  # not even root can touch that
    with pytest.raises(ProxyCastError, match="cannot be told"):
        await service.token.rotate()


async def test_turns_are_taken_one_after_another(world: World) -> None:
    lock = world.places.data_dir / "turns.lock"
    taken: list[str] = []

    async def take(name: str) -> None:
        async with turn(lock):
            taken.append(f"{name} begins")
            await asyncio.sleep(0)
            taken.append(f"{name} ends")

    await asyncio.gather(take("one"), take("two"), take("three"))
    assert [entry.split()[1] for entry in taken] == ["begins", "ends"] * 3


async def test_a_turn_that_does_not_come_is_given_up(world: World) -> None:
    lock = world.places.data_dir / "turns.lock"
    async with turn(lock):
        with pytest.raises(ProxyCastError, match="under way"):
            async with turn(lock, patience=0.1):
                pytest.fail("two at once")
    async with turn(lock, patience=0):
        pass


async def test_a_folder_that_cannot_be_written_gives_no_turn(world: World) -> None:
    with pytest.raises(ProxyCastError, match="data folder"):
        async with turn(world.places.data_dir / "not there" / "turns.lock"):
            pytest.fail("without a lock")
