"""The fixtures of the whole program serve here too."""

from tests.acceptance.conftest import keyring, on_desktop, program

__all__ = ["keyring", "on_desktop", "program"]
