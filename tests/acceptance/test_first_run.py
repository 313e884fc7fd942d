"""The first start as a newcomer has it: from an empty folder to a streamed answer, with the mouse alone.

The program runs in a process of its own on a screen of its own. What reports to the test is the answer on the screen
and the place of each button; every click is a real X event.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.acceptance.program import APP
from tests.desktop.test_walk import free_port
from tests.keyring.screen import Screen

TOOLS = ("Xvfb", "xdotool")
SECONDS = 20.0
CLICKS = 8
WALK = Path(__file__).with_name("first_run_program.py")


@pytest.fixture
def screen() -> Iterator[Screen]:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        assert os.environ.get("CI") != "true", f"{missing} are missing"
        pytest.skip(f"{missing} are missing")
    screen = Screen("1280x1000")
    yield screen
    screen.close()


class Newcomer:
    """Somebody who looks at the screen and clicks; counts the clicks."""

    def __init__(self, process: asyncio.subprocess.Process, display: str) -> None:
        self._process = process
        self._display = display
        self.clicks = 0

    async def sees(self, name: str) -> tuple[int, int]:
        """Wait until a button or text of this name can be seen, enabled; gives its middle."""
        while True:
            seen = await self._look()
            if name in seen:
                return seen[name]
            await asyncio.sleep(0.05)

    async def clicks_on(self, name: str) -> None:
        """Click on the button of this name, as soon as it can be clicked."""
        x, y = await self.sees(name)
        self.clicks += 1
        command = ("xdotool", "mousemove", str(x), str(y), "click", "1")
        clicking = await asyncio.create_subprocess_exec(*command, env={**os.environ, "DISPLAY": self._display})
        assert await clicking.wait() == 0

    async def _look(self) -> dict[str, tuple[int, int]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"look\n")
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        assert line, "the program has ended"
        return {name: (x, y) for name, (x, y) in json.loads(line).items()}


@asynccontextmanager
async def program(home: Path, screen: Screen) -> AsyncIterator[Newcomer]:
    """ProxyCast over an empty folder, and somebody before it."""
    port = free_port()
    (home / "config.yaml").write_text(f"server: {{port: {port}}}\n", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(WALK),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "DISPLAY": screen.display,
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
            "LANGUAGE": "en",
            "PROXYCAST_HOME": str(home),
            "PYTHONPATH": str(APP),
            "QT_QPA_PLATFORM": "xcb",
            "XDG_RUNTIME_DIR": str(home),
        },
    )
    try:
        yield Newcomer(process, screen.display)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_newcomer_has_a_streamed_answer_within_seconds_and_a_few_clicks(screen: Screen, tmp_path: Path) -> None:
    began = time.monotonic()
    async with asyncio.timeout(3 * SECONDS), program(tmp_path, screen) as newcomer:
        await newcomer.clicks_on("Try the demo")
        await newcomer.sees("The key works: proxycast-demo answered.")
        await newcomer.clicks_on("Continue")
        await newcomer.clicks_on("Send")
        await newcomer.sees("streams: This is ProxyCast's offline demo.")
        took = time.monotonic() - began
        await newcomer.clicks_on("Done")
    assert newcomer.clicks <= CLICKS
    assert took < SECONDS, f"{took:.1f} s"
