"""The measures and colours of the interface. Everything that is drawn takes them from here."""

from __future__ import annotations

import msgspec


class Colours(msgspec.Struct, frozen=True, kw_only=True):
    """The colours of one theme, by what they are for, as `#rrggbb`.

    Text colours reach a contrast of 4.5:1 on every surface they stand on (WCAG 2.2, 1.4.3), and the outline of what can
    be operated 3:1 (1.4.11).
    """

    dark: bool

    window: str
    """Behind the navigation."""
    page: str
    """Behind the cards."""
    card: str
    """Cards, dialogs, menus and fields."""
    sunken: str
    """Inside a card: code, an address, a group of buttons."""
    hover: str
    pressed: str

    line: str
    """Borders of cards and lines between."""
    outline: str
    """Borders of fields and switches."""

    text: str
    quiet: str
    """The second line of a card, labels, hints."""
    disabled: str

    accent: str
    """The one colour: the primary action, the selected credential, the focus."""
    accent_hover: str
    on_accent: str
    accent_soft: str
    accent_text: str

    ok: str
    ok_soft: str
    warning: str
    warning_soft: str
    error: str
    error_soft: str
    on_error: str

    series: tuple[str, ...]
    """Parts of a chart: five credentials, and what all others share. 3:1 on a card."""


LIGHT = Colours(
    dark=False,
    window="#F3F4F7",
    page="#FAFBFC",
    card="#FFFFFF",
    sunken="#F3F4F7",
    hover="#EBEDF2",
    pressed="#E1E4EB",
    line="#E4E7ED",
    outline="#868D9D",
    text="#1A1D25",
    quiet="#596072",
    disabled="#A0A6B4",
    accent="#4656CF",
    accent_hover="#3A49BB",
    on_accent="#FFFFFF",
    accent_soft="#ECEEFC",
    accent_text="#3D4CC4",
    ok="#17704A",
    ok_soft="#E5F4EC",
    warning="#8A5300",
    warning_soft="#FCF2DF",
    error="#B3261E",
    error_soft="#FCEBE9",
    on_error="#FFFFFF",
    series=("#4656CF", "#0E7C86", "#B4560F", "#9C3D9E", "#5B7A1E", "#767E90"),
)

DARK = Colours(
    dark=True,
    window="#14161B",
    page="#191C22",
    card="#21252D",
    sunken="#191C22",
    hover="#2B303A",
    pressed="#343A46",
    line="#2E333E",
    outline="#767E90",
    text="#EDEFF4",
    quiet="#A6ADBC",
    disabled="#666D7C",
    accent="#93A0FF",
    accent_hover="#A8B3FF",
    on_accent="#14161D",
    accent_soft="#2B3150",
    accent_text="#AAB4FF",
    ok="#62CE97",
    ok_soft="#1D352B",
    warning="#E6B656",
    warning_soft="#3A301B",
    error="#F68D84",
    error_soft="#422524",
    on_error="#2A0E0C",
    series=("#93A0FF", "#4FC3CE", "#F0A35E", "#DD8FDF", "#A9C667", "#868D9D"),
)


class Space:
    """Distances in device-independent pixels."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24
    XXL = 32


class Radius:
    """Corners in device-independent pixels."""

    CONTROL = 8
    CARD = 12
    TILE = 16
    BADGE = 6


class Type:
    """Sizes of type in device-independent pixels."""

    CAPTION = 12
    BODY = 14
    TITLE = 16
    HEADING = 22


CONTROL_HEIGHT = 36
"""Of buttons and fields."""
ICON = 18
"""Of icons in buttons."""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
