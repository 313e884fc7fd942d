"""Garbage is collected on the window's thread only.

Python collects cycles on whichever thread happens to allocate, and a QObject that is destroyed on another thread than
its own can crash the process. So while the window lives, automatic collection is off and a timer takes its place.

What is there from the start stays until the end: looking through all of it again would cost a whole frame.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL = 1000


class Collector(QObject):
    """Collects garbage by Python's own thresholds, but from a timer of this thread, until it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self.collect)
        gc.disable()
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is due, if any; the first time, set aside what the start has made."""
        if not gc.get_freeze_count():
            gc.collect()
            gc.freeze()
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [generation for generation in (2, 1, 0) if counts[generation] > thresholds[generation]]
        if due:
            gc.collect(due[0])

    def close(self) -> None:
        """Leave collection to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        gc.enable()
