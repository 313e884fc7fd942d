"""Threads, processes and signals, on asyncio's own loop and on the window's."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

# Threads and processes.


async def test_a_thread_does_not_hold_up_the_loop() -> None:
    release = threading.Event()
    waiting = asyncio.get_running_loop().run_in_executor(None, release.wait, 5)
    await asyncio.sleep(0.005)
    assert not waiting.done()
    release.set()
    assert await waiting


async def test_an_executor_of_ones_own_is_used() -> None:
    with ThreadPoolExecutor(thread_name_prefix="mine") as executor:
        loop = asyncio.get_running_loop()
        name = await loop.run_in_executor(executor, lambda: threading.current_thread().name)
    assert name.startswith("mine")


def test_a_thread_may_outlive_the_loop(loop: asyncio.AbstractEventLoop) -> None:
    release = threading.Event()
    ended = threading.Event()

    def work() -> None:
        release.wait(10)
        ended.set()

    async def main() -> None:
        loop.run_in_executor(None, work)

    loop.run_until_complete(main())
    loop.close()
    assert not ended.is_set()
    release.set()
    assert ended.wait(10)


async def test_a_process_is_fed_read_and_waited_for() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import sys; print(sys.stdin.read()[::-1]); sys.exit(3)",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate(b"abc")
    assert (output.strip(), process.returncode) == (b"cba", 3)


async def test_a_process_can_be_killed() -> None:
    process = await asyncio.create_subprocess_exec("sleep", "60")
    process.kill()
    assert await process.wait() == -signal.SIGKILL


# Signals.


async def test_a_signal_wakes_an_idle_loop() -> None:
    loop = asyncio.get_running_loop()
    got = loop.create_future()
    loop.add_signal_handler(signal.SIGUSR1, got.set_result, "signal")
    sender = threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGUSR1))
    sender.start()
    async with asyncio.timeout(5):
        assert await got == "signal"
    assert loop.remove_signal_handler(signal.SIGUSR1)
    assert not loop.remove_signal_handler(signal.SIGUSR1)
    sender.join()


@pytest.mark.parametrize("handled_before", [False, True])
def test_ctrl_c_interrupts_an_idle_loop(loop: asyncio.AbstractEventLoop, handled_before: bool) -> None:
    async def main() -> None:
        if handled_before:
            loop.add_signal_handler(signal.SIGINT, print)
            loop.remove_signal_handler(signal.SIGINT)
        sender.start()
        await asyncio.sleep(5)

    sender = threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT))
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        loop.run_until_complete(main())
    assert time.monotonic() - started < 2
    sender.join()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_breaks_a_callback_that_does_not_end(loop: asyncio.AbstractEventLoop) -> None:
    loop.call_soon(lambda: os.kill(os.getpid(), signal.SIGINT) or time.sleep(5))
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        loop.run_forever()
    assert time.monotonic() - started < 2


def test_ctrl_c_cancels_what_a_runner_runs(loop: asyncio.AbstractEventLoop) -> None:
    ended: list[str] = []

    async def main() -> None:
        sender.start()
        try:
            await asyncio.sleep(5)
        finally:
            await asyncio.sleep(0.001)
            ended.append("in peace")

    sender = threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt), asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(main())
    sender.join()
    assert ended == ["in peace"]
