"""How much the proxy costs beside nginx on this machine: `make bench`, or `python -m tests.bench`.

What is measured is the program with its data path compiled, which is done before, or its sources with `--source`.
Everything runs on loopback: nginx and a service of the benchmark's own as the far side; nginx as the reference proxy
(one worker, connections to the service kept, buffering off); `proxycast serve`, and the app with its window on no
screen and under Xvfb, with token check, journal and usage tap. wrk and a client in a process of its own make the load.
The subjects take turns within every round, and figures are ratios of the same round, because figures of a shared
machine mean nothing alone.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.bench import beginnings, measured, peers
from tests.bench.cases import CASES, Plan
from tests.bench.subjects import running
from tests.bench.table import Row, shown

_TOOLS = ("nginx", "wrk", "Xvfb")
_SHORT = Plan(rounds=1, seconds=1, slack=3)
_LONG_ONLY = {"connections", "tls", "upload", "timer"}


def main() -> int:
    """Measure, print, and give the exit status: 1 if a row misses its target, 2 if a tool or a compiler is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = [*CASES, *beginnings.CASES]
    parser.add_argument("--case", choices=names, action="append", help="only this; may be repeated")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the rows there, too")
    parser.add_argument("--peers", action="store_true", help="install other proxies and measure them, too")
    parser.add_argument("--short", action="store_true", help="one round, as a report: the exit status is 0")
    parser.add_argument("--source", action="store_true", help="measure the sources, not the compiled program")
    options = parser.parse_args()
    missing = [tool for tool in _TOOLS if shutil.which(tool, path="/usr/bin:/usr/sbin:/usr/local/bin") is None]
    if missing:
        sys.stderr.write(f"This needs {' and '.join(missing)}, which your package manager has.\n")
        return 2
    try:
        what = measured.choose(source=options.source)
    except subprocess.CalledProcessError:
        return 2  # it has been said why
    wanted = set(options.case or names) - (_LONG_ONLY if options.short and not options.case else set())
    rows = measure(wanted, _SHORT if options.short else Plan(), with_peers=options.peers)
    sys.stdout.write(shown(rows, what) + "\n")
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    return 0 if options.short or all(row.met for row in rows) else 1


def measure(wanted: set[str], plan: Plan, *, with_peers: bool) -> list[Row]:
    """The rows of these cases."""
    rows = []
    if wanted & CASES.keys() or with_peers:
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
            running(Path(folder), ("serve", "window", "Xvfb")) as subjects,
        ):
            for name, case in CASES.items():
                if name in wanted:
                    sys.stderr.write(f"{name} …\n")
                    rows += case(subjects, plan)
            if with_peers:
                rows += peers.measure(subjects, plan)
    for name, beginning in beginnings.CASES.items():
        if name in wanted:
            sys.stderr.write(f"{name} …\n")
            rows += beginning(plan)
    return rows


if __name__ == "__main__":
    sys.exit(main())
