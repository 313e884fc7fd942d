"""A screen that nobody looks at, and the keyring's prompt on it."""

from __future__ import annotations

import os
import subprocess
import time

TOOLS = ("Xvfb", "xdotool")
"""The programs of Debian's xvfb and xdotool; the prompt itself is from gcr, which gnome-keyring depends on."""

_PROMPT = ("search", "--onlyvisible", "--class", "gcr-prompter")


class Screen:
    """An X server without a monitor, `size` pixels large; `display` is its name."""

    def __init__(self, size: str = "800x600") -> None:
        reading, writing = os.pipe()
        with os.fdopen(reading) as ready:
            try:
                self._server = subprocess.Popen(
                    ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
                    pass_fds=[writing],
                    stderr=subprocess.DEVNULL,
                )
            finally:
                os.close(writing)
            self.display = f":{ready.readline().strip()}"

    def wait_for_prompt(self) -> None:
        """Wait until a prompt is visible."""
        self._wait(prompt=True)

    def answer(self, password: str) -> None:
        """Type a password into the prompt."""
        for _ in range(5):  # what is typed before the prompt has the keyboard is lost
            self._xdotool("key", "ctrl+a")
            self._xdotool("type", password)
            self._xdotool("key", "Return")
            if self._wait(prompt=False, seconds=2):
                return
        raise AssertionError("the prompt does not take the password")

    def answer_wrongly(self, password: str) -> None:
        """Type what is not the password; the prompt asks again."""
        self._xdotool("key", "ctrl+a")
        self._xdotool("type", password)
        self._xdotool("key", "Return")
        assert not self._wait(prompt=False, seconds=1), "the prompt takes any password"

    def dismiss(self) -> None:
        """Close the prompt without an answer."""
        for _ in range(5):
            self._xdotool("key", "Escape")
            if self._wait(prompt=False, seconds=2):
                return
        raise AssertionError("the prompt does not go")

    def close(self) -> None:
        """End the X server."""
        self._server.kill()
        self._server.wait(10)

    def _wait(self, *, prompt: bool, seconds: float = 15) -> bool:
        deadline = time.monotonic() + seconds
        while bool(self._xdotool(*_PROMPT)) != prompt:
            if time.monotonic() > deadline:
                assert not prompt, "no prompt appeared"
                return False
            time.sleep(0.05)
        return True

    def _xdotool(self, *command: str) -> str:
        done = subprocess.run(
            ["xdotool", *command],
            env={**os.environ, "DISPLAY": self.display},
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
        return done.stdout
