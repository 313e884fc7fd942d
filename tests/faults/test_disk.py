"""A process that is killed, or a disk that is full, at every call that writes: the vault, its rotation, the journal."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.faults.rows import row
from tests.store.test_config_file_faults import FULL, KILL, RENAME, can_trace

from proxycast.model.secret import Secret
from proxycast.store.journal import Journal
from proxycast.store.journal_reader import JournalReader
from proxycast.store.vault.file import VaultFile

pytestmark = pytest.mark.skipif(not can_trace(), reason="strace injects the faults")

MOST_CALLS = 40
OLD, NEW = Secret("the old passphrase"), Secret("the new passphrase")

VAULT = """
import sys
from pathlib import Path
from proxycast.model.secret import Secret
from proxycast.store.vault.file import VaultFile
file = VaultFile(Path(sys.argv[1]))
file.open(Secret("the old passphrase"))
print("open", flush=True)
"""
ROTATE = """
file.set("abc/2", "sk-two")
file.delete("abc/1")
"""
CHANGE_PASSPHRASE = """
file.change_passphrase(Secret("the old passphrase"), Secret("the new passphrase"))
"""
JOURNAL = """
import sys
from pathlib import Path
from proxycast.store.journal import Journal
from tests.faults.rows import row
journal = Journal(Path(sys.argv[1]))
for number in range(3):
    journal.record(row(number))
journal.close()
"""


def run(script: str, path: Path, calls: str, fault: str) -> int:
    """Run a script under strace, which injects the fault; its exit status, negative for a signal."""
    injection = ["-e", f"trace={calls}", "-e", f"inject={calls}:{fault}"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", *injection, sys.executable, "-c", script, str(path)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    return done.returncode


def at_every_call(script: str, calls: str, fault: str, prepared: Callable[[], Path]) -> Iterator[tuple[Path, int]]:
    """What each run leaves whose first, second, … such call meets the fault, and its exit status; ends with the run
    that has no more of them.
    """
    for count in itertools.count(1):
        assert count < MOST_CALLS, "it does not end"
        path = prepared()
        status = run(script, path, calls, f"{fault}:when={count}")
        yield path, status
        if status == 0:
            assert count > 1, "no such call was met"
            return


@pytest.fixture
def vault(tmp_path: Path) -> Callable[[], Path]:
    """Makes the same vault anew: one secret under the old passphrase."""
    kept = tmp_path / "kept"
    file = VaultFile(kept / "vault")
    file.create(OLD)
    file.set("abc/1", "sk-one")

    def fresh() -> Path:
        shutil.rmtree(tmp_path / "home", ignore_errors=True)
        shutil.copytree(kept, tmp_path / "home")
        return tmp_path / "home" / "vault"

    return fresh


@pytest.mark.parametrize(("fault", "calls"), [(KILL, "fsync"), (KILL, RENAME), (FULL, "fsync")], ids=str)
def test_r13_r14_a_vault_keeps_the_old_secret_until_the_new_one_is_there(
    vault: Callable[[], Path], fault: str, calls: str
) -> None:
    for path, status in at_every_call(VAULT + ROTATE, calls, fault, vault):
        file = VaultFile(path)
        file.open(OLD)
        found = (file.get("abc/1"), file.get("abc/2"))
        assert found in {("sk-one", None), ("sk-one", "sk-two"), (None, "sk-two")}
        assert status != 0 or found == (None, "sk-two")
        file.set("abc/3", "sk-three")
        assert {one.name for one in path.parent.iterdir()} == {"vault", "vault.lock"}


@pytest.mark.parametrize(("fault", "calls"), [(KILL, RENAME), (FULL, "fsync")], ids=str)
def test_r13_r14_a_vault_opens_with_the_old_passphrase_or_the_new_one(
    vault: Callable[[], Path], fault: str, calls: str
) -> None:
    for path, _ in at_every_call(VAULT + CHANGE_PASSPHRASE, calls, fault, vault):
        file = VaultFile(path)
        opened = 0
        for passphrase in (OLD, NEW):
            with contextlib.suppress(Exception):
                file.open(passphrase)
                opened += 1
        assert opened == 1
        assert file.get("abc/1") == "sk-one"


@pytest.mark.parametrize(("fault", "calls"), [(KILL, "pwrite64"), (KILL, "fdatasync")], ids=str)
def test_r13_a_journal_whose_writer_is_killed_at_any_write_is_whole_and_goes_on(
    tmp_path: Path, fault: str, calls: str
) -> None:
    def fresh() -> Path:
        shutil.rmtree(tmp_path / "home", ignore_errors=True)
        return tmp_path / "home" / "journal.sqlite"

    for path, _ in at_every_call(JOURNAL, calls, fault, fresh):
        journal = Journal(path)
        journal.record(row(1))
        journal.close()
        rows = JournalReader(path).recent(1000)
        assert rows
        with contextlib.closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
