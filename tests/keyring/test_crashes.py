"""A process killed at any write loses no secret that was shown as saved, and leaves none behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.keyring.secret_service import SecretService

pytestmark = pytest.mark.keyring


@pytest.mark.parametrize("scenario", ["add", "rotate", "remove"])
def test_a_kill_at_any_write_loses_no_saved_secret_and_leaves_no_orphan(
    keyring: SecretService, tmp_path: Path, scenario: str
) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.keyring.crashing", scenario, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["steps"] > 8, "every write was met"
    assert found["lost"] == []
    assert found["ledger"] == [], "nothing is left to sweep"
    assert keyring.users() == {f"{name}/{revision}" for name, revision in found["config"].items()}
    outcomes = {found["config"].get(f"{scenario}{step}") for step in range(1, found["steps"] + 1)}
    assert len(outcomes) == 2, "some were killed before the switch of the configuration and some after it"
