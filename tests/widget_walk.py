"""What a person with a keyboard, a screen reader, or another language and scale would run into, widget by widget.

`python -m tests.widget_walk [--scale 1.5] [--size 900x600] [--only add]` walks every scene of `tests.screenshots` in
both languages and prints what it finds, a line each; nothing is what it should print.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QTextEdit,
    QToolButton,
    QWidget,
)
from tests.cut_texts import CutTexts, is_of_user
from tests.screenshots import SCENES, staged
from tests.windows import watched

from proxycast.desktop import loop
from proxycast.desktop.app import make_application
from proxycast.desktop.preferences import LanguageChoice
from proxycast.desktop.theme import ThemeChoice
from proxycast.desktop.widgets.labels import ElidedLabel

_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
_WINDOWS = (QMainWindow, QDialog, QMenu)
_MOST_STOPS = 200
_SETTLE = 0.1
_LOOKS = 12


def found(shown: QWidget, of_user: Collection[str]) -> Iterator[str]:
    """What is wrong with a window, a dialog or a menu. The words `of_user` may be cut if a tooltip has them."""
    widgets = list(_visible(shown))
    yield from (f"no accessible name: {_called(widget)}" for widget in widgets if _is_unnamed(widget))
    yield from (f"cut off: {_called(widget)}" for widget in widgets if _is_cut(widget, of_user))
    if not isinstance(shown, QMenu):
        yield from _unreached(shown.window(), list(_visible(shown.window())))


def _visible(shown: QWidget) -> Iterator[QWidget]:
    for widget in (shown, *shown.findChildren(QWidget)):
        inside = widget.objectName().startswith("qt_") or isinstance(widget.parent(), QAbstractSpinBox | QComboBox)
        if widget.isVisible() and not inside and widget.window() is shown.window():
            yield widget


def _is_unnamed(widget: QWidget) -> bool:
    if not isinstance(widget, _CONTROLS) or isinstance(widget, QScrollBar | QHeaderView):
        return False
    interface = QAccessible.queryAccessibleInterface(widget)
    return not interface.text(QAccessible.Text.Name).strip()


def _is_cut(widget: QWidget, of_user: Collection[str]) -> bool:
    if _scrolled_out(widget):
        return False
    if isinstance(widget, QLabel):
        return bool(widget.text()) and not isinstance(widget, ElidedLabel) and _label_is_cut(widget)
    if isinstance(widget, QAbstractButton):
        return _button_is_cut(widget)
    if isinstance(widget, QComboBox):
        text = widget.currentText()
        told = is_of_user(text, of_user) and widget.toolTip() == text
        return not told and widget.fontMetrics().horizontalAdvance(text) > widget.width() - 24
    if isinstance(widget, QLineEdit):
        hint = widget.placeholderText()
        return not widget.text() and widget.fontMetrics().horizontalAdvance(hint) > widget.contentsRect().width()
    return False


def _button_is_cut(button: QAbstractButton) -> bool:
    if not button.text() or (
        isinstance(button, QToolButton) and button.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly
    ):
        return False
    above = isinstance(button, QToolButton) and button.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextUnderIcon
    icon = 0 if above or button.icon().isNull() else button.iconSize().width() + 4
    lines = button.text().replace("&", "").splitlines()
    return max(button.fontMetrics().horizontalAdvance(line) for line in lines) + icon > button.width() - 4


def _label_is_cut(label: QLabel) -> bool:
    room = label.contentsRect()
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height() + 2
    needed = label.sizeHint()
    return needed.width() > label.width() + 1 or needed.height() > label.height() + 1 or room.isEmpty()


def _scrolled_out(widget: QWidget) -> bool:
    """Whether it is out of sight in something that scrolls, which is no fault."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            place = QRect(widget.mapTo(parent, widget.rect().topLeft()), widget.size())
            return not parent.rect().intersects(place)
        parent = parent.parentWidget()
    return False


def _unreached(window: QWidget, widgets: list[QWidget]) -> Iterator[str]:
    """What the Tab key does not come to."""
    wanted = {
        widget
        for widget in widgets
        if isinstance(widget, _CONTROLS)
        and widget.isEnabled()
        and not isinstance(widget, QScrollBar | QHeaderView)
        and not isinstance(widget.parent(), QLineEdit)  # what stands in a line has a key of its own
    }
    window.activateWindow()
    stops: list[QWidget] = []
    for _ in range(_MOST_STOPS):
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        focus = window.focusWidget()
        if focus is None or (stops and focus is stops[0]):
            break
        stops.append(focus)
    else:
        yield f"Tab goes round in {_called(stops[-1])} and {_called(stops[-2])}"
    groups = {stop.group() for stop in stops if isinstance(stop, QAbstractButton) and stop.group() is not None}
    for widget in wanted - set(stops):
        of_group = isinstance(widget, QAbstractButton) and widget.group() in groups
        choice = isinstance(widget, QRadioButton) or of_group
        proxy = widget.focusProxy()
        if not choice and proxy not in stops:
            yield f"Tab does not reach it: {_called(widget)}"


def _called(widget: QWidget) -> str:
    kind = type(widget).__name__
    text = getattr(widget, "text", None)
    said = widget.accessibleName() or (text() if callable(text) else "") or widget.objectName()
    owner = widget.parentWidget()
    return f"{kind} {said!r} in {type(owner).__name__} ({widget.width()} × {widget.height()})"


async def _lasting(shown: QWidget, of_user: Collection[str]) -> list[str]:
    """What is found, and still is once layouts and animations have come to rest."""
    lines = list(found(shown, of_user))
    for _ in range(_LOOKS):
        if not lines:
            break
        await asyncio.sleep(_SETTLE)
        lines = list(found(shown, of_user))
    return lines


async def walk(app: QApplication, home: Path, size: QSize, only: str) -> int:
    """Print what is found."""
    looks = [(spoken, ThemeChoice.LIGHT) for spoken in (LanguageChoice.CHINESE, LanguageChoice.ENGLISH)]
    walked = 0
    cut = CutTexts()
    with watched() as windows, cut.heard():
        async for stage in staged(app, home, size, looks, only=only, settle=_SETTLE):
            for kind in windows.shown:
                if not issubclass(kind, _WINDOWS):
                    sys.stdout.write(f"{stage.scene} {stage.spoken}: a window of its own: {kind.__name__}\n")
            for shown in stage.shown:
                walked += 1
                painted = cut.found(shown, stage.of_user)
                for line in [*await _lasting(shown, stage.of_user), *painted]:
                    sys.stdout.write(f"{stage.scene} {stage.spoken}: {line}\n")
            windows.shown.clear()
    sys.stderr.write(f"{walked} windows walked, {len(SCENES)} scenes\n")
    return 0


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="900x600")
    parser.add_argument("--scale", default="1")
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = given.scale
    width, height = (int(part) for part in given.size.split("x"))
    app = make_application()
    with tempfile.TemporaryDirectory() as home:
        loop.run(app, walk(app, Path(home), QSize(width, height), given.only))


if __name__ == "__main__":
    main()
