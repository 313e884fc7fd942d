"""`proxycast usage`: the journal summed up."""

from __future__ import annotations

import time

import msgspec
import pytest
from tests.cli.conftest import Cli

from proxycast.model.exchange import Exchange, Usage
from proxycast.store.journal import Journal

HOUR = 3600.0


def exchange(
    credential: str | None, hours_ago: float, *, model: str = "claude-sonnet-5-5", status: int = 200
) -> Exchange:
    return Exchange(
        started=time.time() - hours_ago * HOUR,
        credential=credential,
        credential_id=None if credential is None else credential * 2,
        path="/v1/messages",
        model=model,
        status=status,
        error=None if status == 200 else "overloaded_error",
        first_byte=0.25,
        duration=1.0,
        request_bytes=10,
        response_bytes=10,
        usage=Usage(input_tokens=1500, output_tokens=20, cache_creation_input_tokens=0, cache_read_input_tokens=7),
    )


@pytest.fixture
def used(cli: Cli) -> Cli:
    journal = Journal(cli.home / "journal.sqlite3")
    for one in (
        exchange("中转", 1),
        exchange("中转", 2, status=529),
        exchange("work", 30, model="claude-opus-5-5"),
        exchange(None, 3),
        exchange("old", 24 * 20),
    ):
        journal.record(one)
    journal.close()
    return cli


def test_the_last_week_by_credential_is_what_one_sees(used: Cli) -> None:
    assert used.run("usage").out == (
        "Credential  Requests  Errors  Input  Output  Cache writes  Cache reads  First byte\n"
        "中转               2       1  3,000      40             0           14      0.25 s\n"
        "–                  1       0  1,500      20             0            7      0.25 s\n"
        "work               1       0  1,500      20             0            7      0.25 s\n"
    )


@pytest.mark.parametrize(
    ("options", "groups"),
    [
        (["--since", "90m"], None),
        (["--since", "2h"], ["中转"]),
        (["--since", "24h"], ["中转", None]),
        (["--since", "4w"], ["中转", None, "old", "work"]),
        (["--since", "99999w"], ["中转", None, "old", "work"]),
        (["--since", "0d"], []),
        (["--by", "model"], ["claude-sonnet-5-5", "claude-opus-5-5"]),
    ],
)
def test_span_and_grouping_are_chosen(used: Cli, options: list[str], groups: list[str] | None) -> None:
    ran = used.run("usage", *options, "--json", status=2 if groups is None else 0)
    if groups is not None:
        assert [row["group"] for row in ran.json] == groups


def test_days_are_in_their_order(used: Cli) -> None:
    days = [row["group"] for row in used.run("usage", "--by", "day", "--since", "4w", "--json").json]
    assert days == sorted(days)
    assert all(time.strptime(day, "%Y-%m-%d") for day in days)


def test_nothing_is_nothing(cli: Cli) -> None:
    assert cli.run("usage").out == "No requests in this time.\n"
    assert cli.run("usage", "--json").json == []


@pytest.mark.parametrize("span", ["", "7", "d", "-1d", "7.5d", "1e9d", "999999d", "yesterday", "٧d"])
def test_what_is_no_span_is_wrong_usage(cli: Cli, span: str) -> None:
    assert "24h, 7d or 4w" in cli.run("usage", "--since", span, status=2).err


def test_what_was_taken_out_of_requests_is_told_and_listed(used: Cli) -> None:
    journal = Journal(used.home / "journal.sqlite3")
    for names in (("cache_control.scope", "anthropic-beta: oauth-2025-04-20"), ("cache_control.scope",)):
        journal.record(msgspec.structs.replace(exchange("aws", 1), removed=names))
    journal.close()
    assert "`proxycast usage --removed` lists them" in used.run("usage").out
    assert used.run("usage", "--removed").out == (
        "Credential  Taken out                         Requests\n"
        "aws         cache_control.scope                      2\n"
        "aws         anthropic-beta: oauth-2025-04-20         1\n"
    )
    assert [one["requests"] for one in used.run("usage", "--removed", "--json").json] == [2, 1]


def test_nothing_taken_out_is_nothing_told(used: Cli) -> None:
    assert "--removed" not in used.run("usage").out
    assert used.run("usage", "--removed").out == "Nothing was taken out of requests in this time.\n"
