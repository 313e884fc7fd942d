"""The program as users start it: a process with a window, a proxy inside, and a clean end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.desktop.opened import until

from proxycast.desktop.preferences import Preferences, PreferencesFile
from proxycast.proxy.ports import listen

CONFIG = """\
server: {{port: {port}}}
providers:
  - {{name: work, type: claude-custom, api_key: "${{NO_SUCH_VARIABLE}}"}}
"""
START = 20.0
SECOND_START = 3.0
"""Seconds. They take less than one, but the machine may be busy."""


def free_port() -> int:
    with listen("127.0.0.1", 0) as free:
        port: int = free.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether something listens on the port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture
def port(tmp_path: Path) -> int:
    port = free_port()
    (tmp_path / "config.yaml").write_text(CONFIG.format(port=port), encoding="utf-8")
    return port


def start(home: Path) -> subprocess.Popen[str]:
    environment = os.environ | {
        "PROXYCAST_HOME": str(home),
        "PYTHONPATH": "app",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
        "XDG_RUNTIME_DIR": str(home),
        "LANGUAGE": "en",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "proxycast"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@asynccontextmanager
async def running(home: Path) -> AsyncIterator[subprocess.Popen[str]]:
    """The program over the folder `home`; killed at the end if it still runs."""
    process = start(home)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


async def started(home: Path) -> None:
    """Wait until the program has begun its life and catches signals."""
    await until((home / "logs" / "proxycast.log").exists, START)


async def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit status of a process that is about to end, and what it printed."""
    said, _ = await asyncio.to_thread(process.communicate, timeout=15)
    return process.returncode, said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_listens_and_a_signal_ends_it_cleanly(tmp_path: Path, port: int, number: signal.Signals) -> None:
    async with running(tmp_path) as process:
        await until(lambda: answers(port), START)
        process.send_signal(number)
        assert await ended(process) == (0, "")
    assert not answers(port)


async def test_r16_a_second_start_raises_the_first_and_is_gone_at_once(tmp_path: Path, port: int) -> None:
    async with running(tmp_path) as process:
        await until(lambda: answers(port), START)
        began = time.monotonic()
        assert await ended(start(tmp_path)) == (0, "")
        assert time.monotonic() - began < SECOND_START
        assert process.poll() is None


async def test_a_bad_configuration_is_survived_and_its_repair_noticed(tmp_path: Path, port: int) -> None:
    good = (tmp_path / "config.yaml").read_text(encoding="utf-8")
    (tmp_path / "config.yaml").write_text(good + "  - nonsense\n", encoding="utf-8")
    async with running(tmp_path) as process:
        await started(tmp_path)
        await asyncio.sleep(1)
        assert process.poll() is None
        assert not answers(port)
        (tmp_path / "config.yaml").write_text(good, encoding="utf-8")
        await until(lambda: answers(port), START)


async def test_r15_with_a_bad_configuration_the_one_before_serves(tmp_path: Path, port: int) -> None:
    (tmp_path / "config.yaml").replace(tmp_path / "config.yaml.1")
    (tmp_path / "config.yaml").write_text("nonsense", encoding="utf-8")
    async with running(tmp_path):
        await until(lambda: answers(port), START)
    assert (tmp_path / "config.yaml").read_text(encoding="utf-8") == "nonsense"


async def test_a_taken_port_does_not_end_it(tmp_path: Path, port: int) -> None:
    with listen("127.0.0.1", port):
        async with running(tmp_path) as process:
            await started(tmp_path)
            await asyncio.sleep(1)
            assert process.poll() is None
            process.terminate()
            assert await ended(process) == (0, "")


async def test_the_proxy_does_not_start_by_itself_if_the_user_says_so(tmp_path: Path, port: int) -> None:
    PreferencesFile(tmp_path).save(Preferences(start_proxy=False))
    async with running(tmp_path) as process:
        await started(tmp_path)
        await asyncio.sleep(1)
        assert process.poll() is None
        assert not answers(port)


async def test_a_folder_that_cannot_be_used_is_one_line_on_stderr(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    status, said = await ended(start(tmp_path / "file"))
    assert status == 1
    assert said.startswith("ProxyCast cannot use its folder")
    assert said.count("\n") == 1
