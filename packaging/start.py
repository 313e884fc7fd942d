"""Starts ProxyCast from this checkout: `make run`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

WINDOW = Path(__file__).resolve().parents[1] / "app" / "proxycast" / "desktop" / "app.py"


def has_display(platform: str, environ: Mapping[str, str]) -> bool:
    """Whether a window can be shown: always on macOS and Windows, elsewhere if X11 or Wayland is there."""
    return platform in {"darwin", "win32"} or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def opens_window() -> bool:
    """Whether `make run` without arguments opens the window here."""
    return WINDOW.is_file() and has_display(sys.platform, os.environ)


def command(given: Sequence[str], *, window: bool) -> list[str]:
    """The arguments of `proxycast`: the given ones, else none for the window or those of the demonstration."""
    return list(given) or ([] if window else ["serve", "--demo"])


def main() -> None:
    """Becomes ProxyCast."""
    given = sys.argv[1:]
    window = opens_window()
    if not given:
        print(
            "Opening the window · 正在打开窗口"
            if window
            else "No window can be shown here: starting `proxycast serve --demo` · 此处无法显示窗口：启动演示代理",
            flush=True,
        )
    os.execv(sys.executable, [sys.executable, "-m", "proxycast", *command(given, window=window)])


if __name__ == "__main__":
    main()
