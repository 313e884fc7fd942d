"""Moving a credential: its block goes with its comments, all else stays, and what is in use stays in use."""

import itertools

import pytest

from proxycast.model.errors import InputError, UnknownCredential
from proxycast.store.config import parse
from proxycast.store.config_edit import move

FILE = """\
server: {port: 9000}

providers:
  # paid by the team
  - name: one
    type: claude-custom
    api_key: keyring
    # until March

  - name: two
    type: claude-custom
    api_key: ${TWO}   # from the shell
  - {name: three, type: claude-custom, api_key: keyring}

# the account in Frankfurt
aws:
  type: claude-custom
  aws_region: eu-central-1

proxy: none
gateway:
  type: claude-custom
  api_key: keyring
"""


def order(text: str) -> list[str]:
    return [one.name for one in parse(text, "f").pool.credentials]


def moved(name: str, before: str | None, text: str = FILE) -> str:
    return move(text, name, before=before)


ONE = "  # paid by the team\n  - name: one\n    type: claude-custom\n    api_key: keyring\n    # until March\n"
TWO = "  - name: two\n    type: claude-custom\n    api_key: ${TWO}   # from the shell\n"


def test_a_block_takes_the_comments_above_and_in_it_along() -> None:
    assert moved("one", "three", f"{FILE}selected: two\n") == (
        FILE.replace(f"{ONE}\n{TWO}", f"{TWO}\n{ONE}") + "selected: two\n"
    )


def test_the_first_one_stays_in_use_by_name_when_another_becomes_the_first() -> None:
    assert moved("one", "three") == FILE.replace(f"{ONE}\n{TWO}", f"{TWO}\n{ONE}") + "selected: one\n"


def test_sections_trade_places_around_the_settings() -> None:
    changed = moved("gateway", "aws")
    assert order(changed) == ["one", "two", "three", "gateway", "aws"]
    assert changed.index("gateway:") < changed.index("proxy: none") < changed.index("# the account in Frankfurt\naws:")


def test_a_section_can_stand_before_all_of_the_list() -> None:
    changed = moved("aws", "one")
    assert order(changed) == ["aws", "one", "two", "three", "gateway"]
    assert parse(changed, "f").pool.selected == parse(FILE, "f").pool.selected


@pytest.mark.parametrize(("name", "before"), [("aws", "two"), ("one", "gateway"), ("two", None)])
def test_the_list_is_not_torn_apart(name: str, before: str | None) -> None:
    with pytest.raises(InputError, match="providers"):
        moved(name, before)


def test_every_order_of_a_list_can_be_reached() -> None:
    for names in itertools.permutations(["one", "two", "three"]):
        changed = FILE
        for name in names:
            changed = moved(name, "aws", changed)
        assert order(changed) == [*names, "aws", "gateway"]


def test_a_list_in_brackets_can_be_reordered() -> None:
    text = "providers: [{name: a, type: claude-custom}, {name: b, type: claude-custom}]\nselected: b\n"
    assert moved("b", "a", text) == (
        "providers: [{name: b, type: claude-custom}, {name: a, type: claude-custom}]\nselected: b\n"
    )


def test_a_file_without_a_last_line_end_and_one_with_carriage_returns_stay_good() -> None:
    text = "providers:\n- {name: a, type: claude-custom}\n- {name: b, type: claude-custom}"
    assert order(moved("b", "a", text)) == ["b", "a"]
    changed = moved("one", "three", FILE.replace("\n", "\r\n"))
    assert changed.count("\n") == changed.count("\r\n")


def test_moving_to_where_it_stands_changes_nothing() -> None:
    assert moved("one", "two") == FILE


def test_a_name_that_is_not_there_is_told() -> None:
    with pytest.raises(UnknownCredential):
        moved("four", None)
    with pytest.raises(UnknownCredential):
        moved("one", "four")
