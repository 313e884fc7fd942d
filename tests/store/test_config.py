import re

import pytest

from proxycast.model.credential import (
    Auth,
    Aws,
    AwsEndpoint,
    Credential,
    Environment,
    Keyring,
    Kind,
    Literal,
    Timeouts,
)
from proxycast.model.errors import ConfigError
from proxycast.model.secret import Secret
from proxycast.model.settings import Settings
from proxycast.store.config import Configuration, parse

GUIDE = """\
providers:
  - name: anthropic-official
    type: claude-custom
    api_key: "sk-ant-..."
    # 使用默认 Base URL
    
  - name: claude-proxy
    type: claude-custom
    api_key: "..."
    base_url: "https://my-proxy.example.com"

claude-custom:                 # no `type` inside: defaults for every claude-custom credential
  api_version: "2023-06-01"
  headers:
    X-Custom-Header: "value"
  timeout:
    connect: 10s
    request: 180s  # Claude 响应可能较慢

bedrock-claude:
  type: claude-custom
  aws_region: "us-east-1"
  aws_access_key: "..."
  aws_secret_key: "..."
  model_id: "anthropic.claude-3-sonnet-20240229-v1:0"
"""  # noqa: W293 - as the users' guide has it


def one(text: str) -> Credential:
    (credential,) = parse(text, "config.yaml").pool.credentials
    return credential


def item(keys: str) -> Credential:
    return one(f"providers: [{{name: it, type: claude-custom, {keys}}}]")


def refused(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse(text, "config.yaml")
    return caught.value


def test_both_forms_of_the_guide_load_in_the_order_of_the_file() -> None:
    official, compatible, bedrock = parse(GUIDE, "config.yaml").pool.credentials

    assert official.name == "anthropic-official"
    assert official.kind is Kind.ANTHROPIC
    assert official.base_url == "https://api.anthropic.com"
    assert official.secrets == {"api_key": Literal(Secret("sk-ant-..."))}
    assert official.headers == (("X-Custom-Header", "value"),)
    assert compatible.kind is Kind.COMPATIBLE
    assert compatible.base_url == "https://my-proxy.example.com"
    assert bedrock.name == "bedrock-claude"
    assert bedrock.kind is Kind.BEDROCK
    assert bedrock.base_url == ""
    assert bedrock.aws == Aws(region="us-east-1", model_id="anthropic.claude-3-sonnet-20240229-v1:0")
    assert set(bedrock.secrets) == {"aws_access_key", "aws_secret_key"}
    assert parse(GUIDE, "config.yaml").settings == Settings()


@pytest.mark.parametrize("section", re.split(r"\n\n(?=\S)", GUIDE))
def test_each_piece_of_the_guide_loads_by_itself(section: str) -> None:
    assert isinstance(parse(section, "config.yaml"), Configuration)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "providers:\n", "providers: []\n", "{}", "claude-custom:\n"])
def test_a_file_without_credentials_is_an_empty_pool(text: str) -> None:
    assert parse(text, "config.yaml") == Configuration()


def test_a_section_named_claude_custom_with_a_type_is_a_credential() -> None:
    assert one("claude-custom: {type: claude-custom, api_key: keyring}").name == "claude-custom"


def test_the_top_level_settings() -> None:
    text = "server: {host: '::1', port: '0'}\nproxy: SYSTEM\nselected: b\nproviders: [{name: a}, {name: b}]\n"
    configuration = parse(text, "config.yaml")
    assert configuration.settings == Settings(host="::1", port=0, proxy="system")
    assert configuration.pool.chosen == "b"
    assert parse("selected:\nproxy: ''\nserver:\n", "config.yaml") == Configuration()


def test_a_credential_with_every_key() -> None:
    credential = item(
        "id: 0123abc, revision: 3, enabled: false, base_url: http://10.0.0.1/v1/messages, allow_http: true, auth: both,"
        " api_version: 2026-10-21, headers: {X-A: ' 1 ', x-b: ''}, timeout: {connect: 500ms, request: 5, idle: 2m},"
        " proxy: 'socks5h://127.0.0.1:1080', ca_file: /etc/ca.pem, models: {claude-a: glm}, api_key: keyring"
    )
    assert credential == Credential(
        id="0123abc",
        name="it",
        kind=Kind.COMPATIBLE,
        enabled=False,
        base_url="http://10.0.0.1",
        auth=Auth.BOTH,
        api_version="2026-10-21",
        headers=(("X-A", "1"), ("x-b", "")),
        timeouts=Timeouts(connect=0.5, request=5.0, idle=120.0),
        proxy="socks5h://127.0.0.1:1080",
        ca_file="/etc/ca.pem",
        allow_http=True,
        models={"claude-a": "glm"},
        secrets={"api_key": Keyring()},
        revision=3,
    )


def test_a_bedrock_credential_with_every_key() -> None:
    credential = item(
        "base_url: https://vpce-1.amazonaws.com, aws_region: cn-north-1, aws_profile: work, aws_endpoint: mantle,"
        " model_id: m, aws_access_key: keyring, aws_secret_key: '${AWS_SECRET}', aws_session_token: t,"
        " aws_bearer_token: b"
    )
    assert credential.kind is Kind.BEDROCK
    assert credential.base_url == "https://vpce-1.amazonaws.com"
    assert credential.aws == Aws(region="cn-north-1", profile="work", endpoint=AwsEndpoint.MANTLE, model_id="m")
    assert credential.secrets["aws_secret_key"] == Environment("AWS_SECRET")
    assert list(credential.secrets) == ["aws_access_key", "aws_secret_key", "aws_session_token", "aws_bearer_token"]


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        ("", Kind.ANTHROPIC),
        ("base_url: api.anthropic.com/v1", Kind.ANTHROPIC),
        ("base_url: 'https://api.anthropic.com:8443'", Kind.COMPATIBLE),
        ("model_id: x", Kind.BEDROCK),
        ("aws_profile: x", Kind.BEDROCK),
        ("aws_endpoint: bedrock", Kind.BEDROCK),
        ("aws_region: ", Kind.ANTHROPIC),
    ],
)
def test_the_kind_follows_from_the_keys(keys: str, kind: Kind) -> None:
    assert item(keys).kind is kind


def test_keys_without_a_value_count_as_not_given() -> None:
    empty = "base_url:\n    api_key: ~\n    headers:\n    timeout: {connect: }\n    auth: ''\n    models: {a: }\n"
    assert one(f"providers:\n  - name: it\n    {empty}") == one("providers: [{name: it}]")


def test_a_credential_beats_the_defaults_which_beat_what_is_built_in() -> None:
    text = """
providers:
  - {name: plain}
  - {name: own, timeout: {idle: 9s}, headers: {x-default: mine, X-Own: "2"}, auth: bearer, base_url: api.anthropic.com,
     models: {b: own}}
  - {name: aws, aws_region: us-east-1}
claude-custom:
  {auth: both, base_url: "http://gateway.lan", allow_http: true, proxy: none, timeout: {connect: 1s, idle: 2s},
   headers: {X-Default: "1", X-Kept: "3"}, models: {a: default, b: default}}
"""
    plain, own, aws = parse(text, "config.yaml").pool.credentials
    assert (plain.auth, plain.base_url, plain.proxy) == (Auth.BOTH, "http://gateway.lan", "none")
    assert plain.timeouts == Timeouts(connect=1.0, request=180.0, idle=2.0)
    assert plain.headers == (("X-Default", "1"), ("X-Kept", "3"))
    assert (own.auth, own.base_url) == (Auth.BEARER, "https://api.anthropic.com")
    assert own.timeouts == Timeouts(connect=1.0, request=180.0, idle=9.0)
    assert set(own.headers) == {("X-Kept", "3"), ("x-default", "mine"), ("X-Own", "2")}
    assert own.models == {"a": "default", "b": "own"}
    assert aws.base_url == ""


def test_without_an_id_it_follows_from_the_name_for_ever() -> None:
    assert one("providers: [{name: work}]").id == "a6999afd1956"
    assert one("work: {type: claude-custom}").id == "a6999afd1956"
    assert one("providers: [{name: home}]").id != "a6999afd1956"


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("keyring", Keyring()),
        ("'${ANTHROPIC_API_KEY}'", Environment("ANTHROPIC_API_KEY")),
        ("'  sk-ant-1\\n'", Literal(Secret("sk-ant-1\\n"))),
        ('"  sk-ant-1\\n"', Literal(Secret("sk-ant-1"))),
        ("no", Literal(Secret("no"))),
        ("123", Literal(Secret("123"))),
        ("$KEY", Literal(Secret("$KEY"))),
    ],
)
def test_where_a_secret_is(written: str, source: object) -> None:
    assert item(f"api_key: {written}").secrets == {"api_key": source}


CANARY = "sk-canary"


@pytest.mark.parametrize(
    "keys",
    [
        f'api_key: "{CANARY} {CANARY}"',
        f'api_key: "{CANARY}\\x07"',
        f"api_key: {CANARY}é",
        f"api_key: '${{{CANARY}}}'",
        f"api_key: '${{{CANARY}'",
        f"api_key: [{CANARY}]",
        f"api_key: {{a: {CANARY}}}",
        f"aws_secret_key: '{CANARY} x'",
        f'headers: {{X-A: "{CANARY}\\n"}}'.replace("\\n", "\\n\\0"),
        f"headers: {{X-A: {CANARY}é}}",
        f"headers: {{X-A: [{CANARY}]}}",
        f"headers: {CANARY}",
        f"proxy: 'ftp://user:{CANARY}@host'",
        f"base_url: 'https://user:{CANARY}@host'",
        f"timeout: {CANARY}",
    ],
)
def test_no_error_shows_a_secret(keys: str) -> None:
    error = refused(f"providers: [{{name: it, {keys}}}]")
    assert "canary" not in str(error)
    assert error.line == 1
    assert error.column > 1


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("- a", 1, 1, "this is a list"),
        ("providers: {}", 1, 12, "A list is expected"),
        ("providers:\n  - oops", 2, 5, "a single value"),
        ("providers:\n  - type: claude-custom", 2, 5, "no name"),
        ("providers:\n  -\n", 2, 4, "no name"),
        ("providers:\n  - name: a\n    tpye: claude-custom", 3, 5, "Did you mean type?"),
        ("providers:\n  - name: a\n    xyzzy: 1", 3, 5, "Allowed: name, type, id"),
        ("providers:\n  - name: a\n    type: openai", 3, 11, "Allowed: claude-custom"),
        ("providers:\n  - name: a/b", 2, 11, "cannot be used"),
        ("providers:\n  - name: a\n  - name: a", 3, 11, "Two credentials are named a"),
        ("providers: [{name: a, id: x}, {name: b, id: x}]", 1, 45, "a and b have the same id"),
        ("a: {type: claude-custom}\nproviders: [{name: a}]", 2, 20, "Two credentials are named a"),
        ("a/b: {type: claude-custom}", 1, 1, "cannot be used"),
        ("a: {type: openai}", 1, 11, "Allowed: claude-custom"),
        ("a: {type: claude-custom, name: b}", 1, 26, "Leave out `name`"),
        ("work: {api_key: x}", 1, 1, "A credential needs `type: claude-custom`"),
        ("prox: none", 1, 1, "Did you mean proxy?"),
        ("desktop: 1", 1, 1, "Allowed: providers, claude-custom, selected, server, proxy, log_level."),
        ("claude-custom:\n  api_key: x", 2, 3, "belongs to one credential"),
        ("claude-custom:\n  tmeout: x", 2, 3, "Did you mean timeout?"),
        ("claude-custom: {base_url: 'http://8.8.8.8'}", 1, 27, "unencrypted"),
        ("server: {port: 65536}", 1, 16, "from 0 to 65535"),
        ("server: {port: -1}", 1, 16, "from 0 to 65535"),
        ("server: {port: eighty}", 1, 16, "from 0 to 65535"),
        ("server: {host: example.com}", 1, 16, "another IP address"),
        ("server: {prt: 1}", 1, 10, "Did you mean port?"),
        ("selected: wrok\nproviders: [{name: work}]", 1, 11, "Did you mean work?"),
        ("proxy: socks4://h:1", 1, 8, "socks5://host:port"),
        ("proxy: http://host", 1, 8, "http://host:port"),
        ("proxy: http://host:1/path", 1, 8, "http://host:port"),
    ],
)
def test_a_bad_file_is_refused_with_place_finding_and_what_is_allowed(
    text: str, line: int, column: int, says: str
) -> None:
    error = refused(text)
    assert (error.file, error.line, error.column) == ("config.yaml", line, column)
    assert says in str(error)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("enabled: maybe", "Allowed: true, false"),
        ("auth: basic", "Allowed: auto, x-api-key, bearer, both"),
        ("aws_endpoint: s3", "Allowed: bedrock, mantle, claude-platform"),
        ("revision: 0", "whole number from 1"),
        ("revision: 1.5", "whole number from 1"),
        ("id: 'a/1'", "letters, digits"),
        ("api_version: 'a b'", "2023-06-01"),
        ("timeout: {connect: 3y}", "10s, 500ms, 3m"),
        ("timeout: {connect: 0}", "more than 0"),
        ("timeout: {conect: 3s}", "Did you mean connect?"),
        ("timeout: 3s", "Keys with values"),
        ("base_url: 'https://h/?x=1'", "query"),
        ("base_url: 'http://169.254.169.254'", "metadata"),
        ("base_url: 'http://10.0.0.1'", "allow_http: true"),
        ('ca_file: "a\\tb"', "control character"),
        ('models: {a: ""}', "empty"),
        ("headers: {X_A: '1'}", "services do not tell _ from -"),
        ("headers: {'X A': '1'}", "not the name of a header"),
        ("headers: {Host: a}", "sets the header Host itself"),
        ("headers: {Transfer-Encoding: a}", "itself"),
        ("headers: {Authorization: a}", "Put the key into api_key"),
        ("headers: {X-Api-Key: a}", "Put the key into api_key"),
        ("headers: {proxy-authorization: a}", "Put the key into api_key"),
        ("headers: {x-amz-security-token: a}", "Put the key into api_key"),
        ("headers: {X-A: '1', x-a: '2'}", "second time"),
        ('headers: {X-A: "1\\r\\nX-B: 2"}', "line break"),
        ("api_key: ''", "The key is empty"),
        ("api_key: '${A-B}'", "${NAME}"),
        ("api_key: ' ${A} x'", "${NAME}"),
        ("aws_region: r, api_key: x", "aws_bearer_token"),
    ],
)
def test_a_bad_value_is_refused_with_what_is_allowed(keys: str, says: str) -> None:
    error = refused(f"providers: [{{name: it, {keys}}}]")
    assert says in str(error)
    assert error.line == 1
    assert error.column > len("providers: [{name: it, ")


def test_a_credential_may_forbid_what_the_defaults_allow() -> None:
    text = (
        "claude-custom: {allow_http: true, base_url: 'http://10.0.0.1'}\nproviders:\n  - {name: a, allow_http: false}"
    )
    error = refused(text)
    assert (error.line, error.column) == (3, 5)
