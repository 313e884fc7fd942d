"""`proxycast add`: what options make of a credential, and which are refused."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Cli

from proxycast.model.credential import Auth, Aws, AwsEndpoint, Environment, Keyring, Kind, Timeouts

KEY = "sk-ant-api03-given-on-standard-input"


def test_a_key_from_standard_input_goes_into_the_vault(vault: Cli) -> None:
    ran = vault.run("add", "work", given=f"{KEY}\r\nand more\n")
    assert ran.out == "Added work. Its key is in: encrypted vault.\n"
    assert ran.err == ""
    (added,) = vault.pool()
    assert (added.name, added.kind, added.secrets) == ("work", Kind.ANTHROPIC, {"api_key": Keyring()})
    for file in vault.home.rglob("*"):
        assert not file.is_file() or KEY.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ([], {"kind": Kind.ANTHROPIC, "base_url": "https://api.anthropic.com", "enabled": True, "headers": ()}),
        (
            ["--base-url", "relay.example.com/v1/messages"],
            {"kind": Kind.COMPATIBLE, "base_url": "https://relay.example.com"},
        ),
        *((["--auth", auth.value], {"auth": auth}) for auth in Auth),
        (["--api-version", "2026-10-21"], {"api_version": "2026-10-21"}),
        (["--header", "X-A=1", "--header", "X-B = a=b "], {"headers": (("X-A", "1"), ("X-B", "a=b"))}),
        (["--model", "sonnet=vendor/model:1"], {"models": {"sonnet": "vendor/model:1"}}),
        (
            ["--connect-timeout", "1500ms", "--request-timeout", "3m", "--idle-timeout", "60"],
            {"timeouts": Timeouts(connect=1.5, request=180, idle=60)},
        ),
        (["--proxy", "socks5://127.0.0.1:1080"], {"proxy": "socks5://127.0.0.1:1080"}),
        (["--ca-file", "/etc/company.pem"], {"ca_file": "/etc/company.pem"}),
        (
            ["--base-url", "http://10.0.0.5:4000", "--allow-http"],
            {"base_url": "http://10.0.0.5:4000", "allow_http": True},
        ),
        (["--disabled"], {"enabled": False}),
    ],
)
def test_every_option_is_a_field(cli: Cli, options: list[str], fields: dict[str, object]) -> None:
    ran = cli.run("add", "中转 1", *options, given="${THE_KEY}")
    assert ran.out.startswith("Added 中转 1.")
    (added,) = cli.pool()
    assert added.secrets == {"api_key": Environment("THE_KEY")}
    assert {name: getattr(added, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("options", "aws", "secrets"),
    [
        (["--profile", "dev"], Aws(region="us-east-1", profile="dev"), set()),
        ([], Aws(region="us-east-1"), set()),
        (["--model-id", "us.anthropic.claude-x"], Aws(region="us-east-1", model_id="us.anthropic.claude-x"), set()),
        (["--bearer"], Aws(region="us-east-1"), {"aws_bearer_token"}),
        (["--access-key", "AKIAX"], Aws(region="us-east-1"), {"aws_access_key", "aws_secret_key"}),
    ],
)
def test_bedrock_takes_its_keys_in_one_of_four_ways(
    vault: Cli, options: list[str], aws: Aws, secrets: set[str]
) -> None:
    ran = vault.run("add", "aws", "--bedrock", "--region", "us-east-1", *options, given=KEY)
    (added,) = vault.pool()
    assert (added.kind, added.aws, set(added.secrets)) == (Kind.BEDROCK, aws, secrets)
    assert ("encrypted vault" in ran.out) == bool(secrets)
    assert added.aws is not None
    assert added.aws.endpoint is AwsEndpoint.BEDROCK


def test_bedrock_takes_a_session_token_and_another_door(vault: Cli) -> None:
    options = ["--region", "us-east-1", "--access-key", "AKIAX", "--session-token", "--model-id", "m"]
    door = ["--endpoint", "claude-platform", "--workspace-id", "wrkspc_1"]
    vault.run("add", "aws", "--bedrock", *options, *door, given="secret\ntoken\n")
    vault.run("add", "profile", "--bedrock", "--profile", "work")
    keyed, profile = vault.pool()
    assert keyed.aws == Aws(
        region="us-east-1", model_id="m", endpoint=AwsEndpoint.CLAUDE_PLATFORM, workspace_id="wrkspc_1"
    )
    assert set(keyed.secrets) == {"aws_access_key", "aws_secret_key", "aws_session_token"}
    assert (profile.kind, profile.aws, dict(profile.secrets)) == (Kind.BEDROCK, Aws(profile="work"), {})
    assert "claude-platform · us-east-1" in vault.run("list").out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--bedrock"], "--region"),
        (["--bedrock", "--bearer"], "--region"),
        (["--bedrock", "--region", "r", "--session-token"], "--access-key"),
        (["--bedrock", "--region", "r", "--endpoint", "claude-platform"], "--workspace-id"),
        (["--endpoint", "mantle"], "--endpoint goes with --bedrock"),
        (["--region", "us-east-1"], "--bedrock"),
        (["--access-key", "AKIAX"], "--access-key goes with --bedrock"),
        (["--bedrock", "--region", "r", "--profile", "p", "--bearer"], "--profile and --bearer"),
        (["--bedrock", "--region", "r", "--profile", "p", "--access-key", "a"], "--profile and --access-key"),
        (["--base-url", ""], "--base-url is empty"),
        (["--proxy", " "], "--proxy is empty"),
        (["--idle-timeout", ""], "--idle-timeout is empty"),
        (["--header", "X-A"], "NAME=VALUE"),
        (["--header", "=1"], "NAME=VALUE"),
        (["--header", "X-A=1", "--header", "X-A=2"], "X-A twice"),
        (["--model", "sonnet"], "--model"),
        (["--auth", "basic"], "x-api-key"),
        (["--auth", ""], "x-api-key"),
        (["--key", "sk-on-the-command-line"], "No such option"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_asked(cli: Cli, options: list[str], words: str) -> None:
    ran = cli.run("add", "work", *options, given=KEY, status=2)
    assert words in ran.err
    assert ran.out == ""
    assert cli.pool() == []


@pytest.mark.parametrize(
    ("arguments", "given", "code", "words"),
    [
        ([""], KEY, "invalid_input", "name"),
        (["a/b"], KEY, "invalid_input", "a/b"),
        (["work", "--base-url", "http://relay.example.com"], KEY, "invalid_input", "unencrypted"),
        (["work", "--base-url", "https://169.254.169.254"], KEY, "invalid_input", "metadata"),
        (["work", "--base-url", "https://user:pw@relay.example.com"], KEY, "invalid_input", "user name or password"),
        (["work", "--header", "Authorization=Bearer x"], KEY, "invalid_input", "Authorization"),
        (["work", "--header", "X-A=1", "--header", "x-a=2"], KEY, "invalid_input", "second time"),
        (["work", "--connect-timeout", "soon"], KEY, "invalid_input", "soon"),
        (["work", "--proxy", "ftp://x:1"], KEY, "invalid_input", "proxy"),
        (["work"], "", "invalid_input", "standard input"),
        (["work"], "\n", "invalid_input", "standard input"),
        (["work"], "two words", "invalid_input", "space"),
        (["work"], "keyring", "invalid_input", "stands for a stored key"),
        (["work"], "${HALF", "invalid_input", "names no environment variable"),
        (["work"], "schlüssel", "invalid_input", "ASCII"),
        (["work"], b"\xff\xfe\x00", "invalid_input", "not text"),
        (["work"], KEY, "keyring_missing", "PROXYCAST_PASSPHRASE"),
        (["taken"], KEY, "name_taken", "rotate taken"),
    ],
)
def test_what_cannot_be_added_is_told_in_one_line_and_changes_nothing(
    cli: Cli, arguments: list[str], given: str | bytes, code: str, words: str
) -> None:
    cli.write("providers: [{name: taken, type: claude-custom}]\n")
    before = cli.config.read_bytes()
    ran = cli.run("add", *arguments, "--json", given=given, status=1)
    assert ran.json["error"]["code"] == code
    assert words in ran.json["error"]["message"]
    assert ran.err == f"proxycast: {ran.json['error']['message']}\n"
    assert KEY not in ran.out + ran.err
    assert cli.config.read_bytes() == before


def test_programs_are_told_what_was_added_and_no_secret(vault: Cli) -> None:
    ran = vault.run("add", "work", "--header", "X-Token=a-header-secret", "--json", given=KEY)
    assert ran.json["name"] == "work"
    assert ran.json["selected"] is True
    assert ran.json["secrets"] == {"api_key": "keyring"}
    assert ran.json["headers"] == ["X-Token"]
    assert "a-header-secret" not in ran.out
    assert ran.json["stored_in"] == "encrypted vault"
