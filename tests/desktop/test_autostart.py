"""Opening at login: the entry that each system reads, and a start that stays in the tray."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from tests.desktop.opened import open_window, until

from proxycast.desktop.autostart import HIDDEN, Autostart, Start, of_this_system
from proxycast.desktop.autostart.linux import LinuxAutostart
from proxycast.desktop.autostart.macos import MacAutostart
from proxycast.desktop.autostart.windows import WindowsAutostart
from proxycast.desktop.window import SETTINGS

ODD = 'a "b" $HOME `id` \\n %f 100% 密'
"""Everything that some level of quoting could mistake."""


def entries(folder: Path, start: Start) -> list[Autostart]:
    registry = QSettings(str(folder / "run.ini"), QSettings.Format.IniFormat)
    return [LinuxAutostart(folder / "a", start), MacAutostart(folder / "b", start), WindowsAutostart(registry, start)]


@pytest.mark.parametrize("number", range(3), ids=["linux", "macos", "windows"])
def test_the_entry_is_written_and_removed(tmp_path: Path, number: int) -> None:
    entry = entries(tmp_path, Start(("/opt/proxycast", HIDDEN)))[number]
    assert not entry.enabled
    entry.disable()
    entry.enable()
    entry.enable()
    assert entry.enabled
    assert entries(tmp_path, Start(("/opt/other",)))[number].enabled, "the next process sees it too"
    entry.disable()
    assert not entry.enabled


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="desktop entries are of Linux")
def test_the_desktop_starts_exactly_what_the_entry_names(tmp_path: Path) -> None:
    said = tmp_path / "said"
    script = "import os, sys; open(sys.argv[1], 'w').write(repr((sys.argv[2:], os.environ['PROXYCAST_HOME'])))"
    start = Start((sys.executable, "-c", script, str(said), ODD), {"PROXYCAST_HOME": ODD})
    LinuxAutostart(tmp_path, start).enable()
    (file,) = tmp_path.glob("*.desktop")
    subprocess.run([_tool("desktop-file-validate"), file], check=True)
    subprocess.run([_tool("gio"), "launch", file], check=True, timeout=20, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while not (said.exists() and said.read_text(encoding="utf-8")) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert said.read_text(encoding="utf-8") == repr(([ODD], ODD))


def _tool(name: str) -> str:
    return shutil.which(name) or pytest.skip(f"{name} is not here")


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_an_entry_that_another_program_turned_off_is_off(tmp_path: Path, line: str) -> None:
    entry = LinuxAutostart(tmp_path, Start(("/opt/proxycast",)))
    entry.enable()
    (file,) = tmp_path.glob("*.desktop")
    kept = [
        one
        for one in file.read_text(encoding="utf-8").splitlines()
        if not one.startswith(line.split("=", maxsplit=1)[0])
    ]
    file.write_text("\n".join([*kept, line]), encoding="utf-8")
    assert not entry.enabled
    entry.enable()
    assert entry.enabled


@pytest.mark.parametrize("text", ["", "nonsense", "[Desktop Entry]\n", "[Other]\nExec=x\n", "\udcff"])
def test_a_damaged_entry_is_off(tmp_path: Path, text: str) -> None:
    for entry in entries(tmp_path, Start(("/opt/proxycast",)))[:2]:
        entry.enable()
        for file in (*tmp_path.glob("*/*.desktop"), *tmp_path.glob("*/*.plist")):
            file.write_bytes(text.encode(errors="surrogateescape"))
        assert not entry.enabled


def test_the_launch_agent_names_the_command_and_its_folder(tmp_path: Path) -> None:
    MacAutostart(tmp_path, Start(("/opt/it", HIDDEN), {"PROXYCAST_HOME": ODD})).enable()
    (file,) = tmp_path.iterdir()
    agent = plistlib.loads(file.read_bytes())
    assert agent["ProgramArguments"] == ["/opt/it", "--hidden"]
    assert agent["EnvironmentVariables"] == {"PROXYCAST_HOME": ODD}
    assert agent["RunAtLoad"] is True


def test_the_registry_holds_one_command_line(tmp_path: Path) -> None:
    registry = QSettings(str(tmp_path / "run.ini"), QSettings.Format.IniFormat)
    WindowsAutostart(registry, Start((r"C:\Program Files\it.exe", HIDDEN))).enable()
    assert registry.value("ProxyCast") == r'"C:\Program Files\it.exe" --hidden'


def test_what_is_started_is_this_program_hidden(tmp_path: Path) -> None:
    start = Start.as_now({"PROXYCAST_HOME": str(tmp_path), "OTHER": "x"})
    assert Path(start.arguments[0]).is_file()
    assert start.arguments[-1] == HIDDEN
    assert start.environment == {"PROXYCAST_HOME": str(tmp_path)}


async def test_the_switch_writes_the_entry_and_shows_what_is_there(home: Path) -> None:
    async with open_window(home) as window:
        window.show_page(SETTINGS)
        switch, entry = window.settings.startup.login, window._bridge.autostart
        QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
        await until(lambda: entry.enabled)
        assert switch.isChecked()
        entry.disable()  # by another program
        window.show_page(0)
        window.show_page(SETTINGS)
        await until(lambda: not switch.isChecked())


async def test_an_entry_that_cannot_be_written_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "file"))
    async with open_window(home) as window:
        window.show_page(SETTINGS)
        QTest.mouseClick(window.settings.startup.login, Qt.MouseButton.LeftButton)
        await until(window.toast.isVisible)
        await until(lambda: not window.settings.startup.login.isChecked())


def test_this_system_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(of_this_system({"XDG_CONFIG_HOME": "relative"}), Autostart)
