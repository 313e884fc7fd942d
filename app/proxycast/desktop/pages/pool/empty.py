"""What stands in place of cards when there is none to show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button, button_with_icon
from proxycast.desktop.widgets.frames import column_of, held, row_of
from proxycast.desktop.widgets.labels import label
from proxycast.desktop.widgets.marks import Mark

_WIDTH = 420


class EmptyPool(QWidget):
    """There is no credential yet: leads to the first one, and to the demo."""

    def __init__(self, theme: Theme, add: Callable[[], None], demo: Callable[[], None]) -> None:
        super().__init__()
        self.add = button_with_icon(theme, "add", self.tr("Add a credential"), Rank.PRIMARY, add)
        self.demo = button_with_icon(theme, "play", self.tr("Try the demo"), Rank.SECONDARY, demo)
        words = self.tr(
            "A credential is one way to reach Claude: an Anthropic API key, AWS Bedrock or a compatible service. "
            "Its key is kept in the keyring of your system."
        )
        hint = self.tr("The demo answers without a key and without the network, and is gone when you quit.")
        _centre(self, theme, "pool", self.tr("No credentials yet"), words, hint, self.add, self.demo)


class NothingFound(QWidget):
    """No credential matches the search."""

    def __init__(self, theme: Theme, clear: Callable[[], None]) -> None:
        super().__init__()
        self.clear = button(self.tr("Clear the search"), Rank.SECONDARY, clear)
        words = self.tr("The search looks at names, hosts and kinds.")
        _centre(self, theme, "search", self.tr("Nothing found"), words, "", self.clear)


def _centre(  # noqa: PLR0917 - one call of each
    over: QWidget, theme: Theme, icon: str, title: str, words: str, hint: str, *buttons: QPushButton
) -> None:
    middle = Qt.AlignmentFlag.AlignHCenter
    column = column_of(spacing=Space.M)
    column.addWidget(Mark(theme, icon, "quiet", size=44), 0, middle)
    column.addSpacing(Space.XS)
    column.addWidget(label(title, "title"), 0, middle)
    for text, kind in ((words, "quiet"), (hint, "caption")):
        if text:
            line = label(text, kind, wrap=True)
            line.setAlignment(middle)
            column.addWidget(line)
    column.addSpacing(Space.S)
    column.addWidget(held(row_of(*buttons, spacing=Space.M)), 0, middle)
    inner = held(column)
    inner.setFixedWidth(_WIDTH)
    centred = row_of()
    centred.addStretch(1)
    centred.addWidget(inner)
    centred.addStretch(1)
    whole = column_of()
    whole.addStretch(2)
    whole.addLayout(centred)
    whole.addStretch(3)
    over.setLayout(whole)
