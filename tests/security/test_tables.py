"""SECURITY.md, the tests and the list of mutations agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.security.mutations import TABLE, Mutation, mutations, source_of

ROOT = Path(__file__).resolve().parents[2]
THREATS = (1, 2, 3, 5, 7, 8, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 29, 30, 31)
FAULTS = (1, 2, 3, 4, 6, 7, 8, 9, 13, 14, 15, 16, 17, 19, 20, 22, 24, 25)
ROWS = [*(f"T{number}" for number in THREATS), *(f"R{number}" for number in FAULTS)]


def table() -> dict[str, list[str]]:
    """The rows of the table in SECURITY.md: the tests that are named for each."""
    lines = re.findall(r"^\| ([TR]\d+) \|.*\| (.*) \|$", (ROOT / "SECURITY.md").read_text("utf-8"), re.MULTILINE)
    return {row: re.findall(r"`([^`]+)`", named) for row, named in lines}


def test_every_row_is_in_the_table_with_a_test() -> None:
    assert list(table()) == ROWS
    assert all(table().values())


def named_in(file: Path) -> set[str]:
    return set(re.findall(r"def (test_\w+)", file.read_text("utf-8")))


@pytest.mark.parametrize("row", ROWS)
def test_the_named_tests_are_there_and_named_after_the_row(row: str) -> None:
    number = f"{row[0].lower()}{int(row[1:]):02}"
    for one in table()[row]:
        place, _, name = one.partition("::")
        found = [test for test in named_in(ROOT / place) if test.startswith(name.removesuffix("…"))]
        assert found, one
        between = re.search(rf"{row[0].lower()}(\d\d)_to_{row[0].lower()}(\d\d)", name)
        spans = between is not None and int(between[1]) <= int(row[1:]) <= int(between[2])
        assert f"_{number}_" in name or spans, one


def test_every_row_that_a_line_of_code_defends_has_a_mutation() -> None:
    tried = {row for one in mutations() for row in one.row.split()}
    assert set(ROWS) - tried <= {"R16", "R17", "R24", "R25"}, (
        "those are whole designs: a lock, threads, and time itself"
    )


@pytest.mark.parametrize("mutation", mutations(), ids=lambda one: f"{one.row} {one.defence}")
def test_the_code_of_a_mutation_is_there(mutation: Mutation) -> None:
    assert mutation.code in source_of(mutation).read_text("utf-8")
    assert mutation.defence in TABLE.read_text("utf-8"), "run `make mutations`"
