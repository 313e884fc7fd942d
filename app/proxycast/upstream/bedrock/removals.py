"""What is taken out of a request, collected for the user."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[\w.*:+-]{1,64}", re.ASCII)
_LIMIT = 32


class Removals:
    """Names of what a request lost, each once, in the order it was met.

    Names come from the client, so what does not look like the name of a field or a beta is not repeated, and there are
    at most 32.
    """

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def note(self, template: str, name: str = "") -> None:
        """Remember one; `name` goes where `template` has its `{}`."""
        if len(self._names) < _LIMIT:
            self._names[template.format(name if _PLAIN.fullmatch(name) else "?")] = None

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, as `cache_control.scope` or `anthropic-beta: oauth-2025-04-20`."""
        return tuple(self._names)
