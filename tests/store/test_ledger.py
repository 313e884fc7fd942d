import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from proxycast.store.ledger import Ledger


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ledger"


@pytest.fixture
def ledger(folder: Path) -> Iterator[Ledger]:
    with closing(Ledger(folder)) as ledger:
        yield ledger


def leave(folder: Path, *users: str) -> None:
    """A process that ended with these users on its list."""
    with closing(Ledger(folder)) as dead:
        dead.add(*users)


def files(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir())


def test_what_a_dead_process_left_is_adopted(folder: Path, ledger: Ledger) -> None:
    leave(folder, "a/1", "b/1")
    leave(folder, "c/1")
    assert ledger.adopt() == {"a/1", "b/1", "c/1"}


def test_what_a_killed_process_left_is_adopted(folder: Path, ledger: Ledger) -> None:
    script = (
        "import os, pathlib, signal, sys\n"
        "from proxycast.store.ledger import Ledger\n"
        "Ledger(pathlib.Path(sys.argv[1])).add('a/1')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", script, str(folder)], env=environment, check=False, timeout=20)
    assert ledger.adopt() == {"a/1"}


def test_what_a_living_process_works_on_is_left_alone(folder: Path, ledger: Ledger) -> None:
    with closing(Ledger(folder)) as living:
        living.add("a/1")
        assert ledger.adopt() == set()
        living.settle("a/1")
    assert ledger.adopt() == set()


def test_what_is_settled_is_not_adopted(folder: Path, ledger: Ledger) -> None:
    with closing(Ledger(folder)) as dead:
        dead.add("a/1", "b/1")
        dead.settle("a/1")
        dead.settle("never/1")
    assert ledger.adopt() == {"b/1"}


def test_its_own_entries_are_not_adopted(ledger: Ledger) -> None:
    ledger.add("a/1")
    assert ledger.adopt() == set()


def test_the_adopted_is_offered_until_it_is_settled_and_survives_its_adopter(folder: Path, ledger: Ledger) -> None:
    leave(folder, "a/1", "b/1")
    with closing(Ledger(folder)) as adopter:
        assert adopter.adopt() == {"a/1", "b/1"}
        adopter.settle("a/1")
        assert adopter.adopt() == {"b/1"}
        assert ledger.adopt() == set()
    assert ledger.adopt() == {"b/1"}


def test_only_one_of_several_adopts(folder: Path) -> None:
    leave(folder, *(f"{number}/1" for number in range(5)))
    with closing(Ledger(folder)) as one, closing(Ledger(folder)) as other:
        assert sorted(map(len, (one.adopt(), other.adopt()))) == [0, 5]


def test_nothing_is_left_on_the_disk_when_all_is_settled(folder: Path) -> None:
    leave(folder, "a/1")
    with closing(Ledger(folder)) as ledger:
        ledger.add("b/1")
        for user in ("b/1", *ledger.adopt()):
            ledger.settle(user)
    assert files(folder) == []


def test_a_process_that_only_looks_leaves_no_trace(folder: Path) -> None:
    with closing(Ledger(folder)) as ledger:
        assert ledger.adopt() == set()
    assert not folder.exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'["a/1"', b"\xff"])
def test_a_damaged_list_is_kept_and_stops_nothing(folder: Path, ledger: Ledger, content: bytes) -> None:
    leave(folder, "b/1")
    (damaged,) = folder.glob("*.json")
    damaged.write_bytes(content)
    leave(folder, "a/1")
    assert ledger.adopt() == {"a/1"}
    assert damaged.read_bytes() == content


def test_leftovers_of_a_killed_write_go_with_the_list(folder: Path, ledger: Ledger) -> None:
    leave(folder, "a/1")
    (of_the_dead,) = folder.glob("*.json")
    (folder / f".{of_the_dead.name}.abcdefgh.tmp").write_bytes(b"[")
    ledger.adopt()
    ledger.settle("a/1")
    assert ".tmp" not in files(folder)


def test_a_process_killed_before_its_first_entry_leaves_nothing(folder: Path) -> None:
    leave(folder, "a/1")
    (folder / "0000000000000000.lock").touch()
    (folder / ".0000000000000000.json.abcdefgh.tmp").write_bytes(b"[")
    with closing(Ledger(folder)) as ledger:
        ledger.settle(*ledger.adopt())
    assert files(folder) == []


def test_it_can_be_used_again_after_closing(folder: Path) -> None:
    ledger = Ledger(folder)
    for _ in range(2):
        ledger.add("a/1")
        ledger.close()
    with closing(Ledger(folder)) as other:
        assert other.adopt() == {"a/1"}
