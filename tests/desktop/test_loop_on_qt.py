"""asyncio and Qt in one: event loops of Qt inside callbacks, the start, the end, debug mode."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import threading
import time
import weakref
from collections.abc import Iterator

import pytest
import qasync
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.desktop.conftest import qt_loop

from proxycast.desktop.loop import Loop, run

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = qt_loop()
    yield loop
    loop.close()


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

    def click() -> None:
        loop.call_soon(lambda: (dialog.exec(), done.set_result("closed")))
        loop.call_soon(dialog.quit)

    QTimer.singleShot(0, click)
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


async def test_a_slot_of_qt_starts_a_task() -> None:
    async def work() -> None:
        done.set_result(asyncio.current_task())

    done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    tasks: list[asyncio.Task[None]] = []
    QTimer.singleShot(1, lambda: tasks.append(asyncio.ensure_future(work())))
    assert await done is tasks[0]


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


def test_readers_wait_while_only_qt_runs(loop: Loop, pair: Pair) -> None:
    seen: list[bytes] = []
    left, right = pair
    right.send(b"xy")
    loop.add_reader(left, lambda: seen.append(left.recv(1)))
    QTest.qWait(10)
    assert seen == []
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.remove_reader(left)
    assert seen == [b"x", b"y"]


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


def test_a_closed_loop_hears_nothing(qapp: QApplication, pair: Pair) -> None:
    loop = Loop(qapp)
    pair[1].send(b"x")
    loop.add_reader(pair[0], pytest.fail, "read after the end")
    loop.call_later(0.001, pytest.fail, "rang after the end")
    loop.close()
    assert not loop._alarm.isActive()
    QTest.qWait(10)


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
    assert len(loop._selector._watches) <= 20  # type: ignore[attr-defined]


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
