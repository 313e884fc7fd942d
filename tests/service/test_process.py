"""What a process that holds keys asks of its operating system."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "app"
LOOK = """
import ctypes, json, resource
from proxycast.service.process import harden
resource.setrlimit(resource.RLIMIT_NOFILE, (256, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
harden({})
harden({})
print(json.dumps({
    "core": resource.getrlimit(resource.RLIMIT_CORE),
    "dumpable": ctypes.CDLL(None).prctl(3, 0, 0, 0, 0),
    "files": resource.getrlimit(resource.RLIMIT_NOFILE),
}))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux")
def test_memory_is_closed_to_others_and_files_are_not_scarce() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], env={"PYTHONPATH": str(APP)}, capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert found["core"] == [0, 0]
    assert found["dumpable"] == 0
    soft, hard = found["files"]
    assert soft == (min(hard, 65536) if hard > 0 else 65536)
