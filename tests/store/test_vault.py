import asyncio
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from proxycast.model.errors import VaultDamaged, VaultError, VaultLocked, WrongPassphrase
from proxycast.model.secret import Secret
from proxycast.store.vault import Vault

PASSPHRASE = Secret("correct horse")
OTHER = Secret("battery staple")
USER = "0123456789ab/1"


class Asked:
    """Somebody who is asked for the passphrase, and how often."""

    def __init__(self, *answers: Secret | None) -> None:
        self.times = 0
        self._answers = answers

    async def __call__(self) -> Secret | None:
        self.times += 1
        await asyncio.sleep(0)
        return self._answers[min(self.times, len(self._answers)) - 1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "vault"


@pytest.fixture
async def filled(path: Path) -> Path:
    """A vault with one value in it."""
    await Vault(path, passphrase=PASSPHRASE).set(USER, Secret("sk-1"))
    return path


async def test_it_is_made_by_the_first_write_and_keeps_values(path: Path) -> None:
    vault = Vault(path, passphrase=PASSPHRASE)
    assert not vault.exists
    assert vault.can_hold
    assert await vault.get(USER) is None
    await vault.set(USER, Secret("one"))
    await vault.set(USER, Secret("two"))
    await vault.set("other/1", Secret("three"))
    await vault.delete(USER)
    await vault.delete(USER)
    again = Vault(path, passphrase=PASSPHRASE)
    assert await again.get(USER) is None
    assert await again.get("other/1") == Secret("three")


async def test_without_file_and_passphrase_it_holds_nothing(path: Path) -> None:
    vault = Vault(path)
    assert not vault.can_hold
    assert await vault.get(USER) is None
    await vault.delete(USER)
    assert not path.parent.exists()


@pytest.mark.skipif(os.name == "nt", reason="modes of Unix")
async def test_only_its_owner_can_read_it(filled: Path) -> None:
    assert stat.S_IMODE(filled.stat().st_mode) == 0o600
    assert stat.S_IMODE(filled.parent.stat().st_mode) == 0o700


async def test_a_wrong_passphrase_says_so_and_changes_nothing(filled: Path) -> None:
    before = filled.read_bytes()
    vault = Vault(filled, passphrase=OTHER)
    for use in (vault.get(USER), vault.set(USER, Secret("x")), vault.delete(USER)):
        with pytest.raises(WrongPassphrase):
            await use
    assert filled.read_bytes() == before


async def test_without_a_passphrase_it_is_locked(filled: Path) -> None:
    vault = Vault(filled)
    assert isinstance(await vault.state(), VaultLocked)
    with pytest.raises(VaultLocked):
        await vault.get(USER)


async def test_the_user_is_asked_once_for_all_who_wait(filled: Path) -> None:
    asked = Asked(PASSPHRASE)
    vault = Vault(filled, ask=asked)
    found = await asyncio.gather(*(vault.get(USER) for _ in range(20)))
    assert found == [Secret("sk-1")] * 20
    assert asked.times == 1
    assert await vault.state() is None


async def test_a_user_who_will_not_say_is_not_asked_again_until_they_want_to(filled: Path) -> None:
    asked = Asked(None, PASSPHRASE)
    vault = Vault(filled, ask=asked)
    for _ in range(3):
        with pytest.raises(VaultLocked):
            await vault.get(USER)
    assert asked.times == 1
    await vault.unlock()
    assert asked.times == 2
    assert await vault.get(USER) == Secret("sk-1")


async def test_closing_it_forgets_the_key(filled: Path) -> None:
    vault = Vault(filled, ask=Asked(PASSPHRASE, None))
    assert await vault.get(USER) == Secret("sk-1")
    vault.close()
    with pytest.raises(VaultLocked):
        await vault.get(USER)


async def test_the_passphrase_can_be_changed_under_another_process(filled: Path) -> None:
    other_process = Vault(filled, ask=Asked(PASSPHRASE, OTHER))
    assert await other_process.get(USER) == Secret("sk-1")
    vault = Vault(filled)
    with pytest.raises(WrongPassphrase):
        await vault.change_passphrase(OTHER, Secret("x"))
    await vault.change_passphrase(PASSPHRASE, OTHER)
    assert await vault.get(USER) == Secret("sk-1")
    assert await other_process.get(USER) == Secret("sk-1")
    with pytest.raises(WrongPassphrase):
        await Vault(filled).open(PASSPHRASE)


async def test_making_one_does_not_replace_one_that_is_there(filled: Path) -> None:
    assert not await Vault(filled).create(OTHER)
    assert await Vault(filled, passphrase=PASSPHRASE).get(USER) == Secret("sk-1")


async def test_damage_is_told_and_never_overwritten(filled: Path) -> None:
    damaged = filled.read_bytes()[:-1]
    filled.write_bytes(damaged)
    vault = Vault(filled, passphrase=PASSPHRASE)
    for use in (vault.get(USER), vault.set(USER, Secret("x"))):
        with pytest.raises(VaultDamaged):
            await use
    assert filled.read_bytes() == damaged


async def test_a_folder_in_its_place_is_a_plain_error(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(VaultError, match=r"Is a directory|Permission denied"):
        await Vault(path, passphrase=PASSPHRASE).get(USER)


async def test_deriving_the_key_does_not_block_the_loop(filled: Path) -> None:
    opening = asyncio.create_task(Vault(filled).open(PASSPHRASE))
    longest = 0.0
    loop = asyncio.get_running_loop()
    while not opening.done():
        before = loop.time()
        await asyncio.sleep(0.005)
        longest = max(longest, loop.time() - before)
    await opening
    assert longest < 0.15


def test_two_processes_that_write_lose_nothing(filled: Path) -> None:
    script = (
        "import asyncio, pathlib, sys\n"
        "from proxycast.model.secret import Secret\n"
        "from proxycast.store.vault import Vault\n"
        "async def main():\n"
        "    vault = Vault(pathlib.Path(sys.argv[1]), passphrase=Secret('correct horse'))\n"
        "    for number in range(20):\n"
        "        await vault.set(f'{sys.argv[2]}/{number}', Secret(str(number)))\n"
        "asyncio.run(main())\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(filled), name], env=environment) for name in ("a", "b")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]

    async def count() -> int:
        vault = Vault(filled, passphrase=PASSPHRASE)
        found = [await vault.get(f"{name}/{number}") for name in ("a", "b") for number in range(20)]
        return sum(value is not None for value in found)

    assert asyncio.run(count()) == 40


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_FSIZE stands in for a full disk")
async def test_a_full_disk_leaves_the_old_vault(filled: Path) -> None:
    script = (
        "import asyncio, pathlib, resource, signal, sys\n"
        "from proxycast.model.errors import VaultError\n"
        "from proxycast.model.secret import Secret\n"
        "from proxycast.store.vault import Vault\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))\n"
        "vault = Vault(pathlib.Path(sys.argv[1]), passphrase=Secret('correct horse'))\n"
        "try:\n"
        "    asyncio.run(vault.set('big', Secret('x' * 5000)))\n"
        "except VaultError as error:\n"
        "    sys.exit(7 if 'File too large' in str(error) else 8)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, str(filled), env=environment)
    assert await process.wait() == 7
    assert await Vault(filled, passphrase=PASSPHRASE).get(USER) == Secret("sk-1")
    assert sorted(entry.name for entry in filled.parent.iterdir()) == ["vault", "vault.lock"]
