"""The journal: what is remembered of every exchange, metadata only, in one SQLite file.

This module writes it; `proxycast.store.journal_reader` asks it. Several processes may do either at the same time.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

from proxycast.model.exchange import Exchange, Usage

_RETENTION = 90 * 24 * 3600.0
_PRUNE_INTERVAL = 24 * 3600.0
_BATCH_ROWS = 1024
"""So many go into one statement, which is a transaction of its own. The writer has to ask for the interpreter again
after each step, and slows down the traffic for as long as it waits for it."""
_BATCH_SECONDS = 0.5
_QUEUE_ROWS = 10_000
_LONGEST_RETRY = 30.0
_LOCK_SECONDS = 1.0
_CLOSE_SECONDS = 5.0
_PAGE_BYTES = 16 * 1024
"""Of a new file: a batch fills a few pages, each of which is written twice."""
_CACHE_KIB = 256
"""Rows are only added at the end, so pages of the past need not be kept."""
_TEXT_LIMIT = 500
_LIST_LIMIT = 2000

# A migration only adds, so that an older program can go on with the file of a newer one.
_MIGRATIONS = (
    (
        """
        CREATE TABLE exchange (
            id INTEGER PRIMARY KEY,
            started REAL NOT NULL,
            credential TEXT,
            credential_id TEXT,
            path TEXT NOT NULL,
            model TEXT,
            status INTEGER NOT NULL,
            error TEXT,
            failed INTEGER NOT NULL,
            first_byte REAL,
            duration REAL NOT NULL,
            request_bytes INTEGER NOT NULL,
            response_bytes INTEGER NOT NULL,
            input_tokens INTEGER,
            output_tokens INTEGER,
            cache_creation_input_tokens INTEGER,
            cache_read_input_tokens INTEGER
        )
        """,
        "CREATE INDEX exchange_started ON exchange (started)",
    ),
    ("ALTER TABLE exchange ADD COLUMN removed TEXT",),
)

_COLUMNS = (
    "started, credential, credential_id, path, model, status, error, first_byte, duration, request_bytes, "
    "response_bytes, input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens, removed, failed"
)
_CACHED_STATEMENTS = 1
"""That of full batches, which is large; others differ."""
_PLACES = f"({', '.join('?' * len(_COLUMNS.split()))})"

_NOT_COUNTED = Usage()

_log = logging.getLogger(__name__)


class Journal:
    """Writes exchanges into the journal at `path`, on a thread of its own, so that no traffic waits for a disk.

    Rows reach the file within half a second, or 1,024 at a time; that much is lost if the process is killed. While the
    file cannot be written 10,000 rows wait, and further ones are dropped. A damaged file is set aside as
    `<name>.corrupt-<time>` and a new one begun. The file is opened when there is a first exchange to write, and rows
    older than 90 days are removed then and once a day.
    """

    def __init__(self, path: Path) -> None:
        self._file = _JournalFile(path)
        self._waiting: deque[Exchange] = deque()
        self._asleep = False
        self._wanted = threading.Event()
        self._enough = threading.Event()
        self._closing = threading.Event()
        self._failing = False
        self._dropping = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def record(self, exchange: Exchange) -> None:
        """Remember an exchange. For any thread; never blocks, never raises.

        To wake the thread costs more than all else here, so it is woken for the first row and for a full batch only.
        """
        count = len(self._waiting)
        if count < _QUEUE_ROWS:
            self._waiting.append(exchange)
            if self._asleep:
                self._asleep = False
                self._wanted.set()
            elif count + 1 >= _BATCH_ROWS and not self._enough.is_set():
                self._enough.set()
        elif not self._dropping:
            self._dropping = True
            _log.warning("The journal has %d exchanges waiting; further ones are dropped", _QUEUE_ROWS)

    def close(self) -> None:
        """Write what is waiting and end. Blocks for a few seconds at most; what is recorded later is lost."""
        self._closing.set()
        self._enough.set()
        self._wanted.set()
        self._thread.join(_CLOSE_SECONDS)

    def _run(self) -> None:
        while True:
            self._await_rows()
            closing = self._closing.is_set()
            while batch := self._next_batch():
                if not self._write(batch):
                    closing = True
                    break
                if len(self._waiting) < _BATCH_ROWS and not closing:
                    break
            if closing:
                break
        self._file.close()

    def _await_rows(self) -> None:
        """Wait for a row, and then for more of them to come."""
        self._wanted.clear()
        self._asleep = True
        if self._waiting or self._closing.is_set():  # came before anybody could know of the sleep
            self._asleep = False
        else:
            self._wanted.wait()
        self._enough.wait(_BATCH_SECONDS)
        self._enough.clear()

    def _next_batch(self) -> list[Exchange]:
        waiting = self._waiting
        return [waiting.popleft() for _ in range(min(len(waiting), _BATCH_ROWS))]

    def _write(self, batch: Sequence[Exchange]) -> bool:
        """Write the batch, trying for as long as it takes; False if `close` was called and it still does not work."""
        delay = _BATCH_SECONDS
        while True:
            closing = self._closing.is_set()
            try:
                self._file.append(batch)
            except (sqlite3.Error, OSError) as error:
                if not self._failing:
                    _log.warning("The journal cannot be written for now: %s", error)
                self._failing = True
            else:
                self._failing = self._dropping = False
                return True
            if closing:
                _log.warning("The journal was closed before its last exchanges could be written")
                return False
            self._closing.wait(delay)
            delay = min(2 * delay, _LONGEST_RETRY)


class _JournalFile:
    """The file itself, for one thread. An error closes it; the next `append` opens it again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._identity = (0, 0)
        self._next_prune = 0.0

    def append(self, exchanges: Sequence[Exchange]) -> None:
        """Add rows in one transaction, and remove the old ones once a day. Raises sqlite3.Error, OSError."""
        try:
            connection = self._open()
            now = time.time()
            if now >= self._next_prune:
                connection.execute("DELETE FROM exchange WHERE started < ?", (now - _RETENTION,))
                self._next_prune = now + _PRUNE_INTERVAL
            places = ", ".join([_PLACES] * len(exchanges))
            statement = f"INSERT INTO exchange ({_COLUMNS}) VALUES {places}"  # noqa: S608 - put together from constants
            connection.execute(statement, tuple(chain.from_iterable(map(_row, exchanges))))
        except (sqlite3.Error, OSError) as error:
            self.close()
            if isinstance(error, sqlite3.Error) and _is_damage(error):
                self._set_aside()
            raise

    def close(self) -> None:
        """Close the file, if it is open."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):  # a damaged file is closed even so
                self._connection.close()
        self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None and self._identity == self._identify():
            return self._connection
        self.close()  # the file has been removed or set aside by another process
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        self._path.chmod(0o600)  # what SQLite puts beside the file gets the same permissions
        self._connection = sqlite3.connect(
            self._path, timeout=_LOCK_SECONDS, isolation_level=None, cached_statements=_CACHED_STATEMENTS
        )
        self._connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        with _transaction(self._connection):
            _migrate(self._connection)
        self._identity = self._identify()
        return self._connection

    def _identify(self) -> tuple[int, int]:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return (0, 0)
        return (status.st_dev, status.st_ino)

    def _set_aside(self) -> None:
        """Give the damaged file another name. The log comes first: beside a new file, SQLite would replay it."""
        suffix = time.strftime(".corrupt-%Y%m%d-%H%M%S")
        for part in ("-wal", "-shm", ""):
            with contextlib.suppress(FileNotFoundError):
                path = self._path.with_name(self._path.name + part)
                path.replace(path.with_name(self._path.name + suffix + part))
        _log.warning("The journal was damaged; it is set aside as %s%s", self._path.name, suffix)


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _migrate(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number, statements in enumerate(_MIGRATIONS[version:], start=version + 1):
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")


def _is_damage(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0)  # sqlite3 sets it only on what SQLite itself reports
    return code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _row(exchange: Exchange) -> tuple[object, ...]:
    """The values in the order of `_COLUMNS`."""
    usage = exchange.usage or _NOT_COUNTED
    return (
        exchange.started,
        _text(exchange.credential),
        _text(exchange.credential_id),
        _text(exchange.path),
        _text(exchange.model),
        exchange.status,
        _text(exchange.error),
        exchange.first_byte,
        exchange.duration,
        exchange.request_bytes,
        exchange.response_bytes,
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_creation_input_tokens,
        usage.cache_read_input_tokens,
        _lines(exchange.removed),
        _failed(exchange),
    )


def _failed(exchange: Exchange) -> bool:
    """Whether the exchange counts as an error. A client that hangs up does not: people cancel answers."""
    return exchange.status >= 400 or exchange.error not in {None, "client_gone"}


@lru_cache(maxsize=256)
def _text(value: str | None) -> str | None:
    """The value as SQLite can hold it: in bounds, and without the lone surrogates that a client may have sent."""
    return None if value is None else value[:_TEXT_LIMIT].encode(errors="replace").decode()


def _lines(names: Sequence[str]) -> str | None:
    """The names, one per line, as many as are in bounds; None if there are none."""
    if not names:
        return None
    text = "\n".join(names)
    return (text if len(text) <= _LIST_LIMIT else text[:_LIST_LIMIT].rpartition("\n")[0]) or None
