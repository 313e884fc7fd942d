"""The wheel, as hatchling builds it."""

from __future__ import annotations

import configparser
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import proxycast

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """A wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def files(folder: Path) -> set[str]:
    """The files under a folder, by their paths in it, less what Python leaves there."""
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in found}


def packed(wheel: zipfile.ZipFile, prefix: str) -> set[str]:
    """The files of the wheel below a prefix, by the rest of their paths."""
    return {name.removeprefix(prefix) for name in wheel.namelist() if name.startswith(prefix)}


def test_it_installs_everywhere_without_a_compiler(wheel: zipfile.ZipFile) -> None:
    assert wheel.filename is not None
    assert wheel.filename.endswith("-py3-none-any.whl")


def test_it_holds_the_whole_package(wheel: zipfile.ZipFile) -> None:
    sources = {name for name in packed(wheel, "proxycast/") if not name.startswith("resources/")}

    assert sources == files(ROOT / "app" / "proxycast")


def test_it_holds_the_resources_inside_the_package(wheel: zipfile.ZipFile) -> None:
    resources = files(ROOT / "resources")

    assert resources
    assert packed(wheel, "proxycast/resources/") == resources


def test_it_holds_nothing_else_than_the_program_its_data_and_its_metadata(wheel: zipfile.ZipFile) -> None:
    metadata = f"proxycast-{proxycast.__version__}"

    assert {name.partition("/")[0] for name in wheel.namelist()} == {
        "proxycast",
        f"{metadata}.data",
        f"{metadata}.dist-info",
    }


def test_it_installs_the_command_and_the_menu_entry(wheel: zipfile.ZipFile) -> None:
    metadata = f"proxycast-{proxycast.__version__}"
    entry_points = configparser.ConfigParser()
    entry_points.read_string(wheel.read(f"{metadata}.dist-info/entry_points.txt").decode())
    shared = packed(wheel, f"{metadata}.data/data/share/")

    assert dict(entry_points["console_scripts"]) == {"proxycast": "proxycast.__main__:main"}
    assert {"applications/proxycast.desktop", "metainfo/io.github.proxycast.ProxyCast.metainfo.xml"} <= shared
