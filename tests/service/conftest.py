from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.service.world import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A home without anything in it, and a keyring that works."""
    made = World(tmp_path)
    yield made
    await made.close()
