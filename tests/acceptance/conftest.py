"""Fixtures of the tests that run the whole program as its users do."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.acceptance.program import TOKEN, Program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """ProxyCast without a keyring, its client token given."""
    return Program(tmp_path, {"PROXYCAST_TOKEN": TOKEN})
