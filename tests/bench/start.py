"""How soon `proxycast serve` listens, and how much memory it takes then: `python -m tests.bench.start`.

As with the other parts that run alone, PYTHONPATH says which ProxyCast that is.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.acceptance.configurations import both_forms
from tests.acceptance.program import APP, TOKEN, Program

RUNS = 11


async def start_seconds(program: Program, *arguments: str | Path) -> float:
    """The time from starting the process to reading the line that says it listens."""
    began = time.perf_counter()
    async with program.serve(*arguments):
        return time.perf_counter() - began


def resident_megabytes(pid: int) -> float:
    """The memory of a process that is in use (VmRSS of proc_pid_status(5)), in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024 / 1e6


async def measure(runs: int) -> tuple[list[float], float]:
    """Seconds of so many starts, and MB at rest."""
    with tempfile.TemporaryDirectory() as folder:
        place = os.environ.get("PYTHONPATH", str(APP))
        program = Program(Path(folder), {"PROXYCAST_TOKEN": TOKEN, "PYTHONPATH": place})
        file = program.folder / "pool.yaml"
        file.write_text(both_forms("http://127.0.0.1:9"))
        taken = [await start_seconds(program, "--config", file) for _ in range(runs)]
        async with program.serve("--config", file) as serving:
            return taken, resident_megabytes(serving.pid)


async def main() -> None:
    """Print the figures."""
    taken, memory = await measure(RUNS)
    figures = f"median {statistics.median(taken):.3f} s, fastest {min(taken):.3f} s, slowest {max(taken):.3f} s"
    sys.stdout.write(f"start: {figures} of {RUNS}\nmemory: {memory:.1f} MB\n")


if __name__ == "__main__":
    asyncio.run(main())
