"""Which packages of the operating system ProxyCast needs, and which of them are missing."""

from __future__ import annotations

import subprocess
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LISTS = Path(__file__).resolve().parent / "system"

Requirement = tuple[str, ...]
"""Names of packages of which any one will do: releases of a distribution name the same thing differently."""


@dataclass(frozen=True, slots=True)
class Manager:
    """How a family of distributions tells what is installed, and what a user types to install something.

    `query` is followed by names of packages, and prints `installed_line` for each one that is there.
    """

    query: tuple[str, ...]
    installed_line: str
    install: str


MANAGERS: Mapping[str, Manager] = {
    "debian": Manager(
        query=("dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\\n"),
        installed_line="{} installed",
        install="sudo apt-get update && sudo apt-get install -y --no-install-recommends",
    ),
    "fedora": Manager(
        query=("rpm", "--query", "--queryformat", "%{NAME} installed\\n"),
        installed_line="{} installed",
        install="sudo dnf install -y",
    ),
    "arch": Manager(query=("pacman", "-Qq"), installed_line="{}", install="sudo pacman -S --needed"),
}


def family(os_release: str) -> str | None:
    """The family of distributions that the text of /etc/os-release tells, if there is a list for it."""
    fields = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    names = f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}".replace('"', "").split()
    aliases = {"ubuntu": "debian", "rhel": "fedora"}
    return next((name for name in (aliases.get(name, name) for name in names) if name in MANAGERS), None)


def parse(text: str) -> dict[str, list[Requirement]]:
    """The requirements of a list, by the `[section]` they stand in; `a | b` are alternatives, `#` starts a comment."""
    sections: dict[str, list[Requirement]] = {}
    current: list[Requirement] = []
    for line in (line.split("#", 1)[0].strip() for line in text.splitlines()):
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif line:
            current.append(tuple(name.strip() for name in line.split("|")))
    return sections


def required(distribution: str, sections: Sequence[str]) -> list[Requirement]:
    """What the list of `distribution` asks for in these sections."""
    lists = parse((LISTS / f"{distribution}.txt").read_text(encoding="utf-8"))
    return [requirement for section in sections for requirement in lists[section]]


def missing(requirements: Sequence[Requirement], installed: Collection[str]) -> list[Requirement]:
    """The requirements that no installed package meets."""
    return [requirement for requirement in requirements if not any(name in installed for name in requirement)]


def choose(requirement: Requirement, known: Collection[str]) -> str:
    """The package to install: the first alternative that the package manager knows, or else the last one."""
    return next((name for name in requirement if name in known), requirement[-1])


def installed(distribution: str, requirements: Sequence[Requirement]) -> set[str]:
    """The packages named by `requirements` that are installed."""
    names = [name for requirement in requirements for name in requirement]
    manager = MANAGERS[distribution]
    lines = set(_output(manager.query, names).splitlines())
    return {name for name in names if manager.installed_line.format(name) in lines}


def known_to_apt(names: Sequence[str]) -> set[str]:
    """The packages among `names` that apt can install, as far as its lists tell."""
    return apt_candidates(_output(("apt-cache", "policy"), names))


def apt_candidates(policy: str) -> set[str]:
    """The packages that the output of `apt-cache policy` gives a version for."""
    found: set[str] = set()
    name = ""
    for line in policy.splitlines():
        if not line.startswith(" "):
            name = line.rstrip(":")
        elif line.startswith("  Candidate:") and "(none)" not in line:
            found.add(name)
    return found


def _output(command: Sequence[str], names: Sequence[str]) -> str:
    """What `command` prints about `names`; the exit status only says that some are not there."""
    if not names:
        return ""
    answer = subprocess.run(
        [*command, *names],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    return answer.stdout
