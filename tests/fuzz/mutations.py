"""Damage to bytes and texts: pieces put in, taken out, doubled, exchanged, flipped."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

Data = TypeVar("Data", bytes, str)
_KINDS = ("put", "put", "early", "early", "instead", "cut", "double", "swap")
_START = 48


def mutated(whole: st.SearchStrategy[Data], pieces: Sequence[Data], *, most: int = 4) -> st.SearchStrategy[Data]:
    """Wholes with one change to `most`; `pieces` are put in most often, half of the time near the start.

    True randomness of one seed each, because hypothesis's own choices repeat themselves: of 5,000 requests only 440
    had different first lines. A failure still shows the seed, and is small enough to be read without being shrunk.
    """
    return st.builds(lambda one, by: _changed(one, pieces, most, by), whole, st.randoms(use_true_random=True))


def split(data: bytes, places: Sequence[int]) -> list[bytes]:
    """The data in pieces that end at these places, counted modulo its length."""
    cuts = sorted({place % (len(data) + 1) for place in places})
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True) if end > start]


def _changed(whole: Data, pieces: Sequence[Data], most: int, by: random.Random) -> Data:
    for _ in range(min(by.randint(1, most), by.randint(1, most))):
        kind, piece = by.choice(_KINDS), by.choice(pieces)
        start = by.randint(0, min(_START, len(whole)) if kind == "early" else len(whole))
        length = by.randint(1, 24)
        before, middle, after = whole[:start], whole[start : start + length], whole[start + length :]
        match kind:
            case "put" | "early":
                whole = before + piece + middle + after
            case "instead":
                whole = before + piece + after
            case "cut":
                whole = before + after
            case "double":
                whole = before + middle + middle + after
            case _:
                whole = after + middle + before
    return whole
