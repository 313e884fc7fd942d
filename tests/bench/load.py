"""The load that wrk makes, and the one of the benchmark's own clients."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.traffic import TOKEN

ROOT = Path(__file__).resolve().parents[2]
_UNITS = {"us": 1, "ms": 1e3, "s": 1e6}


@dataclass(frozen=True)
class Load:
    """What wrk saw: answers per second, and the median latency in microseconds."""

    rate: float
    median: float


def wrk(
    folder: Path,
    url: str,
    body: str,
    *,
    connections: int = 16,
    seconds: float = 2,
    headers: Mapping[str, str] | None = None,
) -> Load:
    """One run of the load. Raises RuntimeError if an answer was not a success, or none came."""
    sent = {
        "content-type": "application/json",
        "anthropic-version": "2023-06-01",
        "x-api-key": TOKEN,
        **(headers or {}),
    }
    lines = [f'wrk.headers["{name}"] = "{value}"' for name, value in sent.items()]
    script = folder / "load.lua"
    script.write_text("\n".join(['wrk.method = "POST"', *lines, f"wrk.body = [[{body}]]"]), encoding="utf-8")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}", "--latency", "--timeout", "30s"]
    said = subprocess.run([*command, "-s", str(script), url], capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s*([\d.]+)", said)
    median = re.search(r"50%\s*([\d.]+)(us|ms|s)", said)
    if "Non-2xx" in said or rate is None or float(rate[1]) == 0 or median is None:
        raise RuntimeError(f"{url}: {said}")
    return Load(float(rate[1]), float(median[1]) * _UNITS[median[2]])


def client(*arguments: str | int) -> dict[str, float]:
    """What `tests.bench.client` prints. Raises CalledProcessError."""
    done = subprocess.run(client_command(*arguments), cwd=ROOT, stdout=subprocess.PIPE, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def client_command(*arguments: str | int) -> list[str]:
    """How a client is started, in the repository's folder."""
    return [sys.executable, "-m", "tests.bench.client", *map(str, arguments)]


def start_client(*arguments: str | int) -> subprocess.Popen[Any]:
    """A client that goes on running."""
    return subprocess.Popen(client_command(*arguments), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
