"""What `make run` starts."""

from __future__ import annotations

import pytest

import start


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {}, False),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_display_is_recognised(platform: str, environ: dict[str, str], expected: bool) -> None:
    assert start.has_display(platform, environ) is expected


def test_without_a_window_the_demonstration_starts() -> None:
    assert start.command([], window=False) == ["serve", "--demo"]


def test_with_a_window_proxycast_gets_no_arguments() -> None:
    assert start.command([], window=True) == []


@pytest.mark.parametrize("window", [True, False])
def test_given_arguments_are_passed_on_as_they_are(window: bool) -> None:
    assert start.command(["list", "--json"], window=window) == ["list", "--json"]
