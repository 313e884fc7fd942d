"""The keychain against a real GNOME Keyring: what it stores, and how it tells apart what can go wrong."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from contextlib import closing

import pytest
from tests.keyring.screen import Screen
from tests.keyring.secret_service import PASSWORD, SecretService

from proxycast.model.errors import (
    KeyringDismissed,
    KeyringError,
    KeyringFailed,
    KeyringLocked,
    KeyringMissing,
    KeyringSilent,
)
from proxycast.model.secret import Secret
from proxycast.store.keychain import Keychain

pytestmark = pytest.mark.keyring

USER = "0123456789ab/1"


async def failure(keychain: Keychain) -> tuple[KeyringError, float]:
    """The error of a use, and the seconds it took to come."""
    started = time.monotonic()
    with pytest.raises(KeyringError) as raised:
        await keychain.get(USER)
    return raised.value, time.monotonic() - started


async def test_what_is_stored_is_found_by_the_users_own_tool(keyring: SecretService, keychain: Keychain) -> None:
    assert await keychain.get(USER) is None
    await keychain.set(USER, Secret("sk-ant-1"))
    assert keyring.lookup(USER) == "sk-ant-1"
    assert await keychain.get(USER) == Secret("sk-ant-1")


async def test_a_value_is_replaced_and_removed(keyring: SecretService, keychain: Keychain) -> None:
    await keychain.set(USER, Secret("one"))
    await keychain.set(USER, Secret("two"))
    await keychain.set("other/1", Secret("three"))
    assert await keychain.get(USER) == Secret("two")
    await keychain.delete(USER)
    assert keyring.users() == {"other/1"}


async def test_removing_what_is_not_there_is_no_error(keyring: SecretService, keychain: Keychain) -> None:
    await keychain.delete(USER)


async def test_long_values_fit(keyring: SecretService, keychain: Keychain) -> None:
    value = Secret("x" * 100_000)
    await keychain.set(USER, value)
    assert await keychain.get(USER) == value


async def test_r17_each_state_is_told_apart_within_three_seconds(
    session_bus: SecretService, monkeypatch: pytest.MonkeyPatch
) -> None:
    keychain = Keychain(allow_prompt=True)
    answers = {}
    with monkeypatch.context() as without_bus:
        without_bus.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        answers["no bus"] = await failure(keychain)
    answers["no service"] = await failure(keychain)
    session_bus.start()
    await keychain.set(USER, Secret("one"))
    session_bus.lock()
    answers["locked"] = await failure(keychain)
    session_bus.stop()
    answers["hung"] = await failure(keychain)
    session_bus.cont()
    session_bus.kill()
    answers["killed"] = await failure(keychain)
    keychain.close()

    assert {situation: type(error) for situation, (error, _) in answers.items()} == {
        "no bus": KeyringMissing,
        "no service": KeyringMissing,
        "locked": KeyringLocked,
        "hung": KeyringSilent,
        "killed": KeyringFailed,
    }
    assert len({str(error) for error, _ in answers.values()}) == 5, "every state has a sentence of its own"
    assert all(error.remedy is not None for error, _ in answers.values())
    assert max(seconds for _, seconds in answers.values()) < 3


async def test_a_session_that_ends_is_no_machine_without_a_keyring(keyring: SecretService, keychain: Keychain) -> None:
    await keychain.set(USER, Secret("one"))
    keyring.end_bus()
    assert isinstance((await failure(keychain))[0], KeyringFailed)


async def test_the_state_is_what_a_use_would_raise(session_bus: SecretService, keychain: Keychain) -> None:
    assert isinstance(await keychain.state(), KeyringMissing)
    session_bus.start()
    assert await keychain.state() is None
    session_bus.lock()
    assert isinstance(await keychain.state(), KeyringLocked)
    session_bus.stop()
    assert isinstance(await keychain.state(), KeyringSilent)


async def test_a_hung_keyring_recovers_without_a_restart_of_ours(keyring: SecretService, keychain: Keychain) -> None:
    await keychain.set(USER, Secret("one"))
    keyring.stop()
    for _ in range(2):
        assert isinstance((await failure(keychain))[0], KeyringSilent)
    keyring.cont()
    assert await keychain.get(USER) == Secret("one")


async def test_r17_a_hung_keyring_fails_all_who_wait_at_once_and_blocks_no_loop(
    keyring: SecretService, keychain: Keychain
) -> None:
    await keychain.set(USER, Secret("one"))
    keyring.stop()
    started = time.monotonic()
    waiting = asyncio.gather(*(keychain.get(USER) for _ in range(50)), return_exceptions=True)
    longest = 0.0
    while not waiting.done():
        before = time.monotonic()
        await asyncio.sleep(0.01)
        longest = max(longest, time.monotonic() - before)
    assert {type(outcome) for outcome in await waiting} == {KeyringSilent}
    assert time.monotonic() - started < 3
    assert longest < 0.25, "the loop went on"


async def test_a_killed_keyring_is_used_again_when_a_new_one_runs(keyring: SecretService, keychain: Keychain) -> None:
    await keychain.set(USER, Secret("one"))
    keyring.kill()
    assert isinstance((await failure(keychain))[0], KeyringFailed)
    keyring.start()
    assert await keychain.get(USER) == Secret("one")


async def test_a_keyring_that_the_bus_starts_again_says_why_it_is_locked(activating_bus: SecretService) -> None:
    activating_bus.start()
    with closing(Keychain(allow_prompt=True)) as keychain:
        await keychain.set(USER, Secret("one"))
        activating_bus.lock()
        plain, _ = await failure(keychain)
        activating_bus.kill()
        anew, seconds = await failure(keychain)
    assert isinstance(anew, KeyringLocked)
    assert str(anew) != str(plain)
    assert seconds < 3


async def test_a_service_without_any_keyring_is_as_good_as_none(activating_bus: SecretService) -> None:
    """A machine without a screen on which GNOME Keyring happens to be installed: it starts, and has nothing to open."""
    with closing(Keychain(allow_prompt=True)) as keychain:
        error, seconds = await failure(keychain)
    assert isinstance(error, KeyringMissing)
    assert seconds < 3


async def test_a_keyring_without_a_password_needs_no_prompt(session_bus: SecretService, keychain: Keychain) -> None:
    session_bus.start_without_password()
    assert await keychain.state() is None
    await keychain.set(USER, Secret("one"))
    assert await keychain.get(USER) == Secret("one")


async def test_the_systemd_place_of_the_bus_is_found_without_its_variable(
    keyring: SecretService, keychain: Keychain, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keychain.set(USER, Secret("one"))
    (keyring.home / "run" / "bus").symlink_to(keyring.home / "bus")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    assert await keychain.get(USER) == Secret("one")


@pytest.mark.parametrize("address", ["", "nonsense", "tcp:host=127.0.0.1,port=1", "unix:path=/nowhere/bus"])
async def test_an_address_without_a_bus_is_a_missing_keyring(
    session_bus: SecretService, keychain: Keychain, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert isinstance((await failure(keychain))[0], KeyringMissing)


async def test_no_environment_and_no_file_chooses_another_place(
    keyring: SecretService, keychain: Keychain, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = keyring.home / "config" / "python_keyring"
    settings.mkdir(parents=True)
    (settings / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring\n")
    for variable, value in {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "KEYRING_PROPERTY_PREFERRED_COLLECTION": "/org/freedesktop/secrets/collection/session",
        "KEYRING_PROPERTY_SCHEME": "KeePassXC",
        "KEYRING_PROPERTY_APPID": "another",
    }.items():
        monkeypatch.setenv(variable, value)
    await keychain.set(USER, Secret("one"))
    assert keyring.lookup(USER) == "one"
    keyring.kill()
    keyring.start()
    assert keyring.lookup(USER) == "one", "it is not in the collection that a logout empties"


async def test_it_works_on_one_loop_after_another(keyring: SecretService, keychain: Keychain) -> None:
    await keychain.set(USER, Secret("one"))
    found = await asyncio.to_thread(lambda: asyncio.run(keychain.get(USER)))
    assert found == Secret("one")


async def test_who_stops_waiting_leaves_the_keychain_usable(keyring: SecretService, keychain: Keychain) -> None:
    await keychain.set(USER, Secret("one"))
    keyring.stop()
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(keychain.get(USER), 0.05)
    keyring.cont()
    assert await keychain.get(USER) == Secret("one")


def test_keyring_is_not_imported_before_it_is_used(session_bus: SecretService) -> None:
    script = (
        "import asyncio, sys\n"
        "from proxycast.store.keychain import Keychain\n"
        "from proxycast.store.secrets import SecretStore\n"
        "keychain = Keychain(allow_prompt=True)\n"
        "early = {'keyring', 'secretstorage', 'jeepney', 'cryptography'} & set(sys.modules)\n"
        "assert not early, early\n"
        "asyncio.run(keychain.state())\n"
        "assert 'keyring' in sys.modules\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=30)


async def test_r17_fifty_requests_share_one_prompt(
    desktop: SecretService, screen: Screen, prompting_keychain: Keychain
) -> None:
    await prompting_keychain.set(USER, Secret("one"))
    desktop.lock()
    waiting = [asyncio.create_task(prompting_keychain.get(USER)) for _ in range(50)]
    await asyncio.to_thread(screen.wait_for_prompt)
    assert isinstance(await prompting_keychain.state(), KeyringLocked), "an open prompt holds up nothing else"
    await asyncio.to_thread(screen.answer, PASSWORD)
    assert [await one for one in waiting] == [Secret("one")] * 50
    assert desktop.prompts_shown() == 1


async def test_r17_a_wrong_password_may_be_put_right(
    desktop: SecretService, screen: Screen, prompting_keychain: Keychain
) -> None:
    await prompting_keychain.set(USER, Secret("one"))
    desktop.lock()
    waiting = asyncio.create_task(prompting_keychain.get(USER))
    await asyncio.to_thread(screen.wait_for_prompt)
    await asyncio.to_thread(screen.answer_wrongly, "not-it")
    assert not waiting.done()
    await asyncio.to_thread(screen.answer, PASSWORD)
    assert await waiting == Secret("one")
    assert desktop.prompts_shown() == 1


async def test_a_dismissed_prompt_stays_away_until_the_user_asks_for_it(
    desktop: SecretService, screen: Screen, prompting_keychain: Keychain
) -> None:
    await prompting_keychain.set(USER, Secret("one"))
    desktop.lock()
    waiting = [asyncio.create_task(failure(prompting_keychain)) for _ in range(5)]
    await asyncio.to_thread(screen.wait_for_prompt)
    await asyncio.to_thread(screen.dismiss)
    assert {type((await one)[0]) for one in waiting} == {KeyringDismissed}
    assert isinstance((await failure(prompting_keychain))[0], KeyringDismissed)
    assert desktop.prompts_shown() == 1

    unlocking = asyncio.create_task(prompting_keychain.unlock())
    await asyncio.to_thread(screen.wait_for_prompt)
    await asyncio.to_thread(screen.answer, PASSWORD)
    await unlocking
    assert await prompting_keychain.get(USER) == Secret("one")
    assert desktop.prompts_shown() == 2


async def test_a_prompt_that_nobody_answers_ends(desktop: SecretService) -> None:
    with closing(Keychain(allow_prompt=True, prompt_patience=1)) as keychain:
        desktop.lock()
        error, seconds = await failure(keychain)
    assert isinstance(error, KeyringLocked)
    assert 1 <= seconds < 5


async def test_a_keyring_killed_behind_its_prompt_is_noticed_at_once(
    desktop: SecretService, screen: Screen, prompting_keychain: Keychain
) -> None:
    await prompting_keychain.set(USER, Secret("one"))
    desktop.lock()
    waiting = asyncio.create_task(failure(prompting_keychain))
    await asyncio.to_thread(screen.wait_for_prompt)
    desktop.kill()
    error, _ = await asyncio.wait_for(waiting, 10)
    assert isinstance(error, KeyringFailed)


async def test_no_prompt_is_shown_where_none_is_allowed(desktop: SecretService) -> None:
    with closing(Keychain(allow_prompt=False)) as keychain:
        desktop.lock()
        error, seconds = await failure(keychain)
    assert isinstance(error, KeyringLocked)
    assert seconds < 3
    assert desktop.prompts_shown() == 0
