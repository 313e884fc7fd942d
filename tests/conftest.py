"""Fixtures that many tests use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.fakes.messages_api import FakeMessagesApi


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
