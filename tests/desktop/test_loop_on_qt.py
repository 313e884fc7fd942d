"""asyncio and Qt side by side: painting, timers and input under load, event loops inside callbacks, the end."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from tests.desktop.conftest import qt_loop

from proxycast.desktop.loop import TURN, Loop, run


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = qt_loop()
    yield loop
    loop.close()


# Turns.


class Canvas(QWidget):
    """Asks to be painted again whenever it was."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[float] = []
        self.keys = 0

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802
        self.painted.append(time.monotonic())
        self.update()

    def keyPressEvent(self, _: QEvent) -> None:  # noqa: N802
        self.keys += 1


def callbacks_without_end(stop: asyncio.Event) -> None:
    """Fifty callbacks that ask for themselves again."""

    def again() -> None:
        if not stop.is_set():
            asyncio.get_running_loop().call_soon(again)

    for _ in range(50):
        again()


def readers_without_end(stop: asyncio.Event) -> None:
    """Fifty descriptors that are always ready, and work of 15 milliseconds to serve each of them once."""
    loop = asyncio.get_running_loop()

    def serve(mine: socket.socket, other: socket.socket) -> None:
        until = time.monotonic() + 0.0003
        while time.monotonic() < until:
            pass
        if stop.is_set():
            loop.remove_reader(mine)
            mine.close()
            other.close()

    for _ in range(50):
        mine, other = socket.socketpair()
        other.send(b"x")
        loop.add_reader(mine, serve, mine, other)


@pytest.mark.parametrize("storm", [callbacks_without_end, readers_without_end])
async def test_a_storm_starves_neither_painting_nor_timers_nor_input(storm: Callable[[asyncio.Event], None]) -> None:
    ticks: list[float] = []
    idle: list[float] = []
    frame = QTimer(interval=16, timerType=Qt.TimerType.PreciseTimer)
    frame.timeout.connect(lambda: ticks.append(time.monotonic()))
    zero = QTimer(interval=0)
    zero.timeout.connect(lambda: idle.append(time.monotonic()))
    canvas = Canvas()
    canvas.show()
    frame.start()
    zero.start()
    stop = asyncio.Event()
    storm(stop)
    key = QTimer(interval=50)
    key.timeout.connect(lambda: QTest.keyClick(canvas, Qt.Key.Key_A))
    key.start()
    await asyncio.sleep(1)
    stop.set()
    for timer in (frame, zero, key):
        timer.stop()
    canvas.close()
    await asyncio.sleep(0.05)
    assert percentile(50, ticks) <= 0.018
    assert percentile(95, ticks) <= 0.033
    assert percentile(95, canvas.painted) <= 0.050
    assert percentile(95, idle) <= 0.050
    assert canvas.keys >= 10


def percentile(percent: int, moments: list[float]) -> float:
    """Of the seconds between one moment and the next."""
    gaps = sorted(after - before for before, after in pairwise(moments))
    return gaps[len(gaps) * percent // 100]


async def test_many_callbacks_are_spread_over_turns() -> None:
    """Two hundred callbacks of a millisecond are ready at once: an event of Qt waits for a turn, not for all."""
    worked = 0
    seen: list[int] = []

    class Receiver(QObject):
        def customEvent(self, _: QEvent) -> None:  # noqa: N802
            seen.append(worked)
            if worked < 200:
                QCoreApplication.postEvent(self, QEvent(QEvent.Type.User))

    def work() -> None:
        nonlocal worked
        worked += 1
        time.sleep(0.001)

    receiver = Receiver()
    QCoreApplication.postEvent(receiver, QEvent(QEvent.Type.User))
    loop = asyncio.get_running_loop()
    for _ in range(200):
        loop.call_soon(work)
    done = loop.create_future()
    loop.call_soon(done.set_result, None)
    await done
    assert len(seen) >= 40
    assert max(after - before for before, after in pairwise(seen)) <= TURN * 1000 + 1


async def test_what_waits_for_the_next_turn_keeps_its_place() -> None:
    loop = asyncio.get_running_loop()
    seen: list[int] = []
    done = loop.create_future()
    for n in range(1000):
        loop.call_soon(seen.append, n)
        if n % 100 == 0:
            loop.call_soon(time.sleep, TURN)
    loop.call_soon(done.set_result, None)
    await done
    assert seen == list(range(1000))


async def test_a_slot_of_qt_starts_a_task() -> None:
    async def work() -> None:
        done.set_result(asyncio.current_task())

    done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    tasks: list[asyncio.Task[None]] = []
    QTimer.singleShot(1, lambda: tasks.append(asyncio.ensure_future(work())))
    assert await done is tasks[0]


def test_two_million_callbacks_do_not_break_the_process() -> None:
    """PySide6 6.12 on Python 3.11 loses a reference to None at each call from Qt, and aborts when none is left."""
    script = """
import asyncio, socket, sys
from PySide6.QtCore import QCoreApplication
from proxycast.desktop.loop import run

async def main():
    loop = asyncio.get_running_loop()
    left, right = socket.socketpair()
    right.send(b"x")
    counts = {"soon": 0, "read": 0, "later": 0}
    done = asyncio.Event()

    def soon():
        counts["soon"] += 1
        if counts["soon"] < 1_900_000:
            loop.call_soon(soon)
        else:
            loop.remove_reader(left)
            loop.add_reader(left, read_alone)

    def read():
        counts["read"] += 1

    def read_alone():
        counts["read"] += 1
        if counts["read"] >= 100_000:
            loop.remove_reader(left)
            done.set()

    def later():
        counts["later"] += 1
        loop.call_later(0.001, later)

    loop.add_reader(left, read)
    loop.call_soon(soon)
    loop.call_soon(later)
    await done.wait()
    left.close()
    right.close()
    print(sum(counts.values()))
    return 7

sys.exit(run(QCoreApplication([]), main()))
"""
    source_root = str(Path(sys.modules["proxycast"].__file__ or "").parents[1])
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={**os.environ, "PYTHONPATH": source_root},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stderr) == (7, "")
    assert int(result.stdout) >= 2_000_000


# Delays.


async def test_a_delay_may_be_longer_than_a_timer_of_qt() -> None:
    loop = asyncio.get_running_loop()
    seen: list[str] = []
    timers = [loop.call_later(seconds, seen.append, "early") for seconds in (60 * 86400, 1e12, float("inf"))]
    await asyncio.sleep(0.01)
    for timer in timers:
        timer.cancel()
    assert seen == []


# Event loops of Qt inside callbacks.


@pytest.mark.parametrize("inside", ["callback", "task"])
async def test_asyncio_goes_on_in_an_event_loop_of_qt_inside(inside: str) -> None:
    """A dialog's exec() runs such a loop."""
    loop = asyncio.get_running_loop()
    dialog = QEventLoop()
    seen: list[str] = []
    over = asyncio.Event()

    async def others() -> None:
        await asyncio.sleep(0)
        seen.append("slept")
        assert await asyncio.to_thread(lambda: "thread") == "thread"
        await asyncio.sleep(0.002)
        left, right = socket.socketpair()
        with left, right:
            left.setblocking(False)
            right.send(b"x")
            assert await loop.sock_recv(left, 1) == b"x"
        seen.append("read")
        assert asyncio.current_task() is other
        dialog.exit(5)

    def show() -> None:
        mine = asyncio.current_task(loop) if inside == "task" else None
        loop.call_soon(seen.append, "asked for before")
        assert dialog.exec() == 5
        if mine is not None:
            assert asyncio.current_task() is mine
        seen.append("closed")
        over.set()

    async def show_in_task() -> None:
        show()

    other = asyncio.create_task(others())
    tasks = [other]
    if inside == "task":
        tasks.append(asyncio.create_task(show_in_task()))
    else:
        loop.call_soon(show)
    await over.wait()
    await asyncio.gather(*tasks)
    assert seen == ["slept", "asked for before", "read", "closed"]


async def test_callbacks_that_were_ready_run_in_an_event_loop_of_qt_inside() -> None:
    loop = asyncio.get_running_loop()
    dialog = QEventLoop()
    done = loop.create_future()
    loop.call_soon(lambda: (dialog.exec(), done.set_result("closed")))
    loop.call_soon(dialog.quit)  # nothing else would wake Qt
    async with asyncio.timeout(5):
        assert await done == "closed"


def test_a_future_done_inside_such_a_loop_ends_all(loop: Loop) -> None:
    future = loop.create_future()
    seen: list[int] = []
    loop.call_soon(lambda: seen.append(QEventLoop().exec()))
    loop.call_later(0.01, future.set_result, "done")
    assert loop.run_until_complete(future) == "done"
    assert seen == [0]


def test_an_exit_inside_such_a_loop_leaves_all(loop: Loop) -> None:
    def leave() -> None:
        raise SystemExit(4)

    loop.call_soon(lambda: QEventLoop().exec())
    loop.call_later(0.01, leave)
    with pytest.raises(SystemExit, match="4"):
        loop.run_forever()


def test_ctrl_c_inside_such_a_loop_leaves_all(loop: Loop) -> None:
    loop.call_soon(lambda: QEventLoop().exec())
    sender = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT))
    sender.start()
    with pytest.raises(KeyboardInterrupt):
        loop.run_forever()
    sender.join()


# Starting and ending.


def test_it_is_a_loop_of_qasync(loop: Loop) -> None:
    assert isinstance(loop, qasync.QEventLoop)


def test_callbacks_wait_while_only_qt_runs(loop: Loop, qapp: QApplication) -> None:
    seen: list[str] = []
    left, right = socket.socketpair()
    with left, right:
        right.send(b"x")
        loop.add_reader(left, lambda: (seen.append("read"), loop.remove_reader(left)))
        loop.call_soon(seen.append, "soon")
        loop.call_later(0, seen.append, "later")
        until = time.monotonic() + 0.02
        while time.monotonic() < until:
            qapp.processEvents()
        assert seen == []
        loop.run_until_complete(asyncio.sleep(0.01))
    assert sorted(seen) == ["later", "read", "soon"]


def test_it_does_not_start_inside_an_event_loop_of_qt(loop: Loop) -> None:
    errors: list[BaseException] = []

    def start() -> None:
        try:
            loop.run_forever()
        except RuntimeError as error:
            errors.append(error)
        dialog.quit()

    dialog = QEventLoop()
    QTimer.singleShot(0, start)
    dialog.exec()
    assert [str(error) for error in errors] == ["Qt's event loop is already running"]


def test_qt_told_to_quit_exits(loop: Loop, qapp: QApplication) -> None:
    loop.call_soon(qapp.exit, 3)
    with pytest.raises(SystemExit, match="3"):
        loop.run_forever()
    assert not loop.is_running()


def test_run_gives_what_main_returns(qapp: QApplication) -> None:
    async def main() -> int:
        assert isinstance(asyncio.get_running_loop(), Loop)
        return 2

    assert run(qapp, main()) == 2


@pytest.mark.parametrize("how", ["quit", "ctrl-c"])
def test_run_lets_main_clean_up(qapp: QApplication, how: str) -> None:
    ended: list[str] = []

    async def main() -> int:
        if how == "quit":
            QTimer.singleShot(1, qapp.quit)
        else:
            QTimer.singleShot(1, lambda: os.kill(os.getpid(), signal.SIGINT))
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            ended.append("in peace")
        return 0

    with pytest.raises(SystemExit if how == "quit" else KeyboardInterrupt):
        run(qapp, main())
    assert ended == ["in peace"]


def test_a_closed_loop_leaves_nothing(qapp: QApplication) -> None:
    async def main() -> None:
        async with await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", 0) as server:
            _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.close()
            await writer.wait_closed()
            await asyncio.sleep(0.01)

    loop = Loop(qapp)
    gone = weakref.ref(loop)
    loop.run_until_complete(main())
    loop.call_later(1000, print)
    loop.close()
    del loop
    gc.collect()
    assert gone() is None


async def test_connections_of_the_past_cost_no_notifiers() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        await writer.wait_closed()

    loop = asyncio.get_running_loop()
    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        for _ in range(100):
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            await reader.read()
            writer.close()
            await writer.wait_closed()
    assert len(loop._selector._watches) <= 20


# Debug mode.


def test_debug_mode_names_what_is_slow_and_where_it_was_asked_for(loop: Loop, caplog: pytest.LogCaptureFixture) -> None:
    async def dawdle() -> None:
        time.sleep(0.02)  # noqa: ASYNC251 (what a careless program does)

    loop.set_debug(True)
    loop.slow_callback_duration = 0.01
    loop.call_soon(time.sleep, 0.02)
    loop.call_later(0.001, time.sleep, 0.02)
    loop.run_until_complete(loop.create_task(dawdle(), name="dawdler"))
    loop.run_until_complete(asyncio.sleep(0.01))
    messages = [record.message for record in caplog.records if record.levelname == "WARNING"]
    caplog.clear()
    assert len(messages) == 3
    assert "dawdler" in messages[1]
    for message in (messages[0], messages[2]):
        assert f"created at {__file__}:" in message


def test_debug_mode_refuses_another_thread(loop: Loop) -> None:
    async def main() -> None:
        with pytest.raises(RuntimeError, match="Non-thread-safe"):
            await asyncio.to_thread(loop.call_soon, print)

    loop.set_debug(True)
    loop.run_until_complete(main())
