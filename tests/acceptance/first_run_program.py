"""ProxyCast as `proxycast` starts it, which tells what can be seen on its screen.

For each line on standard input it prints a JSON object: the words of what is visible and enabled in the window that has
the clicks, with the middle of its place on the screen. A text that grows is `streams: ` and its first sentence.
"""

from __future__ import annotations

import json
import os
import sys
import threading

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QWidget

from proxycast.desktop import loop
from proxycast.desktop.app import make_application
from proxycast.desktop.instance import Instance
from proxycast.desktop.life import Desktop
from proxycast.store.paths import Places


class Eyes(QObject):
    """Looks when it is asked."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self._look, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for _ in sys.stdin:
            self.asked.emit()

    def _look(self) -> None:
        window = QApplication.activeModalWidget() or QApplication.activeWindow()
        seen: dict[str, tuple[int, int]] = {}
        for one in [] if window is None else window.findChildren(QWidget):
            words = words_of(one)
            if words and one.isVisible() and one.isEnabled() and not one.visibleRegion().isEmpty():
                middle = one.mapToGlobal(one.rect().center())
                seen[words] = (middle.x(), middle.y())
        sys.stdout.write(json.dumps(seen) + "\n")
        sys.stdout.flush()


def words_of(widget: QWidget) -> str:
    """What a person reads on it."""
    if isinstance(widget, QPlainTextEdit):
        sentence, dot, rest = widget.toPlainText().partition(". ")
        return f"streams: {sentence}." if dot and rest else ""
    return widget.text() if isinstance(widget, QPushButton | QLabel) else ""


def main() -> int:
    """Run the program, with eyes."""
    places = Places.find(os.environ)
    instance = Instance(places.config_dir)
    assert instance.claim()
    app = make_application()
    eyes = Eyes()
    instance.listen()
    try:
        return loop.run(app, Desktop(app, places, instance).live())
    finally:
        instance.release()
        eyes.deleteLater()


if __name__ == "__main__":
    sys.exit(main())
