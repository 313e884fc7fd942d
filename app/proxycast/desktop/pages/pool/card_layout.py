"""Where everything stands on a card."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QRect

from proxycast.desktop.tokens import CONTROL_HEIGHT, Space

GAP = Space.M
"""Between two cards."""
RING = 4
"""Room around a card for the ring of the keyboard's focus."""
TILE = 40
"""The square of the kind's icon."""
BUTTON = 32
"""An icon that acts on a card."""
BUTTONS = 3 * BUTTON + 2 * Space.XS
"""All of them."""
USE = 88
"""The place of the button that selects a card, and of the badge of the selected one."""

_PAD_X, _PAD_Y = 20, 16
_FIRST, _SECOND = 22, 20
_NAME, _STATUS, _USES = 180, 185, 146
_LEAST_STATUS, _LEAST_USES = 132, 112
"""The columns' widths where there is room, and the least before the uses give way: names are not cut for them."""
_APART = Space.S
"""Between two columns, which are seldom filled."""
_BESIDE = 14
_NOTE_ABOVE = 6


class CardLayout(msgspec.Struct, frozen=True, kw_only=True):
    """The places of a card's parts. `status` and `uses` are two lines high; None: there is no room for it."""

    card: QRect
    tile: QRect
    name: QRect
    host: QRect
    status: QRect | None
    uses: QRect | None
    buttons: QRect
    use: QRect
    note: QRect


def height_of(note: int) -> int:
    """The height of a row with a note of this height, 0 for none, with the gap below."""
    return 2 * _PAD_Y + _FIRST + _SECOND + (_NOTE_ABOVE + note if note else 0) + GAP


def note_width(width: int) -> int:
    """The width of a note in a row of this width."""
    return width - 2 * RING - 2 * _PAD_X - TILE - _BESIDE


def lay_out(row: QRect, *, acting: bool) -> CardLayout:
    """The places in a row of the list; while `acting`, buttons stand on the card, on a narrow one in place of text."""
    card = row.adjusted(RING, RING, -RING, RING - GAP)
    left, right, top = card.left() + _PAD_X, card.right() + 1 - _PAD_X, card.top() + _PAD_Y
    text, lines = left + TILE + _BESIDE, _FIRST + _SECOND
    use = QRect(right - USE, top + (lines - CONTROL_HEIGHT) // 2, USE, CONTROL_HEIGHT)
    buttons = QRect(use.left() - Space.M - BUTTONS, use.top(), BUTTONS, CONTROL_HEIGHT)
    room = use.left() - Space.M - text
    wide = room >= _NAME + _STATUS + _USES + BUTTONS + 3 * _APART
    end = (buttons if wide else use).left() - _APART
    least = _NAME + _LEAST_STATUS + _LEAST_USES + 2 * _APART
    share = min(max((room - least) / (_NAME + _STATUS + _USES + 2 * _APART - least), 0), 1)
    uses: QRect | None = None
    if room >= least:
        width = _LEAST_USES + round(share * (_USES - _LEAST_USES))
        uses = QRect(end - width, top, width, lines)
        end = uses.left() - _APART
    width = _LEAST_STATUS + round(share * (_STATUS - _LEAST_STATUS))
    status: QRect | None = QRect(end - width, top, width, lines)
    end -= width + _APART
    if acting and not wide:
        uses, status = (None, status) if uses is not None else (None, None)
    return CardLayout(
        card=card,
        tile=QRect(left, top + (lines - TILE) // 2, TILE, TILE),
        name=QRect(text, top, end - text, _FIRST),
        host=QRect(text, top + _FIRST, end - text, _SECOND),
        status=status,
        uses=uses,
        buttons=buttons,
        use=use,
        note=QRect(text, top + lines + _NOTE_ABOVE, right - text, card.bottom() - top - lines - _NOTE_ABOVE),
    )
