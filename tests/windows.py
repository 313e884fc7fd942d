"""Notes what appears on the screen as a window of its own. A part without a parent that is shown flashes there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget


class Windows(QObject):
    """Hears of everything that is shown as a window; `shown` has the class of each."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[type[QWidget]] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(type(watched))
        return False


@contextmanager
def watched() -> Iterator[Windows]:
    """What is shown as a window from now on."""
    app = QApplication.instance()
    assert app is not None
    made = Windows()
    app.installEventFilter(made)
    try:
        yield made
    finally:
        app.removeEventFilter(made)
