"""Which of an account's models a client's id means."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from proxycast.model.credential import Aws, Credential, Kind
from proxycast.model.errors import AwsRefused
from proxycast.upstream.bedrock.counting import mantle_id
from proxycast.upstream.bedrock.endpoints import choose_region, endpoints_of
from proxycast.upstream.bedrock.offers import Offer, Offers, base_of, read_base, read_models, read_profiles

SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
OLD = "anthropic.claude-3-5-sonnet-20240620-v1:0"
NEW = "anthropic.claude-3-5-sonnet-20241022-v2:0"
OPUS = "anthropic.claude-opus-4-6-v1"
OFFERS = Offers(
    Offer(identity, base, identity)
    for identity, base in (
        (f"us.{SONNET}", SONNET),
        (f"global.{SONNET}", SONNET),
        (f"eu.{OPUS}", OPUS),
        (OPUS, OPUS),
        (OLD, OLD),
        (f"apac.{NEW}", NEW),
    )
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("claude-sonnet-4-5", f"global.{SONNET}"),
        ("claude-sonnet-4-5-20250929", f"global.{SONNET}"),
        ("claude-sonnet-4-5-latest", f"global.{SONNET}"),
        ("claude-sonnet-4-5[1m]", f"global.{SONNET}"),
        (SONNET, f"global.{SONNET}"),
        (f"us.{SONNET}", f"us.{SONNET}"),
        ("claude-sonnet-4-5-20250101", None),
        ("claude-sonnet-4", None),
        ("claude-opus-4-6", f"eu.{OPUS}"),
        ("claude-opus-4-6-20260101", f"eu.{OPUS}"),
        (OPUS, OPUS),
        ("claude-3-5-sonnet", f"apac.{NEW}"),
        ("claude-3-5-sonnet-20240620", OLD),
        ("gpt-5", None),
    ],
)
def test_a_name_finds_the_cheapest_way_to_its_newest_model(asked: str, found: str | None) -> None:
    offer = OFFERS.find(asked)
    assert (None if offer is None else offer.id) == found


def test_ways_that_were_refused_come_last() -> None:
    def way(*refused: str) -> str:
        offer = OFFERS.find("claude-sonnet-4-5", refused)
        assert offer is not None
        return offer.id

    assert way(f"global.{SONNET}") == f"us.{SONNET}"
    assert way(f"global.{SONNET}", f"us.{SONNET}") == f"global.{SONNET}"


@pytest.mark.parametrize(
    ("identity", "base"),
    [
        (SONNET, SONNET),
        (f"global.{SONNET}", SONNET),
        (f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}", SONNET),
        (f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{SONNET}", SONNET),
        ("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ab12", ""),
        ("claude-sonnet-4-5", ""),
    ],
)
def test_ids_tell_the_foundation_model_behind_them(identity: str, base: str) -> None:
    assert base_of(identity) == base


@pytest.mark.parametrize(
    ("identity", "native"),
    [
        (SONNET, "anthropic.claude-sonnet-4-5"),
        (OPUS, "anthropic.claude-opus-4-6"),
        ("claude-sonnet-4-6", "anthropic.claude-sonnet-4-6"),
        (f"us.{NEW}", "anthropic.claude-3-5-sonnet"),
    ],
)
def test_mantle_has_ids_without_region_and_date(identity: str, native: str) -> None:
    assert mantle_id(identity) == native


@pytest.mark.parametrize("read", [read_profiles, read_models, read_base])
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"<html>", b"\xff", b'{"inferenceProfileSummaries": 3, "models": 3, "modelSummaries": 3}']
)
def test_lists_that_are_none_are_refused(read: Callable[[bytes], object], body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(body)


def test_inactive_profiles_and_foreign_models_are_left_out() -> None:
    found, more = read_profiles(
        b'{"nextToken": "n", "inferenceProfileSummaries": ['
        b'{"inferenceProfileId": "us.meta.x", "models": [{"modelArn": "arn:aws:bedrock:r::foundation-model/meta.x"}]},'
        b'{"inferenceProfileId": "us.anthropic.claude-a", "status": "DELETED"},'
        b'{"inferenceProfileId": "eu.anthropic.claude-b", "inferenceProfileName": "B", "status": "ACTIVE"}]}'
    )
    assert found == [Offer("eu.anthropic.claude-b", "anthropic.claude-b", "B")]
    assert more == "n"


def credential(region: str | None = None, base_url: str = "") -> Credential:
    return Credential(id="0" * 12, name="aws", kind=Kind.BEDROCK, base_url=base_url, aws=Aws(region=region))


@pytest.mark.parametrize(
    ("own", "of_profile", "environment", "region"),
    [
        ("eu-west-1", "us-east-1", {"AWS_REGION": "us-west-2"}, "eu-west-1"),
        (None, "us-east-1", {"AWS_REGION": "us-west-2"}, "us-east-1"),
        (None, None, {"AWS_REGION": "us-west-2", "AWS_DEFAULT_REGION": "us-west-1"}, "us-west-2"),
        (None, None, {"AWS_DEFAULT_REGION": "us-gov-west-1"}, "us-gov-west-1"),
    ],
)
def test_the_nearest_region_counts(
    own: str | None, of_profile: str | None, environment: dict[str, str], region: str
) -> None:
    assert choose_region(credential(own), of_profile, environment) == region


@pytest.mark.parametrize("region", [None, "", "us-east", "us-east-1.evil.example", "us-east-1/x", "US-EAST-1", "a b"])
def test_what_is_no_region_leads_nowhere(region: str | None) -> None:
    with pytest.raises(AwsRefused):
        choose_region(credential(region), None, {})


def test_every_door_has_its_host() -> None:
    found = endpoints_of(credential("eu-west-1"), "eu-west-1", "none")
    hosts = [one.host + one.prefix for one in (found.runtime, found.control, found.mantle, found.claude_platform)]
    assert hosts == [
        "bedrock-runtime.eu-west-1.amazonaws.com",
        "bedrock.eu-west-1.amazonaws.com",
        "bedrock-mantle.eu-west-1.api.aws/anthropic",
        "aws-external-anthropic.eu-west-1.api.aws",
    ]
    assert all(one.destination.tls and one.destination.port == 443 for one in (found.runtime, found.control))
