"""The type of the interface: the platform's own, with Chinese characters of the same kind."""

from __future__ import annotations

import sys

from PySide6.QtGui import QFont, QFontDatabase

from proxycast.desktop.tokens import Type

_CHINESE = ["PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC"]
_LINUX = ["Inter", "Cantarell", "Ubuntu", "Noto Sans", "Open Sans"]
"""What desktops set as interface font; in a bare system, the generic one is a face for print."""
_FIXED = ["JetBrains Mono", "Cascadia Mono", "SF Mono", "Menlo", "Consolas", "Ubuntu Mono", "DejaVu Sans Mono"]


def interface(size: int = Type.BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of text, `size` device-independent pixels high."""
    return _font(_installed(_preferred()), size, weight)


def numbers(size: int = Type.BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of text whose digits stand in columns."""
    font = interface(size, weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def fixed(size: int = Type.BODY - 1) -> QFont:
    """The font of addresses, keys and file names."""
    generic = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    return _font([*_installed(_FIXED), generic, *_installed(_CHINESE)], size, QFont.Weight.Normal)


def _preferred() -> list[str]:
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    if sys.platform in {"darwin", "win32"}:
        return [system, *_CHINESE]
    chosen = [] if system in {"Sans Serif", "Sans", "DejaVu Sans"} else [system]
    return [*chosen, *_LINUX, *_CHINESE]


def _installed(families: list[str]) -> list[str]:
    """Those that there are. Qt searches long for one that there is not."""
    known = set(QFontDatabase.families())
    return [family for family in families if family in known or family.startswith(".")]


def _font(families: list[str], size: int, weight: QFont.Weight) -> QFont:
    font = QFont()
    if families:
        font.setFamilies(families)
    font.setPixelSize(size)
    font.setWeight(weight)
    return font
