"""Garbage is collected on the window's thread, by a timer."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref

from tests.desktop.opened import until

from proxycast.desktop.garbage import Collector


class Knot:
    """Something that only the collector of cycles can take away."""

    def __init__(self, taken_by: list[int]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: taken_by.append(threading.get_ident()))


async def test_a_timer_of_this_thread_takes_garbage_away() -> None:
    taken_by: list[int] = []
    collector = Collector()
    try:
        assert not gc.isenabled()
        Knot(taken_by)
        fill = [[] for _ in range(2 * gc.get_threshold()[0])]  # type: ignore[var-annotated]
        await asyncio.to_thread(lambda: [[one] for one in fill])
        assert taken_by == [], "another thread that allocates much collects nothing"
        await until(lambda: taken_by)
        assert taken_by == [threading.get_ident()]
    finally:
        collector.close()
    assert gc.isenabled()


async def test_what_the_start_has_made_is_not_looked_through_again() -> None:
    taken_by: list[int] = []
    collector = Collector()
    try:
        await until(gc.get_freeze_count)
        assert len(gc.get_objects()) < gc.get_freeze_count() / 10
        Knot(taken_by)
        fill = [[] for _ in range(2 * gc.get_threshold()[0])]  # type: ignore[var-annotated]
        await until(lambda: taken_by)
        del fill
    finally:
        collector.close()
    assert gc.get_freeze_count() == 0
