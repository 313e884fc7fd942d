"""Fields: text, search, secrets behind an eye, one choice among a few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyle, QStyleOptionComboBox, QWidget

from proxycast.desktop.bridge import Tone
from proxycast.desktop.theme import Theme
from proxycast.desktop.widgets.frames import column_of
from proxycast.desktop.widgets.labels import label, restyle
from proxycast.model.secret import Secret

T = TypeVar("T")

_NOTE = {Tone.NEUTRAL: "caption", Tone.ERROR: "error"}


class SearchField(QLineEdit):
    """A line to search with; Escape empties it.

    Signals:
        left: the user pressed Escape.
    """

    left = Signal()

    def __init__(self, theme: Theme, hint: str) -> None:
        super().__init__()
        self.setProperty("kind", "search")
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        clear = self.findChild(QAction, "_q_qlineeditclearaction")
        if clear is not None:
            clear.setText(self.tr("Clear the search"))
            clear.setIcon(theme.icon("close"))
        self.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition).setText(hint)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class TextField(QLineEdit):
    """A line of text that can show that what it holds is wrong."""

    def __init__(self, text: str = "", hint: str = "") -> None:
        super().__init__(text)
        self.setPlaceholderText(hint)

    def mark_wrong(self, *, wrong: bool) -> None:
        """Show, or no longer show, that the text cannot be used."""
        restyle(self, "wrong", wrong)


class SecretField(TextField):
    """A line for a secret: hidden, with an eye (Ctrl+Shift+H) to show it, and a button that pastes."""

    def __init__(self, theme: Theme, *, show: str, hide: str, paste: str = "", hint: str = "") -> None:
        super().__init__(hint=hint)
        self._theme = theme
        self._words = (show, hide)
        self.textChanged.connect(self._dress)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.paste_action: QAction | None = None
        if paste:
            self.paste_action = self.addAction(theme.icon("paste"), QLineEdit.ActionPosition.TrailingPosition)
            self.paste_action.setText(paste)
            self.paste_action.triggered.connect(self._paste)
        self.eye = self.addAction(theme.icon("eye"), QLineEdit.ActionPosition.TrailingPosition)
        self.eye.setText(show)
        self.eye.setShortcut("Ctrl+Shift+H")
        self.eye.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.eye.triggered.connect(self._turn)

    @property
    def secret(self) -> Secret:
        """What was entered, without spaces around it."""
        return Secret(self.text().strip())

    def _dress(self, text: str) -> None:
        restyle(self, "typed", bool(text))  # without a text there is a hint, which is a sentence

    def _turn(self) -> None:
        hidden = self.echoMode() is QLineEdit.EchoMode.Normal
        self.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        self.eye.setIcon(self._theme.icon("eye" if hidden else "eye-off"))
        self.eye.setText(self._words[0 if hidden else 1])

    def _paste(self) -> None:
        self.setText(QGuiApplication.clipboard().text().strip())
        self.setFocus()


class Select(QComboBox, Generic[T]):
    """A choice of one among a few. One that is too long for its place is whole in the tooltip.

    Signals:
        chosen: the value that the user chose.
    """

    chosen = Signal(object)

    def __init__(self, choices: Sequence[tuple[str, T]], now: T) -> None:
        super().__init__()
        self._values: list[T] = []
        self.offer(choices, now)
        self.setMinimumWidth(180)
        self.currentTextChanged.connect(self._hint)
        self.activated.connect(lambda position: self.chosen.emit(self._values[position]))

    @property
    def value(self) -> T:
        """What is chosen."""
        return self._values[self.currentIndex()]

    def offer(self, choices: Sequence[tuple[str, T]], now: T) -> None:
        """Offer these choices in place of the old ones."""
        names = [name for name, _ in choices]
        self._values = [value for _, value in choices]
        if names != [self.itemText(position) for position in range(self.count())]:
            self.clear()
            self.addItems(names)
        self.setCurrentIndex(self._values.index(now))

    def show_value(self, value: T) -> None:
        """Show this one as chosen, without telling."""
        self.setCurrentIndex(self._values.index(value))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._hint()

    def showPopup(self) -> None:  # noqa: N802
        self.view().setAccessibleName(self.accessibleName())
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        event.ignore()  # it scrolls the page; turning over a choice must not change it

    def _hint(self) -> None:
        looks = QStyleOptionComboBox()
        self.initStyleOption(looks)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, looks, part, self).width()
        text = self.currentText()
        self.setToolTip(text if self.fontMetrics().horizontalAdvance(text) > room else "")


class Field(QWidget):
    """A name, the control below it, and below that what there is to say about what it holds."""

    def __init__(self, name: str, control: QWidget, hint: str = "", *, input_: TextField | None = None) -> None:
        super().__init__()
        self._input = control if isinstance(control, TextField) else input_
        self._hint = hint
        self.name = label(name, "label")
        target = self._input or control
        self.name.setBuddy(target)
        if not target.accessibleName():
            target.setAccessibleName(name)
        self.note = label(hint, "caption", wrap=True)
        if not hint:
            self.note.hide()
        self.setLayout(column_of(self.name, control, self.note, spacing=6))

    def show_hint(self, hint: str) -> None:
        """Say this while there is nothing else to say."""
        self._hint = hint
        self.explain()

    def explain(self, text: str = "", tone: Tone = Tone.NEUTRAL) -> None:
        """Say something about what the control holds; nothing shows the hint. An error marks the control, too."""
        self.note.setText(text or self._hint)
        self.note.setVisible(bool(text or self._hint))
        restyle(self.note, "type", _NOTE.get(tone, "caption"))
        if self._input is not None:
            self._input.mark_wrong(wrong=tone is Tone.ERROR)
