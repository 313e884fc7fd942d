"""The lock files: complete for every supported Python and system, hashed, and free of any index."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "packaging" / "lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

ENVIRONMENTS = [
    {
        "python_version": version,
        "python_full_version": f"{version}.1",
        "sys_platform": platform,
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[platform],
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    for version in ("3.11", "3.12", "3.13")
    for platform in ("linux", "darwin", "win32")
]
IMPORTED_FROM = {
    "yaml": "pyyaml",
    "shiboken6": "pyside6-essentials",
    "pyside6": "pyside6-essentials",
}
"""Packages whose import has another name than what is installed, or comes with it."""


def group(name: str) -> Iterator[Requirement]:
    """The requirements of a dependency group and of those it includes."""
    for entry in PROJECT["dependency-groups"][name]:
        if isinstance(entry, str):
            yield Requirement(entry)
        else:
            yield from group(entry["include-group"])


def locked(name: str) -> list[Requirement]:
    """The pinned requirements of a lock file."""
    text = (LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    return [Requirement(line.removesuffix("\\")) for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]


def versions(name: str, environment: Mapping[str, str]) -> dict[str, str]:
    """What a lock file installs in an environment: package and version. Fails if it names one twice."""
    pins: dict[str, str] = {}
    for requirement in locked(name):
        if requirement.marker is None or requirement.marker.evaluate(dict(environment)):
            package = canonicalize_name(requirement.name)
            assert package not in pins, f"{name}.txt pins {package} twice"
            (pin,) = requirement.specifier
            assert pin.operator == "=="
            pins[package] = pin.version
    return pins


DIRECT = {
    "runtime": [*map(Requirement, PROJECT["project"]["dependencies"]), *group("build")],
    "develop": [*map(Requirement, PROJECT["project"]["dependencies"]), *group("dev")],
}


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda e: f"{e['python_version']}-{e['sys_platform']}")
@pytest.mark.parametrize("lock", ["runtime", "develop"])
def test_every_dependency_is_locked_at_a_version_that_is_allowed(lock: str, environment: dict[str, str]) -> None:
    pins = versions(lock, environment)

    for requirement in DIRECT[lock]:
        if requirement.marker is None or requirement.marker.evaluate(dict(environment)):
            version = pins.get(canonicalize_name(requirement.name))
            assert version is not None, f"{requirement} is not locked; run `make lock`"
            assert requirement.specifier.contains(version), f"{requirement} is locked at {version}; run `make lock`"


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda e: f"{e['python_version']}-{e['sys_platform']}")
def test_what_runs_is_what_is_tested(environment: dict[str, str]) -> None:
    assert versions("runtime", environment).items() <= versions("develop", environment).items()


@pytest.mark.parametrize("lock", ["runtime", "develop"])
def test_each_package_has_hashes_and_nothing_says_where_it_comes_from(lock: str) -> None:
    text = (LOCKS / f"{lock}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", "\n".join(line for line in text.splitlines() if "#" not in line))

    assert len(entries) > 30
    for entry in entries:
        head, *rest = (line.strip() for line in entry.removesuffix("\n").split(" \\\n"))
        assert Requirement(head).url is None
        assert rest
        for line in rest:
            assert re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line), f"unexpected in {lock}.txt: {line}"


def test_the_build_uses_what_is_locked_for_it() -> None:
    assert PROJECT["build-system"]["requires"] == PROJECT["dependency-groups"]["build"]


def test_every_import_of_the_program_is_a_declared_dependency() -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in PROJECT["project"]["dependencies"]}
    imported: dict[str, Path] = {}
    for path in (ROOT / "app" / "proxycast").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                imported.update((alias.name.partition(".")[0], path) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported[node.module.partition(".")[0]] = path

    assert len(imported) > 20
    for name, path in imported.items():
        if name != "proxycast" and name not in sys.stdlib_module_names:
            package = canonicalize_name(name)
            assert IMPORTED_FROM.get(package, package) in declared, f"{path} imports {name}"
