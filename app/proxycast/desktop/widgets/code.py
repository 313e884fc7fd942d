"""Text to paste: shown as it stands, copied whole."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QVBoxLayout

from proxycast.desktop import fonts
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import icon_button
from proxycast.desktop.widgets.frames import row_of
from proxycast.desktop.widgets.labels import label

_BORDER = 4
_BAR = 14
"""Of the style sheet: the border that shows the focus, and a scroll bar with its margins."""
_MARGIN = 2
_INSET = _MARGIN + 1
"""Of the document within the border, and of its text from where the title begins."""


class CodeBlock(QFrame):
    """A title, some lines in letters of one width, and a button that copies them.

    What is shown may have stand-ins for secrets, so it is not selected with the mouse then, and Ctrl+C asks for the
    whole as the button does.

    Signals:
        copy_wanted: the user wants the whole text in the clipboard.
        eye_pressed: the user wants to see what is hidden, or to hide it again.
    """

    copy_wanted = Signal()
    eye_pressed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "sunken")
        self.title = label("", "caption", wrap=True)
        self.text = _Lines(self.copy_wanted.emit)
        self.eye = icon_button(theme, "eye", self.tr("Show the client token"), self.eye_pressed.emit)
        self.copy = icon_button(theme, "copy", self.tr("Copy"), self.copy_wanted.emit)
        head = row_of(spacing=Space.XS)
        head.setContentsMargins(_INSET, 0, 0, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.eye)
        head.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.M - _INSET, Space.XS, Space.XS, Space.S)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.text)
        self.eye.hide()

    def show_text(self, title: str, text: str, *, secret: bool, hidden: bool) -> None:
        """Show these lines under this title; `secret`: a secret is among them, `hidden` behind a stand-in or not."""
        self.title.setText(title)
        self.text.setAccessibleName(title)
        self.copy.setAccessibleName(self.tr("Copy: {what}").format(what=title))
        self.text.show_lines(text, selectable=not (secret and hidden))
        self.eye.setVisible(secret)
        self.eye.setIcon(self._theme.icon("eye" if hidden else "eye-off"))
        name = self.tr("Show the client token") if hidden else self.tr("Hide the client token")
        self.eye.setToolTip(name)
        self.eye.setAccessibleName(name)


class _Lines(QPlainTextEdit):
    """As high as its lines, and as wide as there is room: longer lines are scrolled."""

    def __init__(self, copy: Callable[[], object]) -> None:
        super().__init__()
        self._copy = copy
        self._selectable = True
        self.setProperty("kind", "code")
        self.setFont(fonts.fixed())
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(_MARGIN)

    def show_lines(self, text: str, *, selectable: bool) -> None:
        """Show this text."""
        if text != self.toPlainText():
            self.setPlainText(text)
        self._selectable = selectable
        by_mouse_and_keys = (
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTextInteractionFlags(by_mouse_and_keys if selectable else Qt.TextInteractionFlag.NoTextInteraction)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.matches(QKeySequence.StandardKey.Copy) and not self.textCursor().hasSelection():
            self._copy()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:  # noqa: N802
        margin = 2 * round(self.document().documentMargin())
        longest = max(self.fontMetrics().horizontalAdvance(line) for line in self.toPlainText().split("\n"))
        bar = _BAR if longest + margin > self.viewport().width() else 0
        return QSize(240, math.ceil(self._height_of_lines()) + margin + bar + _BORDER)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.updateGeometry()

    def _height_of_lines(self) -> float:
        block, height = self.document().begin(), 0.0
        while block.isValid():
            height += self.blockBoundingRect(block).height()
            block = block.next()
        return height
