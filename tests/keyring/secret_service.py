"""A real GNOME Keyring on a D-Bus session of its own, for tests that lock, hang and kill it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

NAME = "org.freedesktop.secrets"
PASSWORD = "test-pass"

_TOOLS = ("dbus-daemon", "gdbus", "gnome-keyring-daemon", "secret-tool")
_CONFIG = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  {activation}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def missing_tools() -> list[str]:
    """The programs that this machine lacks for these tests."""
    return [tool for tool in _TOOLS if shutil.which(tool) is None]


class SecretService:
    """A D-Bus session, and a keyring daemon on it once `start` was called.

    `environment` is what a process of this session sees: no display, a home of its own. `activation` says whether
    the bus starts programs by itself (a second keyring daemon, the prompter), as a desktop's bus does.
    """

    def __init__(self, *, activation: bool = False) -> None:
        # Not pytest's tmp_path: a socket's path has at most 107 bytes.
        self.home = Path(tempfile.mkdtemp(prefix="pc-"))
        runtime = self.home / "run"
        runtime.mkdir(mode=0o700)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}},
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.home / 'bus'}",
        }
        self._activation = "<standard_session_servicedirs/>" if activation else ""
        self._bus: subprocess.Popen[bytes] | None = None
        self._daemons: list[subprocess.Popen[bytes]] = []

    def start_bus(self) -> None:
        """Start the D-Bus daemon."""
        config = self.home / "bus.conf"
        config.write_text(_CONFIG.format(socket=self.home / "bus", activation=self._activation))
        self._bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--nosyslog", "--print-address"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._bus.stdout is not None
        assert self._bus.stdout.readline()

    def start(self) -> None:
        """Start a keyring daemon whose default collection is unlocked."""
        daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._daemons.append(daemon)
        assert daemon.stdin is not None
        daemon.stdin.write(PASSWORD.encode())
        daemon.stdin.close()
        self._run("gdbus", "wait", "--session", "--timeout", "10", NAME)

    def lock(self) -> None:
        """Lock the default collection, as a screen lock does."""
        self._run(
            "gdbus", "call", "--session", "--dest", NAME, "--object-path", "/org/freedesktop/secrets",
            "--method", "org.freedesktop.Secret.Service.Lock", "['/org/freedesktop/secrets/aliases/default']",
        )  # fmt: skip

    def stop(self) -> None:
        """Hang the daemon: it keeps its name on the bus and answers nothing."""
        os.kill(self.pid(), signal.SIGSTOP)

    def cont(self) -> None:
        """Let a hung daemon go on."""
        os.kill(self.pid(), signal.SIGCONT)

    def kill(self) -> None:
        """End the daemon as a crash does, and wait until the bus knows."""
        pid = self.pid()
        os.kill(pid, signal.SIGKILL)
        for daemon in self._daemons:
            if daemon.pid == pid:
                daemon.wait(10)

    def pid(self) -> int:
        """The process that has the service's name; works while it hangs."""
        answer = self._run(
            "gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus",
            "--method", "org.freedesktop.DBus.GetConnectionUnixProcessID", NAME,
        )  # fmt: skip
        return int(re.fullmatch(r"\(uint32 (\d+),\)\s*", answer)[1])

    def lookup(self, user: str) -> str | None:
        """What the user's own tool, secret-tool, finds."""
        found = subprocess.run(
            ["secret-tool", "lookup", "service", "ProxyCast", "username", user],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
        return found.stdout if found.returncode == 0 else None

    def users(self) -> set[str]:
        """The users of all of ProxyCast's items."""
        found = self._run("secret-tool", "search", "--all", "service", "ProxyCast")
        return {line.split(" = ", 1)[1] for line in found.splitlines() if line.startswith("attribute.username")}

    def close(self) -> None:
        """End everything and remove the files."""
        for daemon in self._daemons:
            daemon.kill()
            daemon.wait(10)
        if self._bus is not None:
            self._bus.terminate()
            self._bus.wait(10)
            assert self._bus.stdout is not None
            self._bus.stdout.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True, timeout=15)
        return done.stdout + done.stderr
