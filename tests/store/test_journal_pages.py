"""The journal filtered, paged, charted and exported."""

from __future__ import annotations

import csv
import stat
import time
from pathlib import Path

import pytest
from tests.store.test_journal import exchange, keep

from proxycast.model.errors import JournalUnreadable
from proxycast.store.journal_charts import Bar
from proxycast.store.journal_export import write_csv
from proxycast.store.journal_filter import Filter, Page, fold
from proxycast.store.journal_reader import JournalReader, Opening

HOUR = 3600.0
NOW = time.time()
"""Rows that are older than 90 days do not stay in the journal."""


def models(path: Path, wanted: Filter) -> list[str | None]:
    """The models of what passes, newest first."""
    return [entry.exchange.model for entry in JournalReader(path).each(wanted)]


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    keep(
        path,
        exchange(model="opus", started=time.time() - 3 * HOUR),
        exchange(model="haiku", credential="智谱 GLM", credential_id="b2"),
        exchange(model="100%_sure", status=529, error="overloaded_error"),
        exchange(model="gone", status=0, error="client_gone"),
        exchange(model=None, credential=None, credential_id=None, status=401, error="wrong_token", path="/v1/models"),
    )
    return path


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), [None, "gone", "100%_sure", "haiku", "opus"]),
        (Filter(text="智谱"), ["haiku"]),
        (Filter(text="glm HAI"), ["haiku"]),
        (Filter(text="glm opus"), []),
        (Filter(text="529"), ["100%_sure"]),
        (Filter(text="overloaded"), ["100%_sure"]),
        (Filter(text="models"), [None]),
        (Filter(text="%"), ["100%_sure"]),
        (Filter(text="0%_s"), ["100%_sure"]),
        (Filter(text="a_ku"), []),
        (Filter(text="\\"), []),
        (Filter(text="' OR 1=1 --"), []),
        (Filter(failed=True), [None, "100%_sure"]),
        (Filter(credential_id="b2"), ["haiku"]),
        (Filter(credential_id="b2", failed=True), []),
    ],
)
def test_a_filter_lets_pass_what_matches_all_of_it(journal: Path, wanted: Filter, found: list[str | None]) -> None:
    assert models(journal, wanted) == found


def test_a_filter_knows_since_when(journal: Path) -> None:
    assert "opus" not in models(journal, Filter(since=time.time() - HOUR))
    assert models(journal, Filter(since=time.time() + HOUR)) == []


def test_pages_hold_every_row_once_newest_first(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    keep(path, *(exchange(model=f"m{number}", status=500 if number % 90 == 0 else 200) for number in range(1_000)))
    reader = JournalReader(path)
    pages = reader.pages(Filter())
    assert sum(page.rows for page in pages) == 1_000
    assert max(page.rows for page in pages) <= 256
    rows = [reader.rows(Filter(), page) for page in pages]
    assert [len(some) for some in rows] == [page.rows for page in pages]
    assert [entry.exchange.model for some in rows for entry in some] == [f"m{n}" for n in reversed(range(1_000))]
    [sparse] = reader.pages(Filter(failed=True))
    assert sparse.rows == len(reader.rows(Filter(failed=True), sparse)) == 12


def test_an_opening_has_the_first_rows_and_the_end(journal: Path) -> None:
    reader = JournalReader(journal)
    whole = reader.opening(Filter())
    assert ([page.rows for page in whole.pages], len(whole.rows), whole.last) == ([5], 5, whole.rows[0].id)
    nothing = reader.opening(Filter(text="no such thing"))
    assert (nothing.pages, nothing.rows, nothing.last) == ([], [], whole.last)


def test_the_opening_of_a_long_list_has_the_rows_of_its_first_page(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    keep(path, *(exchange(model=f"m{number}") for number in range(700)))
    opening = JournalReader(path).opening(Filter(text="opus m"))
    assert opening.pages == []
    opening = JournalReader(path).opening(Filter(text="messages m"))
    assert sum(page.rows for page in opening.pages) == 700
    assert [entry.exchange.model for entry in opening.rows][:2] == ["m699", "m698"]
    assert len(opening.rows) == opening.pages[0].rows


def test_sparse_buckets_make_one_page() -> None:
    assert fold([(9, 200, 2_400), (5, 50, 1_300), (3, 7, 800), (0, 1, 4)]) == [
        Page(first=1_280, last=2_400, rows=250),
        Page(first=0, last=800, rows=8),
    ]
    assert fold([]) == []


def test_newer_rows_are_those_after_an_id(journal: Path) -> None:
    reader = JournalReader(journal)
    [last, *_] = reader.recent(10)
    assert reader.newer(Filter(), last.id, limit=10) == []
    keep(journal, exchange(model="alpha"), exchange(model="beta"), exchange(model="gamma"))
    assert [one.exchange.model for one in reader.newer(Filter(), last.id, limit=10)] == ["gamma", "beta", "alpha"]
    assert [one.exchange.model for one in reader.newer(Filter(), last.id, limit=1)] == ["gamma"]
    assert [one.exchange.model for one in reader.newer(Filter(text="beta"), last.id, limit=9)] == ["beta"]


def test_credentials_are_known_by_their_latest_names(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    keep(path, exchange(credential="new", started=NOW + 2.0), exchange(credential="old", started=NOW + 1.0))
    keep(path, exchange(credential="spare", credential_id="b2"), exchange(credential="none", credential_id=None))
    assert JournalReader(path).names() == {"a1": "new", "b2": "spare"}


def test_bars_sum_up_each_span_by_credential(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    keep(
        path,
        exchange(started=NOW + 99.9),
        exchange(started=NOW + 100.0),
        exchange(started=NOW + 199.9, status=500),
        exchange(started=NOW + 200.0, credential="spare", credential_id="b2", usage=None),
        exchange(started=NOW + 300.0),
    )
    bars = JournalReader(path).bars((NOW + 100.0, NOW + 200.0, NOW + 300.0))
    assert bars == [
        Bar(slot=0, credential_id="a1", credential="official", requests=2, errors=1, tokens=200),
        Bar(slot=1, credential_id="b2", credential="spare", requests=1, errors=0, tokens=0),
    ]


def test_latencies_are_medians_and_95th_percentiles_of_answers(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    answers = [exchange(started=NOW + 50.0, first_byte=number / 100) for number in range(1, 101)]
    keep(
        path,
        *answers,
        exchange(started=NOW + 50.0, first_byte=99.0, status=529),
        exchange(started=NOW + 150.0, first_byte=None),
    )
    [one] = JournalReader(path).latencies((NOW, NOW + 100.0, NOW + 200.0))
    assert (one.slot, one.typical, one.slow) == (0, 0.5, 0.95)


def test_a_journal_that_is_not_there_is_empty(tmp_path: Path) -> None:
    reader = JournalReader(tmp_path / "none.db")
    assert reader.opening(Filter(text="a")) == Opening(pages=[], rows=[], last=0)
    assert reader.newer(Filter(), 0, limit=5) == []
    assert reader.names() == {}
    assert reader.bars((0.0, 1.0)) == []
    assert reader.latencies((0.0, 1.0)) == []


def test_a_journal_that_is_none_cannot_be_paged(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"no database" * 1_000)
    with pytest.raises(JournalUnreadable):
        JournalReader(path).pages(Filter())


def test_a_csv_file_has_every_row_and_no_formula(journal: Path, tmp_path: Path) -> None:
    keep(journal, exchange(model="=cmd|' /C calc'!A0", credential='a "name", with a comma'))
    file = tmp_path / "out.csv"
    assert write_csv(JournalReader(journal).each(Filter()), file) == 6
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with file.open(encoding="utf-8-sig", newline="") as text:
        first, *rest = list(csv.DictReader(text))
    assert len(rest) == 5
    assert first["model"] == "'=cmd|' /C calc'!A0"
    assert first["credential"] == 'a "name", with a comma'
    assert (first["first_byte_s"], first["duration_s"], first["cache_read_input_tokens"]) == ("0.500", "1.500", "40")
    assert rest[1]["status"] == ""
    assert rest[0]["credential"] == rest[0]["model"] == ""
