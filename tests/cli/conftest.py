from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.fakes.messages_api import FakeMessagesApi

from proxycast.cli.commands import proxycast
from proxycast.model.credential import Credential
from proxycast.store.config import parse


@dataclass(frozen=True)
class Ran:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Cli:
    """Runs commands in this process, over a home of their own. Standard input is no terminal.

    `environment` is set for each of them anew, since a process takes the secrets out of its own.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.config = home / "config.yaml"
        self.environment: dict[str, str | None] = {}

    def run(self, *arguments: str, given: str | bytes = "", status: int = 0, **environment: str | None) -> Ran:
        """Run a command, and see that it ends with this exit status."""
        result = CliRunner().invoke(
            proxycast, arguments, input=given, env={**self.environment, **environment}, prog_name="proxycast"
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        ran = Ran(result.exit_code, result.stdout, result.stderr)
        assert ran.status == status, f"{arguments}: {ran}"
        return ran

    def write(self, text: str) -> None:
        self.config.write_text(text, encoding="utf-8")

    def pool(self) -> list[Credential]:
        """What the configuration file says."""
        text = self.config.read_text(encoding="utf-8") if self.config.exists() else ""
        return list(parse(text, "config.yaml").pool.credentials)


@pytest.fixture
def cli(home: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line of a user without a keyring, a vault or anything else."""
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("PROXYCAST_PASSPHRASE", "PROXYCAST_TOKEN", "PROXYCAST_LOG_LEVEL", "PSModulePath"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHELL", "/bin/bash")
    return Cli(home)


@pytest.fixture
def vault(cli: Cli) -> Cli:
    """The command line of a user with a passphrase for the vault. Every use of it takes half a second."""
    cli.environment["PROXYCAST_PASSPHRASE"] = "correct horse"
    return cli


@pytest.fixture
def api() -> Iterator[FakeMessagesApi]:
    """A Messages API on a loop of its own, for commands that bring theirs."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="fake api")
    thread.start()
    fake = FakeMessagesApi()
    asyncio.run_coroutine_threadsafe(fake.__aenter__(), loop).result(10)
    yield fake
    asyncio.run_coroutine_threadsafe(fake.__aexit__(None, None, None), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
    assert fake.violations == []
