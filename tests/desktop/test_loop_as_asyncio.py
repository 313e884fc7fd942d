"""Callbacks, delays, starting and stopping: what programs expect of any asyncio loop.

Every test of the files `test_loop_as_asyncio*.py` runs on asyncio's own loop and on the window's.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import random
import socket
import threading
import time
import weakref
from collections.abc import AsyncIterator
from typing import Any

import pytest

NAME: contextvars.ContextVar[str] = contextvars.ContextVar("NAME", default="nobody")


def named(name: str) -> contextvars.Context:
    context = contextvars.copy_context()
    context.run(NAME.set, name)
    return context


# Callbacks.


async def test_callbacks_run_in_the_order_they_were_asked_for() -> None:
    loop = asyncio.get_running_loop()
    seen: list[str] = []
    done = loop.create_future()
    loop.call_soon(lambda: (seen.append("a"), loop.call_soon(seen.append, "d"), loop.call_soon(done.set_result, None)))
    loop.call_soon(seen.append, "b")
    loop.call_soon(seen.append, "never").cancel()
    loop.call_soon(seen.append, "c")
    await done
    assert seen == ["a", "b", "c", "d"]


async def test_a_callback_runs_in_its_context() -> None:
    loop = asyncio.get_running_loop()
    seen: list[str] = []
    done = loop.create_future()

    def note() -> None:
        seen.append(NAME.get())
        if len(seen) == 4:
            done.set_result(None)

    NAME.set("the task")
    loop.call_soon(note)
    loop.call_soon(note, context=named("soon"))
    loop.call_soon_threadsafe(note, context=named("threadsafe"))
    loop.call_later(0.001, note, context=named("later"))
    NAME.set("somebody else")
    await done
    assert seen == ["the task", "soon", "threadsafe", "later"]


async def test_a_task_keeps_its_own_context() -> None:
    async def child() -> str:
        NAME.set("child")
        await asyncio.sleep(0)
        return NAME.get()

    NAME.set("parent")
    assert await asyncio.create_task(child()) == "child"
    assert NAME.get() == "parent"


async def test_an_error_in_a_callback_goes_to_the_exception_handler_and_the_rest_go_on() -> None:
    loop = asyncio.get_running_loop()
    contexts: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: contexts.append(context))
    done = loop.create_future()
    loop.call_soon(lambda: 1 / 0)
    loop.call_soon(done.set_result, None)
    await done
    assert [type(context["exception"]) for context in contexts] == [ZeroDivisionError]
    assert isinstance(contexts[0]["handle"], asyncio.Handle)


async def test_an_error_in_the_exception_handler_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def handler(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        raise LookupError

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(handler)
    loop.call_soon(lambda: 1 / 0)
    await asyncio.sleep(0.001)
    assert [(record.name, record.message.split("\n")[0]) for record in caplog.records] == [
        ("asyncio", "Unhandled error in exception handler")
    ]
    caplog.clear()


async def test_the_error_of_a_forgotten_task_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise LookupError("lost")

    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    del task
    gc.collect()
    assert [record.message.split("\n")[0] for record in caplog.records] == ["Task exception was never retrieved"]
    caplog.clear()


async def test_another_thread_wakes_an_idle_loop() -> None:
    loop = asyncio.get_running_loop()
    thread = threading.current_thread()
    for _ in range(200):
        done: asyncio.Future[threading.Thread] = loop.create_future()
        waker = threading.Thread(
            target=loop.call_soon_threadsafe, args=(lambda done=done: done.set_result(threading.current_thread()),)
        )
        waker.start()
        async with asyncio.timeout(5):
            assert await done is thread
        waker.join()


async def test_callbacks_of_many_threads_all_run() -> None:
    loop = asyncio.get_running_loop()
    count = 0
    done = loop.create_future()

    def one() -> None:
        nonlocal count
        count += 1
        if count == 2000:
            done.set_result(None)

    def ask() -> None:
        for _ in range(500):
            loop.call_soon_threadsafe(one)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    async with asyncio.timeout(30):
        await done
    for thread in threads:
        thread.join()
    assert count == 2000


# Delays.


async def test_no_delay_ends_early_and_they_end_in_order() -> None:
    loop = asyncio.get_running_loop()
    resolution = time.get_clock_info("monotonic").resolution
    early: list[float] = []
    order: list[float] = []
    done = loop.create_future()

    def fire(when: float) -> None:
        if loop.time() < when - resolution:
            early.append(when - loop.time())
        order.append(when)
        if len(order) == 200:
            done.set_result(None)

    start = loop.time()
    chance = random.Random(7)
    for _ in range(200):
        when = start + chance.uniform(-0.001, 0.1)
        loop.call_at(when, fire, when)
    await done
    assert early == []
    assert order == sorted(order)
    assert loop.time() - start < 1


async def test_a_delay_of_nothing_does_not_wait() -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    for _ in range(500):
        done = loop.create_future()
        loop.call_later(0, done.set_result, None)
        await done
    assert loop.time() - start < 0.4


async def test_a_cancelled_delay_does_not_end() -> None:
    loop = asyncio.get_running_loop()
    seen: list[str] = []
    timer = loop.call_later(0.02, seen.append, "cancelled")
    loop.call_soon(timer.cancel)
    await asyncio.sleep(0.03)
    assert seen == []


async def test_cancelled_delays_are_let_go() -> None:
    class Big:
        def __call__(self) -> None:
            raise AssertionError

    loop = asyncio.get_running_loop()
    big = Big()
    gone = weakref.ref(big)
    first = loop.call_later(200, pytest.fail, "rang")
    for _ in range(3000):  # one timeout for each chunk of a long answer
        loop.call_later(300, big).cancel()
        await asyncio.sleep(0)
    del big
    assert gone() is None
    await asyncio.sleep(0.01)
    first.cancel()
    assert len(loop._scheduled) <= 102  # type: ignore[attr-defined]


async def test_delays_cancelled_from_the_middle_leave_the_others_in_order() -> None:
    loop = asyncio.get_running_loop()
    seen: list[int] = []
    numbers = random.Random(5).sample(range(400), 400)
    start = loop.time() + 0.1
    timers = {n: loop.call_at(start + 0.0001 * n, seen.append, n) for n in numbers}
    for n in range(399):
        if n % 5:
            timers[n].cancel()
    await asyncio.sleep(0.2)
    assert seen == [*range(0, 400, 5), 399]


async def test_a_timeout_cancels_what_takes_too_long() -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 0.01)


# Running, stopping, closing.


def test_run_until_complete_gives_the_result_or_raises(loop: asyncio.AbstractEventLoop) -> None:
    async def fail() -> None:
        raise LookupError

    assert loop.run_until_complete(asyncio.sleep(0.001, "slept")) == "slept"
    with pytest.raises(LookupError):
        loop.run_until_complete(fail())
    assert not loop.is_running()


def test_stop_ends_the_batch_and_keeps_the_rest_for_the_next_run(loop: asyncio.AbstractEventLoop) -> None:
    seen: list[str] = []
    loop.call_soon(lambda: (loop.stop(), loop.call_soon(seen.append, "next run")))
    loop.call_soon(seen.append, "same batch")
    loop.run_forever()
    assert seen == ["same batch"]
    loop.stop()
    loop.run_forever()
    assert seen == ["same batch", "next run"]


def test_a_stop_before_the_start_runs_what_is_ready(loop: asyncio.AbstractEventLoop) -> None:
    seen: list[str] = []
    loop.call_soon(lambda: (seen.append("ready"), loop.call_soon(seen.append, "too late")))
    loop.stop()
    loop.run_forever()
    assert seen == ["ready"]


def test_a_loop_that_stops_before_the_future_is_done_says_so(loop: asyncio.AbstractEventLoop) -> None:
    loop.call_soon(loop.stop)
    with pytest.raises(RuntimeError, match="stopped before Future completed"):
        loop.run_until_complete(loop.create_future())


def test_a_reader_may_stop_the_loop(loop: asyncio.AbstractEventLoop, pair: tuple[socket.socket, socket.socket]) -> None:
    left, right = pair
    right.send(b"x")
    loop.add_reader(left, loop.stop)
    loop.run_forever()
    loop.run_forever()
    assert loop.remove_reader(left)


@pytest.mark.parametrize("failure", [KeyboardInterrupt, SystemExit])
def test_an_exit_leaves_the_loop_and_the_loop_can_run_again(
    loop: asyncio.AbstractEventLoop,
    pair: tuple[socket.socket, socket.socket],
    failure: type[BaseException],
) -> None:
    def leave() -> None:
        loop.remove_reader(pair[0])
        raise failure

    async def main() -> None:
        raise failure

    loop.call_soon(leave)
    with pytest.raises(failure):
        loop.run_forever()
    pair[1].send(b"x")
    loop.add_reader(pair[0], leave)
    with pytest.raises(failure):
        loop.run_forever()
    with pytest.raises(failure):
        loop.run_until_complete(main())
    assert loop.run_until_complete(asyncio.sleep(0.001, "well")) == "well"


def test_a_loop_closes_once_and_for_all(loop: asyncio.AbstractEventLoop) -> None:
    async def close() -> None:
        with pytest.raises(RuntimeError, match="Cannot close a running event loop"):
            loop.close()

    loop.run_until_complete(close())
    loop.call_soon(pytest.fail, "ran after the end")
    loop.call_later(0, pytest.fail, "ran after the end")
    loop.close()
    loop.close()
    assert loop.is_closed()
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon(print)
    with pytest.raises(RuntimeError, match="closed"):
        loop.run_forever()


def test_a_running_loop_does_not_run_again(loop: asyncio.AbstractEventLoop) -> None:
    async def again() -> None:
        with pytest.raises(RuntimeError, match="already running"):
            loop.run_forever()

    loop.run_until_complete(again())


def test_a_runner_shuts_down_generators_tasks_and_threads(loop: asyncio.AbstractEventLoop) -> None:
    ended: list[str] = []

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)
            ended.append("generator")

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.001)
            ended.append("task")

    async def main() -> int:
        tasks.append(asyncio.create_task(forever()))
        return await anext(generator) + await asyncio.to_thread(lambda: 1)

    tasks: list[asyncio.Task[None]] = []
    generator = numbers()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert runner.run(main()) == 2
    assert ended == ["task", "generator"]
    assert loop.is_closed()
    assert not any(thread.name.startswith("asyncio") for thread in threading.enumerate())
