"""Blocking calls kept off the event loop, with a deadline that holds even if a call never returns."""

from __future__ import annotations

import asyncio
import logging
import math
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")

_MOST_STUCK = 4

_log = logging.getLogger(__name__)


class Worker:
    """A daemon thread that runs blocking calls one after another, for coroutines on any event loop.

    A call that outlasts its deadline cannot be stopped, so its thread is left to it and another one takes over; what
    the late call returns is dropped. At most four threads are left behind at a time: then calls wait for one of them
    to come back. The threads are daemons, so none keeps the program from ending.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: _Thread | None = None
        self._stuck: list[_Thread] = []
        self._answered = 0.0
        self._closed = False
        self._mutex = threading.Lock()

    async def run(self, call: Callable[[], T], seconds: float) -> T:
        """The result of `call()`.

        Raises TimeoutError when for `seconds` neither this call nor one before it in the queue was answered: a long
        queue is no reason to give up, but all of a queue behind a hung call does so at once.
        """
        job = _Job(call, seconds)
        self._jobs.put(job)
        self._keep_a_thread()
        future: asyncio.Future[T] = asyncio.wrap_future(job.future)
        asked = time.monotonic()
        try:
            while not future.done():
                left = max(asked, self._answered) + seconds - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                await asyncio.wait({future}, timeout=left)
            return future.result()
        finally:
            future.cancel()
            self._keep_a_thread()

    def close(self) -> None:
        """Let the thread end once it has nothing left to do."""
        with self._mutex:
            self._closed = True
            self._jobs.put(None)

    def _keep_a_thread(self) -> None:
        with self._mutex:
            if self._thread is not None and self._thread.overdue():
                _log.info("%s: a call does not return; its thread is left behind", self._name)
                self._stuck.append(self._thread)
                self._thread = None
            if self._thread is None and not self._jobs.empty() and len(self._stuck) < _MOST_STUCK:
                self._thread = _Thread(self._name, self._jobs, self._goes_on)
                self._thread.start()

    def _goes_on(self, thread: _Thread, answered: bool) -> bool:
        """Whether a thread whose call returned takes the next. One that was left behind does if there is no other."""
        with self._mutex:
            if answered:
                self._answered = time.monotonic()
            if thread in self._stuck:
                self._stuck.remove(thread)
            if self._thread is None and not self._closed:
                self._thread = thread
            return self._thread is thread


class _Job:
    def __init__(self, call: Callable[[], Any], seconds: float) -> None:
        self._call = call
        self._seconds = seconds
        self._started = math.inf
        self.future: Future[Any] = Future()

    def overdue(self) -> bool:
        return time.monotonic() >= self._started + self._seconds

    def run(self) -> bool:
        """Whether the call was answered, be it with an error; one that nobody waits for any more is not made."""
        if not self.future.set_running_or_notify_cancel():
            return False
        self._started = time.monotonic()
        try:
            result = self._call()
        except BaseException as error:
            self.future.set_exception(error)
            return not isinstance(error, TimeoutError)  # by which a call says itself that it got no answer
        self.future.set_result(result)
        return True


class _Thread(threading.Thread):
    def __init__(
        self, name: str, jobs: queue.SimpleQueue[_Job | None], goes_on: Callable[[_Thread, bool], bool]
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._jobs = jobs
        self._goes_on = goes_on
        self._job: _Job | None = None

    def overdue(self) -> bool:
        job = self._job
        return job is not None and job.overdue()

    def run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._job = job
            answered = job.run()
            self._job = None
            if not self._goes_on(self, answered):
                return
