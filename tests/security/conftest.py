"""Fixtures of the tests of threats: a proxy with one credential, on either loop."""

from __future__ import annotations

from tests.acceptance.conftest import program
from tests.proxy.conftest import nothing_fails_behind_the_scenes, setup

__all__ = ["nothing_fails_behind_the_scenes", "program", "setup"]
