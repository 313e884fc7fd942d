import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec
import pytest

from proxycast.model.credential import Credential, Keyring, Literal
from proxycast.model.errors import ConfigError, UnknownCredential
from proxycast.model.pool import Pool
from proxycast.model.secret import Secret
from proxycast.store.config import Configuration, parse
from proxycast.store.config_edit import put, remove, select
from proxycast.store.config_file import ConfigFile, decode, watch

TWO = "providers:\n  - {name: a, type: claude-custom}\n  - {name: b, type: claude-custom}\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "config.yaml"


def write(path: Path, text: str) -> ConfigFile:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return ConfigFile(path)


def selected(path: Path) -> str | None:
    return parse(path.read_text("utf-8"), "f").pool.chosen


def test_no_file_is_an_empty_configuration(path: Path) -> None:
    assert ConfigFile(path).load() == Configuration()
    assert not path.parent.exists()


def test_the_first_edit_makes_folder_and_file_for_their_owner_alone(path: Path) -> None:
    new = Credential(id="0123456789ab", name="new", secrets={"api_key": Keyring()})
    configuration = ConfigFile(path).edit(lambda text: put(text, new))
    assert configuration.pool == Pool(credentials=(new,))
    assert ConfigFile(path).load() == configuration
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert sorted(one.name for one in path.parent.iterdir()) == ["config.yaml", "config.yaml.lock"]


def test_an_edit_works_on_what_the_file_says_now(path: Path) -> None:
    file = write(path, TWO)
    file.load()
    write(path, TWO + "selected: a\n")
    assert file.edit(lambda text: remove(text, "b")).pool.chosen == "a"


def test_line_endings_stay_and_a_byte_order_mark_goes(path: Path) -> None:
    file = write(path, "\ufeff" + TWO.replace("\n", "\r\n"))
    assert len(file.load().pool.credentials) == 2
    file.edit(lambda text: select(text, "b"))
    assert path.read_bytes() == (TWO + 'selected: "b"\n').replace("\n", "\r\n").encode()


def test_r15_a_bad_file_is_never_overwritten(path: Path) -> None:
    file = write(path, TWO + "oops: 1\n")
    with pytest.raises(ConfigError) as refused:
        file.edit(lambda _: "")
    assert (refused.value.file, refused.value.line, refused.value.column) == (str(path), 4, 1)
    assert path.read_text() == TWO + "oops: 1\n"


def test_an_edit_that_fails_or_makes_a_bad_text_leaves_the_file(path: Path) -> None:
    file = write(path, TWO)
    with pytest.raises(UnknownCredential):
        file.edit(lambda text: select(text, "c"))
    with pytest.raises(ConfigError):
        file.edit(lambda _: "selected: nobody\n")
    assert path.read_text() == TWO
    file.edit(lambda text: select(text, "a"))
    assert selected(path) == "a"


@pytest.mark.parametrize(
    ("data", "line", "column", "says"),
    [
        (b"a: 1\n\xe4\xbd\xa0b: \xff\n", 2, 5, "UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, 1, "UTF-8"),
        (b"#" * (1024 * 1024 + 1), 0, 0, "longer than 1024 KiB"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, line: int, column: int, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as refused:
        decode(data, "config.yaml")
    assert (refused.value.line, refused.value.column) == (line, column)


def test_a_file_without_an_end_is_not_read_to_it() -> None:
    with pytest.raises(ConfigError, match="longer than"):
        ConfigFile(Path("/dev/zero")).load()


def test_what_cannot_be_read_is_said_with_its_reason(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(ConfigError, match=r"cannot be read .*directory") as refused:
        ConfigFile(path).load()
    assert refused.value.line == 0


def test_an_edit_that_changes_nothing_writes_nothing(path: Path) -> None:
    file = write(path, TWO)
    before = file.signature()
    file.edit(lambda text: text)
    assert file.signature() == before
    assert not path.with_name("config.yaml.1").exists()


def test_the_last_three_texts_are_kept(path: Path) -> None:
    file = write(path, TWO)
    for name in ("a", "b", "a", "b"):
        file.edit(partial(select, name=name))
    backups = [selected(path.with_name(f"config.yaml.{number}")) for number in (1, 2, 3)]
    assert backups == ["a", "b", "a"]
    assert not path.with_name("config.yaml.4").exists()
    assert stat.S_IMODE(path.with_name("config.yaml.1").stat().st_mode) == 0o600


def test_the_newest_usable_backup_is_the_last_good_one(path: Path) -> None:
    file = write(path, TWO)
    assert file.last_good() is None
    file.edit(lambda text: select(text, "a"))
    file.edit(lambda text: select(text, "b"))
    write(path, "broken: [")
    good = file.last_good()
    assert good is not None
    assert good.pool.chosen == "a"
    path.with_name("config.yaml.1").write_text("broken: [")
    good = file.last_good()
    assert good is not None
    assert good.pool.chosen is None


@pytest.mark.parametrize("spelled", ["sk-canary", '"sk-\\x63anary"'])
def test_a_literal_that_goes_into_the_keyring_leaves_the_backups_too(path: Path, spelled: str) -> None:
    file = write(path, f"providers:\n  - {{name: a, api_key: {spelled}}}\n  - {{name: b}}\n")
    for name in ("a", "b", "a"):
        file.edit(partial(select, name=name))
    assert path.with_name("config.yaml.3").exists()

    def move(text: str) -> str:
        old = parse(text, "f").pool.by_name("a")
        assert old.secrets == {"api_key": Literal(Secret("sk-canary"))}
        return put(text, msgspec.structs.replace(old, secrets={"api_key": Keyring()}), name="a")

    file.edit(move)
    assert all(b"anary" not in one.read_bytes() for one in path.parent.iterdir())
    file.edit(lambda text: select(text, "b"))
    assert selected(path.with_name("config.yaml.1")) == "a"


def test_a_literal_that_was_commented_out_in_a_backup_goes_too(path: Path) -> None:
    file = write(path, "providers:\n  - {name: a, api_key: sk-canary}\n")
    path.with_name("config.yaml.2").write_text("# api_key: sk-canary\n")
    path.with_name("config.yaml.3").write_text("# harmless\n")
    file.edit(lambda text: remove(text, "a"))
    assert sorted(one.name for one in path.parent.iterdir()) == ["config.yaml", "config.yaml.3", "config.yaml.lock"]


def test_a_link_stays_and_the_file_it_leads_to_is_changed(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "proxycast.yaml"
    write(target, TWO)
    path.parent.mkdir()
    path.symlink_to(os.path.relpath(target, path.parent))
    ConfigFile(path).edit(lambda text: select(text, "a"))
    assert path.is_symlink()
    assert selected(target) == "a"


def test_what_a_killed_process_left_is_cleared_away(path: Path) -> None:
    file = write(path, TWO)
    leftover = path.with_name(".config.yaml.abcd.tmp")
    leftover.write_text("half")
    file.edit(lambda text: select(text, "a"))
    assert not leftover.exists()


def test_a_file_that_may_not_be_written_is_an_error_with_the_reason(path: Path) -> None:
    path.parent.parent.joinpath("home").write_text("a file where the folder should be")
    with pytest.raises(ConfigError, match="cannot be written and was left as it is"):
        ConfigFile(path).edit(lambda _: TWO)


# Two programs at once.

HOLD = """
import sys
from pathlib import Path
from proxycast.store.file_lock import locked
with locked(Path(sys.argv[1]), wait=5):
    print("locked", flush=True)
    sys.stdin.read()
"""
ADD_MANY = """
import sys
from pathlib import Path
from proxycast.model.credential import Credential, new_id
from proxycast.store.config_edit import put
from proxycast.store.config_file import ConfigFile
for number in range(8):
    new = Credential(id=new_id(), name=f"{sys.argv[2]}{number}")
    ConfigFile(Path(sys.argv[1])).edit(lambda text: put(text, new))
"""


def python(code: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", code, *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def test_an_edit_waits_for_another_program_but_not_for_ever(path: Path) -> None:
    write(path, TWO)
    lock = path.with_name("config.yaml.lock")
    with subprocess.Popen(
        python(HOLD, lock), env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        with pytest.raises(ConfigError, match="Another program has been changing the file"):
            ConfigFile(path, patience=0.1).edit(lambda text: select(text, "a"))
        assert path.read_text() == TWO
        holder.kill()
        ConfigFile(path).edit(lambda text: select(text, "a"))
    assert selected(path) == "a"


def test_programs_that_edit_at_once_lose_nothing_of_each_other(path: Path) -> None:
    runs = [subprocess.Popen(python(ADD_MANY, path, letter), env=environment()) for letter in "xyz"]
    assert [run.wait(30) for run in runs] == [0, 0, 0]
    names = {one.name for one in ConfigFile(path).load().pool.credentials}
    assert names == {f"{letter}{number}" for letter in "xyz" for number in range(8)}


# Watching.


class Told:
    """What a watcher was told, in order, and a way to wait for the next."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Configuration | ConfigError] = asyncio.Queue()
        self.polled = asyncio.Event()

    async def next(self) -> Configuration | ConfigError:
        return await asyncio.wait_for(self.queue.get(), 10)

    async def polls(self, count: int) -> None:
        for _ in range(count):
            self.polled.clear()
            await asyncio.wait_for(self.polled.wait(), 10)


@asynccontextmanager
async def watching(file: ConfigFile, *, settle: float = 0.02) -> AsyncIterator[Told]:
    told = Told()
    put_into: Callable[[Configuration | ConfigError], None] = told.queue.put_nowait
    task = asyncio.create_task(watch(file, put_into, put_into, interval=0.01, settle=settle, on_poll=told.polled.set))
    try:
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_change_by_hand_is_told_and_a_bad_one_with_its_place(path: Path) -> None:
    file = write(path, TWO)
    file.load()
    async with watching(file) as told:
        write(path, TWO + "selected: b\n")
        changed = await told.next()
        assert isinstance(changed, Configuration)
        assert changed.pool.chosen == "b"
        write(path, TWO + "selected: c\n")
        problem = await told.next()
        assert isinstance(problem, ConfigError)
        assert problem.line == 4
        write(path, TWO)
        mended = await told.next()
        assert isinstance(mended, Configuration)
        assert told.queue.empty()


async def test_an_own_edit_is_not_told_as_a_change(path: Path) -> None:
    file = write(path, TWO)
    file.load()
    async with watching(file) as told:
        await asyncio.to_thread(file.edit, lambda text: select(text, "a"))
        await told.polls(5)
        assert told.queue.empty()


async def test_a_file_that_an_editor_empties_before_it_writes_is_told_once_when_it_is_whole(path: Path) -> None:
    file = write(path, TWO)
    file.load()
    async with watching(file, settle=0.1) as told:
        with path.open("w") as stream:
            await told.polls(1)
            await asyncio.sleep(0.25)  # A slow editor: longer than a change takes to settle.
            stream.write(TWO + "selected: a\n")
        whole = await told.next()
        assert isinstance(whole, Configuration)
        assert whole.pool.chosen == "a"
        assert told.queue.empty()


@pytest.mark.parametrize("emptied", [Path.unlink, lambda path: path.write_text("")])
async def test_a_file_that_stays_empty_is_an_empty_configuration(path: Path, emptied: Callable[[Path], object]) -> None:
    file = write(path, TWO)
    file.load()
    async with watching(file) as told:
        emptied(path)
        assert await told.next() == Configuration()
