"""What this program is made of, in versions: for the page about it and for reports."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from proxycast import __version__


def about_this_program() -> str:
    """The versions that a report needs, one line each."""
    frozen = " (frozen)" if getattr(sys, "frozen", False) else ""
    return "\n".join(
        (
            f"ProxyCast {__version__}{frozen}",
            f"Python {platform.python_version()}",
            f"Qt {qVersion()} ({QGuiApplication.platformName()})",
            f"{platform.system()} {platform.release()} ({platform.machine()})",
        )
    )


def version_of(library: str) -> str | None:
    """The version of a library, by its package's name; None if it is not installed. Reads the disk."""
    try:
        return version(library)
    except PackageNotFoundError:
        return None
