"""Everything people paste when they mean a credential."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxycast.model.secret import Secret
from proxycast.model.vendors import foreign_vendor
from proxycast.service.paste import understand

KEY = "sk-ant-api03-abcdefghijklmnop"
URL = "https://relay.example.com/anthropic"


@pytest.mark.parametrize(
    "text",
    [
        f"export ANTHROPIC_BASE_URL={URL}\nexport ANTHROPIC_AUTH_TOKEN={KEY}",
        f"export ANTHROPIC_BASE_URL='{URL}'; \nexport ANTHROPIC_API_KEY=\"{KEY}\"",
        f"set -gx ANTHROPIC_BASE_URL '{URL}'\nset -gx ANTHROPIC_API_KEY '{KEY}'",
        f"$Env:ANTHROPIC_BASE_URL = '{URL}'\r\n$Env:ANTHROPIC_AUTH_TOKEN = \"{KEY}\"\r\n",
        f'set "ANTHROPIC_BASE_URL={URL}"\r\nset "ANTHROPIC_API_KEY={KEY}"',
        f"setx ANTHROPIC_BASE_URL {URL}\nsetx ANTHROPIC_API_KEY {KEY}",
        f"# my relay\nANTHROPIC_BASE_URL={URL}\nANTHROPIC_API_KEY={KEY}\nOTHER=1",
        f'{{"env": {{"ANTHROPIC_BASE_URL": "{URL}", "ANTHROPIC_AUTH_TOKEN": "{KEY}"}}, "theme": "dark"}}',
        f'{{"base_url": "{URL}", "api_key": "{KEY}"}}',
        f'{{"baseURL": "{URL}", "apiKey": "{KEY}"}}',
        f"providers:\n  - type: claude-custom\n    api_key: {KEY}\n    base_url: {URL}",
    ],
)
def test_lines_for_any_shell_a_json_and_yaml_are_understood(text: str) -> None:
    pasted = understand(text)
    assert pasted is not None
    bearer = {"auth": "bearer"} if "ANTHROPIC_AUTH_TOKEN" in text else {}
    assert dict(pasted.fields) == {"base_url": URL, **bearer}
    assert dict(pasted.secrets) == {"api_key": Secret(KEY)}


def test_a_bare_key_is_one() -> None:
    pasted = understand(f"  {KEY}\n")
    assert pasted is not None
    assert dict(pasted.secrets) == {"api_key": Secret(KEY)}


def test_aws_variables_fill_a_bedrock_credential() -> None:
    pasted = understand(
        "export AWS_ACCESS_KEY_ID=AKIAEXAMPLE\nexport AWS_SECRET_ACCESS_KEY=abc/def+ghi\n"
        "export AWS_SESSION_TOKEN=tok\nexport AWS_DEFAULT_REGION=eu-west-1\n"
    )
    assert pasted is not None
    assert dict(pasted.fields) == {"aws_region": "eu-west-1"}
    assert set(pasted.secrets) == {"aws_access_key", "aws_secret_key", "aws_session_token"}
    assert pasted.secrets["aws_secret_key"] == Secret("abc/def+ghi")


def test_a_named_provider_brings_its_name() -> None:
    pasted = understand(f"name: company\ntype: claude-custom\napi_key: {KEY}\n")
    assert pasted is not None
    assert pasted.fields == {"name": "company"}


@pytest.mark.parametrize("text", ["", "a sentence", "https://a.example/path", "{", "a: b\nc: d"])
def test_anything_else_is_not_taken_for_a_credential(text: str) -> None:
    assert understand(text) is None


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    understand(text)


@pytest.mark.parametrize(
    ("key", "vendor"), [("sk-or-v1-abc", "OpenRouter"), ("AIzaSy", "Google"), ("pc_abc", "ProxyCast"), (KEY, None)]
)
def test_keys_of_other_vendors_are_named(key: str, vendor: str | None) -> None:
    assert foreign_vendor(Secret(key)) == vendor
