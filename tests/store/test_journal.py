from __future__ import annotations

import contextlib
import logging
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from proxycast.model.errors import JournalUnreadable
from proxycast.model.exchange import Exchange, Usage
from proxycast.store.journal import Journal
from proxycast.store.journal_reader import Counters, Entry, JournalReader, UsageRow
from proxycast.store.journal_tally import Tally

DAY = 24 * 3600.0
PLAIN = Exchange(
    started=0.0,
    credential="official",
    credential_id="a1",
    path="/v1/messages",
    model="claude-opus-5-5",
    status=200,
    error=None,
    first_byte=0.5,
    duration=1.5,
    request_bytes=50_000,
    response_bytes=2_000,
    usage=Usage(input_tokens=10, output_tokens=20, cache_creation_input_tokens=30, cache_read_input_tokens=40),
)


def exchange(**changes: Any) -> Exchange:
    return replace(PLAIN, **{"started": time.time()} | changes)


def keep(path: Path, *exchanges: Exchange) -> None:
    journal = Journal(path)
    for one in exchanges:
        journal.record(one)
    journal.close()


def exchanges(path: Path) -> list[Exchange]:
    """All of them, oldest first."""
    return [entry.exchange for entry in reversed(JournalReader(path).recent(1_000_000))]


def wait_until(condition: Callable[[], bool], limit: float = 10.0) -> None:
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.sqlite3"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path)
    yield journal
    journal.close()


def test_what_is_recorded_can_be_read_back(path: Path) -> None:
    recorded = [
        exchange(),
        exchange(credential=None, credential_id=None, model=None, error="nothing_selected", status=403, usage=None),
        exchange(first_byte=None, status=0, error="client_gone", usage=Usage(output_tokens=0)),
    ]
    keep(path, *recorded)
    assert exchanges(path) == recorded


def test_rows_are_there_half_a_second_after_they_were_recorded(path: Path, journal: Journal) -> None:
    journal.record(exchange())
    recorded = time.monotonic()
    wait_until(lambda: len(exchanges(path)) == 1)
    assert time.monotonic() - recorded < 2.0


def test_rows_that_keep_coming_do_not_put_the_writing_off(path: Path, journal: Journal) -> None:
    def arrived() -> bool:
        journal.record(exchange())
        return bool(exchanges(path))

    wait_until(arrived, 1.5)


def test_1024_rows_do_not_wait_for_half_a_second(path: Path, journal: Journal) -> None:
    journal.record(exchange())
    wait_until(lambda: len(exchanges(path)) == 1)
    started = time.monotonic()
    for _ in range(1024):
        journal.record(exchange())
    wait_until(lambda: len(exchanges(path)) == 1025)
    assert time.monotonic() - started < 0.4


def test_close_writes_what_is_waiting(path: Path) -> None:
    keep(path, *[exchange(status=200 + number) for number in range(1000)])
    assert [one.status for one in exchanges(path)] == list(range(200, 1200))


def test_many_threads_record_at_once(path: Path, journal: Journal) -> None:
    def record() -> None:
        for _ in range(500):
            journal.record(exchange())

    threads = [threading.Thread(target=record) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()
    assert len(exchanges(path)) == 2000


def test_several_writers_share_one_journal(path: Path) -> None:
    journals = [Journal(path) for _ in range(3)]
    for _ in range(300):
        for journal in journals:
            journal.record(exchange())
    for journal in journals:
        journal.close()
    assert len(exchanges(path)) == 900


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_its_owner_can_read_the_journal(path: Path, journal: Journal) -> None:
    journal.record(exchange())
    wait_until(lambda: len(exchanges(path)) == 1)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(["journal.sqlite3", "journal.sqlite3-wal", "journal.sqlite3-shm"], 0o600)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_journal_that_others_could_read_is_closed_to_them(path: Path) -> None:
    keep(path, exchange())
    path.chmod(0o644)
    keep(path, exchange())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_rows_older_than_90_days_are_removed_when_the_journal_is_opened(path: Path, journal: Journal) -> None:
    old, young = exchange(started=time.time() - 91 * DAY), exchange(started=time.time() - 89 * DAY)
    journal.record(young)
    wait_until(lambda: exchanges(path) == [young])
    journal.record(old)  # the journal is open already, and it will be a day before it looks again
    journal.close()
    assert exchanges(path) == [young, old]
    latest = exchange()
    keep(path, latest)
    assert exchanges(path) == [young, latest]


def test_a_journal_without_exchanges_makes_no_file(path: Path) -> None:
    keep(path)
    assert not path.parent.exists()


def test_text_that_sqlite_cannot_hold_does_not_stop_the_journal(path: Path) -> None:
    keep(path, exchange(model="\ud800", path="/" + "x" * 100_000), exchange())
    first, second = exchanges(path)
    assert first.model == "?"
    assert len(first.path) == 500
    assert second.model == PLAIN.model


def test_a_locked_journal_is_written_when_the_lock_is_gone(
    path: Path, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    journal.record(exchange())
    wait_until(lambda: len(exchanges(path)) == 1)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        journal.record(exchange())
        wait_until(lambda: "locked" in caplog.text)
        other.execute("ROLLBACK")
    wait_until(lambda: len(exchanges(path)) == 2)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def schema_version(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        assert isinstance(version, int)
        return version


def test_a_journal_that_cannot_be_written_costs_one_warning_and_bounded_memory(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.write_text("a file where the folder should be")
    journal = Journal(path)
    journal.record(exchange(request_bytes=0))
    wait_until(lambda: "cannot be written" in caplog.text)

    for number in range(1, 10_500):
        journal.record(exchange(request_bytes=number))

    path.parent.unlink()
    wait_until(lambda: len(exchanges(path)) == 10_001, 20)
    journal.close()
    assert [one.request_bytes for one in exchanges(path)] == list(range(10_001))
    messages = [record.getMessage() for record in caplog.records]
    assert len(messages) == 2
    assert "10000" in messages[1]


def test_closing_gives_up_on_a_journal_that_cannot_be_written(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.write_text("a file where the folder should be")
    journal = Journal(path)
    journal.record(exchange())
    started = time.monotonic()
    journal.close()
    assert time.monotonic() - started < 3
    assert caplog.text.count("cannot be written for now") == 1
    assert caplog.text.count("closed before its last") == 1


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: b"not a database" * 100, id="another file"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut"),
        pytest.param(lambda data: data[:4096] + os.urandom(len(data) - 4096), id="overwritten"),
    ],
)
def test_a_damaged_journal_is_set_aside_and_a_new_one_begun(
    path: Path, damage: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    keep(path, *[exchange() for _ in range(500)])
    damaged = damage(path.read_bytes())
    path.write_bytes(damaged)

    journal = Journal(path)
    journal.record(exchange(model="after"))
    wait_until(lambda: "set aside" in caplog.text)
    wait_until(path.exists)
    wait_until(lambda: len(exchanges(path)) == 1)
    journal.close()

    assert [one.model for one in exchanges(path)] == ["after"]
    (aside,) = path.parent.glob("journal.sqlite3.corrupt-*[0-9]")
    assert len(aside.read_bytes()) == len(damaged)


def test_a_journal_that_was_deleted_is_begun_anew(path: Path, journal: Journal) -> None:
    journal.record(exchange(model="before"))
    wait_until(lambda: len(exchanges(path)) == 1)
    for file in path.parent.iterdir():
        file.unlink()
    journal.record(exchange(model="after"))
    wait_until(lambda: path.exists() and len(exchanges(path)) == 1)
    assert [one.model for one in exchanges(path)] == ["after"]


def test_the_journal_of_a_newer_program_is_still_written(path: Path) -> None:
    keep(path, exchange())
    with contextlib.closing(sqlite3.connect(path)) as newer:
        newer.execute("ALTER TABLE exchange ADD COLUMN added TEXT")
        newer.execute("PRAGMA user_version = 99")
    keep(path, exchange())
    assert len(exchanges(path)) == 2
    assert schema_version(path) == 99


WRITER = """
import sys, time
from pathlib import Path
from proxycast.model.exchange import Exchange
from proxycast.store.journal import Journal
journal = Journal(Path(sys.argv[1]))
for number in range(1_000_000):
    journal.record(Exchange(started=time.time(), credential=None, credential_id=None, path="/", model=None, status=200,
        error=None, first_byte=None, duration=0.0, request_bytes=number, response_bytes=0, usage=None))
    print(number, time.monotonic(), flush=True)
    time.sleep(0.001)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_process_loses_no_more_than_its_last_moment(path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    for lifetime in (1.3, 0.6, 1.5):
        seen = len(exchanges(path))
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, env=environment
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            time.sleep(lifetime)  # a moment of the writer's work to be killed in
            process.send_signal(signal.SIGKILL)
            killed = time.monotonic()
            lines = [line.split() for line in process.stdout.read().splitlines()]
        kept = exchanges(path)[seen:]
        assert [one.request_bytes for one in kept] == list(range(len(kept)))
        due = [int(number) for number, moment in lines if float(moment) < killed - 1.0]
        assert len(kept) > max(due, default=-1)
        with contextlib.closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


FULL_DISK = """
import logging, resource, sys, threading, time
from pathlib import Path
from proxycast.model.exchange import Exchange
from proxycast.store.journal import Journal
from proxycast.store.journal_reader import JournalReader

class Warned(logging.Handler):
    warned = threading.Event()
    def emit(self, record):
        print(record.getMessage())
        self.warned.set()

logging.getLogger().addHandler(Warned())
path = Path(sys.argv[1])
journal = Journal(path)
one = Exchange(started=time.time(), credential=None, credential_id=None, path="/", model=None, status=200, error=None,
    first_byte=None, duration=0.0, request_bytes=0, response_bytes=0, usage=None)
journal.record(one)
deadline = time.monotonic() + 10
while not JournalReader(path).recent(1):
    assert time.monotonic() < deadline
    time.sleep(0.01)
used = path.with_name(path.name + "-wal").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (used, resource.RLIM_INFINITY))
for _ in range(1000):
    journal.record(one)
assert Warned.warned.wait(10)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.close()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_after_a_full_disk_nothing_is_missing(path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("cannot be written") == 1
    assert len(exchanges(path)) == 1001


def test_a_journal_that_does_not_exist_yet_is_empty(path: Path) -> None:
    reader = JournalReader(path)
    assert reader.usage(since=0, by="model") == []
    assert Tally(reader).counters() == {}
    assert reader.recent(10) == []
    assert not path.exists()
    path.parent.mkdir()
    path.touch()
    assert reader.recent(10) == []


def test_a_journal_that_cannot_be_read_says_so(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("not a database" * 100)
    with pytest.raises(JournalUnreadable, match="not a database"):
        JournalReader(path).recent(10)


def test_usage_by_credential_goes_by_id_and_shows_the_latest_name(path: Path) -> None:
    now = time.time()
    keep(
        path,
        exchange(started=now - 10, credential="new name", first_byte=0.1),
        exchange(started=now - 20, credential="old name", first_byte=0.2),
        exchange(started=now - 30, credential="old name", first_byte=9.0, status=529, error="overloaded_error",
                 usage=None),
        exchange(started=now - 40, credential="old name", first_byte=None, status=0, error="client_gone"),
        exchange(started=now - 40, credential="relay", credential_id="b2", usage=None, first_byte=None),
        exchange(started=now - 40, credential=None, credential_id=None, status=403, error="nothing_selected",
                 usage=None),
        exchange(started=now - 99, credential="too old"),
    )  # fmt: skip
    nothing = {"input_tokens": 0, "output_tokens": 0, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
    assert JournalReader(path).usage(since=now - 50, by="credential") == [
        UsageRow(
            group="new name",
            requests=4,
            errors=1,
            input_tokens=30,
            output_tokens=60,
            cache_creation_input_tokens=90,
            cache_read_input_tokens=120,
            first_byte=0.2,
        ),
        UsageRow(group=None, requests=1, errors=1, first_byte=0.5, **nothing),
        UsageRow(group="relay", requests=1, errors=0, first_byte=None, **nothing),
    ]


def test_usage_by_model_shows_the_busiest_first(path: Path) -> None:
    keep(path, *[exchange(model=model) for model in ("a", "b", "b", None)])
    rows = JournalReader(path).usage(since=0, by="model")
    assert [(row.group, row.requests) for row in rows] == [("b", 2), (None, 1), ("a", 1)]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone of a process can be set on POSIX only")
def test_usage_by_day_follows_the_local_clock(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    midnight = time.time() // DAY * DAY - 5 * DAY - 8 * 3600  # in Shanghai; 16:00 in UTC
    first, second, third = (f"{datetime.fromtimestamp(midnight + days * DAY, UTC):%Y-%m-%d}" for days in range(3))
    keep(path, exchange(started=midnight), exchange(started=midnight - 1), exchange(started=midnight + DAY))
    days = {}
    for zone in ("Asia/Shanghai", "UTC"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        days[zone] = [(row.group, row.requests) for row in JournalReader(path).usage(since=0, by="day")]
    monkeypatch.undo()
    time.tzset()
    assert days == {
        "Asia/Shanghai": [(first, 1), (second, 1), (third, 1)],
        "UTC": [(first, 2), (second, 1)],
    }


def test_counters_tell_how_a_credential_was_used(path: Path) -> None:
    now = time.time()
    keep(
        path,
        exchange(started=now),
        exchange(started=now - 5, status=401, error="authentication_error"),
        exchange(started=now - 6, error="connection_lost"),
        exchange(started=now - 7, error="client_gone"),
        exchange(started=now - 8, status=404),
        exchange(started=now - 9, credential_id="b2"),
        exchange(started=now, credential=None, credential_id=None),
    )
    assert Tally(JournalReader(path)).counters() == {
        "a1": Counters(uses=5, errors=3, last_used=now),
        "b2": Counters(uses=1, errors=0, last_used=now - 9),
    }


def test_a_tally_goes_on_from_where_it_was(path: Path) -> None:
    tally = Tally(JournalReader(path))
    keep(path, exchange(started=5e9), exchange(started=6e9, status=500))
    assert tally.counters() == {"a1": Counters(uses=2, errors=1, last_used=6e9)}
    assert tally.counters() == {"a1": Counters(uses=2, errors=1, last_used=6e9)}
    keep(path, exchange(started=4e9, status=500), exchange(started=7e9, credential_id="b2"))
    assert tally.counters() == {
        "a1": Counters(uses=3, errors=2, last_used=6e9),
        "b2": Counters(uses=1, errors=0, last_used=7e9),
    }


def test_a_tally_counts_anew_when_rows_are_gone(path: Path) -> None:
    tally = Tally(JournalReader(path))
    keep(path, exchange(started=5e9), exchange(started=6e9))
    assert tally.counters()["a1"].uses == 2
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM exchange WHERE started = 5e9")
    assert tally.counters()["a1"].uses == 1
    for part in path.parent.iterdir():
        part.unlink()
    assert tally.counters() == {}
    keep(path, exchange(started=8e9), exchange(started=9e9), exchange(started=9e9))
    assert tally.counters() == {"a1": Counters(uses=3, errors=0, last_used=9e9)}


def test_recent_exchanges_come_in_pages_newest_first(path: Path) -> None:
    keep(path, *[exchange(request_bytes=number) for number in range(5)])
    reader = JournalReader(path)

    def numbers(entries: list[Entry]) -> list[int]:
        return [entry.exchange.request_bytes for entry in entries]

    first = reader.recent(2)
    second = reader.recent(10, before_id=first[-1].id)
    assert (numbers(first), numbers(second)) == ([4, 3], [2, 1, 0])
    assert reader.recent(10, before_id=second[-1].id) == []
