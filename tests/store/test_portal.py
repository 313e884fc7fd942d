"""What the desktop's portal says of motion, over a real D-Bus session."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from tests.fakes.session_bus import Settings, portal, silent_bus
from tests.keyring.conftest import inside
from tests.keyring.secret_service import SecretService

from proxycast.store.portal import asks_for_less_motion

APPEARANCE, GNOME = "org.freedesktop.appearance", "org.gnome.desktop.interface"


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """This process inside a D-Bus session."""
    with inside(SecretService, monkeypatch) as session:
        yield session


@pytest.mark.parametrize(
    ("settings", "less"),
    [
        ({APPEARANCE: {"reduced-motion": ("u", 1)}}, True),
        ({APPEARANCE: {"reduced-motion": ("u", 0)}}, False),
        ({APPEARANCE: {"reduced-motion": ("u", 7)}}, False),
        ({GNOME: {"enable-animations": ("b", False)}}, True),
        ({GNOME: {"enable-animations": ("b", True), "font-name": ("s", "Cantarell 11")}}, False),
        ({APPEARANCE: {"reduced-motion": ("u", 0)}, GNOME: {"enable-animations": ("b", False)}}, True),
        ({APPEARANCE: {"color-scheme": ("u", 1)}}, False),
        ({}, False),
        (None, False),
    ],
)
def test_the_desktop_is_asked_for_less_motion(session: SecretService, settings: Settings | None, less: bool) -> None:
    with portal(settings):
        assert asks_for_less_motion() is less


def test_a_session_without_a_portal_does_not_say(session: SecretService) -> None:
    assert not asks_for_less_motion()


def test_a_session_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with silent_bus() as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={bus}")
        began = time.monotonic()
        assert not asks_for_less_motion()
        assert time.monotonic() - began < 3
