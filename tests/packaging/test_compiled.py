"""What is compiled, and what is said where nothing can be."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import pkgutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import compile_hook
import compiled
import proxycast

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HOOK = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]
NAMES = {"proxycast." + module.removesuffix(".py").replace("/", ".") for module in HOOK["modules"]}


def run(purpose: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "packaging" / "compiled.py"), purpose]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def classes_of(names: set[str]) -> Iterator[type]:
    for name in names:
        module = importlib.import_module(name)
        yield from (one for _, one in inspect.getmembers(module, inspect.isclass) if one.__module__ == name)


def heirs(of: type) -> Iterator[type]:
    found: list[type] = of.__subclasses__()
    for heir in found:
        yield heir
        yield from heirs(heir)


def test_the_hook_is_off_unless_somebody_turns_it_on() -> None:
    assert HOOK["enable-by-default"] is False
    assert compile_hook.SWITCH == {"HATCH_BUILD_HOOK_ENABLE_CUSTOM": "true"}


def test_the_hook_needs_what_is_locked_for_development() -> None:
    assert all(dependency in PROJECT["dependency-groups"]["dev"] for dependency in HOOK["dependencies"])


def classes_in(module: str) -> list[ast.ClassDef]:
    tree = ast.parse((ROOT / "app" / "proxycast" / module).read_bytes())
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def bases_of(node: ast.ClassDef) -> set[str]:
    return {ast.unparse(base) for base in node.bases}


@pytest.mark.parametrize("module", HOOK["modules"])
def test_a_compiled_module_holds_no_structure_of_msgspec(module: str) -> None:
    """It reads its annotations, which mypyc leaves out."""
    assert not [node.name for node in classes_in(module) if bases_of(node) & {"Struct", "msgspec.Struct"}]


@pytest.mark.parametrize("module", HOOK["modules"])
def test_no_class_gives_its_objects_none_where_a_compiled_protocol_is_meant(module: str) -> None:
    """Without a word, mypyc leaves such an attribute out."""
    protocols = {node.name for one in HOOK["modules"] for node in classes_in(one) if "Protocol" in bases_of(node)}
    assert "Upstream" in protocols
    for node in classes_in(module):
        for line in node.body:
            if isinstance(line, ast.AnnAssign) and isinstance(line.value, ast.Constant) and line.value.value is None:
                named = {part.id for part in ast.walk(line.annotation) if isinstance(part, ast.Name)}
                assert not named & protocols, f"{node.name}.{ast.unparse(line)}"


def test_no_class_outside_inherits_from_a_compiled_one() -> None:
    """Python refuses that as soon as an object is made."""
    for found in pkgutil.walk_packages(proxycast.__path__, "proxycast."):
        if not found.name.startswith("proxycast.desktop") and found.name != "proxycast.__main__":
            importlib.import_module(found.name)
    outside = {
        f"{heir.__module__}.{heir.__qualname__}"
        for one in classes_of(NAMES)
        for heir in heirs(one)
        if heir.__module__.startswith("proxycast.") and heir.__module__ not in NAMES
    }
    assert outside == set()


def test_without_a_compiler_one_line_says_so_and_it_is_a_failure() -> None:
    done = run("unpack", CC="no-such-compiler -O2")
    assert done.returncode == 1
    assert done.stderr == "ProxyCast cannot be compiled here: there is no C compiler (no-such-compiler).\n"


def test_without_a_compiler_there_is_one_wheel_less() -> None:
    done = run("dist", CC="no-such-compiler")
    assert done.returncode == 0
    assert done.stdout == "No compiled wheel was built: there is no C compiler (no-such-compiler).\n"


def test_missing_headers_of_python_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CC", sys.executable)
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    assert "headers of Python are missing" in str(compile_hook.lacking())


@pytest.mark.parametrize("changed", ["app/proxycast/proxy/wire.py", "pyproject.toml", "packaging/compile_hook.py"])
def test_what_it_is_built_from_tells_when_it_is_out_of_date(
    changed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("app/proxycast/proxy/wire.py", "pyproject.toml", "packaging/compile_hook.py", "README.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before")
    monkeypatch.setattr(compiled, "ROOT", tmp_path)
    before = compiled.digest()
    (tmp_path / "README.md").write_text("after")
    assert compiled.digest() == before
    (tmp_path / changed).write_text("after")
    assert compiled.digest() != before
