"""The event loop of the window: asyncio on Qt's own loop, quick enough to carry the proxy.

qasync joins the two, but starts a Qt timer for every callback, delay and reader. Here asyncio keeps its own queue of
callbacks that are ready and its own heap of those that wait. One posted event drains the queue, one timer watches the
heap, and a descriptor that is ready runs its reader at once.

Callbacks run in turns of a few milliseconds. Between two turns Qt paints, reads input and fires its own timers.
"""

# ruff: noqa: SLF001 (asyncio offers a loop that extends it nothing but its private parts)

from __future__ import annotations

import asyncio
import heapq
import logging
import math
import signal
import sys
import threading
from asyncio.tasks import _enter_task, _leave_task
from collections.abc import Callable, Coroutine
from contextvars import Context
from time import monotonic
from types import FrameType
from typing import Any, TypeVarTuple

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, QTimer, Signal

from proxycast.desktop.notifiers import Notifiers
from proxycast.desktop.qasync_base import QasyncBase

TURN = 0.004
"""Seconds of callbacks in one turn. A frame at 60 Hz lasts 0.016."""

LONGEST_ALARM = 24 * 3600 * 1000
"""Milliseconds. A Qt timer holds 24 days; what is due later takes several alarms."""

SPARE_TIMERS = 100
"""So many timers may wait before those among them that are cancelled are looked for, as in asyncio."""

_log = logging.getLogger("asyncio")
_Args = TypeVarTuple("_Args")


def run(app: QCoreApplication, main: Coroutine[Any, Any, int]) -> int:
    """Run the application and `main` until `main` is done. Gives what it returns, the exit status.

    Ctrl+C, and Qt being told to quit, cancel `main` and all other tasks and wait for their end.

    Raises KeyboardInterrupt, or SystemExit with the status that Qt was told to quit with.
    """
    with asyncio.Runner(loop_factory=lambda: Loop(app)) as runner:
        return runner.run(main)


class Loop(QasyncBase):
    """asyncio's event loop, run by Qt: `run_forever` is `app.exec`.

    When Qt is told to quit, `run_forever` raises SystemExit. When a callback, or even a task, runs an event loop of Qt
    inside itself, as a dialog's `exec` does, all other callbacks and tasks go on meanwhile.
    """

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self._posted = False  # a turn is on its way
        self._spent = 0.0  # seconds of the present turn
        self._batch = 0  # callbacks that stop() still lets run
        self._depth = 0  # turns inside turns, by event loops of Qt inside callbacks
        self._failure: BaseException | None = None
        self._alarm_at: float | None = None
        super().__init__(app)
        self._bell = _Bell()
        self._bell.rung.connect(self._next_turn, Qt.ConnectionType.QueuedConnection)
        self._alarm = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._alarm.timeout.connect(self._alarm_rang)
        if sys.platform != "win32":
            self._close_self_pipe()
            self._selector.close()
            self._selector = Notifiers(self._run_now, self.call_soon)
            self._make_self_pipe()

    # Running and stopping.

    def _run_once(self) -> None:
        """Run Qt until stop(). asyncio's `run_forever` calls this and sees to all that is around it."""
        if QThread.currentThread().loopLevel() > 0:
            raise RuntimeError("Qt's event loop is already running")
        self._batch = len(self._ready)
        self._wake()
        self._before_run_forever()
        try:
            self._catch_signals()
            status = self._app.exec()
        finally:
            self._release_signals()
            self._after_run_forever()
            failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        if not self._stopping:
            raise SystemExit(status)

    def stop(self) -> None:
        """Leave `run_forever` after the callbacks that are ready now."""
        super().stop()
        self._wake()

    def close(self) -> None:
        super().close()
        self._alarm.stop()

    def _fail(self, failure: BaseException) -> None:
        """Leave Qt, with all its loops inside callbacks, and have `run_forever` raise `failure`."""
        self._failure = failure
        self._stopping = True
        self._wake()

    # Turns.

    def _call_soon(
        self, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        if self._debug:
            _forget_caller(handle)
        self._ready.append(handle)
        if not self._posted:
            self._wake()
        return handle

    def _wake(self) -> None:
        """Post the next turn, from any thread. A callback that is put in line before this call is in time for it."""
        if not self._posted:
            self._posted = True
            self._bell.rung.emit()

    _write_to_self = _wake  # asyncio's name for it

    def _next_turn(self) -> None:
        self._posted = False
        self._spent = 0.0
        if self._failure is not None:
            self._app.exit()
        elif self.is_running():
            self._collect_due()
            self._turn()

    def _run_now(self, handle: asyncio.Handle) -> bool:
        """Run what a descriptor is ready for, unless other callbacks or Qt come first."""
        if self._ready or self._spent >= TURN or self._stopping or self._thread_id is None:
            return False
        self._ready.append(handle)
        self._turn()
        return True

    def _turn(self) -> None:
        self._depth += 1
        task = asyncio.current_task(self)
        if task is not None:  # it runs an event loop of Qt; what runs in there is not part of it
            _leave_task(self, task)
        try:
            self._drain()
        except (KeyboardInterrupt, SystemExit) as failure:
            self._fail(failure)
        finally:
            if task is not None:
                _enter_task(self, task)
            self._depth -= 1

    def _drain(self) -> None:
        """Run callbacks until none is ready or the turn's time is spent.

        While some are ready the next turn is posted: if one runs an event loop of Qt, that loop runs the others.
        """
        ready = self._ready
        started = now = monotonic()
        end = started + TURN - self._spent
        while now < end:
            if not self._batch:
                if self._stopping:
                    self._app.exit()
                    break
                self._batch = len(ready)
                if not ready:
                    break
            self._batch -= 1
            handle = ready.popleft()
            if ready and not self._posted:
                self._wake()
            if not handle.cancelled():
                if self._debug:
                    self._run_watched(handle)
                else:
                    handle._run()
            now = monotonic()
        self._spent += now - started

    def _run_watched(self, handle: Any) -> None:
        """Debug mode: errors tell where the callback was made, and a slow one is reported."""
        outer, self._current_handle = self._current_handle, handle
        started = monotonic()
        try:
            handle._run()
        finally:
            self._current_handle = outer
        seconds = monotonic() - started
        if seconds >= self.slow_callback_duration:
            owner = getattr(handle._callback, "__self__", None)
            culprit = owner if isinstance(owner, asyncio.Task) else handle
            _log.warning("Executing %r took %.3f seconds", culprit, seconds)

    # Delays.

    def call_at(
        self, when: float, callback: Callable[[*_Args], object], *args: *_Args, context: Context | None = None
    ) -> asyncio.TimerHandle:
        timer = super().call_at(when, callback, *args, context=context)
        if self._debug:
            _forget_caller(timer)
        if timer is self._scheduled[0]:
            self._set_alarm()
        return timer

    def _collect_due(self) -> None:
        """Put in line what is due, and let go of what was cancelled."""
        if self._timer_cancelled_count > max(SPARE_TIMERS, len(self._scheduled)) / 2:
            self._drop_cancelled()
        waiting = self._scheduled
        end = self.time() + self._clock_resolution
        while waiting and (waiting[0].when() < end or waiting[0].cancelled()):
            timer = heapq.heappop(waiting)
            timer._scheduled = False
            if timer.cancelled():
                self._timer_cancelled_count -= 1
            else:
                self._ready.append(timer)
        if waiting:
            self._set_alarm()

    def _drop_cancelled(self) -> None:
        for timer in self._scheduled:
            timer._scheduled = not timer.cancelled()
        self._scheduled = [timer for timer in self._scheduled if timer._scheduled]
        heapq.heapify(self._scheduled)
        self._timer_cancelled_count = 0

    def _set_alarm(self) -> None:
        when = self._scheduled[0].when()
        if when != self._alarm_at:
            wait = math.ceil(min((when - self.time()) * 1000, LONGEST_ALARM))
            if wait > 0:
                self._alarm_at = when
                self._alarm.start(wait)
            else:
                self._wake()

    def _alarm_rang(self) -> None:
        self._alarm_at = None
        self._wake()

    # Signals.

    def _catch_signals(self) -> None:
        """Let signals reach Python while Qt waits, and what SIGINT's handler raises reach the caller of `run_forever`.

        An exception that is raised between two callbacks would only be printed by PySide.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        if sys.platform != "win32":  # there asyncio does this itself
            signal.set_wakeup_fd(self._csock.fileno(), warn_on_full_buffer=False)
        handler = signal.getsignal(signal.SIGINT)
        if callable(handler) and handler != self._interrupted:
            self._sigint_handler = handler
            signal.signal(signal.SIGINT, self._interrupted)

    def _release_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        if signal.getsignal(signal.SIGINT) == self._interrupted:
            signal.signal(signal.SIGINT, self._sigint_handler)
        if sys.platform != "win32" and not self._signal_handlers:
            signal.set_wakeup_fd(-1)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        try:
            self._sigint_handler(number, frame)
        except BaseException as failure:
            self._fail(failure)
            if self._depth >= QThread.currentThread().loopLevel():  # a callback is running and not Qt: break it
                raise

    def remove_signal_handler(self, sig: int) -> bool:
        removed = super().remove_signal_handler(sig)
        if self.is_running():  # asyncio has turned off what _catch_signals() turned on
            self._catch_signals()
        return removed


class _Bell(QObject):
    """Each ring is an event posted to the thread that made the bell, from any thread.

    A queued signal costs half of `QCoreApplication.postEvent`, which makes the event in Python.
    """

    rung = Signal()


def _forget_caller(handle: Any) -> None:
    """In debug mode a handle names the line that made it, which should be the one outside this file."""
    if handle._source_traceback:
        del handle._source_traceback[-1]
