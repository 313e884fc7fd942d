"""Kills processes at every write of add, rotate and remove, and looks at what they leave.

Run by test_crashes.py as `python -m tests.keyring.crashing SCENARIO FOLDER`. For every step it forks a child that
carries the scenario out on a credential of its own and kills itself at that step. The last child is not killed. Then
another one starts as ProxyCast does, sweeps and looks; what it finds is printed as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from proxycast.model.secret import Secret
from proxycast.store.atomic import write_atomically
from proxycast.store.keychain import Keychain
from proxycast.store.keychain import choice as _imported_before_the_forks  # noqa: F401
from proxycast.store.ledger import Ledger
from proxycast.store.secrets import SecretStore
from proxycast.store.session import Session
from proxycast.store.vault import Vault

ORIGIN = "https://api.anthropic.com"
MOST_STEPS = 100

Config = dict[str, int]
"""Credential id → revision, in place of config.yaml."""


class Machine:
    """One user's folder, config and store."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.config_file = folder / "config.json"
        self.store = SecretStore(
            keychain=Keychain(allow_prompt=False),
            vault=Vault(folder / "vault"),
            session=Session(),
            ledger=Ledger(folder / "ledger"),
        )

    def config(self) -> Config:
        return json.loads(self.config_file.read_bytes()) if self.config_file.exists() else {}

    def switch(self, config: Config) -> None:
        write_atomically(self.config_file, json.dumps(config).encode())


def value(credential_id: str, revision: int) -> Secret:
    return Secret(f"sk-{credential_id}-{revision}")


async def add(machine: Machine, credential_id: str) -> None:
    await machine.store.write(credential_id, 1, ORIGIN, {"api_key": value(credential_id, 1)})
    machine.switch({**machine.config(), credential_id: 1})
    await machine.store.settle(credential_id, 1)


async def rotate(machine: Machine, credential_id: str) -> None:
    revision = machine.config()[credential_id] + 1
    await machine.store.write(credential_id, revision, ORIGIN, {"api_key": value(credential_id, revision)})
    machine.switch({**machine.config(), credential_id: revision})
    await machine.store.settle(credential_id, revision)
    await machine.store.forget(credential_id, revision - 1)


async def remove(machine: Machine, credential_id: str) -> None:
    config = machine.config()
    revision = config.pop(credential_id)
    await machine.store.condemn(credential_id, revision)
    machine.switch(config)
    await machine.store.forget(credential_id, revision)


SCENARIOS: dict[str, tuple[Callable[[Machine, str], Coroutine[Any, Any, None]], ...]] = {
    "add": (add,),
    "rotate": (add, rotate),
    "remove": (add, remove),
}


async def carry_out(scenario: str, folder: Path, step: int) -> None:
    """The scenario, killed at its last act's `step`-th access to the user's files or the keyring."""
    machine = Machine(folder)
    credential_id = f"{scenario}{step}"
    *before, act = SCENARIOS[scenario]
    for earlier in before:
        await earlier(machine, credential_id)
    kill_at(step, str(folder))
    await act(machine, credential_id)


def kill_at(step: int, folder: str) -> None:
    """From now on, kill this process at its `step`-th open, rename or removal in `folder` or connection to the bus."""
    seen = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        touches_files = event in {"open", "os.rename", "os.remove", "os.mkdir"} and folder in str(arguments[0])
        if touches_files or event == "socket.connect":
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


async def look(folder: Path, steps: int) -> None:
    """Tell what the next start finds: the config, and which of its secrets cannot be read after the sweep."""
    machine = Machine(folder)
    await machine.store.sweep(lambda: machine.config().items())
    config = machine.config()
    lost = []
    for credential_id, revision in config.items():
        stored = await machine.store.read(credential_id, revision)
        if stored is None or stored.secrets != {"api_key": value(credential_id, revision)}:
            lost.append(credential_id)
    await machine.store.close()
    ledger = sorted(path.name for path in (folder / "ledger").iterdir())
    sys.stdout.write(json.dumps({"steps": steps, "config": config, "lost": lost, "ledger": ledger}))
    sys.stdout.flush()


def in_child(work: Coroutine[Any, Any, None]) -> int:
    """Run `work` in a forked child; its status as os.wait tells it."""
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(work)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    work.close()
    return os.waitpid(child, 0)[1]


def main(scenario: str, folder: Path) -> int:
    for step in range(1, MOST_STEPS):
        status = in_child(carry_out(scenario, folder, step))
        if os.WIFEXITED(status):
            return os.waitstatus_to_exitcode(status) or os.waitstatus_to_exitcode(in_child(look(folder, step)))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
