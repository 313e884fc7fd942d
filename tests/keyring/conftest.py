"""The fixtures of tests against a real keyring."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from tests.keyring.secret_service import SecretService, missing_tools


@pytest.fixture
def session_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """This process inside a D-Bus session that has no keyring service yet, and no display."""
    missing = missing_tools()
    if missing:
        reason = f"a real keyring needs {', '.join(missing)} (see CONTRIBUTING)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    service = SecretService()
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    try:
        service.start_bus()
        yield service
    finally:
        service.close()


@pytest.fixture
def keyring(session_bus: SecretService) -> SecretService:
    """This process inside a session with an unlocked keyring."""
    session_bus.start()
    return session_bus
