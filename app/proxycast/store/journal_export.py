"""Rows of the journal as a CSV file for spreadsheets."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from proxycast.model.exchange import Usage
from proxycast.store.journal_reader import Entry

_NO_USAGE = Usage()
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula. A client may name its model so."""

_HEAD = (
    "time",
    "credential",
    "path",
    "model",
    "status",
    "error",
    "first_byte_s",
    "duration_s",
    "request_bytes",
    "response_bytes",
    *Usage.__struct_fields__,
)


def write_csv(entries: Iterable[Entry], file: Path) -> int:
    """Write them and give their number. The file is for its owner's eyes. Raises OSError, and what `entries` raises.

    Times are local, in ISO 8601 with the offset. The file begins with a mark by which Excel knows UTF-8.
    """
    count = 0
    with open(file, "w", encoding="utf-8-sig", newline="", opener=_private) as out:
        rows = csv.writer(out)
        rows.writerow(_HEAD)
        for entry in entries:
            rows.writerow(_row(entry))
            count += 1
    return count


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _row(entry: Entry) -> list[object]:
    one = entry.exchange
    usage = one.usage or _NO_USAGE
    return [
        datetime.fromtimestamp(one.started).astimezone().isoformat(timespec="milliseconds"),
        *(_harmless(text) for text in (one.credential, one.path, one.model)),
        one.status or "",
        _harmless(one.error),
        *("" if seconds is None else f"{seconds:.3f}" for seconds in (one.first_byte, one.duration)),
        one.request_bytes,
        one.response_bytes,
        *(getattr(usage, field) for field in Usage.__struct_fields__),
    ]


def _harmless(text: str | None) -> str:
    if text is None:
        return ""
    return f"'{text}" if text.startswith(_FORMULA) else text
