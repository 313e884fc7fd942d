import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from proxycast.store.keychain.worker import Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    with closing(Worker("test worker")) as worker:
        yield worker


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What hung calls wait for; opened at the end in any case."""
    gate = threading.Event()
    yield gate
    gate.set()


async def test_a_call_runs_on_a_daemon_thread_and_returns_its_result(worker: Worker) -> None:
    thread = await worker.run(threading.current_thread, 5)
    assert thread is not threading.current_thread()
    assert thread.daemon


async def test_calls_run_one_after_another_on_the_same_thread(worker: Worker) -> None:
    threads = await asyncio.gather(*(worker.run(threading.get_ident, 5) for _ in range(10)))
    assert len(set(threads)) == 1


async def test_an_error_of_the_call_is_raised(worker: Worker) -> None:
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 // 0, 5)
    assert await worker.run(lambda: "still alive", 5) == "still alive"


async def test_a_call_that_does_not_return_times_out_and_holds_up_no_other(
    worker: Worker, gate: threading.Event
) -> None:
    with pytest.raises(TimeoutError):
        await worker.run(gate.wait, 0.05)
    assert await worker.run(lambda: "next", 5) == "next"


async def test_what_a_late_call_returns_is_dropped_and_its_thread_ends(worker: Worker, gate: threading.Event) -> None:
    left_behind: list[threading.Thread] = []

    def hang() -> str:
        left_behind.append(threading.current_thread())
        gate.wait()
        return "late"

    with pytest.raises(TimeoutError):
        await worker.run(hang, 0.05)
    assert await worker.run(lambda: "next", 5) == "next"
    gate.set()
    await asyncio.to_thread(left_behind[0].join, 5)
    assert not left_behind[0].is_alive()
    assert await worker.run(lambda: "after", 5) == "after"


async def test_a_whole_queue_behind_a_hung_call_fails_at_once(worker: Worker, gate: threading.Event) -> None:
    started = time.monotonic()
    outcomes = await asyncio.gather(*(worker.run(gate.wait, 0.2) for _ in range(20)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {TimeoutError}
    assert time.monotonic() - started < 2


async def test_calls_that_say_themselves_that_they_got_no_answer_are_no_progress(worker: Worker) -> None:
    def silent() -> None:
        time.sleep(0.1)
        raise TimeoutError

    started = time.monotonic()
    outcomes = await asyncio.gather(*(worker.run(silent, 0.15) for _ in range(20)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {TimeoutError}
    assert time.monotonic() - started < 1


async def test_a_long_queue_is_no_reason_to_give_up(worker: Worker) -> None:
    def slow() -> str:
        time.sleep(0.05)
        return "done"

    assert await asyncio.gather(*(worker.run(slow, 0.25) for _ in range(12))) == ["done"] * 12


async def test_no_more_than_four_threads_are_left_behind(gate: threading.Event) -> None:
    with closing(Worker("crowded worker")) as worker:
        for _ in range(6):
            with pytest.raises(TimeoutError):
                await worker.run(gate.wait, 0.05)
        assert [thread.name for thread in threading.enumerate()].count("crowded worker") == 4
        gate.set()
        assert await worker.run(lambda: "recovered", 5) == "recovered"


async def test_a_call_nobody_waits_for_any_more_is_not_made(worker: Worker, gate: threading.Event) -> None:
    made: list[str] = []
    first = asyncio.create_task(worker.run(gate.wait, 5))
    second = asyncio.create_task(worker.run(lambda: made.append("second"), 5))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.wait({second})
    gate.set()
    assert await first
    await worker.run(lambda: made.append("third"), 5)
    assert made == ["third"]


async def test_a_hung_call_whose_waiter_left_is_noticed_by_the_next(worker: Worker, gate: threading.Event) -> None:
    hung = asyncio.create_task(worker.run(gate.wait, 0.1))
    await asyncio.sleep(0.01)
    hung.cancel()
    await asyncio.wait({hung})
    await asyncio.sleep(0.1)
    assert await worker.run(lambda: "next", 5) == "next"


async def test_it_works_on_one_loop_after_another(worker: Worker) -> None:
    for _ in range(2):
        assert await asyncio.to_thread(lambda: asyncio.run(worker.run(lambda: "done", 5))) == "done"


def test_a_hung_call_does_not_keep_the_program_from_ending() -> None:
    script = (
        "import asyncio, contextlib, threading\n"
        "from proxycast.store.keychain.worker import Worker\n"
        "async def main():\n"
        "    with contextlib.suppress(TimeoutError):\n"
        "        await Worker('test').run(threading.Event().wait, 0.05)\n"
        "asyncio.run(main())\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=20)
