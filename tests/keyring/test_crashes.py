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
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert not steps[-1]["killed"], "the last one was carried out to its end"
    assert len(steps) > 8, "every write was met"
    assert [step["step"] for step in steps if step["lost"]] == []
    assert [step["step"] for step in steps if step["ledger"]] == []

    referenced = {f"{name}/{revision}" for step in steps for name, revision in step["config"].items()}
    assert keyring.users() == referenced
    finished = {step["config"].get(f"{scenario}{step['step']}") for step in steps}
    assert len(finished) == 2, "some kills came before the switch of the configuration and some after it"
