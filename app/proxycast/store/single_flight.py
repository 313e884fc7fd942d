"""One run for many who ask at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Runs a coroutine once for all who ask for the same key while it runs; all get its result or its error.

    One who stops waiting does not stop it for the others.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._running: dict[str, asyncio.Task[T]] = {}

    def run(self, key: str, start: Callable[[], Coroutine[Any, Any, T]]) -> Awaitable[T]:
        """The result for `key`: of the run that is under way, or else of `start()`."""
        task = self._running.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(start(), name=f"{self._name} {key}")
            self._running[key] = task
            task.add_done_callback(lambda done: self._land(key, done))
        return asyncio.shield(task)

    def _land(self, key: str, task: asyncio.Task[T]) -> None:
        del self._running[key]
        if not task.cancelled():
            task.exception()  # seen, even if nobody waits any more
