"""`proxycast env` and `token`: what clients are given."""

from __future__ import annotations

import re
import subprocess

import pytest
from tests.cli.conftest import Cli

TOKEN = "pc_'$(id)'\"quoted\"`"


@pytest.fixture
def hostile(cli: Cli) -> Cli:
    """A token and a name that shells trip over."""
    cli.environment["PROXYCAST_TOKEN"] = TOKEN
    cli.write('providers: [{name: "两个 字\'s", type: claude-custom}]\nserver: {port: 9001}\n')
    return cli


def test_a_shell_that_evaluates_it_has_the_three_variables(hostile: Cli) -> None:
    lines = hostile.run("env", "--credential", "两个 字's", NO_PROXY="corp.example").out
    shown = subprocess.run(
        ["sh", "-c", 'eval "$LINES"; printf "%s\\n" "$ANTHROPIC_BASE_URL" "$ANTHROPIC_AUTH_TOKEN" "$NO_PROXY"'],
        env={"LINES": lines},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.splitlines() == [
        "http://127.0.0.1:9001/c/%E4%B8%A4%E4%B8%AA%20%E5%AD%97%27s",
        TOKEN,
        "corp.example,127.0.0.1,localhost",
    ]


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "export ANTHROPIC_BASE_URL=http://127.0.0.1:9001"),
        ("fish", "set -gx ANTHROPIC_BASE_URL 'http://127.0.0.1:9001'"),
        ("powershell", "$Env:ANTHROPIC_BASE_URL = 'http://127.0.0.1:9001'"),
        ("cmd", 'set "ANTHROPIC_BASE_URL=http://127.0.0.1:9001"'),
    ],
)
def test_each_shell_gets_its_own_lines(hostile: Cli, shell: str, line: str) -> None:
    assert hostile.run("env", "--shell", shell).out.splitlines()[0] == line


def test_the_shell_in_use_is_the_default(hostile: Cli) -> None:
    assert hostile.run("env", SHELL="/usr/bin/fish").out.startswith("set -gx")
    assert hostile.run("env").out.startswith("export")


def test_programs_get_the_variables(hostile: Cli) -> None:
    assert hostile.run("env", "--json", NO_PROXY=None).json == {
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:9001",
        "ANTHROPIC_AUTH_TOKEN": TOKEN,
        "NO_PROXY": "127.0.0.1,localhost",
    }


def test_a_port_that_changes_with_every_start_is_told(hostile: Cli) -> None:
    hostile.write("server: {port: 0}\n")
    assert "server.port" in hostile.run("env", status=1).err


def test_the_token_is_the_same_until_it_is_renewed(vault: Cli) -> None:
    first = vault.run("token").out.strip()
    assert re.fullmatch(r"pc_[\w-]{43}", first)
    assert vault.run("env", "--json").json["ANTHROPIC_AUTH_TOKEN"] == first
    renewed = vault.run("token", "--rotate", "--json").json["token"]
    assert renewed != first
    assert vault.run("token").out.strip() == renewed


@pytest.mark.parametrize("arguments", [["token"], ["token", "--rotate"], ["env"]])
def test_a_token_that_no_proxy_would_know_is_not_given_out(cli: Cli, arguments: list[str]) -> None:
    ran = cli.run(*arguments, "--json", status=1)
    assert ran.json["error"]["code"] == "keyring_missing"
    assert "PROXYCAST_TOKEN" in ran.err
    assert "pc_" not in ran.out


def test_a_token_of_the_environment_is_shown_but_not_renewed(hostile: Cli) -> None:
    assert hostile.run("token").out == f"{TOKEN}\n"
    assert "Unset it" in hostile.run("token", "--rotate", status=1).err


def test_a_variable_that_is_no_token_is_told(cli: Cli) -> None:
    ran = cli.run("token", status=1, PROXYCAST_TOKEN="two words")
    assert "PROXYCAST_TOKEN" in ran.err
    assert "two words" not in ran.err


def test_claude_code_in_bedrock_mode_gets_its_own_variables(cli: Cli) -> None:
    cli.environment["PROXYCAST_TOKEN"] = TOKEN
    cli.write(
        "aws: {type: claude-custom, aws_region: eu-west-1}\nwork: {type: claude-custom, api_key: k}\nselected: aws\n"
    )
    assert cli.run("env", "--bedrock", "--json", NO_PROXY=None).json == {
        "CLAUDE_CODE_USE_BEDROCK": "1",
        "ANTHROPIC_BEDROCK_BASE_URL": "http://127.0.0.1:8999",
        "AWS_BEARER_TOKEN_BEDROCK": TOKEN,
        "AWS_REGION": "eu-west-1",
        "NO_PROXY": "127.0.0.1,localhost",
    }
    assert "no AWS Bedrock credential" in cli.run("env", "--bedrock", "--credential", "work", status=1).err
