"""What the dialog suggests, doubts, and makes of pasted text."""

from __future__ import annotations

from pathlib import Path

import pytest

from proxycast.desktop.dialogs.credential import suggest
from proxycast.desktop.dialogs.credential.aws_profiles import read_profiles
from proxycast.desktop.dialogs.credential.entry import AwsSource
from proxycast.model.credential import Kind, validate_name
from proxycast.model.secret import Secret
from proxycast.service.paste import understand
from proxycast.store.paths import resources
from proxycast.upstream.presets import Presets

PRESETS = Presets.read(resources() / "presets.yaml")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_service_suggests_a_name_that_a_credential_can_have(language: str) -> None:
    names = [suggest.short_name(one, language) for one in PRESETS.services]
    assert [validate_name(name) for name in names] == names
    assert len(set(names)) == len(names)


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert suggest.free_name("Kimi", ()) == "Kimi"
    assert suggest.free_name("Kimi", {"Kimi", "Kimi 2"}) == "Kimi 3"


@pytest.mark.parametrize(
    ("search", "found"),
    [("kimi", ["kimi"]), ("月之暗面", ["kimi"]), ("z.ai", ["glm"]), ("127.0.0.1 olla", ["ollama"]), ("nobody", [])],
)
def test_the_search_looks_at_both_languages_and_at_addresses(search: str, found: list[str]) -> None:
    assert [one.id for one in PRESETS.services if suggest.matches(one, search)] == found


@pytest.mark.parametrize(
    ("base_url", "service"),
    [
        ("https://api.moonshot.ai/anthropic/v1/messages", "kimi"),
        ("api.deepseek.com/anthropic/", "deepseek"),
        ("https://api.deepseek.com/other", None),
        ("https://relay.example.com", None),
        ("not a url", None),
    ],
)
def test_a_base_url_in_any_form_finds_its_service(base_url: str, service: str | None) -> None:
    found = suggest.endpoint_at(PRESETS, base_url)
    assert (found[0].id if found else None) == service


@pytest.mark.parametrize(
    ("key", "kind", "base_url", "vendor"),
    [
        ("sk-ant-api03-1", Kind.ANTHROPIC, "", None),
        ("sk-or-v1-1", Kind.ANTHROPIC, "", "OpenRouter"),
        ("sk-or-v1-1", Kind.COMPATIBLE, "https://openrouter.ai/api", None),
        ("sk-ant-api03-1", Kind.COMPATIBLE, "https://relay.example.com", "Anthropic"),
        ("sk-ant-api03-1", Kind.COMPATIBLE, "http://127.0.0.1:4000", None),
        ("pc_abc", Kind.COMPATIBLE, "https://relay.example.com", "ProxyCast"),
        ("anything", Kind.COMPATIBLE, "https://relay.example.com", None),
    ],
)
def test_a_key_of_somebody_else_is_doubted(key: str, kind: Kind, base_url: str, vendor: str | None) -> None:
    doubted = suggest.doubt(Secret(key), kind, base_url)
    assert (doubted.vendor if doubted else None) == vendor


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("sk-ant-api03-0123456789", Kind.ANTHROPIC),
        ("0123456789abcdef", Kind.COMPATIBLE),
        ("ANTHROPIC_BASE_URL=https://relay.example.com\nANTHROPIC_API_KEY=k", Kind.COMPATIBLE),
        ("ANTHROPIC_BASE_URL=https://api.anthropic.com/v1", Kind.ANTHROPIC),
        ("AWS_REGION=us-east-1", Kind.BEDROCK),
    ],
)
def test_pasted_text_tells_the_kind_where_it_can(text: str, kind: Kind) -> None:
    pasted = understand(text)
    assert pasted is not None
    assert suggest.pasted_kind(pasted, Kind.COMPATIBLE) is kind


@pytest.mark.parametrize(
    ("text", "source", "block"),
    [
        ("AWS_BEARER_TOKEN_BEDROCK=abc", AwsSource.API_KEY, True),
        ("AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b", AwsSource.ACCESS_KEY, True),
        ("AWS_PROFILE=work", AwsSource.PROFILE, True),
        ("AWS_REGION=us-east-1", AwsSource.CHAIN, True),
        ("sk-ant-api03-0123456789", AwsSource.CHAIN, False),
    ],
)
def test_pasted_text_tells_the_aws_identity_and_whether_it_is_more_than_a_key(
    text: str, source: AwsSource, block: bool
) -> None:
    pasted = understand(text)
    assert pasted is not None
    assert suggest.pasted_source(pasted, AwsSource.CHAIN) is source
    assert suggest.is_block(pasted) is block


def test_profiles_are_those_of_both_aws_files(tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[default]\n[profile work]\nregion = x\n[sso-session main]\n")
    (tmp_path / ".aws" / "credentials").write_text("[Ci]\naws_access_key_id = %x\n[work]\n")
    assert read_profiles({}, tmp_path) == ("default", "Ci", "work")


def test_aws_files_may_lie_elsewhere_be_broken_or_not_be_there(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("[profile moved]\n")
    broken = tmp_path / "broken"
    broken.write_bytes(b"\xff no section")
    environment = {"AWS_CONFIG_FILE": str(elsewhere), "AWS_SHARED_CREDENTIALS_FILE": str(broken)}
    assert read_profiles(environment, tmp_path) == ("moved",)
    assert read_profiles({}, tmp_path) == ()


@pytest.mark.parametrize(
    ("kind", "base_url", "meant"),
    [
        (Kind.ANTHROPIC, "", Kind.ANTHROPIC),
        (Kind.ANTHROPIC, "https://api.anthropic.com/v1", Kind.ANTHROPIC),
        (Kind.ANTHROPIC, "https://relay.example.com", Kind.COMPATIBLE),
        (Kind.BEDROCK, "https://vpce.example.com", Kind.BEDROCK),
    ],
)
def test_the_address_of_another_service_makes_it_a_compatible_one(kind: Kind, base_url: str, meant: Kind) -> None:
    assert suggest.meant_kind(kind, base_url) is meant
