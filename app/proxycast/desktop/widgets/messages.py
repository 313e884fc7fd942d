"""Messages: banners that stay, and toasts that go by themselves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from proxycast.desktop.bridge import Notice, Tone
from proxycast.desktop.motion import Glide
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button
from proxycast.desktop.widgets.labels import label
from proxycast.desktop.widgets.marks import TONE_MARK, Mark

_WIDEST = 520
"""Of the words of a toast, in device-independent pixels. Shorter ones stand on one line."""
_SHORTEST = 5.0
_WITH_ACTION = 10.0
_READING = 0.06
"""Seconds: what a toast is shown at least, at least if there is something to do, and for each character of it."""
_RISE = 24.0
"""How far a toast comes up."""


class Banner(QFrame):
    """A message that stays as long as what it says is so, with things to do about it."""

    def __init__(
        self, theme: Theme, text: str, tone: Tone, actions: tuple[tuple[str, Callable[[], object]], ...] = ()
    ) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self.setProperty("tone", tone.value)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        row.setSpacing(Space.M)
        row.addWidget(Mark(theme, *TONE_MARK[tone], size=20))
        words = label(text, wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(words, 1)
        for name, act in actions:
            row.addWidget(button(name, Rank.LINK, act))


class Toast(QFrame):
    """Shows notices over the foot of `host`, one at a time, each for some seconds."""

    def __init__(self, theme: Theme, host: QWidget) -> None:
        super().__init__(host)
        self._theme = theme
        self._host = host
        self.setProperty("kind", "toast")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.L, Space.S, Space.M, Space.S)
        self._row.setSpacing(Space.M)
        self._below = Glide(theme.motion, self)
        self._below.valueChanged.connect(self._stand)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show this one in place of what is shown."""
        self.hide()  # what is put into a widget on show does not count in its size yet
        self._empty()
        self._row.addWidget(Mark(self._theme, TONE_MARK[notice.tone][0], "page"))
        words = label(notice.text, wrap=True)
        self._row.addWidget(words, 1)
        words.ensurePolished()
        words.setMinimumWidth(min(words.fontMetrics().horizontalAdvance(notice.text) + 1, _WIDEST))
        words.setMaximumWidth(_WIDEST)
        if notice.action is not None:
            self._row.addWidget(button(notice.label, Rank.LINK, self._acting(notice.action)))
        self._place()
        self.show()
        self.raise_()
        self._below.go_to(0.0, start=_RISE)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, notice.text))
        least = _SHORTEST if notice.action is None else _WITH_ACTION
        self._timer.start(round(max(least, len(notice.text) * _READING) * 1000))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _acting(self, action: Callable[[], None]) -> Callable[[], None]:
        def act() -> None:
            self.hide()
            self._timer.stop()
            action()

        return act

    def _empty(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _place(self) -> None:
        self.adjustSize()
        width = min(self.sizeHint().width(), self._host.width() - 2 * Space.XL)
        self.resize(
            width, self._row.heightForWidth(width) if self._row.hasHeightForWidth() else self.sizeHint().height()
        )
        self._stand()

    def _stand(self) -> None:
        """Stand over the foot of the host, or a little below while it comes up."""
        left, top = (self._host.width() - self.width()) // 2, self._host.height() - self.height() - Space.XL
        self.move(left, top + round(self._below.value))
