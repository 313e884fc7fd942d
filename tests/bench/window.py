"""Measures the window: how soon it is there, what memory it takes, and whether traffic through it disturbs it.

`python -m tests.bench.window [--json]` prints the figures of this machine. It needs a display; `xvfb-run` gives one.

On a busy machine a timer is late whatever the window does. So the same streams run past the proxy, from the service
straight to the clients, and through it, by turns, in one process with 500 credentials in its pool: what the proxy costs
the window is the difference.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from tests.bench.load import client_command
from tests.bench.start import resident_megabytes
from tests.bench.traffic import TOKEN

from proxycast.desktop import loop as desktop_loop
from proxycast.desktop.app import make_application
from proxycast.desktop.instance import Instance
from proxycast.desktop.life import Desktop
from proxycast.store.paths import Places

STARTS = 7
STREAMS, RATE = 50, 100
"""Streams at the same time, and events per second of each."""
ROUNDS, SECONDS = 5, 2.0
CREDENTIALS = 500
TICK = 16
"""Milliseconds of the timer."""
SCROLL = 23
"""Pixels that the pool is scrolled by at every tick."""
_ROOT = Path(__file__).resolve().parents[2]

Figures = dict[str, float]


class Live:
    """The program in this process, from `began` (seconds since the epoch) on."""

    def __init__(self, began: float) -> None:
        self.began = began
        places = Places.find(os.environ)
        instance = Instance(places.config_dir)
        instance.claim()
        self.app = make_application()
        self.desktop = Desktop(self.app, places, instance)
        self.shown = self.listening = 0.0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Desktop]:
        """The window, shown and listening."""
        life = asyncio.ensure_future(self.desktop.live())
        while not ((handle := self.desktop.window.windowHandle()) and handle.isExposed()):
            await asyncio.sleep(0.002)
        self.shown = time.time() - self.began
        while not self.desktop.bridge.service.proxy.running:
            await asyncio.sleep(0.002)
        self.listening = time.time() - self.began
        yield self.desktop
        self.desktop.quit()
        await life


def start_up(starts: int, environment: Mapping[str, str] | None = None) -> list[Figures]:
    """Several starts: seconds to a shown window and to a listening port, CPU seconds, and memory in MB."""
    runs = []
    for _ in range(1 + starts):
        with tempfile.TemporaryDirectory() as home:
            Path(home, "config.yaml").write_text("server: {port: 0}\n", encoding="utf-8")
            runs.append(_in_process_of_its_own(home, environment, "--start", repr(time.time())))
    return runs[1:]  # the first one compiled the modules


def responsiveness(rounds: int, environment: Mapping[str, str] | None = None) -> dict[str, Figures]:
    """How a timer rings and the pool is painted while streams run past the proxy, and through it."""
    serve = [sys.executable, "-m", "tests.bench.service"]
    with (
        tempfile.TemporaryDirectory() as home,
        subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as service,
    ):
        try:
            assert service.stdout is not None
            address = f"{service.stdout.readline().strip()}/paced/{RATE}"
            credentials = "".join(
                f"  - {{name: c{n}, type: claude-custom, api_key: k, base_url: '{address}'}}\n"
                for n in range(CREDENTIALS)
            )
            text = f"server: {{port: 0}}\nproviders:\n{credentials}"
            Path(home, "config.yaml").write_text(text, encoding="utf-8")
            measured: dict[str, Figures] = _in_process_of_its_own(home, environment, "--streams", address, str(rounds))
            return measured
        finally:
            service.kill()


def _in_process_of_its_own(home: str, environment: Mapping[str, str] | None, *arguments: str) -> Any:
    whole = {**os.environ, "PROXYCAST_HOME": home, "PROXYCAST_TOKEN": TOKEN, **(environment or {})}
    whole.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    command = [sys.executable, "-m", "tests.bench.window", *arguments]
    return json.loads(subprocess.run(command, env=whole, cwd=_ROOT, check=True, stdout=subprocess.PIPE).stdout)


def be_started(began: float) -> None:
    """Be the program, once, and print the figures of its start."""
    live = Live(began)

    async def measured() -> int:
        async with live.running():
            cpu = time.process_time()
            await asyncio.sleep(1)
            memory = resident_megabytes(os.getpid())
        figures = {"shown": live.shown, "listening": live.listening, "cpu": cpu, "memory": memory}
        sys.stdout.write(json.dumps(figures))
        return 0

    desktop_loop.run(live.app, measured())


def be_disturbed(address: str, rounds: int) -> None:
    """Be the program beside streams from `address`, and print how it fared."""
    live = Live(time.time())

    async def measured() -> int:
        async with live.running() as desktop:
            await asyncio.sleep(2)
            addresses = {"past the proxy": address, "through the proxy": desktop.bridge.service.proxy.address}
            observed = {name: Observed(desktop) for name in addresses}
            for _ in range(rounds):
                for name, where in addresses.items():
                    await observed[name].while_streams_run(where)
        sys.stdout.write(json.dumps({name: one.figures() for name, one in observed.items()}))
        return 0

    desktop_loop.run(live.app, measured())


class Observed(QObject):
    """What is seen of the window while streams run: all times in milliseconds."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__()
        self._list = desktop.window.pool.list
        self._list.viewport().installEventFilter(self)
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=TICK)
        self._timer.timeout.connect(self._tick)
        self._rings: list[float] = []
        self._paints: list[float] = []
        self._turns: list[float] = []
        self._scrolling = False
        self._gaps: list[float] = []
        self._frames: list[float] = []
        self._wall = self._cpu = 0.0
        self._events = 0

    def figures(self) -> Figures:
        """Percentiles of the timer and, while scrolling, of the pictures; the longest turn; CPU in cores."""
        return {
            "timer p50": _percentile(self._gaps, 50),
            "timer p99": _percentile(self._gaps, 99),
            "frame p50": _percentile(self._frames, 50),
            "frame p99": _percentile(self._frames, 99),
            "longest turn": max(self._turns, default=0.0),
            "cores": self._cpu / self._wall,
            "events": self._events,
        }

    async def while_streams_run(self, address: str) -> None:
        """Look at the timer, then scroll."""
        loop: Any = asyncio.get_running_loop()
        events = round((2 * SECONDS + 1) * RATE)
        command = client_command("paced", f"{address}/v1/messages", STREAMS, events)
        clients = await asyncio.create_subprocess_exec(*command, cwd=_ROOT, stdout=asyncio.subprocess.PIPE)
        await asyncio.sleep(0.7)
        drain = loop._drain

        def timed() -> None:
            began = time.perf_counter()
            drain()
            self._turns.append((time.perf_counter() - began) * 1000)

        loop._drain = timed
        wall, cpu = time.perf_counter(), time.process_time()
        self._gaps += await self._observe(self._rings, scrolling=False)
        self._cpu += time.process_time() - cpu
        self._wall += time.perf_counter() - wall
        self._frames += await self._observe(self._paints, scrolling=True)
        del loop._drain
        answer, _ = await clients.communicate()
        self._events += json.loads(answer)["events"]

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Paint:
            self._paints.append(time.perf_counter())
        return False

    async def _observe(self, moments: list[float], *, scrolling: bool) -> list[float]:
        self._scrolling = scrolling
        moments.clear()
        self._timer.start()
        await asyncio.sleep(SECONDS)
        self._timer.stop()
        return [(later - sooner) * 1000 for sooner, later in pairwise(moments)]

    def _tick(self) -> None:
        self._rings.append(time.perf_counter())
        if self._scrolling:
            bar = self._list.verticalScrollBar()
            bar.setValue((bar.value() + SCROLL) % bar.maximum())


def _medians(starts: list[Figures]) -> Figures:
    return {name: statistics.median(one[name] for one in starts) for name in starts[0]}


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[len(values) * percent // 100]


def _print(starts: list[Figures], disturbed: dict[str, Figures]) -> None:
    start = _medians(starts)
    lines = [
        f"start to a shown window: {start['shown']:.2f} s",
        f"start to a listening port: {start['listening']:.2f} s",
        f"CPU of the start: {start['cpu']:.2f} s",
        f"memory with the window open: {start['memory']:.0f} MB",
        f"a timer of {TICK} ms, and a pool of {CREDENTIALS} scrolled at every tick, beside {STREAMS} × {RATE} events/s",
    ]
    for name, figures in disturbed.items():
        lines.append(
            f"  {name}: timer p50 {figures['timer p50']:.1f} ms, p99 {figures['timer p99']:.1f} ms;"
            f" pictures p50 {figures['frame p50']:.1f} ms, p99 {figures['frame p99']:.1f} ms;"
            f" longest turn {figures['longest turn']:.1f} ms; {figures['cores']:.2f} cores;"
            f" {figures['events']:.0f} events arrived"
        )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--start", began]:
            be_started(float(began))
        case ["--streams", address, rounds]:
            be_disturbed(address, int(rounds))
        case ["--json"]:
            sys.stdout.write(
                json.dumps({"start": _medians(start_up(STARTS)), "streams": responsiveness(ROUNDS)}) + "\n"
            )
        case _:
            _print(start_up(STARTS), responsiveness(ROUNDS))
