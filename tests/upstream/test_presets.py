"""The known compatible services."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from proxycast.model.credential import Auth
from proxycast.model.url import normalise_base_url, origin
from proxycast.upstream.presets import Presets

FILE = Path(__file__).parents[2] / "resources" / "presets.yaml"


@pytest.fixture(scope="module")
def presets() -> Presets:
    return Presets.read(FILE)


def test_every_base_url_is_written_as_it_is_kept(presets: Presets) -> None:
    for service in presets.services:
        for endpoint in service.endpoints:
            assert normalise_base_url(endpoint.base_url) == endpoint.base_url


def test_no_two_services_share_an_id_or_a_place(presets: Presets) -> None:
    ids = [service.id for service in presets.services]
    places = [origin(endpoint.base_url) for service in presets.services for endpoint in service.endpoints]
    assert len(set(ids)) == len(ids)
    assert len(set(places)) == len(places)


def test_several_addresses_are_told_apart_by_region(presets: Presets) -> None:
    for service in presets.services:
        labels = [endpoint.region.en for endpoint in service.endpoints if endpoint.region is not None]
        assert len(set(labels)) == len(labels) == (len(service.endpoints) if len(service.endpoints) > 1 else 0)


def test_pages_for_keys_are_https(presets: Presets) -> None:
    pages = [endpoint.keys for service in presets.services for endpoint in service.endpoints if endpoint.keys]
    assert pages
    assert all(page.startswith("https://") for page in pages)


@pytest.mark.parametrize(
    ("base_url", "identity", "auth"),
    [
        ("https://api.deepseek.com/anthropic", "deepseek", Auth.AUTO),
        ("https://api.moonshot.cn/anthropic", "kimi", Auth.BEARER),
        ("https://api.moonshot.ai/anthropic", "kimi", Auth.BEARER),
        ("https://open.bigmodel.cn/api/anthropic", "glm", Auth.BEARER),
        ("https://api.z.ai/api/anthropic", "glm", Auth.BEARER),
        ("https://api.minimaxi.com/anthropic", "minimax", Auth.BEARER),
        ("https://dashscope.aliyuncs.com/apps/anthropic", "qwen", Auth.BEARER),
        ("https://ark.cn-beijing.volces.com/api/coding", "ark", Auth.BEARER),
        ("https://ark.cn-beijing.volces.com/api/v3", "ark", Auth.BEARER),
        ("https://openrouter.ai/api", "openrouter", Auth.BEARER),
        ("https://aihubmix.com", "aihubmix", Auth.X_API_KEY),
        ("https://opencode.ai/zen/go", "opencode-zen", Auth.X_API_KEY),
        ("http://127.0.0.1:11434", "ollama", Auth.AUTO),
    ],
)
def test_a_base_url_tells_the_service(presets: Presets, base_url: str, identity: str, auth: Auth) -> None:
    found = presets.find(base_url)
    assert found is not None
    assert found.id == identity
    assert presets.auth_for(base_url) is auth


@pytest.mark.parametrize(
    "base_url", ["https://api.anthropic.com", "https://api.deepseek.com.example", "http://127.0.0.1"]
)
def test_an_unknown_place_has_no_service(presets: Presets, base_url: str) -> None:
    assert presets.find(base_url) is None
    assert presets.auth_for(base_url) is None


def test_names_come_in_both_languages(presets: Presets) -> None:
    name = next(service.name for service in presets.services if service.id == "ark")
    assert name.in_language("zh_CN") == "火山方舟"
    assert name.in_language("en") == name.in_language("fr") == "Volcengine Ark"


def test_a_file_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "presets.yaml"
    file.write_text("services: [{id: a, name: {en: A, zh: A}, auth: bearer, endpoints: [], nots: x}]", encoding="utf-8")
    with pytest.raises(msgspec.ValidationError, match="nots"):
        Presets.read(file)
