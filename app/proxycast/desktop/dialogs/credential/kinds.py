"""The choice of the kind."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from proxycast.desktop.dialogs.credential.choices import KindCard
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.frames import row_of
from proxycast.model.credential import Kind


class KindChooser(QWidget):
    """The three ways to reach Claude, side by side.

    Signals:
        chosen: the `Kind` that the user chose.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.cards = {
            Kind.ANTHROPIC: KindCard(theme, "kind-anthropic", self.tr("Anthropic"), self.tr("The official API")),
            Kind.COMPATIBLE: KindCard(
                theme, "kind-compatible", self.tr("Compatible service"), self.tr("Kimi, GLM, relays…")
            ),
            Kind.BEDROCK: KindCard(theme, "kind-bedrock", self.tr("AWS Bedrock"), self.tr("Claude through AWS")),
        }
        self.setLayout(row_of(*self.cards.values(), spacing=Space.M))
        self.setAccessibleName(self.tr("Kind"))
        for card in self.cards.values():
            card.clicked.connect(self._tell)

    @property
    def kind(self) -> Kind:
        """What is chosen."""
        return next(kind for kind, card in self.cards.items() if card.isChecked())

    def choose(self, kind: Kind) -> None:
        """Choose this one."""
        self.cards[kind].setChecked(True)

    def limit_to(self, *kinds: Kind) -> None:
        """Offer these alone."""
        for kind, card in self.cards.items():
            card.setVisible(kind in kinds)

    def _tell(self) -> None:
        self.chosen.emit(self.kind)
