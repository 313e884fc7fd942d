"""What somebody at a terminal is asked, and that nothing they type is shown."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cli.test_process import APP

from proxycast.store.config import parse

KEY = "sk-ant-api03-typed-at-a-prompt"
PASSPHRASE = "correct horse battery"
CTRL_C = "\x03"

# The first terminal that the leader of a session opens controls it: from then on Ctrl+C is a signal.
_IN_TERMINAL = """
import os, sys
os.close(os.open(os.ttyname(0), os.O_RDWR))
os.execv(sys.executable, [sys.executable, "-m", "proxycast", *sys.argv[1:]])
"""


class Terminal:
    """A terminal in which a command runs. `shown` is all that was on it."""

    def __init__(self, home: Path, *arguments: str, **environment: str) -> None:
        self.home = home
        self.shown = ""
        self._ours, theirs = os.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _IN_TERMINAL, *arguments],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(APP),
                "LANG": "C.UTF-8",
                "PROXYCAST_HOME": str(home),
                **environment,
            },
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def answer(self, prompt: str, typed: str) -> None:
        """Type a line once the prompt is there and the echo is off."""
        self._until(lambda: prompt in self.shown, prompt)
        self.shown = self.shown.replace(prompt, "", 1)
        self._until(lambda: not self.echoes, f"no echo after {prompt}")
        os.write(self._ours, typed.encode())

    def type(self, typed: str) -> None:
        """Type a line."""
        os.write(self._ours, typed.encode())

    @property
    def echoes(self) -> bool:
        """Whether what is typed would be seen."""
        return bool(termios.tcgetattr(self._ours)[3] & termios.ECHO)

    def end(self) -> int:
        """The exit status, when it has ended."""
        self._until(lambda: self._process.poll() is not None, "end")
        return self._process.wait()

    def interrupt(self) -> None:
        os.write(self._ours, CTRL_C.encode())

    def until(self, words: str) -> None:
        self._until(lambda: words in self.shown, words)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def _until(self, is_so: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + 20
        while not is_so():
            assert time.monotonic() < deadline, f"not there: {what}\n{self.shown}"
            if select.select([self._ours], [], [], 0.02)[0]:
                with contextlib.suppress(OSError):  # all others have closed it
                    self.shown += os.read(self._ours, 4096).decode()


Open = Callable[..., Terminal]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Open]:
    """Runs commands in terminals, over one home."""
    opened: list[Terminal] = []

    def start(*arguments: str, **environment: str) -> Terminal:
        opened.append(Terminal(tmp_path, *arguments, **environment))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def pool(home: Path) -> list[str]:
    file = home / "config.yaml"
    return [one.name for one in parse(file.read_text() if file.exists() else "", "f").pool.credentials]


def test_a_key_is_asked_for_by_its_destination_and_not_shown(terminal: Open) -> None:
    run = terminal("add", "work", "--base-url", "https://relay.example.com", PROXYCAST_PASSPHRASE=PASSPHRASE)
    run.answer("API key for https://relay.example.com", f"{KEY}\n")
    assert run.end() == 0
    assert "Added work." in run.shown
    assert KEY not in run.shown
    assert run.echoes
    assert pool(run.home) == ["work"]


def test_without_a_keyring_the_vault_is_offered_and_used_from_then_on(terminal: Open) -> None:
    run = terminal("add", "work")
    run.answer("Passphrase for the new vault (empty: none)", f"{PASSPHRASE}\n")
    run.answer("The same again", f"{PASSPHRASE}\n")
    run.answer("API key for https://api.anthropic.com", f"{KEY}\n")
    assert run.end() == 0
    assert "There is no OS keyring here." in run.shown
    assert "Its key is in: encrypted vault." in run.shown
    assert (run.home / "vault").exists()
    again = terminal("token")
    again.answer("Passphrase of the vault", f"{PASSPHRASE}\n")
    assert again.end() == 0
    assert "pc_" in again.shown
    for one in (run, again):
        assert PASSPHRASE not in one.shown
        assert KEY not in one.shown


@pytest.mark.parametrize(
    ("second", "words"), [("correct hose", "differ"), (None, "no OS keyring here that could keep the key")]
)
def test_no_vault_is_made_by_mistake_or_against_the_users_will(terminal: Open, second: str | None, words: str) -> None:
    run = terminal("add", "work")
    run.answer("Passphrase for the new vault (empty: none)", "\n" if second is None else f"{PASSPHRASE}\n")
    if second is not None:
        run.answer("The same again", f"{second}\n")
    else:
        run.answer("API key for", f"{KEY}\n")
    assert run.end() == 1
    assert words in run.shown
    assert not (run.home / "vault").exists()
    assert pool(run.home) == []


def test_a_taken_name_is_told_before_a_key_is_asked_for(terminal: Open, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("providers: [{name: work, type: claude-custom}]\n")
    run = terminal("add", "work")
    assert run.end() == 1
    assert "already" in run.shown
    assert "Passphrase" not in run.shown
    assert "key for" not in run.shown


def test_a_wrong_passphrase_is_told(terminal: Open) -> None:
    made = terminal("token", PROXYCAST_PASSPHRASE=PASSPHRASE)
    assert made.end() == 0
    run = terminal("token")
    run.answer("Passphrase of the vault", "wrong\n")
    assert run.end() == 1
    assert "does not open the vault" in run.shown


def test_ctrl_c_at_a_prompt_ends_it_at_once_and_leaves_the_terminal_as_it_was(terminal: Open) -> None:
    run = terminal("add", "work", PROXYCAST_PASSPHRASE=PASSPHRASE)
    run.answer("API key for", CTRL_C)
    assert run.end() == 130
    assert run.echoes
    assert "Traceback" not in run.shown
    assert "Aborted" not in run.shown
    assert pool(run.home) == []


def test_serve_asks_for_the_passphrase_once_when_it_starts(terminal: Open) -> None:
    made = terminal("token", PROXYCAST_PASSPHRASE=PASSPHRASE)
    assert made.end() == 0
    run = terminal("serve", "--port", "0")
    run.answer("Passphrase of the vault", f"{PASSPHRASE}\n")
    run.until("ProxyCast listening on http://127.0.0.1:")
    run.interrupt()
    assert run.end() == 0
    assert PASSPHRASE not in run.shown


def test_ctrl_c_at_the_prompt_of_serve_ends_it(terminal: Open) -> None:
    made = terminal("token", PROXYCAST_PASSPHRASE=PASSPHRASE)
    assert made.end() == 0
    run = terminal("serve", "--port", "0")
    run.answer("Passphrase of the vault", CTRL_C)
    assert run.end() in {0, 130}
    assert run.echoes
    assert "Traceback" not in run.shown


def test_without_any_place_for_it_serve_shows_the_token_on_its_terminal(terminal: Open) -> None:
    run = terminal("serve", "--port", "0")
    run.until("the client token of this session is pc_")
    run.interrupt()
    assert run.end() == 0
