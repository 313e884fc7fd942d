"""One window per configuration folder."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desktop.opened import until

from proxycast.desktop.instance import PATIENCE, Instance

ASK = """
import sys
from pathlib import Path
from proxycast.desktop.instance import Instance
second = Instance(Path(sys.argv[1]))
print(second.claim(), second.raise_first())
"""


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's runtime folder, where sockets lie."""
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def first(tmp_path: Path, runtime: Path) -> Iterator[Instance]:
    instance = Instance(tmp_path / "home")
    assert instance.claim()
    instance.listen()
    yield instance
    instance.release()


async def ask(folder: Path) -> str:
    """What a second process finds out."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ASK, str(folder), stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": "app"}
    )
    said, _ = await process.communicate()
    return said.decode().strip()


async def test_a_second_start_raises_the_first_window(first: Instance, tmp_path: Path) -> None:
    raised: list[str] = []
    first.raised.connect(lambda: raised.append("once"))
    assert await ask(tmp_path / "home") == "False True"
    assert raised == ["once"]


async def test_each_configuration_has_its_own_window(first: Instance, tmp_path: Path) -> None:
    other = Instance(tmp_path / "other")
    assert other.claim()
    other.release()


async def test_a_released_claim_is_free(first: Instance, tmp_path: Path) -> None:
    first.release()
    next_one = Instance(tmp_path / "home")
    assert next_one.claim()
    next_one.release()


async def test_a_killed_process_leaves_nothing_in_the_way(tmp_path: Path, runtime: Path) -> None:
    code = ASK.replace(
        "print(second.claim(), second.raise_first())",
        "claimed = second.claim(); second.listen(); print(claimed, flush=True); input()",
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        str(tmp_path / "home"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": "app"},
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"True\n"
    process.kill()
    await process.wait()
    assert list(runtime.iterdir())  # the stale socket

    next_one = Instance(tmp_path / "home")
    assert next_one.claim()
    next_one.listen()
    assert await ask(tmp_path / "home") == "False True"
    next_one.release()


async def test_a_second_start_waits_for_a_first_one_that_is_starting(tmp_path: Path, runtime: Path) -> None:
    first = Instance(tmp_path / "home")
    assert first.claim()
    asyncio.get_running_loop().call_later(0.3, first.listen)
    assert await ask(tmp_path / "home") == "False True"
    first.release()


async def test_a_first_process_that_is_silent_is_not_waited_for_long(tmp_path: Path, runtime: Path) -> None:
    first = Instance(tmp_path / "home")
    assert first.claim()
    first.listen()
    began = time.monotonic()
    second = Instance(tmp_path / "home")
    assert not second.claim()
    assert not second.raise_first()  # this very thread should answer, and does not
    assert time.monotonic() - began < 2 * PATIENCE / 1000 + 0.5
    first.release()


@pytest.mark.parametrize("line", [b'{"v":1,"do":"dance"}\n', b"\xff\x00\n", b"[]\n", b"x" * 5000, b"{"])
async def test_a_message_that_is_none_raises_nothing(first: Instance, runtime: Path, line: bytes) -> None:
    raised: list[str] = []
    first.raised.connect(lambda: raised.append("once"))
    [address] = runtime.iterdir()
    reader, writer = await asyncio.open_unix_connection(address)
    writer.write(line)
    answer = await reader.read()
    assert answer in {b'{"v":1,"done":false}\n', b""}
    writer.close()
    assert raised == []


async def test_only_the_user_may_speak_to_the_window(first: Instance, runtime: Path) -> None:
    [address] = runtime.iterdir()
    assert address.is_socket()
    assert address.stat().st_mode & 0o077 == 0


async def test_a_client_that_hangs_up_harms_nothing(first: Instance, runtime: Path, tmp_path: Path) -> None:
    [address] = runtime.iterdir()
    for _ in range(20):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(address))
    raised: list[str] = []
    first.raised.connect(lambda: raised.append("once"))
    assert await ask(tmp_path / "home") == "False True"
    await until(lambda: raised == ["once"])
