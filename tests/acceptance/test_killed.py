"""A command killed at any of its writes leaves a pool that loads, and every secret that it shows."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.acceptance.conftest import session
from tests.acceptance.program import APP, TOKEN, Program, eventually
from tests.keyring.secret_service import SecretService

from proxycast.model.credential import Credential
from proxycast.store.config import parse

pytestmark = pytest.mark.keyring

MOST_WRITES = 60

_PATH = os.pathsep.join(str(folder) for folder in (Path(__file__).parent / "killing", APP))


class Victim:
    """A program whose commands are killed at one write after the other. `turn` lets two commands run at a time."""

    def __init__(self, folder: Path, keyring: SecretService, turn: asyncio.Semaphore) -> None:
        self.program = Program(folder, session(keyring))
        self._keyring = keyring
        self._turn = turn

    async def kills(self, command: str, *, names: str = "") -> AsyncIterator[tuple[str, str, bool]]:
        """Run `command` on a credential again and again, killed at its first write, its second, … until it ends.

        `names` is the start of a name of its own for each time; without it, all of them are of `work`. Yields the name,
        the key that was entered, and whether the command reported success.
        """
        for number in itertools.count(1):
            name, key = f"{names}{number}" if names else "work", f"sk-{command}-{number}"
            orders = {"KILL_AT": str(number), "KILL_FOLDER": str(self.program.home)}
            doomed = Program(self.program.folder, {**session(self._keyring), "PYTHONPATH": _PATH, **orders})
            async with self._turn:
                ended = await doomed.run(command, name, stdin=key, status=None)
            assert ended.status in {0, -signal.SIGKILL}, ended.err
            yield name, key, ended.status == 0
            if ended.status == 0:
                assert number > 10, "some writes were not met"
                break
            assert number < MOST_WRITES, "it does not end"

    def listed(self) -> dict[str, Credential]:
        """The credentials that the next start shows, by name."""
        text = self.program.config.read_text() if self.program.config.exists() else ""
        return {one.name: one for one in parse(text, "config.yaml").pool.credentials}

    def key(self, name: str) -> str | None:
        """The key of a listed credential, as it lies in the keyring."""
        one = self.listed()[name]
        stored = self._keyring.lookup(f"{one.id}/{one.revision}")
        return None if stored is None else json.loads(stored)["secrets"]["api_key"]

    async def starts_afresh(self) -> None:
        """The next start clears away what the dead have left."""
        async with self.program.serve(PROXYCAST_TOKEN=TOKEN) as serving:
            await eventually(self._is_settled, "the lists of the dead to be settled")
        assert serving.err.text == ""
        assert not list(self.program.home.glob("ledger/*"))

    def _is_settled(self) -> bool:
        try:
            return all(json.loads(file.read_bytes()) == [] for file in self.program.home.glob("ledger/*.json"))
        except FileNotFoundError:  # one has just been settled
            return False


async def add(victim: Victim) -> None:
    """Killed while adding: a credential is listed with its key, or not at all."""
    keys = {}
    async for name, key, done in victim.kills("add", names="new"):
        if name in victim.listed():
            keys[name] = key
            assert victim.key(name) == key
        assert name in keys or not done
    await victim.starts_afresh()
    assert {name: victim.key(name) for name in victim.listed()} == keys


async def rotate(victim: Victim) -> None:
    """Killed while rotating: the credential has its old key or its new one."""
    before = "sk-the-first"
    await victim.program.run("add", "work", stdin=before)
    async for _, key, done in victim.kills("rotate"):
        now = victim.key("work")
        assert now == key or (now == before and not done)
        before = now
    await victim.starts_afresh()
    assert victim.key("work") == before


async def remove(victim: Victim) -> None:
    """Killed while removing: the credential is listed with its key, or not at all."""
    keys = {f"old{number}": f"sk-old-{number}" for number in range(1, 31)}
    lines = [f"  - {{name: {name}, type: claude-custom, api_key: {key}}}\n" for name, key in keys.items()]
    file = victim.program.folder / "old.yaml"
    file.write_text("providers:\n" + "".join(lines))
    await victim.program.run("import", file)
    async for name, _, done in victim.kills("remove", names="old"):
        assert not (done and name in victim.listed())
        assert name not in victim.listed() or victim.key(name) == keys[name]
    await victim.starts_afresh()
    assert {name: victim.key(name) for name in victim.listed()}.items() <= keys.items()


async def test_r13_a_command_killed_at_any_write_loses_no_secret_that_is_shown(
    tmp_path: Path, keyring: SecretService
) -> None:
    turn = asyncio.Semaphore(2)
    victims = [Victim(tmp_path / act.__name__, keyring, turn) for act in (add, rotate, remove)]
    async with asyncio.TaskGroup() as group:
        for act, victim in zip((add, rotate, remove), victims, strict=True):
            group.create_task(act(victim))
    referenced = {f"{one.id}/{one.revision}" for victim in victims for one in victim.listed().values()}
    assert keyring.users() == referenced
