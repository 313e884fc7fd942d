"""What the window's tests stand on: a screen that nobody sees, the window's own event loop, and nothing left behind."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from proxycast.desktop.loop import Loop

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PATIENCE = 0.5
"""Seconds in which what a test has started may still end by itself."""


def qt_loop() -> Loop:
    app = QApplication.instance()
    assert app is not None
    return Loop(app)


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Async tests here run on the window's loop; those that compare it with asyncio's own run on both."""
    if item.path.name.startswith("test_loop_as_asyncio"):
        return {"asyncio": asyncio.SelectorEventLoop, "qt": qt_loop}
    return {"qt": qt_loop}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore("^This plugin does not support"))  # what there is no screen for


@pytest.fixture(scope="session", autouse=True)
def qapp(qapp: QApplication) -> QApplication:
    qapp.setQuitOnLastWindowClosed(False)
    return qapp


@pytest.fixture(autouse=True)
def no_entries_at_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What opens at the login of whoever runs the tests stays as it is."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))


@pytest.fixture(autouse=True)
def garbage_of_this_thread() -> Iterator[None]:
    """No other thread destroys the widgets of a test: see proxycast.desktop.garbage."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def no_complaints(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test in which something was logged above INFO. One that means it to be calls `caplog.clear()`."""
    yield
    records = [record for phase in ("setup", "call", "teardown") for record in caplog.get_records(phase)]
    assert [record.getMessage() for record in records if record.levelno > logging.INFO] == []


@pytest.fixture(autouse=True)
async def nothing_left_behind(no_complaints: None) -> AsyncIterator[None]:
    """Fails an async test that leaves a task running or a delayed callback waiting."""
    yield
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while left_behind() and loop.time() < deadline:  # noqa: ASYNC110 (nothing tells of the last timer's end)
        await asyncio.sleep(0.01)
    assert left_behind() == []


@pytest.fixture(params=[asyncio.SelectorEventLoop, qt_loop], ids=["asyncio", "qt"])
def loop(request: pytest.FixtureRequest) -> Iterator[asyncio.AbstractEventLoop]:
    """A loop for the test to run: asyncio's own, then the window's."""
    loop = request.param()
    yield loop
    loop.close()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two connected sockets."""
    left, right = socket.socketpair()
    left.setblocking(False)
    right.setblocking(False)
    yield left, right
    left.close()
    right.close()


def left_behind() -> list[asyncio.Task[object] | asyncio.TimerHandle]:
    """The other tasks of the running loop, and the delayed callbacks that still wait."""
    loop = asyncio.get_running_loop()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    waiting = loop._scheduled  # type: ignore[attr-defined]
    return [*tasks, *(timer for timer in waiting if not timer.cancelled())]
