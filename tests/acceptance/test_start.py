"""What `proxycast serve` costs before it has done anything: time, memory, imports."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest
from tests.acceptance.configurations import both_forms
from tests.acceptance.program import Program
from tests.bench.start import resident_megabytes, start_seconds
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY

MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}
PROMISED_SECONDS = 0.6
PROMISED_MEGABYTES = 60

NOT_YET_NEEDED = {
    *("PySide6", "shiboken6", "qasync"),
    *("boto3", "botocore", "httpx2", "httpx"),
    *("cryptography", "keyring", "secretstorage", "jeepney"),
}


@pytest.fixture
def file(program: Program, fake_api: FakeMessagesApi) -> Path:
    """A configuration that leads to the fake service."""
    path = program.folder / "pool.yaml"
    path.write_text(both_forms(fake_api.base_url))
    return path


async def test_it_listens_soon(program: Program, file: Path) -> None:
    """A busy machine may take three times as long; `python -m tests.bench.start` measures on a quiet one."""
    taken = [await start_seconds(program, "--config", file) for _ in range(5)]
    assert statistics.median(taken) < 3 * PROMISED_SECONDS


async def test_it_is_small_after_its_first_request(program: Program, file: Path) -> None:
    async with program.serve("--config", file) as serving, serving.client() as client:
        assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200
        assert resident_megabytes(serving.pid) <= PROMISED_MEGABYTES


@pytest.mark.keyring
async def test_it_is_small_with_the_keyring_in_use(on_desktop: Program, fake_api: FakeMessagesApi) -> None:
    await on_desktop.run("add", "work", "--base-url", fake_api.base_url, stdin=KEY)
    token = (await on_desktop.run("token")).out.strip()
    async with on_desktop.serve() as serving, serving.client(token) as client:
        assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200
        assert resident_megabytes(serving.pid) <= PROMISED_MEGABYTES


async def test_it_imports_nothing_that_it_does_not_need_yet(program: Program, file: Path) -> None:
    async with program.serve("--config", file, PYTHONPROFILEIMPORTTIME="1") as serving, serving.client() as client:
        assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200
    imported = {line.rpartition("|")[2].strip() for line in serving.err.lines if line.startswith("import time:")}
    assert "proxycast.proxy.exchange" in imported
    assert {name.partition(".")[0] for name in imported} & NOT_YET_NEEDED == set()
