"""Whether the modules under test are what the command line of pytest promises: the sources, or compiled."""

from __future__ import annotations

import tomllib
from importlib.machinery import ExtensionFileLoader
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.acceptance.program import APP

ROOT = Path(__file__).resolve().parents[2]
BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
MODULES = BUILD["targets"]["wheel"]["hooks"]["custom"]["modules"]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_of_the_data_path_is_the_promised_one(module: str, pytestconfig: pytest.Config) -> None:
    spec = find_spec("proxycast." + module.removesuffix(".py").replace("/", "."))
    assert spec is not None
    assert isinstance(spec.loader, ExtensionFileLoader) is pytestconfig.getoption("--compiled")


def test_a_process_is_started_from_the_same_place(pytestconfig: pytest.Config) -> None:
    assert ROOT / (".venv/compiled" if pytestconfig.getoption("--compiled") else "app") == APP
