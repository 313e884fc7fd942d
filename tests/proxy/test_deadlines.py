"""Deadlines, on real loops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from proxycast.proxy.deadlines import Deadlines

TICK = 0.02
"""Long enough to tell an early deadline from a late one, seconds."""

GRAIN = 0.001
"""uvloop counts milliseconds."""


class Item:
    """Notes when it expires, and does something then."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        self.times: list[float] = []
        self.happened = asyncio.Event()
        self._then = then

    def expired(self) -> None:
        self.times.append(asyncio.get_running_loop().time())
        self.happened.set()
        self._then()


@pytest.fixture
async def deadlines() -> AsyncIterator[Deadlines]:
    made = Deadlines(asyncio.get_running_loop())
    yield made
    made.close()


def now() -> float:
    return asyncio.get_running_loop().time()


async def happened(*items: Item) -> None:
    async with asyncio.timeout(5):
        for item in items:
            await item.happened.wait()


async def test_an_item_expires_once_and_not_before_its_time(deadlines: Deadlines) -> None:
    item, began = Item(), now()
    deadlines.set(item, TICK)
    await happened(item)
    await asyncio.sleep(2 * TICK)
    assert len(item.times) == 1
    assert TICK - GRAIN <= item.times[0] - began < TICK + 0.5


async def test_items_expire_in_the_order_of_their_deadlines_whatever_the_order_of_setting(deadlines: Deadlines) -> None:
    late, early, middle = Item(), Item(), Item()
    deadlines.set(late, 3 * TICK)
    deadlines.set(early, TICK)
    deadlines.set(middle, 2 * TICK)
    await happened(late, early, middle)
    assert early.times < middle.times < late.times


async def test_a_deadline_that_keeps_moving_is_never_reached_and_then_is(deadlines: Deadlines) -> None:
    item = Item()
    for _ in range(15):
        moved = now()
        deadlines.set(item, 10 * TICK)
        await asyncio.sleep(TICK)
    assert item.times == []
    await happened(item)
    assert item.times[0] - moved >= 10 * TICK - GRAIN


async def test_a_deadline_can_be_moved_forward(deadlines: Deadlines) -> None:
    item = Item()
    deadlines.set(item, 60)
    deadlines.set(item, TICK)
    await happened(item)


async def test_a_cleared_item_does_not_expire_and_leaves_the_others(deadlines: Deadlines) -> None:
    cleared, other = Item(), Item()
    deadlines.set(cleared, TICK)
    deadlines.set(other, 2 * TICK)
    deadlines.clear(cleared)
    deadlines.clear(cleared)
    await happened(other)
    assert cleared.times == []


async def test_an_item_that_sets_itself_again_keeps_its_pace(deadlines: Deadlines) -> None:
    began = now()

    def again() -> None:
        if len(item.times) < 10:
            item.happened.clear()
            deadlines.set(item, TICK)

    item = Item(again)
    deadlines.set(item, TICK)
    async with asyncio.timeout(5):
        while len(item.times) < 10:
            item.happened.clear()
            await item.happened.wait()
    gaps = [after - before for before, after in zip([began, *item.times], item.times, strict=False)]
    assert min(gaps) >= TICK - GRAIN
    assert sum(gaps) < 10 * TICK + 0.5


async def test_an_item_that_clears_another_due_one_keeps_it_from_expiring(deadlines: Deadlines) -> None:
    other = Item()
    first = Item(lambda: deadlines.clear(other))
    third = Item()
    deadlines.set(first, TICK)
    deadlines.set(other, TICK)
    deadlines.set(third, TICK)
    await asyncio.sleep(0)
    await happened(first, third)
    assert other.times == []


async def test_ten_thousand_deadlines_share_one_timer_and_all_expire(deadlines: Deadlines) -> None:
    items = [Item() for _ in range(10_000)]
    for number, item in enumerate(items):
        deadlines.set(item, TICK + (number * 7919 % 1000) / 10_000)
    await happened(*items)
    assert all(len(item.times) == 1 for item in items)


async def test_closing_forgets_everything(deadlines: Deadlines) -> None:
    item = Item()
    deadlines.set(item, TICK)
    deadlines.close()
    await asyncio.sleep(2 * TICK)
    assert item.times == []
    deadlines.set(item, TICK)
    await happened(item)


async def test_an_item_that_fails_takes_no_other_down(deadlines: Deadlines) -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context["exception"]))

    def fail() -> None:
        raise RuntimeError

    failing = [Item(fail), Item(fail)]
    fine, later = Item(), Item()
    for item in (failing[0], fine, failing[1]):
        deadlines.set(item, TICK)
    deadlines.set(later, 2 * TICK)
    await happened(*failing, fine, later)
    assert [type(complaint) for complaint in complaints] == [RuntimeError, RuntimeError]
