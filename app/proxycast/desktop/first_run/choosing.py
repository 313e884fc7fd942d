"""The first step: a credential of one's own, or the demo."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button
from proxycast.desktop.widgets.frames import Card, column_of, row_of
from proxycast.desktop.widgets.labels import label, restyle
from proxycast.desktop.widgets.marks import Mark


class Choosing(QWidget):
    """Ways to begin, one card each.

    Signals:
        add_wanted: add a credential.
        demo_wanted: use the demo.
        kept: go on with the credential that is selected.
    """

    add_wanted = Signal()
    demo_wanted = Signal()
    kept = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        theme = bridge.theme
        self.keep = button(self.tr("Continue"), Rank.PRIMARY, self.kept.emit)
        self.add = button(self.tr("Add…"), Rank.PRIMARY, self.add_wanted.emit)
        self.demo = button(self.tr("Try the demo"), Rank.SECONDARY, self.demo_wanted.emit)
        self._kept_title = label("", "title", wrap=True)
        self._kept = _way(
            theme,
            "ok",
            self._kept_title,
            self.tr("This is the current credential. It answers your clients' requests."),
            self.keep,
        )
        add = _way(
            theme,
            "key",
            label(self.tr("I have a key or an AWS account"), "title", wrap=True),
            self.tr(
                "An Anthropic API key, the key of a compatible service such as DeepSeek, Kimi or GLM, or AWS Bedrock. "
                "It is kept in your system's keyring, never in a file."
            ),
            self.add,
        )
        demo = _way(
            theme,
            "play",
            label(self.tr("Just looking around"), "title", wrap=True),
            self.tr(
                "The demo needs no key and no network. Its requests go through the real proxy, and it is gone when "
                "you quit."
            ),
            self.demo,
        )
        welcome = self.tr(
            "ProxyCast keeps all your ways to reach Claude in one place and gives your tools a single address. How "
            "would you like to start? You can change everything later."
        )
        column = column_of(label(welcome, "quiet", wrap=True), self._kept, add, demo, spacing=Space.L)
        column.addStretch(1)
        column.setContentsMargins(0, 0, Space.XL, 0)
        self.setLayout(column)
        bridge.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Offer to go on with a credential, if one is selected."""
        selected = self._bridge.service.pool.selected
        usable = selected is not None and selected.enabled
        self._kept.setVisible(usable)
        if selected is not None:
            self._kept_title.setText(self.tr("Keep using {name}").format(name=selected.name))
        restyle(self.add, "kind", (Rank.SECONDARY if usable else Rank.PRIMARY).value)


def _way(theme: Theme, icon: str, title: QWidget, words: str, act: QPushButton) -> Card:
    card = Card()
    row = row_of(spacing=Space.L)
    row.addWidget(Mark(theme, icon, "accent_text", size=26), 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(column_of(title, label(words, "quiet", wrap=True), spacing=Space.XS), 1)
    row.addWidget(act, 0, Qt.AlignmentFlag.AlignVCenter)
    act.setMinimumWidth(120)
    card.body.addLayout(row)
    return card
