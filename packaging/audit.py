"""Looks at what ProxyCast is made of: known vulnerabilities, versions against the lock, licences. `make audit`.

Vulnerabilities are looked up with pip-audit; where its database cannot be reached, that is said, and it is no failure.
"""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

LOCK = Path(__file__).with_name("lock")
FITTING = (
    *("mit", "bsd", "apache", "isc", "psf", "python software foundation", "mpl", "mozilla", "unlicense", "0bsd"),
    *("lgpl", "lesser general public", "public domain", "zlib", "zpl", "cc0"),
)
"""Words of the licences that go with ProxyCast's own (MIT), Qt's LGPL among them."""
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", re.MULTILINE)
_UNREACHABLE = re.compile(r"connection|resolve|timed out|unreachable|no solution|not found|network", re.IGNORECASE)


def pins(lock: Path) -> dict[str, set[str]]:
    """The versions in a lock file, by normalised name; some have one for each range of Pythons."""
    found: dict[str, set[str]] = {}
    for name, version in _PIN.findall(lock.read_text(encoding="utf-8")):
        found.setdefault(_normal(name), set()).add(version)
    return found


def drift(locked: dict[str, set[str]]) -> list[str]:
    """What is installed in another version than the lock says; what is not installed is for other systems."""
    found = []
    for name, versions in locked.items():
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
        if installed not in versions:
            found.append(f"{name} is installed as {installed}, and locked as {' or '.join(sorted(versions))}")
    return found


def licence_of(name: str) -> str:
    """What a distribution says of its licence."""
    about = metadata.metadata(name)
    classifiers = [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    said = [*(about.get_all("License-Expression") or []), *classifiers, *(about.get_all("License") or [])]
    return "; ".join(one[:200] for one in said if one)


def unfitting(locked: dict[str, set[str]]) -> list[str]:
    """What is installed and has a licence that nobody has looked at."""
    found = []
    for name in locked:
        try:
            licence = licence_of(name)
        except metadata.PackageNotFoundError:
            continue
        if not any(word in licence.lower() for word in FITTING):
            found.append(f"{name}: {licence or 'it names no licence'}")
    return found


def vulnerable(lock: Path) -> tuple[bool, str]:
    """Whether pip-audit knows of a vulnerability, and what it says."""
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "tool", "run", "--quiet", "pip-audit", "--disable-pip", "--require-hashes", "-r", str(lock)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, f"not looked up: {error}"
    said = f"{done.stdout}\n{done.stderr}".strip()
    if done.returncode == 0:
        skipped = said.count("could not be audited")
        return False, f"{skipped} packages are unknown to the database" if skipped else "none is known"
    if re.search(r"^Found \d+ known vulnerabilit", said, re.MULTILINE):
        return True, said
    last = said.splitlines()[-1] if said else "no answer"
    return not _UNREACHABLE.search(said), f"not looked up: {last}"


def main() -> int:
    """Print what was found; the exit status is 1 if something is to be done."""
    problems = []
    for name in ("runtime", "develop"):
        problems += drift(pins(LOCK / f"{name}.txt"))
    problems += unfitting(pins(LOCK / "runtime.txt"))
    for lock in (LOCK / "runtime.txt",):
        bad, said = vulnerable(lock)
        print(f"vulnerabilities: {said}")
        problems += [said] if bad else []
    print("\n".join(problems) or "versions and licences are as they should be")
    return int(bool(problems))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
