"""The cases that start the program: how soon it is there, and whether traffic disturbs its window."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import start, window
from tests.bench.cases import Plan
from tests.bench.subjects import screen
from tests.bench.table import Row, told


def starts(plan: Plan) -> list[Row]:
    """Seconds from the start of a process to what one waits for."""
    listening, _ = asyncio.run(start.measure(plan.rounds + 2))
    runs = {"offscreen": window.start_up(plan.rounds, {"QT_QPA_PLATFORM": "offscreen"})}
    with tempfile.TemporaryDirectory() as folder, screen(Path(folder)) as display:
        runs["Xvfb"] = window.start_up(plan.rounds, {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"})
    rows = [plan.most("start of serve to its listening port, s", listening, 0.5)]
    for name, taken in runs.items():
        rows.append(plan.most(f"start to the window, {name}, s", [run["shown"] for run in taken], 1.2))
        rows.append(told(f"memory of the window, {name}, MB", [run["memory"] for run in taken]))
    return rows


def timer(plan: Plan) -> list[Row]:
    """A timer of the window's beside streams that pass it by, and that go through it."""
    with tempfile.TemporaryDirectory() as folder, screen(Path(folder)) as display:
        environment = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        rounds = [window.responsiveness(1, environment) for _ in range(plan.rounds)]
    title = f"{window.TICK} ms timer of the window, {window.STREAMS} streams × {window.RATE} events/s"
    late = {name: [found[name]["timer p99"] for found in rounds] for name in rounds[0]}
    return [
        plan.most(f"{title} through it: p99, ms", late["through the proxy"], 25),
        told(f"{title} past it: p99, ms", late["past the proxy"]),
    ]


CASES: dict[str, Callable[[Plan], list[Row]]] = {"start": starts, "timer": timer}
"""By the name that `--case` takes."""
