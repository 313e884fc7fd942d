"""What holds other widgets: cards, lines between them, rows of a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.labels import label, restyle

Layout = TypeVar("Layout", bound=QBoxLayout)

PAGE_WIDTH = 960
"""On wider pages, the ends of a row would be too far from each other."""


class Card(QFrame):
    """One thought on a raised ground, laid out from top to bottom in `body`."""

    def __init__(self, title: str = "", *, spacing: int = Space.M) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(Space.XL, Space.L + 2, Space.XL, Space.L + 2)
        self.body.setSpacing(spacing)
        if title:
            self.body.addWidget(label(title, "title"))


class FormRow(QWidget):
    """A name and a hint on the left, a control on the right."""

    def __init__(self, name: str, control: QWidget, hint: str = "") -> None:
        super().__init__()
        row = row_of(spacing=Space.XL)
        self.setLayout(row)
        words = column_of(spacing=2)
        self.name = label(name, "label")
        self.name.setBuddy(control)
        words.addWidget(self.name)
        self.hint: QLabel = label(hint, "caption", wrap=True)
        if not hint:
            self.hint.hide()
        words.addWidget(self.hint)
        row.addLayout(words, 1)
        row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        if not control.accessibleName():
            control.setAccessibleName(name)

    def explain(self, hint: str, *, wrong: bool = False) -> None:
        """Show another hint, or what is wrong."""
        self.hint.setText(hint)
        restyle(self.hint, "type", "error" if wrong else "caption")
        self.hint.setVisible(bool(hint))


def rule() -> QFrame:
    """A thin line between two rows."""
    made = QFrame()
    made.setProperty("kind", "rule")
    return made


def row_of(*widgets: QWidget, spacing: int = Space.S) -> QHBoxLayout:
    """Widgets side by side, without margins."""
    return _filled(QHBoxLayout(), widgets, spacing)


def column_of(*widgets: QWidget, spacing: int = Space.S) -> QVBoxLayout:
    """Widgets one below the other, without margins."""
    return _filled(QVBoxLayout(), widgets, spacing)


def dialog_column(head: QLayout, body: QLayout | QWidget, *foot: QLayout) -> QVBoxLayout:
    """What a large dialog consists of, parted by thin lines: its head, a body that takes the room, and its foot."""
    column = column_of(spacing=0)
    column.addLayout(head)
    column.addWidget(rule())
    if isinstance(body, QWidget):
        column.addWidget(body, 1)
    else:
        column.addLayout(body, 1)
    column.addWidget(rule())
    for part in foot:
        column.addLayout(part)
    return column


def held(layout: QBoxLayout) -> QWidget:
    """A widget that holds a layout."""
    made = QWidget()
    made.setLayout(layout)
    return made


def scrolling_page(*widgets: QWidget) -> QScrollArea:
    """A page of cards that scrolls, in a column of readable width."""
    inner = QWidget()
    inner.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a click beside a field ends the input there
    column = column_of(*widgets, spacing=Space.L)
    column.addStretch(1)
    cards = held(column)
    cards.setMaximumWidth(PAGE_WIDTH)
    outer = QHBoxLayout(inner)  # in whose middle they stand where there is more room
    outer.addWidget(cards)
    area = scrolling(inner)
    beside_bar(area, lambda bar: outer.setContentsMargins(Space.XL, Space.XL, Space.XL - bar, Space.XL))
    return area


def scrolling(inner: QWidget) -> QScrollArea:
    """What is as wide as there is room, and scrolls up and down."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(inner)
    return area


def beside_bar(area: QAbstractScrollArea, lay_out: Callable[[int], object]) -> None:
    """Tell `lay_out` how wide the scroll bar is, 0 while there is none.

    What takes that from its right margin has its edge in the same place with and without the bar.
    """
    bar = area.verticalScrollBar()

    def look(least: int, most: int) -> None:
        lay_out(bar.sizeHint().width() if most > least else 0)

    bar.rangeChanged.connect(look)
    look(bar.minimum(), bar.maximum())


def _filled(layout: Layout, widgets: tuple[QWidget, ...], spacing: int) -> Layout:
    layout.setContentsMargins(QMargins())
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return layout
