"""Fields: text, search, secrets behind an eye, one choice among a few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit

from proxycast.desktop import fonts
from proxycast.desktop.theme import Theme
from proxycast.desktop.widgets.labels import restyle
from proxycast.model.secret import Secret

T = TypeVar("T")


class SearchField(QLineEdit):
    """A line to search with; Escape empties it."""

    def __init__(self, theme: Theme, hint: str) -> None:
        super().__init__()
        self.setProperty("kind", "search")
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        self.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)


class TextField(QLineEdit):
    """A line of text that can show that what it holds is wrong."""

    def __init__(self, text: str = "", hint: str = "") -> None:
        super().__init__(text)
        self.setPlaceholderText(hint)

    def mark_wrong(self, *, wrong: bool) -> None:
        """Show, or no longer show, that the text cannot be used."""
        restyle(self, "wrong", wrong)


class SecretField(TextField):
    """A line for a secret: hidden, with an eye to show it, and a button that pastes the clipboard."""

    def __init__(self, theme: Theme, *, show: str, hide: str, paste: str = "", hint: str = "") -> None:
        super().__init__(hint=hint)
        self._theme = theme
        self._words = (show, hide)
        self.textChanged.connect(self._dress)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.paste_action: QAction | None = None
        if paste:
            self.paste_action = self.addAction(theme.icon("paste"), QLineEdit.ActionPosition.TrailingPosition)
            self.paste_action.setToolTip(paste)
            self.paste_action.triggered.connect(self._paste)
        self.eye = self.addAction(theme.icon("eye"), QLineEdit.ActionPosition.TrailingPosition)
        self.eye.setToolTip(show)
        self.eye.triggered.connect(self._turn)

    @property
    def secret(self) -> Secret:
        """What was entered, without spaces around it."""
        return Secret(self.text().strip())

    def _dress(self, text: str) -> None:
        self.setFont(fonts.fixed() if text else fonts.interface())  # the hint is a sentence

    def _turn(self) -> None:
        hidden = self.echoMode() is QLineEdit.EchoMode.Normal
        self.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        self.eye.setIcon(self._theme.icon("eye" if hidden else "eye-off"))
        self.eye.setToolTip(self._words[0 if hidden else 1])

    def _paste(self) -> None:
        self.setText(QGuiApplication.clipboard().text().strip())
        self.setFocus()


class Select(QComboBox, Generic[T]):
    """A choice of one among a few.

    Signals:
        chosen: the value that the user chose.
    """

    chosen = Signal(object)

    def __init__(self, choices: Sequence[tuple[str, T]], now: T) -> None:
        super().__init__()
        self._values = [value for _, value in choices]
        self.addItems([name for name, _ in choices])
        self.setCurrentIndex(self._values.index(now))
        self.setMinimumWidth(180)
        self.activated.connect(lambda position: self.chosen.emit(self._values[position]))

    @property
    def value(self) -> T:
        """What is chosen."""
        return self._values[self.currentIndex()]

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        event.ignore()  # it scrolls the page; turning over a choice must not change it
