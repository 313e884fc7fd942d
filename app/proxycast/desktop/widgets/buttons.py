"""Buttons: one of four ranks, or an icon that has a name."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QToolButton

from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import ICON

QUIET_PADDING = 11
"""Of the style sheet: how far a quiet button reaches beyond its words, which stand in line with other text."""
_GAP = 3
"""What the style leaves too little of between an icon and the words: the icon, which stands at its left, is wider."""


class Rank(StrEnum):
    """How much a button stands out. A view has one primary button at most."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    DANGER = "danger"
    LINK = "link"


_INK = {Rank.PRIMARY: "on_accent", Rank.DANGER: "on_error", Rank.LINK: "accent_text", Rank.SECONDARY: "text"}


def button(
    text: str, rank: Rank = Rank.SECONDARY, on_click: Callable[[], object] | None = None, icon: QIcon | None = None
) -> QPushButton:
    """A button with words, perhaps with an icon before them."""
    made = QPushButton(text)
    made.setProperty("kind", rank.value)
    made.setAutoDefault(False)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a ring is for those who use the keyboard
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon is not None:
        made.setIcon(icon)
        made.setIconSize(QSize(ICON + _GAP, ICON))
    if on_click is not None:
        made.clicked.connect(lambda _checked: on_click())
    return made


def button_with_icon(
    theme: Theme, icon: str, text: str, rank: Rank = Rank.SECONDARY, on_click: Callable[[], object] | None = None
) -> QPushButton:
    """A button with words and an icon in the colour that its rank gives words."""
    return button(text, rank, on_click, theme.icon(icon, _INK.get(rank, "quiet")))


def icon_button(
    theme: Theme, icon: str, name: str, on_click: Callable[[], object] | None = None, role: str = "quiet"
) -> QToolButton:
    """A button that is an icon alone; `name` is its tooltip and what screen readers say."""
    made = QToolButton()
    made.setIcon(theme.icon(icon, role))
    made.setIconSize(QSize(ICON, ICON))
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if on_click is not None:
        made.clicked.connect(lambda _checked: on_click())
    return made
