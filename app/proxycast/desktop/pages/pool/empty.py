"""What stands in place of cards when there is none to show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from proxycast.desktop.theme import Theme
from proxycast.desktop.widgets.blank import Blank
from proxycast.desktop.widgets.buttons import Rank, button, button_with_icon
from proxycast.desktop.widgets.frames import column_of


class EmptyPool(QWidget):
    """There is no credential yet: leads to the first one, and to the demo."""

    def __init__(self, theme: Theme, add: Callable[[], None], demo: Callable[[], None]) -> None:
        super().__init__()
        self.add = button_with_icon(theme, "add", self.tr("Add a credential"), Rank.PRIMARY, add)
        self.demo = button_with_icon(theme, "play", self.tr("Try the demo"), Rank.SECONDARY, demo)
        words = self.tr(
            "A credential is one way to reach Claude: an Anthropic API key, AWS Bedrock or a compatible service. Its "
            "key is kept in your system's keyring."
        )
        hint = self.tr("The demo needs no key and no network, and is gone when you quit.")
        title, buttons = self.tr("No credentials yet"), (self.add, self.demo)
        self.setLayout(column_of(Blank(theme, "pool", title, words, hint=hint, buttons=buttons)))


class NothingFound(QWidget):
    """No credential matches the search."""

    def __init__(self, theme: Theme, clear: Callable[[], None]) -> None:
        super().__init__()
        self.clear = button(self.tr("Clear the search"), Rank.SECONDARY, clear)
        words = self.tr("The search looks at names, hosts and kinds.")
        title = self.tr("Nothing found")
        self.setLayout(column_of(Blank(theme, "search", title, words, buttons=(self.clear,))))
