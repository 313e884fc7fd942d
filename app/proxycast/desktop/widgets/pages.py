"""Pages of which one is seen at a time, each made when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget


class Pages(QStackedWidget):
    """A stack whose pages come from `makers`, in their order. A start of the program seldom needs more than one."""

    def __init__(self, *makers: Callable[[], QWidget]) -> None:
        super().__init__()
        self._makers = makers
        self._pages: dict[int, QWidget] = {}
        self._empty = [QWidget() for _ in makers]
        for place in self._empty:
            self.addWidget(place)

    def page(self, position: int) -> QWidget:
        """The page at a position, made if it was not yet."""
        if position not in self._pages:
            made = self._pages[position] = self._makers[position]()
            self.insertWidget(position, made)
            self.removeWidget(self._empty[position])
        return self._pages[position]

    def show_page(self, position: int) -> None:
        """Show the page at a position."""
        self.setCurrentWidget(self.page(position))
