"""Which ProxyCast is measured: the compiled one, as its wheels have it, or the sources."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.bench.load import ROOT

COMPILED = ROOT / ".venv" / "compiled"
SOURCES = ROOT / "app"


def choose(*, source: bool) -> str:
    """Let all processes to come be of it; what it is called. Raises CalledProcessError if it cannot be compiled."""
    if not source:
        compiling = [sys.executable, "packaging/compiled.py", "unpack"]
        subprocess.run(compiling, cwd=ROOT, stdout=sys.stderr, check=True)
    os.environ["PYTHONPATH"] = str(SOURCES if source else COMPILED)
    return "the sources, not compiled" if source else "the compiled program"
