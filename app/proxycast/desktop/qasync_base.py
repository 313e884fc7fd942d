"""What the window's event loop takes from qasync, and its types.

qasync gives the seat on Qt: the application, and on Windows a thread that waits for I/O completions. The rest of what
it overrides is left to asyncio, whose order of callbacks, contexts, timers, executor and errors programs expect.
"""

# ruff: noqa: SLF001 (asyncio offers a loop that extends it nothing but its private parts)

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

import qasync  # isort: skip (after PySide6, so that it takes that one)

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Callable
    from contextvars import Context

    class QasyncBase(asyncio.SelectorEventLoop):
        """qasync has no types, and asyncio's do not tell of the parts that a loop is built on."""

        _clock_resolution: float
        _csock: Any
        _current_handle: asyncio.Handle | None
        _debug: bool
        _ready: deque[Any]  # of handles
        _scheduled: list[Any]  # of timer handles, a heap
        _selector: Any
        _signal_handlers: dict[int, asyncio.Handle]
        _stopping: bool
        _thread_id: int | None
        _timer_cancelled_count: int

        def __init__(self, app: QCoreApplication) -> None: ...
        def _after_run_forever(self) -> None: ...
        def _before_run_forever(self) -> None: ...
        def _call_soon(
            self, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None
        ) -> asyncio.Handle: ...
        def _close_self_pipe(self) -> None: ...
        def _make_self_pipe(self) -> None: ...

else:
    Stock = asyncio.ProactorEventLoop if sys.platform == "win32" else asyncio.SelectorEventLoop

    class QasyncBase(qasync.QEventLoop):
        """qasync's loop with asyncio's own ways put back."""

        _add_callback = Stock._add_callback
        call_at = Stock.call_at
        call_exception_handler = Stock.call_exception_handler
        call_later = Stock.call_later
        call_soon = Stock.call_soon
        call_soon_threadsafe = Stock.call_soon_threadsafe
        default_exception_handler = Stock.default_exception_handler
        get_debug = Stock.get_debug
        is_running = Stock.is_running
        run_forever = Stock.run_forever
        run_in_executor = Stock.run_in_executor
        run_until_complete = Stock.run_until_complete
        set_debug = Stock.set_debug
        set_default_executor = Stock.set_default_executor
        set_exception_handler = Stock.set_exception_handler
        stop = Stock.stop
        time = Stock.time
        if sys.platform != "win32":
            _add_reader = Stock._add_reader
            _add_writer = Stock._add_writer
            _remove_reader = Stock._remove_reader
            _remove_writer = Stock._remove_writer
