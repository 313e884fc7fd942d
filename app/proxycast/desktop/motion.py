"""Motion: how long something takes from one state to the next, and whether it moves at all.

Few things move, each for a moment and to show where it goes: the knob of a switch, cards that change places, a message
that comes, a list that scrolls. What was asked for has been done by then; only its picture is on the way.
"""

from __future__ import annotations

import asyncio
import ctypes
import sys

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QObject, QVariantAnimation, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_MOMENT = 150
"""Milliseconds."""
_SPI_GETCLIENTAREAANIMATION = 0x1042


class Motion(QObject):
    """Whether things move: not before the platform has said that they may, and never if the user wants none of it.

    Signals:
        changed: things move from now on, or no longer.
    """

    changed = Signal()

    def __init__(self, *, still: bool = False) -> None:
        super().__init__()
        self._still = still
        self._less = True

    @property
    def duration(self) -> int:
        """Milliseconds from one state to the next; 0 where nothing moves."""
        return 0 if self._still or self._less else _MOMENT

    def choose(self, *, still: bool) -> None:
        """Let nothing move whatever the platform says, or follow the platform."""
        self._set(still=still, less=self._less)

    async def ask_platform(self) -> None:
        """Ask the platform whether it wants less motion, as the user may have told it since."""
        self._set(still=self._still, less=_qt_asks_for_less() or await asyncio.to_thread(_system_asks_for_less))

    def _set(self, *, still: bool, less: bool) -> None:
        before = self.duration
        self._still, self._less = still, less
        if self.duration != before:
            self.changed.emit()


class Glide(QVariantAnimation):
    """A number that `widget` shows, such as a place. `valueChanged` tells each step to another one.

    Where nothing moves, and while the widget is out of sight, there is one step.
    """

    def __init__(self, motion: Motion, widget: QWidget, value: float = 0.0) -> None:
        super().__init__(widget)
        self._motion = motion
        self._widget = widget
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.setStartValue(value)
        self.setEndValue(value)
        self.valueChanged.connect(self._stop_unseen)

    @property
    def value(self) -> float:
        """The number that is to be shown now."""
        now: float = self.currentValue()
        return now

    def go_to(self, value: float, start: float | None = None) -> None:
        """Go to this number, from where it is now or from `start`."""
        before = self.value if start is None else start
        self.stop()
        self.blockSignals(True)  # Qt would tell a value for each of these lines
        self.setDuration(self._motion.duration if self._widget.isVisible() else 0)
        self.setStartValue(before)
        self.setEndValue(value)
        self.blockSignals(False)
        self.start()
        self.valueChanged.emit(self.value)

    def _stop_unseen(self) -> None:
        running = self.state() is QAbstractAnimation.State.Running
        if running and not self._widget.isVisible() and self.currentTime() < self.duration():
            self.setCurrentTime(self.duration())


def _qt_asks_for_less() -> bool:
    """What Qt knows, which it says from 6.12 on. Older ones have no such property, and Windows and Linux are asked
    themselves; on macOS, nothing tells then.
    """
    style = QGuiApplication.styleHints()  # kept, as it takes what it gives along when it goes
    hints = style.accessibility() if hasattr(style, "accessibility") else None
    wish = getattr(hints, "motionPreference", None)
    return wish is not None and wish().name == "ReducedMotion"


def _system_asks_for_less() -> bool:
    """What the system says. Blocks."""
    if sys.platform == "win32":
        moves = ctypes.c_int(1)
        ctypes.windll.user32.SystemParametersInfoW(_SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(moves), 0)
        return not moves.value
    if sys.platform != "linux":
        return False
    from proxycast.store.portal import asks_for_less_motion  # noqa: PLC0415 - elsewhere nothing speaks D-Bus

    return asks_for_less_motion()
