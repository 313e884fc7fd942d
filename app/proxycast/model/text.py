"""Sentences for the user that can be shown in either language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

_FULL_STOPS = ("。", "！", "？", "；", "：")

Translate = Callable[[str], str]
"""Looks up the translation of an English template; returns it unchanged if there is none."""


class Text:
    """One sentence (or a few) for the user: an English template and the values of its `{named}` places.

    The English template is the key of the translation, so it is always written as a literal: `Text("…")` is what the
    extraction of messages looks for. Values may be texts themselves. Never put a secret into one.
    """

    __slots__ = ("template", "values")

    def __init__(self, template: str, /, **values: object) -> None:
        self.template = template
        self.values: Mapping[str, object] = MappingProxyType(values)

    def render(self, translate: Translate) -> str:
        """The sentence in the language of `translate`."""
        values = {
            name: value.render(translate) if isinstance(value, Text) else value for name, value in self.values.items()
        }
        return translate(self.template).format(**values)

    def __str__(self) -> str:
        return self.render(lambda template: template)

    def __repr__(self) -> str:
        return f"Text({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self.template == other.template and self.values == other.values

    def __hash__(self) -> int:
        return hash(self.template)


def in_a_row(*sentences: str) -> str:
    """Rendered sentences one after the other; between Chinese ones there is no space. Empty ones are left out."""
    row = ""
    for one in filter(None, sentences):
        row += one if not row or row.endswith(_FULL_STOPS) else f" {one}"
    return row
