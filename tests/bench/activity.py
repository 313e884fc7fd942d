"""Measures the activity page with 100,000 exchanges: how soon it opens and filters, and a timer while it is scrolled.

`python -m tests.bench.activity` prints the figures of this machine. It needs a display; `xvfb-run` gives one. While the
list is scrolled, 50 streams run past the proxy, and then through it, which the list then shows as they end.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from tests.bench.load import client_command
from tests.bench.rows import write_rows
from tests.bench.traffic import TOKEN
from tests.bench.window import RATE, SCROLL, STREAMS, TICK, Live

from proxycast.desktop import loop as desktop_loop
from proxycast.desktop.pages.activity import ActivityPage
from proxycast.desktop.window import ACTIVITY
from proxycast.store.paths import Places

EXCHANGES = 100_000
TURNS, SECONDS = 5, 6.0
SEARCHES = ("529 opus", "credential 3", "no such thing", "")
_ROOT = Path(__file__).resolve().parents[2]


def measure() -> None:
    """Start a service and the program, and let the program print its figures."""
    serve = [sys.executable, "-m", "tests.bench.service"]
    with (
        tempfile.TemporaryDirectory() as home,
        subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as service,
    ):
        try:
            assert service.stdout is not None
            address = f"{service.stdout.readline().strip()}/paced/{RATE}"
            credential = f"{{name: work, type: claude-custom, api_key: k, base_url: '{address}'}}"
            config = f"server: {{port: 0}}\nproviders:\n  - {credential}\n"
            Path(home, "config.yaml").write_text(config, encoding="utf-8")
            environment = {**os.environ, "PROXYCAST_HOME": home, "PROXYCAST_TOKEN": TOKEN}
            command = [sys.executable, "-m", "tests.bench.activity", "--measured", address]
            subprocess.run(command, env=environment, cwd=_ROOT, check=True)
        finally:
            service.kill()


def be_measured(address: str) -> None:
    """Be the program, and print how its page fared."""
    write_rows(Places.find(os.environ).journal, EXCHANGES)
    live = Live(time.time())

    async def measured() -> int:
        async with live.running() as desktop:
            await asyncio.sleep(2)
            window = desktop.window
            page = window.activity
            opened: list[float] = []
            filtered: list[float] = []
            for _ in range(TURNS):
                opened.append(await _milliseconds(page, lambda: window.show_page(ACTIVITY)))
                filtered += [await _milliseconds(page, partial(page.filters.search.setText, one)) for one in SEARCHES]
                window.show_page(0)
            lines = [
                f"{EXCHANGES} exchanges: opened in {_told(opened)}, filtered in {_told(filtered)}",
                f"a timer of {TICK} ms at which the list is scrolled, beside {STREAMS} × {RATE} events/s",
            ]
            window.show_page(ACTIVITY)
            proxy = desktop.bridge.service.proxy.address
            for name, where in (("past the proxy", address), ("through the proxy", proxy)):
                gaps, events = await _scrolled(page, where)
                lines.append(
                    f"  {name}: p50 {_percentile(gaps, 50):.1f} ms, p99 {_percentile(gaps, 99):.1f} ms,"
                    f" longest {max(gaps):.1f} ms; {events} events arrived; {page.model.rowCount()} listed"
                )
        sys.stdout.write("\n".join(lines) + "\n")
        return 0

    desktop_loop.run(live.app, measured())


async def _milliseconds(page: ActivityPage, act: Callable[[], object]) -> float:
    """How long it takes until what is read because of `act` is in the list and painted."""
    read = asyncio.Event()
    told = page.model.modelReset.connect(read.set)
    began = time.perf_counter()
    act()
    await read.wait()
    page.repaint()
    passed = (time.perf_counter() - began) * 1000
    page.model.modelReset.disconnect(told)
    await asyncio.sleep(0.5)
    return passed


async def _scrolled(page: ActivityPage, address: str) -> tuple[list[float], int]:
    """Milliseconds between the rings of a timer that scrolls the list while streams run, and how many events came."""
    events = round((SECONDS + 1) * RATE)
    command = client_command("paced", f"{address}/v1/messages", STREAMS, events)
    clients = await asyncio.create_subprocess_exec(*command, cwd=_ROOT, stdout=asyncio.subprocess.PIPE)
    await asyncio.sleep(0.7)
    rings: list[float] = []
    bar = page.table.verticalScrollBar()

    def ring() -> None:
        rings.append(time.perf_counter())
        bar.setValue((bar.value() + SCROLL) % bar.maximum())

    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK)
    timer.timeout.connect(ring)
    timer.start()
    await asyncio.sleep(SECONDS)
    timer.stop()
    answer, _ = await clients.communicate()
    await asyncio.sleep(1.5)  # the journal and the page take in what ended
    return [(later - sooner) * 1000 for sooner, later in pairwise(rings)], json.loads(answer)["events"]


def _told(milliseconds: list[float]) -> str:
    return f"{_percentile(milliseconds, 50):.0f} ms (at most {max(milliseconds):.0f})"


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[len(values) * percent // 100]


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--measured", address]:
            be_measured(address)
        case _:
            measure()
