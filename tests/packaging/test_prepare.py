"""The set-up of a checkout, with programs that stand in for those of other machines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import prepare
import system_packages

ROOT = Path(__file__).resolve().parents[2]
PREPARE = ROOT / "packaging" / "prepare.sh"

RUNS = 'case $1 in -c) exit 0;; *) echo "$(basename "$0") $(basename "$1") $2";; esac'
TOO_OLD = "exit 1"
SHIM = 'echo "command not found" >&2; exit 127'
NAMES = ("python3.13", "python3.12", "python3.11", "python3")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="make is for Unix")


class Machine:
    """A folder of programs that precede the real ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        for name in NAMES:
            self.program(name, SHIM)
        self.program("apt-cache", "exit 0")
        self.program("apt-get", "exit 0")
        self.program("id", "echo 1000")

    def program(self, name: str, script: str) -> None:
        """Puts a program there."""
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def prepare(self, **environ: str) -> subprocess.CompletedProcess[str]:
        """Runs `prepare.sh run` on this machine."""
        return subprocess.run(
            ["/bin/sh", str(PREPARE), "run"],
            env={"PATH": f"{self.folder}{os.pathsep}/usr/bin{os.pathsep}/bin", **environ},
            check=False,
            capture_output=True,
            encoding="utf-8",
            timeout=20,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_newest_python_is_taken(machine: Machine) -> None:
    for name in ("python3", "python3.11", "python3.12"):
        machine.program(name, RUNS)

    assert machine.prepare().stdout == "python3.12 prepare.py run\n"


def test_a_python_that_is_too_old_or_only_a_shim_is_passed_over(machine: Machine) -> None:
    machine.program("python3.13", SHIM)
    machine.program("python3.12", TOO_OLD)
    machine.program("python3", RUNS)

    assert machine.prepare().stdout == "python3 prepare.py run\n"


def test_the_user_chooses_the_python(machine: Machine) -> None:
    machine.program("python3.13", RUNS)
    machine.program("python3.11", RUNS)

    assert machine.prepare(PYTHON="python3.11").stdout == "python3.11 prepare.py run\n"


def test_a_machine_without_python_is_told_so_in_both_languages(machine: Machine) -> None:
    outcome = machine.prepare()

    assert outcome.returncode == 1
    assert "needs Python 3.11 or newer" in outcome.stderr
    assert "需要 Python 3.11" in outcome.stderr
    assert "apt-get install" not in outcome.stderr


def test_a_user_is_given_the_command_that_installs_python(machine: Machine) -> None:
    machine.program("apt-cache", 'echo "python3.11 - Interactive high-level object-oriented language"')

    outcome = machine.prepare()

    assert outcome.returncode == 1
    assert outcome.stderr.splitlines()[-1] == "    sudo apt-get install -y python3.11 python3.11-venv"


def test_root_gets_python_installed(machine: Machine) -> None:
    python = machine.folder / "python3.11"
    machine.program("id", "echo 0")
    machine.program("apt-cache", 'echo "python3.11 - Interactive high-level object-oriented language"')
    machine.program("installed-python", RUNS)
    machine.program(
        "apt-get", f'case "$*" in *"install"*python3.11*) mv "{machine.folder}/installed-python" "{python}";; esac'
    )

    assert machine.prepare().stdout == "python3.11 prepare.py run\n"


def test_everything_that_a_purpose_names_is_there() -> None:
    for purpose in prepare.PURPOSES.values():
        assert (prepare.LOCKS / f"{purpose.lock}.txt").is_file()
        for distribution in system_packages.MANAGERS:
            system_packages.required(distribution, purpose.sections)


def test_the_headers_of_python_are_asked_for_where_they_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    assert prepare.header_packages("debian") == [(f"{version}-dev",)]
    assert prepare.header_packages("arch") == []

    (tmp_path / "Python.h").touch()
    assert prepare.header_packages("debian") == []


def test_a_change_of_the_lock_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "LOCKS", tmp_path)
    lock = tmp_path / "runtime.txt"
    lock.write_text("click==8.2.0\n", encoding="utf-8")
    before = prepare.digest("runtime")

    lock.write_text("click==8.2.1\n", encoding="utf-8")

    assert prepare.digest("runtime") != before


def test_the_one_command_names_every_missing_package() -> None:
    command = prepare.one_command("fedora", [("libX11-xcb",), ("old-fonts", "new-fonts")])

    assert command == "sudo dnf install -y libX11-xcb new-fonts"
