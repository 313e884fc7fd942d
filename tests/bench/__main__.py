"""How much the proxy costs beside nginx on this machine: `make bench`, or `python -m tests.bench [--json] [--short]`.

Everything runs on loopback: nginx as the service, nginx as the reference proxy (one worker, keep-alive to the service,
buffering off), `proxycast serve` and the app with its window on no screen, with token check, journal and usage tap.
wrk makes the load. The subjects take turns within every round, and every figure is a ratio of the same round, because
figures of a shared machine mean nothing alone.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app"
TOKEN = "pc_" + "t" * 43
KEY = "sk-ant-api03-bench"
ANSWER = json.dumps(
    {
        "type": "message",
        "model": "claude-sonnet-5-5",
        "content": [{"type": "text", "text": "a" * 330}],
        "usage": {"input_tokens": 2095, "output_tokens": 503},
    }
)
QUESTION = json.dumps(
    {"model": "claude-sonnet-5-5", "max_tokens": 1, "messages": [{"role": "user", "content": "x" * 900}]}
)

SERVICE = """
worker_processes 1; daemon off; pid service.pid; error_log service.log;
events {{ worker_connections 2048; }}
http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path service.tmp;
  server {{ listen 127.0.0.1:{service}; default_type application/json; location / {{ return 200 '{answer}'; }} }} }}
"""
REFERENCE = """
worker_processes 1; daemon off; pid nginx.pid; error_log nginx.log;
events {{ worker_connections 2048; }}
http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path nginx.tmp; proxy_temp_path proxied.tmp;
  upstream service {{ server 127.0.0.1:{service}; keepalive 256; keepalive_requests 1000000000; }}
  server {{ listen 127.0.0.1:{nginx}; location / {{ proxy_pass http://service; proxy_http_version 1.1;
    proxy_set_header Connection ""; proxy_set_header x-api-key {key}; proxy_buffering off; }} }} }}
"""
CONFIG = """
server: {{port: {port}}}
proxy: none
providers:
  - {{name: bench, type: claude-custom, api_key: {key}, base_url: "http://127.0.0.1:{service}"}}
"""
LOAD = """
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.headers["anthropic-version"] = "2023-06-01"
wrk.headers["x-api-key"] = "{token}"
{close}
wrk.body = [[{question}]]
"""


@dataclass(frozen=True)
class Load:
    """What wrk saw: answers per second, and the median latency in microseconds."""

    rate: float
    median: float


@dataclass(frozen=True)
class Row:
    """A figure with its target. `low` and `high` are the extremes of its rounds."""

    case: str
    figure: float
    low: float
    high: float
    target: str
    met: bool


Rounds = list[dict[str, Load]]


def main() -> int:
    """Measure, print, and give the exit status: 1 if a row misses its target, 2 if a tool is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--short", action="store_true", help="one short round, as a report: the exit status is 0")
    options = parser.parse_args()
    missing = [tool for tool in ("nginx", "wrk") if shutil.which(tool) is None]
    if missing:
        print(f"This needs {' and '.join(missing)}, which your package manager has.", file=sys.stderr)
        return 2
    rounds, seconds = (1, 1) if options.short else (5, 3)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as ports:
        rows = measure(Path(folder), ports, rounds, seconds)
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        show(rows)
    return 0 if options.short or all(row.met for row in rows) else 1


def measure(folder: Path, ports: dict[str, int], rounds: int, seconds: int) -> list[Row]:
    """All rows."""
    taken: dict[int, Rounds] = {1: [], 16: [], 256: []}
    anew: Rounds = []
    for _ in range(rounds):
        for connections, found in taken.items():
            found.append({name: wrk(folder, port, connections, seconds) for name, port in ports.items()})
        anew.append({name: wrk(folder, port, 16, seconds, close=True) for name, port in ports.items()})

    def rate(name: str) -> Callable[[dict[str, Load]], float]:
        return lambda one: one[name].rate / one["nginx"].rate

    def added(name: str) -> Callable[[dict[str, Load]], float]:
        return lambda one: (
            (one[name].median - one["direct"].median) / max(one["nginx"].median - one["direct"].median, 1)
        )

    rows = [
        at_least("JSON, 16 connections, serve: throughput / nginx", map(rate("serve"), taken[16]), 0.75),
        at_least("JSON, 16 connections, window: throughput / nginx", map(rate("window"), taken[16]), 0.65),
        at_most("JSON, 1 connection, serve: added p50 / nginx", map(added("serve"), taken[1]), 4),
        at_most("JSON, 1 connection, window: added p50 / nginx", map(added("window"), taken[1]), 5),
    ]
    pairs = list(zip(taken[16], taken[256], strict=True))
    for name in ("serve", "window"):
        growth = [many[name].rate / few[name].rate for few, many in pairs]
        rows.append(at_least(f"JSON, {name}: throughput at 256 connections / at 16", growth, 0.9))
        rows.append(at_least(f"a connection per request, {name}: throughput / nginx", map(rate(name), anew), 0))
    return rows


def at_least(case: str, figures: Iterator[float] | list[float], target: float) -> Row:
    """A row whose median must not be below the target; 0: the figure is only told."""
    values = list(figures)
    middle = statistics.median(values)
    return Row(case, middle, min(values), max(values), f">= {target:g}" if target else "", middle >= target)


def at_most(case: str, figures: Iterator[float], target: float) -> Row:
    """A row whose median must not be above the target."""
    values = list(figures)
    middle = statistics.median(values)
    return Row(case, middle, min(values), max(values), f"<= {target:g}", middle <= target)


def show(rows: list[Row]) -> None:
    """Print the table, and the load of the machine, without which it cannot be judged."""
    width = max(len(row.case) for row in rows)
    print(f"{'case':{width}}  median  (lowest to highest)  target   verdict")
    for row in rows:
        verdict = ("met" if row.met else "MISSED") if row.target else ""
        print(
            f"{row.case:{width}}  {row.figure:6.2f}  ({row.low:.2f} to {row.high:.2f})        {row.target:8} {verdict}"
        )
    print(f"{os.cpu_count()} cores, load average of the last minute {os.getloadavg()[0]:.1f}")


def wrk(folder: Path, port: int, connections: int, seconds: int, *, close: bool = False) -> Load:
    """One run of the load. Raises RuntimeError if an answer was not a success."""
    script = folder / f"{'close' if close else 'keep'}.lua"
    extra = 'wrk.headers["connection"] = "close"' if close else ""
    script.write_text(LOAD.format(token=TOKEN, question=QUESTION, close=extra))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", "-s", str(script)]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{port}/v1/messages"], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in said:
        raise RuntimeError(said)
    rate = re.search(r"Requests/sec:\s*([\d.]+)", said)
    median = re.search(r"50%\s*([\d.]+)(us|ms|s)", said)
    if rate is None or median is None:
        raise RuntimeError(said)
    return Load(float(rate[1]), float(median[1]) * {"us": 1, "ms": 1e3, "s": 1e6}[median[2]])


@contextlib.contextmanager
def running(folder: Path) -> Iterator[dict[str, int]]:
    """Everything, listening; the port of each subject."""
    ports = {name: free_port() for name in ("service", "nginx", "serve", "window")}
    (folder / "service.conf").write_text(SERVICE.format(answer=ANSWER, **ports))
    (folder / "nginx.conf").write_text(REFERENCE.format(key=KEY, **ports))
    python = [sys.executable, "-m", "proxycast"]
    with contextlib.ExitStack() as stack:
        for name in ("service", "nginx"):
            command = ["nginx", "-p", str(folder), "-c", str(folder / f"{name}.conf")]
            stack.enter_context(process(command, folder, ports[name], {}))
        for name in ("serve", "window"):
            home = folder / name
            home.mkdir()
            config = home / "config.yaml"
            config.write_text(CONFIG.format(port=ports[name], key=KEY, service=ports["service"]))
            environment = {"PROXYCAST_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
            command = [*python, "serve", "--config", str(config)] if name == "serve" else python
            stack.enter_context(process(command, folder, ports[name], environment))
        yield {"direct": ports["service"], **{name: ports[name] for name in ("nginx", "serve", "window")}}


@contextlib.contextmanager
def process(command: list[str], folder: Path, port: int, environment: dict[str, str]) -> Iterator[None]:
    """A process that listens on the port, until the block ends. Raises TimeoutError."""
    kept = {name: value for name, value in os.environ.items() if name != "DBUS_SESSION_BUS_ADDRESS"}
    full = {**kept, "PYTHONPATH": str(APP), "PROXYCAST_TOKEN": TOKEN, "PROXYCAST_LOG_LEVEL": "WARNING", **environment}
    with (folder / f"{port}.out").open("w") as out:
        started = subprocess.Popen(command, cwd=folder, env=full, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            await_port(port)
            yield
        finally:
            started.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                started.wait(5)
            started.kill()
            started.wait()


def await_port(port: int, within: float = 30.0) -> None:
    """Wait until something listens. Raises TimeoutError."""
    deadline = time.monotonic() + within
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing listens on port {port}") from None
            time.sleep(0.05)
        else:
            return


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
