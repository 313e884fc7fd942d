"""The window as its users have it: a process on a screen, real X events, a real keyring and a real tray."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from anthropic import AsyncAnthropic
from tests.acceptance.program import APP, TOKEN
from tests.desktop.test_walk import free_port, streamed
from tests.fakes.answers import Behaviour
from tests.fakes.messages import Script
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY, MessagesService
from tests.keyring.screen import Screen
from tests.keyring.secret_service import SecretService

TOOLS = ("Xvfb", "xdotool", "trayer", "gnome-keyring-daemon", "dbus-daemon", "secret-tool")
PATIENCE = 20.0


class Hands:
    """What a person at the screen does."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def find(self, title: str) -> str:
        """The visible window of this title, as soon as it is there, with the keyboard."""
        window = self.until(lambda: self._do("search", "--onlyvisible", "--name", f"^{re.escape(title)}$").split())[-1]
        self._do("windowfocus", "--sync", window)
        return window

    def sees(self, title: str) -> bool:
        """Whether a window of this title is on the screen now."""
        return bool(self._do("search", "--onlyvisible", "--name", f"^{re.escape(title)}$").split())

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self._do("key", key)
            time.sleep(0.15)  # a person's pace: menus open between two keys

    def type(self, text: str) -> None:
        """Type a text."""
        self._do("type", "--delay", "4", text)

    def click_tray(self) -> None:
        """Open the menu of the tray icon."""
        panel = self.until(lambda: self._do("search", "--onlyvisible", "--class", "trayer").split())[-1]
        place = dict(line.split("=") for line in self._do("getwindowgeometry", "--shell", panel).split() if "=" in line)
        self._do("mousemove", str(int(place["X"]) + 12), str(int(place["Y"]) + 12), "click", "3")
        time.sleep(0.5)

    def until(self, look: Callable[[], list[str]]) -> list[str]:
        """What `look` finds, as soon as it finds something."""
        deadline = time.monotonic() + PATIENCE
        while not (found := look()):
            assert time.monotonic() < deadline, "it does not appear on the screen"
            time.sleep(0.05)
        return found

    def _do(self, *command: str) -> str:
        done = subprocess.run(
            ["xdotool", *command], env=self.environment, capture_output=True, text=True, check=False, timeout=10
        )
        return done.stdout


@pytest.fixture
def bare_session() -> Iterator[SecretService]:
    """A session with an unlocked keyring and a screen."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        assert os.environ.get("CI") != "true", f"{missing} are missing"
        pytest.skip(f"{missing} are missing")
    screen = Screen("1280x1000")
    session = SecretService(activation=True, display=screen.display)
    session.start_bus()
    session.start()
    yield session
    session.close()
    screen.close()


@contextmanager
def a_tray(session: SecretService) -> Iterator[None]:
    """A tray on the session's screen."""
    tray = subprocess.Popen(["trayer", "--edge", "bottom", "--widthtype", "request"], env=session.environment)
    yield
    tray.kill()
    tray.wait()


@pytest.fixture
def session(bare_session: SecretService) -> Iterator[SecretService]:
    """That session with a tray."""
    with a_tray(bare_session):
        yield bare_session


def prepared(folder: Path, session: SecretService, port: int) -> dict[str, str]:
    """The environment of a program that has this port, speaks English, and was started before; its proxy is off."""
    (folder / "config.yaml").write_text(f"server: {{port: {port}}}\n", encoding="utf-8")
    preferences = {"start_proxy": False, "language": "en", "welcomed": True}
    (folder / "desktop.json").write_text(json.dumps(preferences), encoding="utf-8")
    return {
        **session.environment,
        "PROXYCAST_HOME": str(folder),
        "PROXYCAST_TOKEN": TOKEN,
        "PYTHONPATH": str(APP),
        "QT_QPA_PLATFORM": "xcb",
    }


async def test_a_start_at_login_shows_the_icon_alone_in_a_tray_that_appears_late_until_the_window_is_wanted(
    bare_session: SecretService, tmp_path: Path
) -> None:
    port = free_port()
    environment = prepared(tmp_path, bare_session, port)
    hands = Hands(environment)

    async def start(*arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(sys.executable, "-m", "proxycast", *arguments, env=environment)

    program = await start("--hidden")
    try:
        async with asyncio.timeout(PATIENCE):
            while not (tmp_path / "logs" / "proxycast.log").exists():  # noqa: ASYNC110 (it has looked for a tray)
                await asyncio.sleep(0.1)
        with a_tray(bare_session):
            async with asyncio.timeout(PATIENCE):
                while not listening(port):  # until the icon is there, the clicks go nowhere
                    await asyncio.to_thread(turn_by_tray, hands)
                    await asyncio.sleep(1)
            assert await (await start("--hidden")).wait() == 0
            assert not await asyncio.to_thread(hands.sees, "ProxyCast")
            assert await (await start()).wait() == 0
        await asyncio.to_thread(hands.find, "ProxyCast")
        await asyncio.to_thread(hands.press, "ctrl+q")
        async with asyncio.timeout(PATIENCE):
            assert await program.wait() == 0
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()


async def test_the_walk_of_a_user_at_the_screen(session: SecretService, tmp_path: Path) -> None:
    port = free_port()
    environment = prepared(tmp_path, session, port)
    hands = Hands(environment)
    first_words, second_words = Script(text="the first one " * 10), Script(text="the second one")
    async with (
        FakeMessagesApi(MessagesService(says=first_words)) as first,
        FakeMessagesApi(MessagesService(says=second_words)) as second,
    ):
        program = await asyncio.create_subprocess_exec(sys.executable, "-m", "proxycast", env=environment)
        try:
            for name, fake in (("first", first), ("second", second)):
                await asyncio.to_thread(add_through_the_form, hands, name, fake.base_url, fake)
            found = await asyncio.to_thread(stored_secrets, session)
            assert found.count(KEY) == 2
            assert KEY not in (tmp_path / "config.yaml").read_text(encoding="utf-8")

            await asyncio.to_thread(turn_by_tray, hands)
            await asyncio.to_thread(hands.until, lambda: ["yes"] if listening(port) else [])
            address = f"http://127.0.0.1:{port}"
            async with AsyncAnthropic(base_url=address, auth_token=TOKEN, max_retries=0) as client:
                first.enqueue(Behaviour(rate=8))
                running = asyncio.ensure_future(streamed(client))
                await first.next_request()
                await first.next_request()
                await asyncio.to_thread(choose_second_by_tray, hands)
                selected = lambda: ["yes"] if "selected: second" in (tmp_path / "config.yaml").read_text() else []  # noqa: E731
                await asyncio.to_thread(hands.until, selected)
                await asyncio.sleep(1.5)  # the window takes a change over within a second
                assert await streamed(client) == second_words.text
                assert (await running).strip() == first_words.text.strip()
            await asyncio.to_thread(turn_by_tray, hands)
            await asyncio.to_thread(hands.until, lambda: [] if listening(port) else ["no"])
            await asyncio.to_thread(hands.find, "ProxyCast")
            await asyncio.to_thread(hands.press, "ctrl+q")
            async with asyncio.timeout(PATIENCE):
                assert await program.wait() == 0
        finally:
            if program.returncode is None:
                program.kill()
                await program.wait()


def add_through_the_form(hands: Hands, name: str, base_url: str, fake: FakeMessagesApi) -> None:
    """Add a credential by keyboard, testing the connection before it is saved."""
    hands.find("ProxyCast")
    hands.press("ctrl+n")
    hands.find("Add a credential")
    time.sleep(0.5)
    hands.type(KEY)  # the cursor is in the key
    hands.press("Tab")
    hands.type(base_url)
    hands.press("shift+Tab", "shift+Tab")
    hands.type(name)
    hands.press("Tab", "Tab", "Tab", "Tab", "space")
    hands.until(lambda: ["yes"] if fake.requests else [])
    time.sleep(0.5)
    hands.press("shift+Tab", "shift+Tab", "Return")
    hands.until(lambda: ["yes"] if saved(hands, name) else [])


def saved(hands: Hands, name: str) -> bool:
    """Whether the configuration holds this credential."""
    return f"name: {name}\n" in (Path(hands.environment["PROXYCAST_HOME"]) / "config.yaml").read_text(encoding="utf-8")


def turn_by_tray(hands: Hands) -> None:
    """Press the switch in the tray's menu, which is its first entry."""
    hands.click_tray()
    hands.press("Down", "Return")


def choose_second_by_tray(hands: Hands) -> None:
    """Choose the second credential in the tray's menu."""
    hands.click_tray()
    hands.press("Down", "Down", "Right", "Down", "Return")


def stored_secrets(session: SecretService) -> str:
    """All that the keyring holds for ProxyCast."""
    done = subprocess.run(
        ["secret-tool", "search", "--all", "service", "ProxyCast"],
        env=session.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=10,
    )
    return done.stdout


def listening(port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
