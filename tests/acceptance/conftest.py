"""Fixtures of the tests that run the whole program as its users do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.acceptance.program import TOKEN, Program
from tests.keyring import secret_service
from tests.keyring.conftest import need
from tests.keyring.secret_service import SecretService


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """ProxyCast without a keyring, its client token given."""
    return Program(tmp_path, {"PROXYCAST_TOKEN": TOKEN})


@pytest.fixture
def keyring(request: pytest.FixtureRequest) -> Iterator[SecretService]:
    """A session with an unlocked keyring; its bus starts another one if `request.param` is "activating"."""
    need(secret_service.TOOLS)
    service = SecretService(activation=getattr(request, "param", "") == "activating")
    try:
        service.start_bus()
        service.start()
        yield service
    finally:
        service.close()


@pytest.fixture
def on_desktop(tmp_path: Path, keyring: SecretService) -> Program:
    """ProxyCast in that session."""
    return Program(tmp_path, session(keyring))


def session(keyring: SecretService) -> dict[str, str]:
    """The variables by which a program finds the session of `keyring`."""
    names = ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    return {name: keyring.environment[name] for name in names}
