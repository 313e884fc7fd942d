"""Makes this checkout ready to run or to be tested: system packages, `.venv`, the locked packages, ProxyCast itself.

`prepare.py run | develop | test`. It is run before anything is installed, so it uses the standard library alone. What
is done already is not done again: a second run only asks the package manager what is there and compares digests.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import start
import system_packages
from system_packages import Requirement

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LOCKS = ROOT / "packaging" / "lock"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What one use of the checkout needs: a lock file, and sections of the lists of system packages.

    `compiles`: the headers of Python, too.
    """

    lock: str
    sections: tuple[str, ...] = ()
    compiles: bool = False


PURPOSES: Mapping[str, Purpose] = {
    "run": Purpose("runtime", ("run",)),
    "develop": Purpose("develop"),
    "test": Purpose("develop", ("run", "test"), compiles=True),
}

CONTAINED_IN: Mapping[str, tuple[str, ...]] = {"runtime": ("runtime", "develop"), "develop": ("develop",)}
"""The locks whose installation holds everything of the given one."""


class CannotGoOn(Exception):
    """Something is missing that only the user can provide; it has been said already."""


def main(arguments: Sequence[str]) -> int:
    """Prepares for the purpose named by the only argument; returns the exit status."""
    name = arguments[0]
    purpose = PURPOSES[name]
    os.chdir(ROOT)
    try:
        add_system_packages(purpose, all_needed=name == "test" or start.opens_window())
        if not is_installed(purpose.lock):
            install(purpose.lock)
    except CannotGoOn:
        return 1
    except subprocess.CalledProcessError as error:
        say(
            f"This command failed (exit status {error.returncode}): {shlex.join(error.cmd)}",
            "以上命令执行失败，请查看其输出。",
        )
        return 1
    return 0


def add_system_packages(purpose: Purpose, *, all_needed: bool) -> None:
    """Installs the missing system packages, or tells how to; without `all_needed`, only Python's own are a must."""
    if sys.platform != "linux":
        return
    distribution = system_packages.family(os_release())
    if distribution is None:
        if purpose.sections and not is_installed(purpose.lock):
            names = [requirement[-1] for requirement in system_packages.required("debian", purpose.sections)]
            say(
                f"ProxyCast needs these system packages (Debian's names): {' '.join(names)}",
                "ProxyCast 需要上述系统软件包（Debian 名称）。",
            )
        return
    python = python_packages(distribution)
    headers = header_packages(distribution) if purpose.compiles else []
    requirements = [*python, *headers, *system_packages.required(distribution, purpose.sections)]
    missing = system_packages.missing(requirements, system_packages.installed(distribution, requirements))
    if not missing:
        return
    if distribution == "debian" and os.geteuid() == 0:
        install_with_apt(missing)
        return
    say(
        f"Some system packages are missing. This command installs them:\n    {one_command(distribution, missing)}",
        "缺少一些系统软件包，请执行上面的命令安装。",
    )
    if distribution == "debian" and (all_needed or set(python) & set(missing)):
        raise CannotGoOn


def python_packages(distribution: str) -> list[Requirement]:
    """What makes `python -m venv` work: Debian ships a part of the standard library as a package of its own."""
    if distribution != "debian" or importlib.util.find_spec("ensurepip") is not None or venv_works():
        return []
    return [(f"python{sys.version_info.major}.{sys.version_info.minor}-venv",)]


def header_packages(distribution: str) -> list[Requirement]:
    """What holds the headers of Python where a package of its own does, and they are not there."""
    if Path(sysconfig.get_path("include"), "Python.h").is_file():
        return []
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    names: Mapping[str, Requirement] = {"debian": (f"{version}-dev",), "fedora": (f"{version}-devel", "python3-devel")}
    return [names[distribution]] if distribution in names else []


def install_with_apt(missing: Sequence[Requirement]) -> None:
    """Installs one package for each requirement, as root."""
    say("Installing system packages …", "正在安装系统软件包……")
    # A source that does not answer is no reason to stop: the packages may come from another one.
    run("apt-get", "update", check=False)
    run("apt-get", "install", "-y", "--no-install-recommends", *chosen("debian", missing))


def one_command(distribution: str, missing: Sequence[Requirement]) -> str:
    """The line that a user types to install what is missing."""
    return " ".join([system_packages.MANAGERS[distribution].install, *chosen(distribution, missing)])


def chosen(distribution: str, missing: Sequence[Requirement]) -> list[str]:
    """One package for each requirement."""
    names = [name for requirement in missing for name in requirement]
    known = system_packages.known_to_apt(names) if distribution == "debian" else set[str]()
    return [system_packages.choose(requirement, known) for requirement in missing]


def os_release() -> str:
    """The description of the operating system, empty if it has none."""
    path = Path("/etc/os-release")
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def digest(lock: str) -> str:
    """What the packages in `.venv` depend on, in one line."""
    content = (LOCKS / f"{lock}.txt").read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return hashlib.sha256(content).hexdigest()


def stamp(lock: str) -> Path:
    """The file that holds the digest of `lock` when it was installed last."""
    return VENV / f"{lock}.installed"


def is_installed(lock: str) -> bool:
    """Whether `.venv` works and holds the packages of `lock` as it is now."""
    return venv_works() and any(
        stamp(other).is_file() and stamp(other).read_text(encoding="ascii") == digest(other)
        for other in CONTAINED_IN[lock]
    )


def install(lock: str) -> None:
    """Makes `.venv` if need be, and installs the packages of `lock` and this checkout into it."""
    say("Installing Python packages into .venv …", "正在把 Python 软件包安装到 .venv……")
    if not venv_works():
        run(sys.executable, "-m", "venv", "--clear", str(VENV))
    for other in LOCKS.glob("*.txt"):
        stamp(other.stem).unlink(missing_ok=True)
    # Wheels only: to build a source archive, pip would fetch build tools that no hash vouches for.
    pip("--require-hashes", "--only-binary", ":all:", "--requirement", str(LOCKS / f"{lock}.txt"))
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    stamp(lock).write_text(digest(lock), encoding="ascii")


def pip(*arguments: str) -> None:
    """Runs `pip install` in `.venv`."""
    run(str(venv_python()), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments)


def run(*command: str, check: bool = True) -> None:
    """Runs a command that asks nothing; its errors are shown always, its progress only to somebody who watches."""
    progress = None if sys.stdout.isatty() else subprocess.DEVNULL
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=check, env=environment, stdin=subprocess.DEVNULL, stdout=progress)


def venv_works() -> bool:
    """Whether `.venv` has a Python that starts and a pip; a half-made one or one of a removed Python does not."""
    if not venv_python().exists():
        return False
    return subprocess.run([str(venv_python()), "-c", "import pip"], check=False, capture_output=True).returncode == 0


def venv_python() -> Path:
    """The Python of `.venv`."""
    return VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def say(english: str, chinese: str) -> None:
    """Tells the user in both languages; nothing is known here of which one they read."""
    print(f"{english}\n{chinese}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
