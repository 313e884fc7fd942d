"""The known models: ids, retirement, prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from proxycast.model.exchange import Usage
from proxycast.upstream.catalogue import Catalogue, Model, Prices

FILE = Path(__file__).parents[2] / "resources" / "models.yaml"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.read(FILE)


def test_no_two_models_share_an_id(catalogue: Catalogue) -> None:
    ids = [identity for model in catalogue.models for identity in (model.id, *model.aliases, model.bedrock)]
    assert len(set(ids)) == len(ids)


def test_every_retiring_model_has_a_successor_that_stays(catalogue: Catalogue) -> None:
    retiring = [model for model in catalogue.models if model.retires is not None]
    assert retiring
    for model in retiring:
        successor = catalogue.successor(model.id)
        assert successor is not None, model.id
        assert successor.retires is None, model.id


def test_every_model_in_use_has_prices_of_which_the_last_tier_is_open(catalogue: Catalogue) -> None:
    for model in catalogue.models:
        limits = [tier.up_to for tier in model.prices]
        assert limits or model.is_retired(TODAY), model.id
        assert limits[-1:] in ([], [None])
        bounded = [limit for limit in limits if limit is not None]
        assert len(bounded) == max(0, len(limits) - 1)
        assert bounded == sorted(bounded)


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ("claude-sonnet-4-6", "claude-sonnet-4-6"),
        ("claude-fable-5-2", "claude-fable-5-2"),
        ("claude-sonnet-4-5", "claude-sonnet-4-5"),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("claude-opus-5-5-20260914", "claude-opus-5-5"),
        ("claude-sonnet-4-0", "claude-sonnet-4-20250514"),
        ("claude-sonnet-4-20250514", "claude-sonnet-4-20250514"),
        ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
        ("claude-3-5-sonnet-20240620", "claude-3-5-sonnet-20240620"),
        ("anthropic.claude-opus-4-6-v1", "claude-opus-4-6"),
        ("anthropic.claude-opus-5-5", "claude-opus-5-5"),
        ("anthropic.claude-3-sonnet-20240229-v1:0", "claude-3-sonnet-20240229"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("global.anthropic.claude-haiku-5-5", "claude-haiku-5-5"),
        ("apac.anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet-20241022"),
        ("arn:aws:bedrock:eu-west-1:1:inference-profile/eu.anthropic.claude-sonnet-5", "claude-sonnet-5"),
        ("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-4-7", "claude-opus-4-7"),
    ],
)
def test_a_model_is_found_by_any_of_its_ids(catalogue: Catalogue, identity: str, expected: str) -> None:
    found = catalogue.find(identity)
    assert found is not None
    assert found.id == expected


@pytest.mark.parametrize(
    "identity",
    [
        "",
        "claude",
        "claude-sonnet",
        "claude-opus-9",
        "deepseek-chat",
        "anthropic.claude",
        "xx.anthropic.claude-opus-5-5",
        "arn:aws:bedrock:us-east-1:1:application-inference-profile/a1b2c3",
    ],
)
def test_an_unknown_id_is_no_model(catalogue: Catalogue, identity: str) -> None:
    assert catalogue.find(identity) is None
    assert catalogue.successor(identity) is None
    assert catalogue.cost(identity, Usage(input_tokens=1)) is None


@pytest.mark.parametrize(
    ("identity", "day", "retired"),
    [
        ("claude-3-5-sonnet-20241022", date(2025, 10, 27), False),
        ("claude-3-5-sonnet-20241022", date(2025, 10, 28), True),
        ("claude-3-opus-20240229", date(2026, 1, 5), True),
        ("claude-3-5-haiku-20241022", date(2026, 2, 19), True),
        ("claude-sonnet-4-20250514", date(2026, 6, 15), True),
        ("claude-3-sonnet-20240229", TODAY, True),
        ("claude-sonnet-4-5", TODAY, False),
        ("claude-sonnet-4-5", date(2026, 11, 30), True),
        ("claude-sonnet-5-5", date(2030, 1, 1), False),
    ],
)
def test_a_model_is_retired_from_its_day_on(catalogue: Catalogue, identity: str, day: date, *, retired: bool) -> None:
    model = catalogue.find(identity)
    assert model is not None
    assert model.is_retired(day) is retired


def test_the_successor_of_an_old_id_is_the_current_model_of_its_line(catalogue: Catalogue) -> None:
    successor = catalogue.successor("anthropic.claude-3-sonnet-20240229-v1:0")
    assert successor is not None
    assert successor.id == "claude-sonnet-5-5"
    assert catalogue.successor("claude-opus-5-5") is None


def usage(fresh: int, out: int, written: int | None = 0, read: int | None = 0) -> Usage:
    return Usage(
        input_tokens=fresh, output_tokens=out, cache_creation_input_tokens=written, cache_read_input_tokens=read
    )


@pytest.mark.parametrize(
    ("identity", "used", "dollars"),
    [
        ("claude-opus-5-5", usage(1_000_000, 0), "4"),
        ("claude-opus-5-5", usage(0, 1_000_000), "20"),
        ("claude-opus-4-5-20251101", usage(1_000, 200, 2_000, 4_000), "0.0245"),
        ("claude-sonnet-4-6", usage(25, 7, None, None), "0.00018"),
        ("claude-haiku-5-5", usage(100_000, 1_000), "0.0105"),
        ("claude-haiku-5-5", usage(100_001, 1_000), "0.0525005"),
        ("claude-haiku-5-5", usage(1, 0, 0, 100_000), "0.0050005"),
        ("claude-3-opus-20240229", usage(1_000, 1_000), "0.09"),
        ("global.anthropic.claude-opus-5-5", usage(1_000_000, 0), "4"),
        ("eu.anthropic.claude-opus-5-5", usage(1_000_000, 0), "4.4"),
        ("claude-sonnet-5", Usage(input_tokens=500_000), "1"),
    ],
)
def test_a_usage_costs_its_list_price(catalogue: Catalogue, identity: str, used: Usage, dollars: str) -> None:
    assert catalogue.cost(identity, used) == Decimal(dollars)


@pytest.mark.parametrize(
    ("identity", "used"),
    [
        ("claude-opus-5-5", Usage()),
        ("claude-3-opus-20240229", usage(1_000, 1_000, 0, 5)),
        ("claude-3-haiku-20240307", usage(1, 1)),
    ],
)
def test_what_is_not_known_costs_nothing_that_could_be_said(catalogue: Catalogue, identity: str, used: Usage) -> None:
    assert catalogue.cost(identity, used) is None


def test_prices_stay_exact() -> None:
    model = Model(id="m", name="M", prices=(Prices(input=Decimal("0.1"), output=Decimal("0.2")),))
    assert model.cost(usage(3, 3)) == Decimal("0.0000009")


def test_a_file_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "models.yaml"
    file.write_text(FILE.read_text(encoding="utf-8").replace("retires:", "retired:", 1), encoding="utf-8")
    with pytest.raises(msgspec.ValidationError, match="retired"):
        Catalogue.read(file)
