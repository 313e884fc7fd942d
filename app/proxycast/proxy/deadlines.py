"""Many deadlines behind one timer."""

from __future__ import annotations

import asyncio
from math import inf
from typing import Protocol


class Expiring(Protocol):
    """Something that has a deadline."""

    def expired(self) -> None:
        """The deadline is over; it is not set any more."""
        ...


class Deadlines:
    """At most one deadline per object, all of them behind one timer of the loop.

    Setting and moving a deadline is a dictionary write: every chunk of a stream moves one, and a timer of the loop for
    each would cost more than the chunk. The timer wakes at the earliest deadline known when it was set.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._due: dict[Expiring, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._wake = inf

    def set(self, item: Expiring, seconds: float) -> None:
        """Let `item` expire in `seconds` from now, instead of whenever it would have before."""
        when = self._loop.time() + seconds
        self._due[item] = when
        if when < self._wake:
            self._arm(when)

    def clear(self, item: Expiring) -> None:
        """Let `item` not expire."""
        self._due.pop(item, None)

    def close(self) -> None:
        """Forget all deadlines and stop the timer."""
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._wake = inf

    def _arm(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._wake = when
        self._timer = self._loop.call_at(when, self._sweep)

    def _sweep(self) -> None:
        self._timer = None
        self._wake = inf
        now = self._loop.time()
        try:
            for item in [item for item, when in self._due.items() if when <= now]:
                if self._due.get(item, inf) <= now:
                    del self._due[item]
                    item.expired()
        finally:  # an item that fails must not leave the others without a timer
            if self._due:
                earliest = min(self._due.values())
                if earliest < self._wake:
                    self._arm(earliest)
