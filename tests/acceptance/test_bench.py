"""The benchmark's short form: a report. On time alone it never fails."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.bench.load import ROOT
from tests.bench.table import at_least, at_most, told

TOOLS = ("nginx", "wrk", "Xvfb")


@pytest.mark.skipif(any(shutil.which(tool) is None for tool in TOOLS), reason=f"needs {', '.join(TOOLS)}")
def test_the_short_benchmark_prints_its_table(tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    command = [sys.executable, "-m", "tests.bench", "--short", "--json", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    sys.stdout.write(done.stdout)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "measured: the compiled program"
    rows = json.loads(file.read_text())
    for subject in ("serve", "window", "Xvfb"):
        [row] = [row for row in rows if row["case"] == f"JSON, 16 connections, {subject}: throughput / nginx"]
        assert row["figure"] > 0
        assert f"| {row['case']} " in done.stdout


def test_a_row_that_misses_its_target_is_called_so() -> None:
    assert not at_least("throughput", [0.5, 0.6, 0.7], 0.75).met
    assert not at_most("delay", [5.1], 5).met
    verdicts = [row.verdict for row in (at_least("a", [1], 1), at_most("b", [2], 1), told("c", [9]))]
    assert verdicts == ["met", "MISSED", ""]
