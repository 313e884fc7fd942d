"""A real GNOME Keyring on a D-Bus session of its own, for tests that lock, hang and kill it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import unwrap_msg

NAME = "org.freedesktop.secrets"
PASSWORD = "test-pass"

TOOLS = ("dbus-daemon", "dbus-monitor", "gdbus", "gnome-keyring-daemon", "secret-tool")
"""The programs of Debian's dbus-daemon, dbus-bin, libglib2.0-bin, gnome-keyring and libsecret-tools."""

_PATH = "/org/freedesktop/secrets"
_DEFAULT = f"{_PATH}/aliases/default"
_SERVICE = ("--dest", NAME, "--object-path", _PATH)
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


class SecretService:
    """A D-Bus session, and a keyring daemon on it once `start` was called.

    `environment` is what a process of this session sees: a home of its own, and `display` or none. `activation` says
    whether the bus starts programs by itself (a second keyring daemon, the prompter), as a desktop's bus does.
    """

    def __init__(self, *, activation: bool = False, display: str | None = None) -> None:
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
        if display is not None:
            self.environment["DISPLAY"] = display
        self._activation = "<standard_session_servicedirs/>" if activation else ""
        self._bus: subprocess.Popen[bytes] | None = None
        self._daemons: list[subprocess.Popen[bytes]] = []
        self._monitor: subprocess.Popen[bytes] | None = None

    def start_bus(self) -> None:
        """Start the D-Bus daemon."""
        config = self.home / "bus.conf"
        config.write_text(_CONFIG.format(socket=self.home / "bus", activation=self._activation))
        command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--nosyslog", "--print-address"]
        self._bus = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._bus.stdout is not None
        assert self._bus.stdout.readline()

    def end_bus(self) -> None:
        """End the D-Bus daemon, and with it every connection."""
        if self._bus is not None:
            self._bus.terminate()
            self._bus.communicate(timeout=10)
            self._bus = None

    def start(self) -> None:
        """Start a keyring daemon whose default collection is unlocked."""
        self._start_daemon("--unlock", password=PASSWORD)

    def start_without_password(self) -> None:
        """Start a keyring daemon whose default collection has no password: locked, but unlocked without a question."""
        folder = self.home / "data" / "keyrings"
        folder.mkdir(parents=True)
        (folder / "default").write_text("plain")
        (folder / "plain.keyring").write_text("[keyring]\ndisplay-name=plain\nlock-on-idle=false\nlock-after=false\n")
        self._start_daemon(password="")

    def lock(self) -> None:
        """Lock the default collection, as a screen lock does."""
        self._gdbus("call", *_SERVICE, "--method", "org.freedesktop.Secret.Service.Lock", f"['{_DEFAULT}']")

    def unlock(self) -> None:
        """Unlock the default collection by its password without a prompt, as logging in does."""
        service = DBusAddress(_PATH, NAME, "org.freedesktop.Secret.Service")
        login = DBusAddress(_PATH, NAME, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface")
        with closing(open_dbus_connection(self.environment["DBUS_SESSION_BUS_ADDRESS"])) as bus:
            call = new_method_call(service, "OpenSession", "sv", ("plain", ("s", "")))
            _, session = unwrap_msg(bus.send_and_get_reply(call))
            arguments = (_DEFAULT, (session, b"", PASSWORD.encode(), "text/plain"))
            call = new_method_call(login, "UnlockWithMasterPassword", "o(oayays)", arguments)
            unwrap_msg(bus.send_and_get_reply(call))

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
        bus = ("--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus")
        method = "org.freedesktop.DBus.GetConnectionUnixProcessID"
        answer = self._gdbus("call", *bus, "--method", method, NAME)
        return int(answer.strip().removeprefix("(uint32 ").removesuffix(",)"))

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

    def watch_prompts(self) -> None:
        """Count prompts from now on."""
        rule = "interface='org.freedesktop.Secret.Prompt',member='Prompt'"
        log = (self.home / "prompts").open("wb")
        self._monitor = subprocess.Popen(["dbus-monitor", "--session", rule], env=self.environment, stdout=log)
        log.close()
        deadline = time.monotonic() + 10
        while "NameLost" not in self._prompts() and time.monotonic() < deadline:  # it says so when it has begun
            time.sleep(0.01)

    def prompts_shown(self) -> int:
        """How many prompts programs have asked for since `watch_prompts`."""
        return self._prompts().count("member=Prompt")

    def close(self) -> None:
        """End everything and remove the files."""
        for process in (*self._daemons, self._monitor):
            if process is not None:
                process.kill()
                process.wait(10)
        self.end_bus()
        shutil.rmtree(self.home, ignore_errors=True)

    def _prompts(self) -> str:
        return (self.home / "prompts").read_text()

    def _start_daemon(self, *options: str, password: str) -> None:
        daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", *options],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._daemons.append(daemon)
        assert daemon.stdin is not None
        daemon.stdin.write(password.encode())
        daemon.stdin.close()
        # Without this wait the bus would now and then start a second, locked daemon.
        self._gdbus("wait", "--timeout", "10", NAME)

    def _gdbus(self, verb: str, *arguments: str) -> str:
        return self._run("gdbus", verb, "--session", *arguments)

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True, timeout=15)
        return done.stdout + done.stderr
