"""`proxycast import` and `export`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Cli

from proxycast.model.credential import Environment
from proxycast.store.config import parse

LITERAL = "sk-ant-api03-literal-of-another-file"
FOREIGN = f"""\
providers:
  - {{name: literal, type: claude-custom, api_key: {LITERAL}}}
  - {{name: variable, type: claude-custom, api_key: "${{ONE}}"}}
  - {{name: keyless, type: claude-custom}}
"""
POOL = """\
providers:
  - {name: 一, type: claude-custom, api_key: sk-a-literal-of-this-pool, headers: {X-Api-Token: a-header-secret}}
  - {name: two, type: claude-custom, api_key: "${TWO}", base_url: https://relay.example.com}
"""


@pytest.fixture
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("elsewhere") / "foreign.yaml"
    file.write_text(FOREIGN, encoding="utf-8")
    return file


def test_an_import_says_what_was_added_left_out_and_lacks_a_key(vault: Cli, foreign: Path) -> None:
    vault.write("providers: [{name: variable, type: claude-custom}]\n")
    ran = vault.run("import", str(foreign))
    assert ran.out == "Added: literal, keyless.\n"
    assert ran.err.splitlines() == [
        "proxycast: variable is in the pool already and was left out.",
        "proxycast: The key of keyless is not in the file; enter it with `proxycast rotate keyless`.",
    ]
    assert LITERAL not in vault.config.read_text()
    again = vault.run("import", str(foreign), "--json")
    assert again.json == {"added": [], "skipped": ["literal", "variable", "keyless"], "keyless": []}
    assert vault.run("import", str(foreign)).out == "Nothing was added.\n"


def test_a_variable_that_is_not_set_here_is_told(cli: Cli, foreign: Path) -> None:
    foreign.write_text(FOREIGN.replace(LITERAL, '"${OTHER}"'))
    assert cli.run("import", str(foreign), "--json", ONE="sk-one").json["keyless"] == ["literal", "keyless"]


def test_literals_are_not_taken_where_nothing_keeps_them(cli: Cli, foreign: Path) -> None:
    ran = cli.run("import", str(foreign), "--json", status=1)
    assert ran.json["error"]["code"] == "keyring_missing"
    assert cli.pool() == []


def test_an_export_holds_no_secret_and_comes_in_again(cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> None:
    cli.write(POOL)
    file = tmp_path_factory.mktemp("out") / "pool.yaml"
    assert cli.run("export", str(file)).out == f"Wrote {file}. It holds no secrets.\n"
    text = file.read_text(encoding="utf-8")
    assert "literal" not in text
    assert "X-Api-Token" not in text
    one, two = parse(text, "exported").pool.credentials
    assert (one.name, one.secrets, two.base_url) == ("一", {}, "https://relay.example.com")
    assert two.secrets == {"api_key": Environment("TWO")}
    cli.config.unlink()
    cli.run("import", str(file))
    assert [one.name for one in cli.pool()] == ["一", "two"]


def test_an_export_to_standard_output_is_the_same(cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> None:
    cli.write(POOL)
    file = tmp_path_factory.mktemp("out") / "pool.yaml"
    cli.run("export", str(file), "--json")
    people, machine = cli.run("export", "-"), cli.run("export", "-", "--json")
    assert people.out == machine.json["yaml"] == file.read_text(encoding="utf-8")


def test_an_export_overwrites_nothing(cli: Cli) -> None:
    cli.write(POOL)
    ran = cli.run("export", str(cli.config), status=1)
    assert "exists already" in ran.err
    assert cli.config.read_text() == POOL


@pytest.mark.parametrize("target", ["no/such/folder/pool.yaml", "config.yaml/pool.yaml"])
def test_an_export_that_cannot_be_written_is_told_in_one_line(cli: Cli, target: str) -> None:
    cli.write(POOL)
    ran = cli.run("export", str(cli.home / target), "--json", status=1)
    assert len(ran.err.splitlines()) == 1
    assert ran.json["error"]["message"] in ran.err


def test_a_file_that_is_not_there_is_wrong_usage(cli: Cli) -> None:
    assert "missing.yaml" in cli.run("import", "missing.yaml", status=2).err
