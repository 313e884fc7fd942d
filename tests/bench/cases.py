"""The cases that are measured beside nginx. Every figure is a ratio within one round; the subjects take turns in it."""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.load import Load, client, start_client, wrk
from tests.bench.subjects import Subjects, free_port, proxycast
from tests.bench.table import Row, at_least, at_most, told
from tests.bench.traffic import EVENTS, LARGE, LARGE_OF_AWS, SMALL

STREAMS, RATE = 200, 20
"""Streams at the same time, and events per second of each."""
IDLE = 500
"""Idle connections; the program takes no more than 512 in all."""
_TARGETS = {"serve": (0.75, 4, 0.7, 5), "window": (0.65, 5, 0.5, 16)}
"""Throughput / nginx, added p50 / nginx, throughput of Claude Code's size / nginx, milliseconds added to an event."""


@dataclass(frozen=True)
class Plan:
    """How much is measured: rounds, seconds of each run, and by what factor a target may be missed."""

    rounds: int = 5
    seconds: float = 2
    slack: float = 1

    def least(self, case: str, figures: list[float], target: float) -> Row:
        """See `at_least`."""
        return at_least(case, figures, target / self.slack)

    def most(self, case: str, figures: list[float], target: float) -> Row:
        """See `at_most`."""
        return at_most(case, figures, target * self.slack)


Measure = Callable[[Subjects, Plan], list[Row]]


def json_messages(subjects: Subjects, plan: Plan) -> list[Row]:
    """1 kB in, 0.5 kB out, at 1, 16 and 256 connections."""
    one, few, many = [], [], []
    for _ in range(plan.rounds):
        one.append({name: _json(subjects, plan, name, 1) for name in ("direct", "nginx", "serve", "window")})
        few.append({name: _json(subjects, plan, name, 16) for name in ("nginx", "serve", "window", "Xvfb")})
        many.append({name: _json(subjects, plan, name, 256) for name in ("serve", "window")})
    rows = []
    for name, like in (("serve", "serve"), ("window", "window"), ("Xvfb", "window")):
        ratios = [turn[name].rate / turn["nginx"].rate for turn in few]
        rows.append(plan.least(f"JSON, 16 connections, {name}: throughput / nginx", ratios, _TARGETS[like][0]))
    for name in ("serve", "window"):
        added = [
            (turn[name].median - turn["direct"].median) / max(turn["nginx"].median - turn["direct"].median, 1)
            for turn in one
        ]
        rows.append(plan.most(f"JSON, 1 connection, {name}: added p50 / nginx", added, _TARGETS[name][1]))
        growth = [more[name].rate / less[name].rate for more, less in zip(many, few, strict=True)]
        rows.append(plan.least(f"JSON, {name}: throughput at 256 connections / at 16", growth, 0.9))
    return rows


def _json(subjects: Subjects, plan: Plan, name: str, connections: int) -> Load:
    return wrk(subjects.folder, subjects.url(name, "json"), SMALL, connections=connections, seconds=plan.seconds)


def claude_code(subjects: Subjects, plan: Plan) -> list[Row]:
    """50 kB in, an answer of 300 events out, at 16 connections."""
    return [
        plan.least(f"Claude Code's size, {name}: throughput / nginx", ratios, _TARGETS[name][2])
        for name, ratios in _ratios(subjects, plan, "claude", LARGE).items()
    ]


def new_connections(subjects: Subjects, plan: Plan) -> list[Row]:
    """A connection per request."""
    ratios = _ratios(subjects, plan, "json", SMALL, {"connection": "close"})
    return _told_of_each("a connection per request", ratios)


def tls(subjects: Subjects, plan: Plan) -> list[Row]:
    """A service behind TLS, with a CA of its own."""
    return _told_of_each("JSON, service behind TLS", _ratios(subjects, plan, "tls", SMALL))


def _ratios(
    subjects: Subjects, plan: Plan, case: str, body: str, headers: dict[str, str] | None = None
) -> dict[str, list[float]]:
    """The throughput of 16 connections through the program in both forms, as multiples of nginx's."""
    names = ("nginx", "serve", "window")
    rounds = [
        {
            name: wrk(subjects.folder, subjects.url(name, case), body, seconds=plan.seconds, headers=headers).rate
            for name in names
        }
        for _ in range(plan.rounds)
    ]
    return {name: [turn[name] / turn["nginx"] for turn in rounds] for name in names[1:]}


def _told_of_each(title: str, ratios: dict[str, list[float]]) -> list[Row]:
    return [told(f"{title}, {name}: throughput / nginx", found) for name, found in ratios.items()]


def bedrock(subjects: Subjects, plan: Plan) -> list[Row]:
    """Event streams of AWS that become server-sent events, beside the same events that only pass."""
    rounds = [
        {
            case: wrk(subjects.folder, subjects.url("serve", case), body, seconds=plan.seconds).rate
            for case, body in (("events", LARGE), ("bedrock", LARGE_OF_AWS))
        }
        for _ in range(plan.rounds)
    ]
    ratios = [turn["bedrock"] / turn["events"] for turn in rounds]
    return [told(f"Bedrock, {EVENTS} events: throughput / the same as plain SSE", ratios)]


def paced_streams(subjects: Subjects, plan: Plan) -> list[Row]:
    """Many slow streams at the same time: what each event waits, and what ten times as many cost."""
    names = ("serve", "window")
    added: dict[str, list[float]] = {name: [] for name in names}
    growth: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(plan.rounds):
        direct = _paced(subjects, plan, "direct", STREAMS)["p99"]
        for name in names:
            few = _cpu_of_paced(subjects, plan, name, STREAMS // 10)[1]
            figures, many = _cpu_of_paced(subjects, plan, name, STREAMS)
            added[name].append(figures["p99"] - direct)
            growth[name].append(many / max(few, 0.01))
    rows = []
    for name in names:
        title = f"{STREAMS} streams × {RATE} events/s, {name}: p99 added to an event, ms"
        rows.append(plan.most(title, added[name], _TARGETS[name][3]))
        rows.append(plan.most(f"CPU of {STREAMS} streams / of {STREAMS // 10}, {name}", growth[name], 11))
    return rows


def _paced(subjects: Subjects, plan: Plan, name: str, streams: int) -> dict[str, float]:
    events = round(RATE * plan.seconds)
    figures = client("paced", subjects.url(name, "paced"), streams, events)
    if figures["events"] != streams * events:
        raise RuntimeError(f"{name}: {figures['events']} of {streams * events} events arrived")
    return figures


def _cpu_of_paced(subjects: Subjects, plan: Plan, name: str, streams: int) -> tuple[dict[str, float], float]:
    before = subjects.cpu_seconds(name)
    figures = _paced(subjects, plan, name, streams)
    return figures, subjects.cpu_seconds(name) - before


def fast_stream(subjects: Subjects, plan: Plan) -> list[Row]:
    """One stream as quickly as it goes."""
    return _bulk(subjects, plan, "fast", round(100 * plan.seconds), "one fast stream")


def upload(subjects: Subjects, plan: Plan) -> list[Row]:
    """Bodies of nearly 32 MB, the largest that the Messages API takes."""
    return _bulk(subjects, plan, "upload", 31, "a body of 31 MB")


def _bulk(subjects: Subjects, plan: Plan, case: str, megabytes: int, title: str) -> list[Row]:
    names = ("nginx", "serve", "window")
    rounds = [
        {name: client(case, subjects.url(name, case), megabytes)["rate"] for name in names} for _ in range(plan.rounds)
    ]
    rows = []
    for name in names[1:]:
        ratios = [turn[name] / turn["nginx"] for turn in rounds]
        row = f"{title}, {name}: MB/s / nginx"
        rows.append(plan.least(row, ratios, 0.7) if case == "fast" else told(row, ratios))
    return rows


def memory(subjects: Subjects, plan: Plan) -> list[Row]:
    """What an idle connection and an open stream take, each in a process that was started for it."""
    per_connection, per_stream = [], []
    for _ in range(min(plan.rounds, 3)):
        with _fresh(subjects) as fresh:
            before = fresh.megabytes("fresh")
            with start_client("idle", fresh.url("fresh", "json"), IDLE) as idle:
                assert idle.stdout is not None
                json.loads(idle.stdout.readline())
                per_connection.append((fresh.megabytes("fresh") - before) * 1000 / IDLE)
                idle.communicate()
        with _fresh(subjects) as fresh:
            before = fresh.megabytes("fresh")
            with start_client("paced", fresh.url("fresh", "paced"), STREAMS, 3 * RATE) as streams:
                time.sleep(2)
                per_stream.append((fresh.megabytes("fresh") - before) * 1000 / STREAMS)
                streams.communicate()
    return [
        plan.most(f"memory of each of {IDLE} idle connections, kB", per_connection, 15),
        plan.most(f"memory of each of {STREAMS} open streams, kB", per_stream, 30),
        told("memory of serve at rest, MB", [subjects.megabytes("serve")]),
        told("memory of the window at rest, MB", [subjects.megabytes("window")]),
    ]


@contextlib.contextmanager
def _fresh(subjects: Subjects) -> Iterator[Subjects]:
    """A `proxycast serve` that has just been started, and has had its first requests; its name is `fresh`."""
    services, ca_file = subjects.services, subjects.ca_file
    with tempfile.TemporaryDirectory() as folder:
        port, place = free_port(), Path(folder)
        with proxycast(place, "fresh", port, services, ca_file, form="serve") as pid:
            fresh = Subjects(place, services, ca_file, {"fresh": port}, {"fresh": pid})
            wrk(place, fresh.url("fresh", "json"), SMALL, seconds=1)
            client("paced", fresh.url("fresh", "paced"), 1, 5)
            yield fresh


CASES: dict[str, Measure] = {
    "memory": memory,
    "json": json_messages,
    "claude": claude_code,
    "connections": new_connections,
    "tls": tls,
    "bedrock": bedrock,
    "streams": paced_streams,
    "fast": fast_stream,
    "upload": upload,
}
"""By the name that `--case` takes; the memory at rest comes first, before there was traffic."""
