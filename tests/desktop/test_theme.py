"""Colours that can be read, icons in the theme's colour, and the choice of a theme."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from proxycast.desktop import icons, style
from proxycast.desktop.theme import Theme, ThemeChoice
from proxycast.desktop.tokens import DARK, LIGHT, Colours, contrast
from proxycast.desktop.widgets.fields import Select
from proxycast.store.paths import resources

SURFACES = ("window", "page", "card", "sunken", "hover")
TEXTS = [
    *((text, surface) for text in ("text", "quiet") for surface in SURFACES),
    *((text, surface) for text in ("accent_text", "error", "ok", "warning") for surface in ("page", "card")),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_error", "error"),
    ("accent_text", "accent_soft"),
    ("page", "text"),
    *((f"{tone}", f"{tone}_soft") for tone in ("ok", "warning", "error")),
    *(("text", f"{tone}_soft") for tone in ("ok", "warning", "error", "accent")),
    *(("accent_text", f"{tone}_soft") for tone in ("ok", "warning", "error")),
]
EDGES = [("outline", "card"), ("outline", "page"), ("accent", "card"), ("accent", "page"), ("accent", "window")]
ICONS = sorted(file.stem for file in (resources() / "icons").glob("*.svg"))


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), TEXTS)
def test_text_can_be_read(colours: Colours, text: str, surface: str) -> None:
    assert contrast(getattr(colours, text), getattr(colours, surface)) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "surface"), EDGES)
def test_the_edge_of_what_can_be_operated_can_be_seen(colours: Colours, edge: str, surface: str) -> None:
    assert contrast(getattr(colours, edge), getattr(colours, surface)) >= 3


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_part_of_a_chart_can_be_seen(colours: Colours) -> None:
    assert [contrast(ink, colours.card) >= 3 for ink in colours.series] == [True] * len(set(colours.series))


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_can_be_drawn_in_a_colour_of_the_theme(name: str) -> None:
    drawing = (resources() / "icons" / f"{name}.svg").read_bytes()
    assert QSvgRenderer(drawing).isValid()
    assert name == "app" or (b"currentColor" in drawing and b'viewBox="0 0 24 24"' in drawing)


def test_an_icon_takes_the_colour_of_the_theme_in_force(qapp: QApplication) -> None:
    theme = Theme(qapp, ThemeChoice.LIGHT)
    stop = theme.icon("tray-running", "ok")
    assert ink(stop) == QColor(LIGHT.ok)
    assert ink(stop, QIcon.Mode.Disabled) == QColor(LIGHT.disabled)
    copy = QIcon(stop)
    theme.choose(ThemeChoice.DARK)
    assert ink(stop) == ink(copy) == QColor(DARK.ok)
    theme.choose(ThemeChoice.LIGHT)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_a_picture_of_an_icon_has_all_the_pixels_of_the_screen(ratio: float) -> None:
    picture = icons.pixmap("add", 16, "#000000", ratio)
    assert picture.width() == round(16 * ratio)
    assert picture.devicePixelRatio() == ratio


@pytest.mark.parametrize("ratio", ["1", "1.5", "2"])
def test_an_icon_is_as_sharp_as_the_screen(ratio: str) -> None:
    environment = os.environ | {"QT_SCALE_FACTOR": ratio}
    run = subprocess.run(
        [sys.executable, "-c", _PIXELS], env=environment, capture_output=True, text=True, check=True, timeout=30
    )
    assert run.stdout.split() == [str(round(16 * float(ratio))), "16"]


_PIXELS = """
import sys
sys.path.insert(0, "app")
from PySide6.QtWidgets import QApplication, QPushButton
from proxycast.desktop import icons
app = QApplication([])
button = QPushButton(icons.icon("add", lambda mode: "#000000"), "")
picture = button.icon().pixmap(button.iconSize(), button.devicePixelRatio())
print(picture.width(), round(picture.deviceIndependentSize().width()))
"""


def test_a_chosen_theme_holds_at_once_and_says_so(qapp: QApplication) -> None:
    theme = Theme(qapp, ThemeChoice.LIGHT)
    told: list[bool] = []
    theme.changed.connect(lambda: told.append(theme.colours.dark))
    theme.choose(ThemeChoice.DARK)
    theme.choose(ThemeChoice.DARK)
    theme.choose(ThemeChoice.LIGHT)
    assert told == [True, False]
    assert qapp.palette().window().color() == QColor(LIGHT.page)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_style_sheet_is_complete(colours: Colours) -> None:
    assert "$" not in style.sheet(colours)


def ink(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> QColor:
    """The colour near the edge of a disc."""
    return icon.pixmap(QSize(48, 48), 1.0, mode).toImage().pixelColor(24, 5)


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_the_choice_in_force_can_be_read_where_all_of_them_drop_down(qapp: QApplication, choice: ThemeChoice) -> None:
    theme = Theme(qapp, choice)
    select = Select((("Light", 1), ("Dark", 2)), 2)
    select.show()
    select.showPopup()
    view = select.view()
    row = view.viewport().grab(view.visualRect(view.currentIndex())).toImage()
    shown = {row.pixelColor(x, y).name() for x in range(row.width()) for y in range(row.height())}
    select.hidePopup()
    select.deleteLater()
    theme.choose(ThemeChoice.LIGHT)
    ground = row.pixelColor(row.width() // 2, 2).name()
    assert max(contrast(one, ground) for one in shown) > 4
