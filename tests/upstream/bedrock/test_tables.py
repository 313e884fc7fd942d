"""The tables of AWS Bedrock."""

from __future__ import annotations

import pytest
from tests.upstream.bedrock.cases import CATALOGUE, TABLES

from proxycast.upstream.bedrock.tables import Traits

OLD, CACHES, NEW = Traits(False, False), Traits(False, True), Traits(True, True)


@pytest.mark.parametrize(
    ("model", "traits"),
    [
        ("anthropic.claude-fable-5-2", NEW),
        ("us.anthropic.claude-opus-5", NEW),
        ("anthropic.claude-opus-4-8", NEW),
        ("anthropic.claude-opus-4-7", CACHES),
        ("global.anthropic.claude-opus-4-6-v1", CACHES),
        (
            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
            CACHES,
        ),
        ("anthropic.claude-sonnet-4-20250514-v1:0", OLD),
        ("anthropic.claude-opus-4-1-20250805-v1:0", OLD),
        ("anthropic.claude-3-5-sonnet-20241022-v2:0", OLD),
        ("anthropic.claude-3-opus-20240229-v1:0", OLD),
        ("anthropic.claude-v2:1", OLD),
        ("anthropic.claude-haiku-10-1", NEW),
        ("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/k2l9x0", OLD),
    ],
)
def test_a_model_s_traits_follow_its_version(model: str, traits: Traits) -> None:
    assert TABLES.traits(model) == traits


def test_every_known_model_of_bedrock_tells_its_version() -> None:
    for model in CATALOGUE.models:
        if model.bedrock is not None and model.retires is None:
            assert TABLES.traits(model.bedrock).cache_ttl, model.bedrock


def test_betas_are_renamed_and_kept_once() -> None:
    asked = ["tool-search-tool-2025-10-19", "advanced-tool-use-2025-11-20", "oauth-2025-04-20", "oauth-2025-04-20", "x"]
    assert TABLES.betas.sort(asked) == (["tool-search-tool-2025-10-19"], ["oauth-2025-04-20", "x"])


@pytest.mark.parametrize(
    "beta",
    [
        "oauth-2025-04-20",
        "prompt-caching-scope-2026-01-05",
        "fast-mode-2026-02-01",
        "redact-thinking-2026-02-12",
        "token-efficient-tools-2026-03-28",
        "advisor-tool-2026-03-01",
        "skills-2025-10-02",
        "files-api-2025-04-14",
        "mcp-client-2025-11-20",
        "web-fetch-2025-09-10",
        "structured-outputs-2025-11-13",
        "per-turn-control-2026-07-01",
    ],
)
def test_what_bedrock_rejects_is_left_out(beta: str) -> None:
    assert TABLES.betas.sort([beta]) == ([], [beta])


def test_what_two_betas_unlock_stays_with_either() -> None:
    rejected, accepted = "per-turn-control-2026-07-01", "mid-conversation-output-config-2026-07-01"
    assert TABLES.locked([], [rejected]).message_fields == ("output_config",)
    assert TABLES.locked([accepted], [rejected]).message_fields == ()
    assert TABLES.locked([], []).message_fields == ()
