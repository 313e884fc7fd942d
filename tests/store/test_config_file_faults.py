"""A process that is killed, or a disk that is full, at each system call of a change."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from proxycast.store.config_edit import select
from proxycast.store.config_file import ConfigFile


def can_trace() -> bool:
    return shutil.which("strace") is not None and subprocess.call(["strace", "-qq", "-o", "/dev/null", "true"]) == 0


pytestmark = pytest.mark.skipif(not can_trace(), reason="strace injects the faults")

OLD = "providers:\n  - {name: a, api_key: sk-canary}\n  - {name: bb}\n"
CHANGE = """
import sys
from pathlib import Path
import msgspec
from proxycast.model.credential import Keyring
from proxycast.store.config_edit import put, select
from proxycast.store.config import parse
from proxycast.store.config_file import ConfigFile

def move(text):
    old = parse(text, "").pool.by_name("a")
    return put(text, msgspec.structs.replace(old, secrets={"api_key": Keyring()}), name="a")

change = {"select": lambda text: select(text, "bb"), "move": move}[sys.argv[2]]
ConfigFile(Path(sys.argv[1])).edit(change)
"""
RENAME = "?rename,?renameat,?renameat2"
UNLINK = "?unlink,unlinkat"
NAMES = {"config.yaml", "config.yaml.1", "config.yaml.2", "config.yaml.3", "config.yaml.lock"}
KILL = "signal=KILL"
FULL = "error=ENOSPC"


def run(path: Path, change: str, calls: str, fault: str) -> int:
    """Make a change in a process of its own under strace; its exit status, negative for a signal."""
    injection = ["-e", f"trace={calls}", "-e", f"inject={calls}:{fault}"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        ["strace", "-qq", "-o", "/dev/null", *injection, sys.executable, "-c", CHANGE, str(path), change],
        env=environment,
        stderr=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    return done.returncode


def prepare(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = folder / "config.yaml"
    path.write_text(OLD)
    for number in (1, 2, 3):
        (folder / f"config.yaml.{number}").write_text(f"# {number}\n{OLD}")
    return path


@pytest.mark.parametrize(
    ("fault", "change", "calls", "count"),
    [
        *((KILL, "select", "fsync", count) for count in (1, 2, 3, 4)),
        *((KILL, "select", RENAME, count) for count in (1, 2, 3, 4)),
        *((KILL, "move", UNLINK, count) for count in (1, 2, 3)),
        *((FULL, "select", "write", count) for count in (1, 2)),
        *((FULL, "select", "fsync", count) for count in (1, 3)),
    ],
)
def test_r13_r14_a_change_that_ends_at_any_call_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, fault: str, change: str, calls: str, count: int
) -> None:
    path = prepare(tmp_path / "home")
    assert run(path, change, calls, f"{fault}:when={count}") == (-9 if fault == KILL else 1)

    configuration = ConfigFile(path).load()
    if path.read_text() != OLD:
        assert configuration.pool.chosen == "bb" or configuration.pool.by_name("a").uses_keyring
        assert change == "select" or not any("sk-canary" in one.read_text() for one in path.parent.iterdir())
    ConfigFile(path).edit(lambda text: select(text, "a"))
    assert {one.name for one in path.parent.iterdir()} <= NAMES
