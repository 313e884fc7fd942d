"""Fixtures that many tests use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.fakes.messages_api import FakeMessagesApi

HERE = Path(__file__).parent
DATA_PATH = ("proxy", "upstream", "check", "security", "fuzz", "faults")
"""The folders of the tests that `--compiled` runs."""
ELSEWHERE = {HERE / "faults" / "test_disk.py", HERE / "faults" / "test_soak.py"}
"""Not these in them: one is about the store, and one takes minutes."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--compiled`, which goes with a `pythonpath` that has `.venv/compiled` first."""
    parser.addoption("--compiled", action="store_true", help="run the tests of the data path, which must be compiled")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even look at the others."""
    return True if config.getoption("--compiled") and not _tests_the_data_path(collection_path) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the others out, also where they are asked for by their names."""
    if config.getoption("--compiled"):
        others = [item for item in items if not _tests_the_data_path(item.path)]
        items[:] = [item for item in items if item not in others]
        config.hook.pytest_deselected(items=others)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where other tests are asked for, those of the data path are none, which is no failure."""
    if session.config.getoption("--compiled") and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


def _tests_the_data_path(path: Path) -> bool:
    if HERE not in path.parents:
        return True
    return path.relative_to(HERE).parts[0] in DATA_PATH and path not in ELSEWHERE


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh folder that holds everything ProxyCast reads and writes."""
    monkeypatch.setenv("PROXYCAST_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
async def fake_api() -> AsyncIterator[FakeMessagesApi]:
    """A Messages API on loopback. What a client sends it must be correct HTTP."""
    async with FakeMessagesApi() as fake:
        yield fake
    assert fake.violations == []
