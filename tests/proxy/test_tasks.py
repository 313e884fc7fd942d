"""Background tasks: none is lost, and none fails in silence."""

from __future__ import annotations

import asyncio

import pytest
from tests.proxy.conftest import until

from proxycast.proxy.tasks import Tasks


async def test_a_task_runs_under_its_name_and_is_forgotten_when_it_is_done() -> None:
    tasks, ran = Tasks(), asyncio.Event()

    async def work() -> None:
        ran.set()

    assert tasks.start(work(), name="work").get_name() == "work"
    await asyncio.wait_for(ran.wait(), 5)
    await until(lambda: not tasks._running)


async def test_closing_cancels_what_runs_and_waits_for_it() -> None:
    tasks, cleaned = Tasks(), []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            cleaned.append(True)

    for _ in range(3):
        tasks.start(work(), name="work")
    await asyncio.sleep(0)
    await tasks.close()
    assert cleaned == [True] * 3


async def test_a_task_that_fails_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    tasks = Tasks()

    async def work() -> None:
        raise ZeroDivisionError

    task = tasks.start(work(), name="hopeless work")
    await asyncio.wait({task})
    await until(lambda: bool(caplog.records))
    (record,) = caplog.records
    assert record.getMessage() == "task hopeless work failed"
    assert record.exc_info is not None
    caplog.clear()
