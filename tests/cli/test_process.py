"""The command line as a process: exit status, one line for what is wrong, never a traceback; and how it starts."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Cli

from proxycast.cli.output import reported
from proxycast.cli.runtime import open_service

APP = Path(__file__).resolve().parents[2] / "app"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What a process sees that has nothing but a home."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(APP), "LANG": "C.UTF-8", "PROXYCAST_HOME": str(tmp_path)}


def start(*arguments: str, environment: dict[str, str], **options: int) -> subprocess.Popen[str]:
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    command = [sys.executable, "-m", "proxycast", *arguments]
    return subprocess.Popen(command, env=environment, text=True, encoding="utf-8", **streams)  # type: ignore[call-overload, no-any-return]  # streams are integers


@pytest.fixture
def waiting(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`proxycast add` that waits for a key on standard input."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # one that is ignored stays so in the process
    process = start("add", "work", environment={**environment, "PROXYCAST_LOG_LEVEL": "DEBUG"})
    signal.signal(signal.SIGINT, before)
    log = Path(environment["PROXYCAST_HOME"]) / "logs" / "proxycast.log"
    for _ in range(500):
        if log.exists():
            break
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.02)
    yield process
    process.kill()
    process.communicate()


def test_ctrl_c_ends_a_command_quietly_with_130(waiting: subprocess.Popen[str]) -> None:
    """The log exists a moment before it waits for the key: Ctrl+C ends it in either case."""
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=10)
    assert (waiting.returncode, out, err.strip()) == (130, "", "")


def test_a_reader_that_goes_away_is_no_error_to_speak_of(environment: dict[str, str], tmp_path: Path) -> None:
    items = "".join(f"  - {{name: c{number}, type: claude-custom}}\n" for number in range(200))
    (tmp_path / "config.yaml").write_text(f"providers:\n{items}")
    reading, writing = os.pipe()
    os.close(reading)
    process = start("list", environment=environment, stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=20)
    assert err == ""
    assert process.returncode == 1


def test_without_standard_input_no_key_is_given(environment: dict[str, str]) -> None:
    command = f'exec "{sys.executable}" -m proxycast add work <&-'
    done = subprocess.run(
        ["sh", "-c", command], env=environment, capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("proxycast: No key was given on standard input.")


def test_a_home_that_is_no_folder_is_told_in_one_line(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    ran = cli.run("list", "--json", status=1, PROXYCAST_HOME=str(file / "home"))
    assert str(file) in ran.err
    assert len(ran.err.splitlines()) == 1
    assert ran.json["error"]["message"] in ran.err


def test_a_log_level_that_does_not_exist_is_told(cli: Cli) -> None:
    ran = cli.run("list", status=1, PROXYCAST_LOG_LEVEL="loud")
    assert "PROXYCAST_LOG_LEVEL" in ran.err
    assert "WARNING" in ran.err


@pytest.mark.parametrize(("asked", "level"), [(None, logging.ERROR), ("debug", logging.DEBUG)])
async def test_the_configuration_says_what_the_log_tells_unless_the_environment_does(
    home: Path, monkeypatch: pytest.MonkeyPatch, asked: str | None, level: int
) -> None:
    monkeypatch.delenv("PROXYCAST_LOG_LEVEL", raising=False)
    if asked is not None:
        monkeypatch.setenv("PROXYCAST_LOG_LEVEL", asked)
    (home / "config.yaml").write_text("log_level: error\n")
    async with open_service() as service:
        await service.load()
        assert logging.getLogger("proxycast").level == level


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(28, "No space left on device", "/full"), "The system refuses /full: No space left on device."),
        (OSError(28, "No space left on device"), "The system refuses: No space left on device."),
        (TimeoutError(), "The system refuses: TimeoutError."),
    ],
)
def test_what_the_system_refuses_is_said_in_its_words(
    capsys: pytest.CaptureFixture[str], error: OSError, message: str
) -> None:
    with pytest.raises(SystemExit) as ended, reported(as_json=True):
        raise error
    said = capsys.readouterr()
    assert ended.value.code == 1
    assert json.loads(said.out)["error"]["message"].startswith(message)
    assert said.err.startswith(f"proxycast: {message}")


def test_a_fault_of_the_program_itself_is_not_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), reported(as_json=False):
        raise ZeroDivisionError
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["add", "--help"]])
def test_help_and_version_end_well(environment: dict[str, str], arguments: list[str]) -> None:
    process = start(*arguments, environment=environment)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    assert "ProxyCast" in out or "Usage: proxycast" in out


def test_names_that_the_locale_cannot_write_are_no_reason_to_fail(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("providers: [{name: 中转, type: claude-custom}]\n", encoding="utf-8")
    process = start("list", environment={**environment, "PYTHONIOENCODING": "latin-1"})
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    assert "\\u4e2d\\u8f6c" in out


HEAVY = {"PySide6", "boto3", "botocore", "cryptography", "httpx2", "keyring", "qasync", "secretstorage", "jeepney"}


def test_serve_starts_without_what_it_does_not_need() -> None:
    code = "import proxycast.cli.entry, sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(APP)}, capture_output=True, text=True, check=True
    )
    assert HEAVY & set(done.stdout.split()) == set()
    assert "proxycast" in done.stdout.split()
