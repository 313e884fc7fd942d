"""Cards on the way: from where they stood to where they stand now, and new ones as they come up."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from proxycast.desktop.motion import Glide, Motion


class CardMoves:
    """How far each card still is from its place, by the id of its credential. `view` is where cards are painted."""

    def __init__(self, motion: Motion, view: QWidget) -> None:
        self._left = Glide(motion, view)
        self._left.valueChanged.connect(view.update)
        self._distances: dict[str, int] = {}
        self._fresh: frozenset[str] = frozenset()

    def begin(self, before: Mapping[str, int], after: Mapping[str, int]) -> None:
        """Let cards go from their tops before to those after. A card that was not there comes up in its place."""
        self._distances = {
            identity: round(before[identity] + self.shift(identity) - top)
            for identity, top in after.items()
            if identity in before
        }
        self._fresh = frozenset(after.keys() - before.keys())
        self._left.go_to(0.0, start=1.0)

    def shift(self, identity: str) -> int:
        """How far below its place a card is painted now, in device-independent pixels."""
        return round(self._distances.get(identity, 0) * self._left.value)

    def strength(self, identity: str) -> float:
        """How much of a card is to be seen, 1 for all of it."""
        return 1.0 - self._left.value if identity in self._fresh else 1.0
