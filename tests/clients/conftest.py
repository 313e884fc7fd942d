"""The clients that people use, and what they talk to: a tap, ProxyCast as a process, and behind it the fake service."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.acceptance.configurations import both_forms
from tests.acceptance.program import TOKEN, Ended, Program, Serving, run
from tests.acceptance.tap import Tap
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY

CLIENTS = Path(__file__).parent
MODULES = CLIENTS / "node_modules"
OLD_PYTHON = CLIENTS.parents[1] / ".venv" / "clients" / "bin" / "python"


@dataclass(frozen=True, kw_only=True)
class Set:
    """What a test of a client needs. `folder` is the client's home."""

    tap: Tap
    fake_api: FakeMessagesApi
    serving: Serving
    folder: Path

    async def run(self, command: Sequence[str | Path], *, status: int = 0, **more: str) -> Ended:
        """Run a client that knows nothing but its environment, which `more` adds to."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "ANTHROPIC_BASE_URL": self.tap.base_url,
            "ANTHROPIC_AUTH_TOKEN": TOKEN,
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "DISABLE_AUTOUPDATER": "1",
            "DISABLE_TELEMETRY": "1",
            **more,
        }
        ended = await run(command, environment, self.folder, within=60)
        assert ended.status == status, f"{ended.out}{ended.err}"
        return ended

    def check_what_passed(self) -> None:
        """Every body arrived byte for byte, under exactly one credential and without the client token."""
        sent = [request.body for request in self.tap.requests if request.carries(TOKEN)]
        assert sorted(request.body for request in self.fake_api.requests) == sorted(sent)
        for request in self.fake_api.requests:
            assert request.value("x-api-key") == KEY
            assert request.value("authorization") is None
            assert not request.carries(TOKEN)
        assert self.fake_api.violations == []


@pytest.fixture
async def set_up(tmp_path: Path, fake_api: FakeMessagesApi) -> AsyncIterator[Set]:
    """A client's way to the fake service, through `proxycast serve` over a file of both forms."""
    program = Program(tmp_path / "program", {"PROXYCAST_TOKEN": TOKEN})
    file = program.folder / "file.yaml"
    file.write_text(both_forms(fake_api.base_url))
    home = tmp_path / "client"
    home.mkdir()
    async with program.serve("--config", file) as serving, Tap(serving.port) as tap:
        yield Set(tap=tap, fake_api=fake_api, serving=serving, folder=home)
