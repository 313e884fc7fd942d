from __future__ import annotations

import asyncio
import base64
import gc
import io
import logging
import os
import stat
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from proxycast.model.secret import Secret
from proxycast.store.logs import scrub, set_up

ANTHROPIC = "sk-ant-api03-CaNaRy_0123456789-abcdefghijklmnopqrstuvwxyz"
SERVICE = "sk-canary0123456789abcdef"
ROUTER = "sk-or-v1-canary0123456789"
CLIENT = "pc_CaNaRy-0123456789_abcdefghijklmnopqrstuvwxyzABCD"
AWS_ACCESS = "AKIACANARY0123456789"
AWS_TEMPORARY = "ASIACANARY0123456789"
AWS_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARYKEY0"
AWS_SESSION = base64.b64encode(b"canary \x07\xff 0123456789 " * 20).decode()
WEB_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJjYW5hcnkiOiIxIn0.c2lnbmF0dXJlX2NhbmFyeQ"
ZHIPU = "0123456789abcdef0123456789abcdef.CaNaRy0123456789"
OPAQUE = "canary-of-no-known-form"
KEYS = [ANTHROPIC, SERVICE, ROUTER, CLIENT, AWS_ACCESS, AWS_TEMPORARY, AWS_SECRET, AWS_SESSION, WEB_TOKEN, ZHIPU]
"""Keys that are known by their looks. One that is not, OPAQUE, is known only by what stands before it."""

BARE = ["{}", "'{}'", '"{}"', "({})", "b'\\n{}'", "key={}", "value:{}", "%20{}&x=1", "illegal header value b'{}\\r\\n'"]
NAMED = [
    "x-api-key: {}",
    "X-Api-Key:{}",
    "Authorization: Bearer {}",
    "authorization: {}",
    "Authorization: Basic {}",
    "bearer {}",
    "Headers({{'x-api-key': '{}'}})",
    "[(b'x-api-key', b'{}'), (b'host', b'x')]",
    '("authorization", "Bearer {}")',
    'api_key: "{}"',
    "api_key={}",
    "apiKey = '{}'",
    '{{"api_key":"{}","base_url":"x"}}',
    '"{{\\"api_key\\": \\"{}\\"}}"',
    "aws_secret_key: {}",
    "aws_secret_access_key = {}",
    "AWS_SESSION_TOKEN={}",
    "X-Amz-Security-Token: {}",
    "aws_bearer_token='{}'",
    "SecretAccessKey': '{}'",
    "client token: {}",
    "password={}",
    "http://user:{}@proxy.example:8080/path",
    "https://host/?api_key={}&x=1",
]


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "proxycast.log"


@pytest.fixture
def log(log_file: Path) -> Iterator[logging.Logger]:
    undo = set_up(log_file, logging.DEBUG)
    yield logging.getLogger("proxycast.test")
    undo()


@pytest.mark.parametrize("shape", BARE + NAMED)
def test_a_key_is_removed_wherever_it_stands(shape: str) -> None:
    for key in KEYS:
        scrubbed = scrub(f"before {shape.format(key)} after")
        assert "[removed]" in scrubbed
        for start in range(0, len(key) - 12, 4):
            assert key[start : start + 12] not in scrubbed


@pytest.mark.parametrize("shape", [*NAMED, "socks5://{}@proxy.example"])
def test_a_key_of_no_known_form_is_removed_where_it_is_named(shape: str) -> None:
    assert OPAQUE not in scrub(shape.format(OPAQUE))


@pytest.mark.parametrize(
    "text",
    [
        "POST /v1/messages?beta=true 200 in 1.25 s, model claude-sonnet-4-5-20250929",
        "request req_011CSHoEeqs5C35K2UUqR7Fy of anthropic.claude-3-sonnet-20240229-v1:0",
        '  File "/opt/Apps2/lib/python3.11/site-packages/proxycast/upstream/Bedrock7/signing/request/some.py", line 8',
        '  File "C:\\Users\\Ann\\AppData\\Local\\Programs\\Python\\Python311\\Lib\\asyncio\\events.py", line 8',
        "cannot open /home/Ann/projects2/a-rather-long-folder-name/proxycast/app",
        "input_tokens=5 output_tokens=6 max_tokens: 32000",
        "task-management risk-assessment disk-utilities desk-lamp-collection",
        "connect to https://my-proxy.example.com:8443/base/path failed: [Errno 111]",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "sk-SK, pc_1, the api key is missing, the token is wrong",
        "import_error_in_a_module_with_quite_a_long_name_that_is_all_lower_case_1",
    ],
)
def test_what_is_no_key_stays(text: str) -> None:
    assert scrub(text) == text


@pytest.mark.parametrize(
    "text", ["eyJ" * 100_000, "token='" * 50_000, "aA1/" * 100_000, "bearer " * 50_000, "://" * 99_999]
)
def test_scrubbing_takes_no_longer_for_odd_texts(text: str) -> None:
    started = time.process_time()
    scrub(text)
    assert time.process_time() - started < 2


def test_no_form_of_a_record_carries_a_key_into_the_file(log: logging.Logger, log_file: Path) -> None:
    def fail(key: str) -> None:
        try:
            os.environ[key]
        except KeyError as error:
            error.add_note(f"the note says {key}")
            raise ValueError(f"bad header {key}") from error

    for key in KEYS:
        log.debug("message %s", key)
        log.info("arguments %(api_key)s", {"api_key": key})
        log.warning({"x-api-key": key})
        log.error("stack", stack_info=True)
        try:
            fail(key)
        except ValueError:
            log.exception("failed with %r", key.encode())
    written = log_file.read_text(encoding="utf-8")
    assert written.count("Traceback") == 2 * len(KEYS)
    for key in KEYS:
        assert key not in written
        assert key[8:28] not in written


def test_a_secret_shows_nothing_in_the_log(log: logging.Logger, log_file: Path) -> None:
    log.warning("%s %r %s", Secret(OPAQUE), Secret(OPAQUE), [Secret(OPAQUE)])
    assert OPAQUE not in log_file.read_text(encoding="utf-8")


def test_the_program_logs_from_its_level_up_and_libraries_their_warnings(log_file: Path) -> None:
    undo = set_up(log_file, logging.INFO)
    strangers = [logging.getLogger(name) for name in ("proxycastle", "urllib3.test")]
    for stranger in strangers:
        stranger.setLevel(logging.DEBUG)
    for logger in (logging.getLogger("proxycast"), logging.getLogger("proxycast.store"), *strangers):
        for level in (logging.DEBUG, logging.INFO, logging.WARNING):
            logger.log(level, "%s %s", logger.name, logging.getLevelName(level))
    for stranger in strangers:
        stranger.setLevel(logging.NOTSET)
    undo()
    assert [line.split(": ", 1)[1] for line in log_file.read_text(encoding="utf-8").splitlines()] == [
        "proxycast INFO",
        "proxycast WARNING",
        "proxycast.store INFO",
        "proxycast.store WARNING",
        "proxycastle WARNING",
        "urllib3.test WARNING",
    ]


def test_the_console_gets_warnings_scrubbed_and_short(log_file: Path) -> None:
    console = io.StringIO()
    undo = set_up(log_file, logging.DEBUG, stderr=console)
    logging.getLogger("proxycast").info("not this")
    logging.getLogger("proxycast").warning("refused %s", ANTHROPIC)
    undo()
    assert console.getvalue() == "WARNING: refused [removed]\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_the_log_is_bounded_and_its_owner_s_alone(log: logging.Logger, log_file: Path) -> None:
    for number in range(6000):
        log.info("%d %s", number, "x" * 1000)
    files = sorted(log_file.parent.iterdir())
    assert [file.name for file in files] == ["proxycast.log", *[f"proxycast.log.{number}" for number in range(1, 5)]]
    assert all(file.stat().st_size <= 1024 * 1024 for file in files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(log_file.parent.stat().st_mode) == 0o700
    assert " 5999 x" in log_file.read_text(encoding="utf-8")


def test_a_log_file_that_cannot_be_written_costs_one_warning(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    console = io.StringIO()
    undo = set_up(tmp_path / "logs" / "proxycast.log", logging.DEBUG, stderr=console)
    logging.getLogger("proxycast").warning("still told")
    undo()
    first, second = console.getvalue().splitlines()
    assert first.startswith("WARNING: The log file cannot be written")
    assert second == "WARNING: still told"


def test_a_record_that_cannot_be_written_is_not_printed(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    log.info("%d", OPAQUE)
    assert capsys.readouterr().err == ""


def test_lone_surrogates_reach_the_file_escaped(log: logging.Logger, log_file: Path) -> None:
    log.info("odd \ud800 text, 中文")
    assert "odd \\ud800 text, 中文" in log_file.read_text(encoding="utf-8")


def test_warnings_are_logged(log_file: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        undo = set_up(log_file, logging.DEBUG)
        warnings.warn(f"deprecated {ANTHROPIC}", stacklevel=1)
        undo()
    assert "UserWarning: deprecated [removed]" in log_file.read_text(encoding="utf-8")


def raise_it() -> None:
    raise RuntimeError(f"unhandled {ANTHROPIC}")


def in_the_main_thread() -> None:
    try:
        raise_it()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def in_a_thread() -> None:
    thread = threading.Thread(target=raise_it)
    thread.start()
    thread.join()


def in_a_callback() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(raise_it)
        await asyncio.sleep(0)

    asyncio.run(main())


def in_a_finalizer() -> None:
    class Leaky:
        def __del__(self) -> None:
            raise_it()

    Leaky()
    gc.collect()


@pytest.mark.parametrize("happen", [in_the_main_thread, in_a_thread, in_a_callback, in_a_finalizer])
def test_unhandled_exceptions_are_logged_without_keys(
    happen: Callable[[], None], log: logging.Logger, log_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    happen()
    written = log_file.read_text(encoding="utf-8")
    assert "Traceback" in written
    assert "RuntimeError: unhandled [removed]" in written
    assert capsys.readouterr().err == ""


def test_an_interrupt_is_no_error(log: logging.Logger, log_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert log_file.read_text(encoding="utf-8") == ""
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_undoing_leaves_nothing_behind(log_file: Path) -> None:
    def state() -> tuple[object, ...]:
        loggers = [logging.getLogger(name) for name in (None, "proxycast")]
        hooks = (sys.excepthook, sys.unraisablehook, threading.excepthook, warnings.showwarning)
        return (*hooks, logging.raiseExceptions, *[(one.level, *one.handlers) for one in loggers])

    logging.captureWarnings(False)
    logging.getLogger("proxycast").setLevel(logging.NOTSET)
    before = state()
    undo = set_up(log_file, logging.DEBUG, stderr=io.StringIO())
    assert state() != before
    undo()
    assert state() == before
