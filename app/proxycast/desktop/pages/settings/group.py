"""A card of settings, one per row, that a search narrows down."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QComboBox, QFrame

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.widgets.frames import Card, FormRow, rule
from proxycast.desktop.widgets.switch import SwitchButton

CHOICE_WIDTH = 260
"""Choices that stand one below the other are of one width, at least."""


class Group(Card):
    """Settings that belong together."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._title = title
        self._rows: list[tuple[FormRow, QFrame | None, str]] = []

    def add(self, row: FormRow, words: str = "") -> None:
        """Add a row. `words` are others by which it is looked for: what it is called elsewhere, in both languages."""
        for select in row.findChildren(QComboBox):
            select.setMinimumWidth(CHOICE_WIDTH)
        line = rule() if self._rows else None
        if line is not None:
            self.body.addWidget(line)
        self.body.addWidget(row)
        self._rows.append((row, line, words))

    def narrow(self, query: str) -> bool:
        """Show only the rows that have all words of `query`, in any order, and say whether there are any."""
        wanted = query.casefold().split()
        first = True
        for row, line, words in self._rows:
            text = " ".join((self._title, words, *_texts(row))).casefold()
            fits = all(word in text for word in wanted)
            row.setVisible(fits)
            if line is not None:
                line.setVisible(fits and not first)
            first = first and not fits
        self.setVisible(not first)
        return not first

    def add_switch(self, bridge: Bridge, name: str, preference: str, hint: str = "", words: str = "") -> SwitchButton:
        """Add a row with a switch for a preference that is a truth value."""
        made = SwitchButton(bridge.theme, name, on=getattr(bridge.preferences, preference))
        made.toggled.connect(lambda on: bridge.prefer(**{preference: on}))
        self.add(FormRow(name, made, hint), words)
        return made


def _texts(row: FormRow) -> Iterable[str]:
    yield row.name.text()
    yield row.hint.text()
    for select in row.findChildren(QComboBox):
        yield from (select.itemText(position) for position in range(select.count()))
