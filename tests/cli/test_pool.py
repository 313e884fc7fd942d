"""Commands on the pool, on a file whose keys stand in the environment: no keyring is asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Cli
from tests.fakes.answers import error
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY

from proxycast.cli.output import table

FILE = """\
providers:
  - {name: one, type: claude-custom, api_key: "${ONE}"}
  - {name: 中转, type: claude-custom, api_key: "${TWO}", base_url: https://relay.example.com}
  - {name: aws, type: claude-custom, aws_region: eu-central-1, enabled: false}
"""


@pytest.fixture
def filled(cli: Cli) -> Cli:
    cli.write(FILE)
    return cli


def test_the_pool_is_a_table_with_the_selected_one_marked(filled: Cli) -> None:
    assert filled.run("list").out == (
        "   Name  Kind               Destination                State     Uses  Errors\n"
        "●  one   Anthropic          https://api.anthropic.com  enabled      0       0\n"
        "   中转  Claude-compatible  https://relay.example.com  enabled      0       0\n"
        "   aws   AWS Bedrock        eu-central-1               disabled     0       0\n"
    )


def test_programs_get_the_pool_without_any_secret(filled: Cli) -> None:
    one, relay, aws = filled.run("list", "--json").json
    assert (one["name"], one["selected"], one["kind"], one["secrets"]) == (
        "one",
        True,
        "anthropic",
        {"api_key": "environment"},
    )
    assert (relay["name"], relay["selected"], relay["base_url"]) == ("中转", False, "https://relay.example.com")
    assert (aws["enabled"], aws["region"], aws["base_url"], aws["uses"], aws["last_used"]) == (
        False,
        "eu-central-1",
        None,
        0,
        None,
    )


def test_an_empty_pool_says_how_to_fill_it(cli: Cli) -> None:
    assert "proxycast add NAME" in cli.run("list").out
    assert cli.run("list", "--json").json == []


@pytest.fixture
def silent_bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[socket.socket]]]:
    """A D-Bus address behind which nothing ever answers, as of a hung keyring; and who called there."""
    path = tmp_path_factory.mktemp("bus") / "bus"
    calls: list[socket.socket] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def accept() -> None:
            try:
                while True:
                    calls.append(listener.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=accept)
        thread.start()
        yield f"unix:path={path}", calls
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    for call in calls:
        call.close()


def test_what_needs_no_secret_asks_no_keyring(filled: Cli, silent_bus: tuple[str, list[socket.socket]]) -> None:
    address, calls = silent_bus
    for arguments in (
        ["list"],
        ["use", "one"],
        ["disable", "one"],
        ["rename", "one", "two"],
        ["remove", "aws"],
        ["export", "-"],
    ):
        filled.run(*arguments, DBUS_SESSION_BUS_ADDRESS=address)
    assert calls == []
    ran = filled.run("add", "new", given=KEY, status=1, DBUS_SESSION_BUS_ADDRESS=address)
    assert "keyring" in ran.err
    assert calls != []


def test_a_journal_that_cannot_be_read_does_not_hide_the_pool(filled: Cli) -> None:
    (filled.home / "journal.sqlite3").write_bytes(b"no database" * 100)
    ran = filled.run("list")
    assert "one" in ran.out
    assert "requests cannot be read" in ran.err
    assert filled.run("usage", "--json", status=1).json["error"]["code"] == "journal_unreadable"


def test_use_selects(filled: Cli) -> None:
    assert filled.run("use", "中转").out == "中转 is selected.\n"
    assert [row["selected"] for row in filled.run("list", "--json").json] == [False, True, False]


def test_using_a_disabled_one_says_so(filled: Cli) -> None:
    ran = filled.run("use", "aws")
    assert ran.out == "aws is selected.\n"
    assert "proxycast enable aws" in ran.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["rename", "one", "eins"], "one is now called eins."),
        (["enable", "aws"], "aws is enabled."),
        (["disable", "中转"], "中转 is disabled."),
        (["disable", "one"], "one is disabled. Traffic uses 中转 from now on."),
        (["remove", "中转"], "Removed 中转."),
        (["remove", "one"], "Removed one. Traffic uses 中转 from now on."),
    ],
)
def test_a_change_is_said_and_what_follows_from_it(filled: Cli, arguments: list[str], sentence: str) -> None:
    ran = filled.run(*arguments)
    assert (ran.out, ran.err) == (f"{sentence}\n", "")


def test_the_last_one_that_can_be_used_is_missed(filled: Cli) -> None:
    filled.run("remove", "one")
    assert filled.run("disable", "中转").out == "中转 is disabled. No credential is selected now.\n"


@pytest.mark.parametrize(
    ("arguments", "selected"),
    [
        (["disable", "one"], False),
        (["rename", "one", "eins"], True),
        (["remove", "one"], False),
        (["enable", "aws"], False),
    ],
)
def test_programs_are_told_what_is_selected_afterwards(filled: Cli, arguments: list[str], selected: bool) -> None:
    assert filled.run(*arguments, "--json").json["selected"] is selected


@pytest.mark.parametrize("command", ["use", "rename", "enable", "disable", "rotate", "confirm", "remove", "test"])
def test_a_name_that_is_not_there_is_told_with_the_nearest(filled: Cli, command: str) -> None:
    ran = filled.run(command, "onne", *(["new"] if command == "rename" else []), given=KEY, status=1)
    assert ran.err == "proxycast: There is no credential named onne. Did you mean one?\n"


def test_a_rotated_key_goes_to_the_vault_and_out_of_it_to_the_service(vault: Cli, api: FakeMessagesApi) -> None:
    vault.write(f"providers: [{{name: one, type: claude-custom, api_key: sk-old, base_url: {api.base_url}}}]\n")
    assert vault.run("rotate", "one", given=KEY).out == "one has a new key.\n"
    assert "sk-old" not in vault.config.read_text()
    ran = vault.run("test", "one", "--model", "claude-opus-5-5")
    assert "\n\nThe key works: claude-opus-5-5 answered.\n" in ran.out
    assert api.requests[0].value("x-api-key") == KEY


def test_a_key_is_confirmed_for_where_it_goes_now(vault: Cli, api: FakeMessagesApi) -> None:
    vault.run("add", "one", given=KEY)
    vault.write(vault.config.read_text() + f"    base_url: {api.base_url}\n")
    ran = vault.run("test", "one", "--json", status=1)
    assert ran.json["findings"][1]["key"] == "secret.destination_changed"
    assert "https://api.anthropic.com" in ran.err
    assert api.base_url in ran.err
    assert api.requests == []
    ran = vault.run("confirm", "one", "--json")
    assert ran.json["destination"] == api.base_url
    assert "answered" in vault.run("test", "one").out


def test_both_halves_of_an_aws_key_can_be_rotated(vault: Cli) -> None:
    vault.run("add", "aws", "--bedrock", "--region", "r", "--access-key", "AKIA1", given="secret1")
    vault.run("rotate", "aws", "--access-key", "AKIA2", given="secret2")
    (aws,) = vault.pool()
    assert (aws.revision, set(aws.secrets)) == (2, {"aws_access_key", "aws_secret_key"})


def test_a_temporary_aws_key_is_rotated_with_its_token(vault: Cli) -> None:
    keys = {"aws_access_key", "aws_secret_key"}

    def names() -> set[str]:
        (aws,) = vault.pool()
        return set(aws.secrets)

    vault.run("add", "aws", "--bedrock", "--region", "us-east-1", "--access-key", "AKIA1", given="secret1")
    vault.run("rotate", "aws", "--access-key", "ASIA2", "--session-token", given="secret2\ntoken2\n")
    assert names() == keys | {"aws_session_token"}
    vault.run("rotate", "aws", given="secret3\ntoken3\n")
    assert names() == keys | {"aws_session_token"}
    vault.run("rotate", "aws", "--access-key", "AKIA4", given="secret4")
    assert names() == keys


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["aws"], "AWS's own configuration"), (["one", "--access-key", "AKIAX"], "no AWS access key")],
)
def test_what_has_no_such_key_cannot_be_rotated(filled: Cli, arguments: list[str], words: str) -> None:
    assert words in filled.run("rotate", *arguments, given=KEY, status=1).err
    assert filled.config.read_text() == FILE


def test_a_rotated_key_may_be_a_variable(filled: Cli) -> None:
    filled.run("rotate", "one", given="${ANOTHER}")
    assert "${ANOTHER}" in filled.config.read_text()


def test_a_test_that_finds_something_ends_with_1_and_one_line(filled: Cli, api: FakeMessagesApi) -> None:
    filled.write(f"providers: [{{name: one, type: claude-custom, api_key: sk-x, base_url: {api.base_url}}}]\n")
    api.enqueue(error(402, "Pay\nfirst"), error(402, "Pay first"))
    people = filled.run("test", "one", status=1)
    assert "✗ Authentication: The account of this key has no credit left" in people.out
    assert "The service said: Pay first\n" in people.out
    assert people.err.startswith("proxycast: The account of this key has no credit left")
    assert len(people.err.splitlines()) == 1
    machine = filled.run("test", "one", "--json", status=1)
    fault = next(one for one in machine.json["findings"] if one["state"] == "failed")
    assert (machine.json["works"], fault["key"], fault["said"]) == (False, "authentication.billing", "Pay first")
    assert machine.err.splitlines() == people.err.splitlines()


def test_a_free_test_sends_no_message(filled: Cli, api: FakeMessagesApi) -> None:
    filled.write(f"providers: [{{name: one, type: claude-custom, api_key: {KEY}, base_url: {api.base_url}}}]\n")
    assert "– Message: Not tried: this check costs nothing." in filled.run("test", "one", "--free").out
    assert all(
        one.method == "GET" or b'"messages":[]' in one.body or "count_tokens" in one.path for one in api.requests
    )
    ran = filled.run("test", "one")
    assert ran.out.index("one real message and a short stream go to claude-haiku-5-5") < ran.out.index("✓ Message")


def test_a_key_that_is_not_set_is_told_before_anything_is_sent(filled: Cli) -> None:
    ran = filled.run("test", "one", "--json", status=1, ONE=None)
    assert ran.json["findings"][1]["key"] == "secret.secret_missing"
    assert "ONE" in ran.err


def test_a_bad_file_is_told_with_its_place(filled: Cli) -> None:
    filled.write(FILE.replace("base_url", "base_ulr"))
    ran = filled.run("list", status=1)
    assert ran.err.startswith(f"proxycast: {filled.config}:3:")
    assert "base_url" in ran.err
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (("ab", "1"), "ab     1"),
        (("中文", "22"), "中文  22"),
        (("é", "3"), "é      3"),
        (("e\u0301", "4"), "e\u0301      4"),
        (("a\u200bb", "5"), "a\u200bb     5"),
        (("😀", "6"), "😀     6"),
        (("", "7"), "       7"),
    ],
)
def test_columns_meet_whatever_their_characters_are_wide(cells: tuple[str, str], shown: str) -> None:
    assert table(["Name", "No"], [cells], right=frozenset({1})).splitlines()[1] == shown


def test_no_line_of_a_table_ends_in_blanks(filled: Cli, tmp_path: Path) -> None:
    assert all(line == line.rstrip() for line in filled.run("list").out.splitlines())
