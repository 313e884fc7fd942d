"""How often the user may be asked for a password."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any

from proxycast.model.errors import ProxyCastError
from proxycast.store.single_flight import SingleFlight

_PEACE = 60.0


class Prompts:
    """One prompt for all who wait for its answer, and after one that ended in a refusal none for a minute.

    Without that minute, a client that repeats its request would bring a dismissed prompt back at once.
    """

    def __init__(self, name: str, *, refusals: tuple[type[ProxyCastError], ...]) -> None:
        self._flights: SingleFlight[None] = SingleFlight(name)
        self._refusals = refusals
        self._refusal: ProxyCastError | None = None
        self._quiet_until = 0.0

    async def show(self, prompt: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Wait for the prompt that is open, or else for `prompt()`. Raises what it raises, or its recent refusal."""
        refusal = self._refusal
        if refusal is not None and time.monotonic() < self._quiet_until:
            raise type(refusal)(refusal.what, refusal.remedy)
        await self._flights.run("prompt", lambda: self._remember(prompt))

    def allow(self) -> None:
        """Let the next prompt be shown, because the user asks for it."""
        self._refusal = None

    async def _remember(self, prompt: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._refusal = None
        try:
            await prompt()
        except self._refusals as refusal:
            self._refusal = refusal
            self._quiet_until = time.monotonic() + _PEACE
            raise
