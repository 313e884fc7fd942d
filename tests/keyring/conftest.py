"""The fixtures of tests against a real keyring."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from tests.keyring import screen as screens
from tests.keyring import secret_service
from tests.keyring.screen import Screen
from tests.keyring.secret_service import SecretService

from proxycast.store.keychain import Keychain


@pytest.fixture
def session_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """This process inside a D-Bus session that has no keyring service yet and no screen."""
    with inside(SecretService, monkeypatch) as service:
        yield service


@pytest.fixture
def keyring(session_bus: SecretService) -> SecretService:
    """This process inside a session with an unlocked keyring and no screen."""
    session_bus.start()
    return session_bus


@pytest.fixture
def activating_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """As `session_bus`, but the bus starts a keyring daemon when one is asked for, as that of a desktop does."""
    with inside(lambda: SecretService(activation=True), monkeypatch) as service:
        yield service


@pytest.fixture
def screen() -> Iterator[Screen]:
    """A screen."""
    need(screens.TOOLS)
    screen = Screen()
    yield screen
    screen.close()


@pytest.fixture
def desktop(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """This process inside a session with an unlocked keyring, whose prompts appear on `screen` and are counted."""
    with inside(lambda: SecretService(activation=True, display=screen.display), monkeypatch) as service:
        service.start()
        service.watch_prompts()
        yield service


@pytest.fixture
def keychain(session_bus: SecretService) -> Iterator[Keychain]:
    """The keychain of a process without a screen, less patient than by default."""
    keychain = Keychain(allow_prompt=True, patience=1)
    yield keychain
    keychain.close()


@pytest.fixture
def prompting_keychain(desktop: SecretService) -> Iterator[Keychain]:
    """The keychain of a process on the desktop."""
    keychain = Keychain(allow_prompt=True, prompt_patience=60)
    yield keychain
    keychain.close()


def need(tools: tuple[str, ...]) -> None:
    """Skip the test if this machine lacks a program for it, or fail it where it must not be skipped."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"no {', '.join(missing)} here, but CI=true")
    if missing:
        pytest.skip(f"no {', '.join(missing)} here")


@contextmanager
def inside(make: Callable[[], SecretService], monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """This process inside the session that `make` makes."""
    need(secret_service.TOOLS)
    service = make()
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    try:
        service.start_bus()
        yield service
    finally:
        service.close()
