"""What a check says about AWS Bedrock: of every fault the stage, the reason and the remedy; no false alarm."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.fakes.answers import Answer, json_answer, page
from tests.fakes.aws_identity import FakeIdentity
from tests.fakes.bedrock import FakeBedrock
from tests.fakes.bedrock_service import ACCOUNT, BEARER, KEY, REGION, TEMPORARY_KEY, WORKSPACE, AwsRefused, aws_error
from tests.fakes.wire import RecordedRequest

from proxycast.check.look import Look
from proxycast.check.report import Finding, Report, Stage, State
from proxycast.check.run import run
from proxycast.check.steps import steps_for
from proxycast.model.credential import Aws, AwsEndpoint, Credential, Keyring, Kind, Timeouts
from proxycast.model.secret import Secret
from proxycast.store.paths import resources
from proxycast.upstream.bedrock import make_upstream
from proxycast.upstream.catalogue import Catalogue
from proxycast.upstream.request import Upstream

KEYS = {"aws_access_key": KEY.access_key, "aws_secret_key": KEY.secret}
SPACED = f"{KEY.secret[:20]} {KEY.secret[20:]}"
API_KEY = {"aws_bearer_token": BEARER}
CLAUDE = "claude-sonnet-5-5"


@pytest.fixture
async def fake() -> AsyncIterator[FakeBedrock]:
    async with FakeBedrock() as service:
        yield service


async def agree(_: object) -> bool:
    return True


async def check(
    fake: FakeBedrock,
    entered: Mapping[str, str] | None = None,
    *,
    aws: Aws | None = None,
    model: str | None = None,
    free: bool = False,
    **fields: Any,
) -> Report:
    """Check a credential that leads to the fake."""
    secrets = {name: Secret(value) for name, value in (KEYS if entered is None else entered).items()}
    credential = Credential(
        id="0" * 12,
        name="aws",
        kind=Kind.BEDROCK,
        aws=aws or Aws(region=REGION),
        secrets=dict.fromkeys(secrets, Keyring()),
        **{"base_url": fake.base_url, "timeouts": Timeouts(connect=5.0), **fields},
    )

    async def fetch_secrets() -> Mapping[str, Secret]:
        return secrets

    def make(one: Credential, values: Mapping[str, Secret], /) -> Upstream:
        return make_upstream(
            one,
            values,
            proxy="none",
            environment={},
            ask_code=None,
            roles={},
            tables=resources() / "bedrock.yaml",
            translate=str,
        )

    catalogue = Catalogue.read(resources() / "models.yaml")
    look = Look(credential, fetch_secrets=fetch_secrets, make=make, catalogue=catalogue, wanted=model)
    try:
        report = await run(steps_for(Kind.BEDROCK), look, consent=None if free else agree, watcher=None)
    finally:
        look.close()
    for secret in secrets.values():
        if secret.reveal() != KEY.access_key:
            assert secret.reveal()[4:] not in words(report)
    return report


def words(report: Report) -> str:
    parts = [str(report.sentence), report.policy or ""]
    for one in report.findings:
        parts += [str(one.evidence), str(one.remedy or ""), one.said or ""]
    return "\n".join(parts)


def states(report: Report) -> dict[str, str]:
    return {one.stage: one.state for one in report.findings}


def worst(report: Report) -> Finding:
    return next(one for one in report.findings if one.state in {State.FAILED, State.WARNING})


def short_term(region: str, seconds: float) -> str:
    """A short-term Bedrock API key that is good for so many seconds from now."""
    began = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() - 3600))
    url = (
        f"bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Credential=ASIAX%2F20261125%2F{region}%2Fbedrock"
        f"%2Faws4_request&X-Amz-Date={began}&X-Amz-Expires={int(3600 + seconds)}&X-Amz-Signature=00&Version=1"
    )
    return f"bedrock-api-key-{base64.b64encode(url.encode()).decode()}"


# All is well.


@pytest.mark.parametrize(
    ("entered", "aws", "expected"),
    [
        (KEYS, Aws(region=REGION), "source tcp clock identity authentication region profile model count_tokens"),
        (API_KEY, Aws(region=REGION), "source tcp authentication region profile model count_tokens"),
        (
            KEYS,
            Aws(region=REGION, endpoint=AwsEndpoint.MANTLE),
            "source tcp clock identity authentication models model count_tokens",
        ),
        (
            API_KEY,
            Aws(region=REGION, endpoint=AwsEndpoint.MANTLE),
            "source tcp authentication models model count_tokens",
        ),
        (
            KEYS,
            Aws(region=REGION, endpoint=AwsEndpoint.CLAUDE_PLATFORM, workspace_id=WORKSPACE),
            "source tcp clock identity authentication models model count_tokens",
        ),
    ],
    ids=["keys", "api key", "mantle", "mantle, api key", "claude platform"],
)
async def test_a_healthy_door_of_aws_is_all_green(
    fake: FakeBedrock, entered: dict[str, str], aws: Aws, expected: str
) -> None:
    report = await check(fake, entered, aws=aws)
    stages = ["configuration", "secret", *expected.split(), "message", "stream", "usage"]
    assert states(report) == dict.fromkeys(stages, "passed"), words(report)
    assert (report.works, report.offers, report.policy) == (True, (), None)
    assert "haiku" in str(report.sentence)


async def test_a_free_check_invokes_no_model(fake: FakeBedrock) -> None:
    report = await check(fake, free=True)
    assert {one.state for one in report.findings} == {State.PASSED, State.SKIPPED}, words(report)
    assert [one.stage for one in report.findings if one.state is State.SKIPPED] == ["message", "stream", "usage"]
    invoked = [one for one in fake.requests if "/invoke" in one.path]
    assert len(invoked) == 2  # at once and as a stream, to see whether that is allowed
    assert all(json.loads(one.body)["messages"] == [] for one in invoked)


async def test_who_aws_knows_the_caller_as_is_told(fake: FakeBedrock) -> None:
    report = await check(fake, free=True)
    assert f"assumed-role/Developer/me of the account {ACCOUNT}" in words(report)
    fake.aws.arn = f"arn:aws:iam::{ACCOUNT}:root"
    report = await check(fake, free=True)
    assert (worst(report).key, report.state) == ("identity.root", State.WARNING)


async def test_an_address_that_is_not_sts_is_no_fault(fake: FakeBedrock) -> None:
    fake.aws.tells_caller = False
    report = await check(fake)
    assert report.state is State.PASSED
    assert next(one.key for one in report.findings if one.stage is Stage.IDENTITY) == "identity.not_asked"


async def test_keys_that_may_only_invoke_work_with_a_profile_that_is_set(fake: FakeBedrock) -> None:
    fake.aws.denied = {"bedrock:ListInferenceProfiles", "bedrock:ListFoundationModels", "bedrock:CountTokens"}
    report = await check(fake, aws=Aws(region=REGION, model_id="us.anthropic.claude-opus-5-5"))
    assert report.state is State.PASSED, words(report)
    found = states(report)
    assert (found["region"], found["profile"], found["message"]) == ("skipped", "skipped", "passed")
    assert "bedrock:ListInferenceProfiles" in words(report)


async def test_a_denied_global_profile_is_no_fault_where_a_regional_one_is_allowed(fake: FakeBedrock) -> None:
    def only_regional(request: RecordedRequest) -> Answer | None:
        if "/model/global." not in request.path:
            return None
        return not_allowed("bedrock:InvokeModel", "an explicit deny in a service control policy")

    fake.script = only_regional
    report = await check(fake, model=CLAUDE)
    assert report.state is State.PASSED, words(report)


# Faults.


class Case(NamedTuple):
    """A fault: how it is played, where it is found, and whether it comes with an offer or a policy."""

    play: Callable[[FakeBedrock], object]
    key: str
    remedy: str
    entered: Mapping[str, str] = KEYS
    aws: Aws = Aws(region=REGION)
    model: str | None = None
    offer: tuple[str, str] | None = None
    policy: str = ""
    fields: Mapping[str, Any] = {}


def not_allowed(action: str, why: str) -> Answer:
    return AwsRefused(
        403,
        "AccessDeniedException",
        f"User: arn:aws:iam::{ACCOUNT}:user/me is not authorized to perform: {action} on resource: "
        f"arn:aws:bedrock:{REGION}::foundation-model/anthropic.claude-haiku-5-5 with {why}",
    ).answer


def invoking(status: int, name: str, message: str) -> Callable[[FakeBedrock], object]:
    """Every invocation is answered so."""

    def play(fake: FakeBedrock) -> None:
        def rule(request: RecordedRequest) -> Answer | None:
            wanted = "/invoke" in request.path or request.path.endswith("/v1/messages")
            return aws_error(status, name, message) if wanted else None

        fake.script = rule

    return play


def setting(**values: Any) -> Callable[[FakeBedrock], object]:
    return lambda fake: [setattr(fake.aws, name, value) for name, value in values.items()]


def answering(answer: Any) -> Callable[[FakeBedrock], object]:
    return lambda fake: setattr(fake, "script", lambda _: answer)


def nothing(_: FakeBedrock) -> None:
    """The fault is in what was entered."""


MANTLE = Aws(region=REGION, endpoint=AwsEndpoint.MANTLE)
SONNET = "anthropic.claude-sonnet-5-5"
CASES = {
    "secret key of another access key": Case(
        nothing, "identity.wrong_secret", "both again", {**KEYS, "aws_secret_key": "x" * 40}
    ),
    "access key that AWS does not know": Case(
        nothing, "identity.unknown_key", "whole, active", {**KEYS, "aws_access_key": "AKIAOTHEROTHEROTHERO"}
    ),
    "unknown key behind a VPC endpoint": Case(
        setting(tells_caller=False),
        "authentication.unknown_key",
        "whole, active",
        {**KEYS, "aws_access_key": "AKIAOTHEROTHEROTHERO"},
    ),
    "wrong secret behind a VPC endpoint": Case(
        setting(tells_caller=False), "authentication.wrong_secret", "both again", {**KEYS, "aws_secret_key": "x" * 40}
    ),
    "half a key": Case(nothing, "secret.aws_refused", "both", {"aws_access_key": KEY.access_key}),
    "temporary key without its token": Case(
        nothing,
        "source.no_session_token",
        "session token",
        {"aws_access_key": TEMPORARY_KEY.access_key, "aws_secret_key": TEMPORARY_KEY.secret},
    ),
    "temporary key that has expired": Case(
        setting(expired={TEMPORARY_KEY.access_key}),
        "identity.expired",
        "new ones",
        {
            "aws_access_key": TEMPORARY_KEY.access_key,
            "aws_secret_key": TEMPORARY_KEY.secret,
            "aws_session_token": TEMPORARY_KEY.token or "",
        },
    ),
    "a space in a key": Case(nothing, "secret.refused", "copied whole", {**KEYS, "aws_secret_key": SPACED}),
    "a key of Anthropic's": Case(nothing, "source.of_other", "AWS", {"aws_bearer_token": "sk-ant-api03-x"}),
    "an access key as an API key": Case(nothing, "source.wrong_field", "field", {"aws_bearer_token": KEY.access_key}),
    "an API key as an access key": Case(
        nothing, "source.wrong_field", "field", {**KEYS, "aws_access_key": "ABSKQmVkcm9jaw"}
    ),
    "API key that AWS does not know": Case(
        nothing, "authentication.unknown_key", "whole", {"aws_bearer_token": "ABSKother"}
    ),
    "API key that has expired": Case(setting(expired={BEARER}), "authentication.expired", "new", API_KEY),
    "short-term API key that has expired": Case(
        nothing, "source.expired", "new one", {"aws_bearer_token": short_term(REGION, -60)}
    ),
    "short-term API key of another region": Case(
        nothing,
        "source.other_region",
        "eu-west-1",
        {"aws_bearer_token": short_term("eu-west-1", 9000)},
        offer=("region", "eu-west-1"),
    ),
    "clock 20 minutes behind": Case(setting(clock_ahead=1200.0), "clock.off", "by itself"),
    "clock 10 minutes ahead": Case(setting(clock_ahead=-600.0), "clock.off", "by itself"),
    "no region": Case(nothing, "source.aws_refused", "us-east-1", aws=Aws()),
    "no such region": Case(nothing, "source.aws_refused", "look like", aws=Aws(region="Frankfurt")),
    "region of another endpoint": Case(
        setting(tells_caller=False), "authentication.other_region", "base URL", aws=Aws(region="eu-west-3")
    ),
    "region without Claude": Case(
        setting(without_claude={"eu-north-1"}),
        "region.no_claude",
        "us-east-1",
        aws=Aws(region="eu-north-1"),
        offer=("region", REGION),
    ),
    "on-demand throughput": Case(
        nothing,
        "profile.on_demand",
        "global.anthropic.claude-sonnet-5-5",
        aws=Aws(region=REGION, model_id=SONNET),
        offer=("model", f"global.{SONNET}"),
    ),
    "on-demand throughput, lists denied": Case(
        setting(denied={"bedrock:ListInferenceProfiles", "bedrock:ListFoundationModels"}),
        "model.on_demand",
        "inference profile",
        aws=Aws(region=REGION, model_id=SONNET),
        policy="bedrock:ListInferenceProfiles",
    ),
    "profile of another region": Case(
        nothing,
        "profile.not_here",
        "global.anthropic",
        aws=Aws(region=REGION, model_id=f"eu.{SONNET}"),
        offer=("model", f"global.{SONNET}"),
    ),
    "model that AWS does not have": Case(nothing, "profile.none", "It has", model="claude-9"),
    "retired model": Case(
        nothing, "profile.none", "It has", model="claude-sonnet-4-20250514", offer=("model", "global.")
    ),
    "lists denied, and a model that has to be looked up": Case(
        setting(denied={"bedrock:ListInferenceProfiles", "bedrock:ListFoundationModels"}),
        "profile.unlisted",
        "bedrock:ListInferenceProfiles",
        model=CLAUDE,
        policy="bedrock:ListInferenceProfiles",
    ),
    "InvokeModel not allowed": Case(
        setting(denied={"bedrock:InvokeModel"}),
        "model.not_allowed",
        "policy of this report",
        policy="bedrock:InvokeModel",
    ),
    "streams not allowed": Case(
        setting(denied={"bedrock:InvokeModelWithResponseStream"}),
        "model.not_allowed",
        "policy of this report",
        policy="bedrock:InvokeModelWithResponseStream",
    ),
    "denied by the organisation": Case(
        lambda fake: setattr(
            fake,
            "script",
            lambda request: (
                not_allowed("bedrock:InvokeModel", "an explicit deny in a service control policy: arn:aws:x")
                if "/invoke" in request.path
                else None
            ),
        ),
        "model.denied",
        "service control policy",
    ),
    "model access needs a request": Case(
        invoking(403, "AccessDeniedException", "You don't have access to the model with the specified model ID."),
        "model.needs_request",
        "https://us-east-1.console.aws.amazon.com/bedrock",
    ),
    "use case form not filled in": Case(
        invoking(
            404,
            "ResourceNotFoundException",
            "Model use case details have not been submitted for this account. Fill out the Anthropic use case details "
            "form before using the model.",
        ),
        "model.needs_use_case",
        "form",
    ),
    "no marketplace subscription": Case(
        invoking(
            403,
            "AccessDeniedException",
            "Model access is denied due to IAM user or service role is not authorized to perform the required AWS "
            "Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access.",
        ),
        "model.marketplace",
        "policy of this report",
        policy="aws-marketplace:Subscribe",
    ),
    "no means of payment": Case(
        invoking(
            403,
            "AccessDeniedException",
            "Model access is denied due to INVALID_PAYMENT_INSTRUMENT:A valid payment instrument must be provided.",
        ),
        "model.payment",
        "Billing",
    ),
    "model at its end": Case(
        invoking(
            404, "ResourceNotFoundException", "This model version has reached the end of its life. Please refer to AWS."
        ),
        "model.retired",
        "newer",
    ),
    "country that is not supported": Case(
        invoking(
            400,
            "ValidationException",
            "Access to Anthropic models is not allowed from unsupported countries, regions, or territories.",
        ),
        "model.country",
        "supported country",
    ),
    "new account": Case(
        invoking(400, "ValidationException", "Operation not allowed"), "model.account_closed", "Support"
    ),
    "throttled": Case(invoking(429, "ThrottlingException", "Too many requests"), "model.limit", "Wait"),
    "overloaded": Case(
        invoking(503, "ServiceUnavailableException", "Bedrock is unable to process your request."),
        "model.overloaded",
        "again",
    ),
    "Mantle does not allow inference": Case(
        invoking(
            403,
            "AccessDeniedException",
            f"User: arn:aws:iam::{ACCOUNT}:user/me is not authorized to perform: bedrock-mantle:CreateInference on "
            f"resource: arn:aws:bedrock-mantle:us-east-1:{ACCOUNT}:project/default because no identity-based policy "
            "allows the bedrock-mantle:CreateInference action",
        ),
        "model.not_allowed",
        "policy of this report",
        aws=MANTLE,
        policy="bedrock-mantle:CreateInference",
    ),
    "Mantle does not have the model": Case(nothing, "model.model", "another model", aws=MANTLE, model="claude-9"),
    "a workspace that is not there": Case(
        nothing,
        "authentication.refused",
        "",
        aws=Aws(region=REGION, endpoint=AwsEndpoint.CLAUDE_PLATFORM, workspace_id="wrkspc_other"),
    ),
    "Claude Platform without a workspace": Case(
        nothing, "secret.aws_refused", "workspace", aws=Aws(region=REGION, endpoint=AwsEndpoint.CLAUDE_PLATFORM)
    ),
    "captive portal": Case(answering(page(200)), "authentication.page", "sign in"),
    "other JSON": Case(answering(json_answer({"hello": "world"})), "authentication.not_aws", "base URL"),
    "nothing listens": Case(nothing, "tcp.cannot_connect", "", fields={"base_url": "http://127.0.0.1:9"}),
}


@pytest.mark.parametrize("name", CASES)
async def test_a_fault_is_found_where_it_is(fake: FakeBedrock, name: str) -> None:
    case = CASES[name]
    case.play(fake)
    report = await check(fake, case.entered, aws=case.aws, model=case.model, **case.fields)
    found = next((one for one in report.findings if one.state is State.FAILED), None)
    assert found is not None, words(report)
    assert found.key == case.key, words(report)
    assert not report.works
    assert found.remedy is not None
    assert case.remedy in str(found.remedy)
    assert bool(report.offers) == (case.offer is not None), report.offers
    if case.offer is not None:
        (offer,) = report.offers
        assert offer.field == case.offer[0]
        assert offer.value.startswith(case.offer[1])
    assert bool(report.policy) == bool(case.policy)
    if case.policy:
        statements = json.loads(report.policy or "")["Statement"]
        assert any(case.policy in one["Action"] for one in statements)
    assert states(report)["message"] == "skipped"


async def test_a_policy_names_the_account_and_both_resources(fake: FakeBedrock) -> None:
    fake.aws.denied = {"bedrock:InvokeModel"}
    report = await check(fake)
    policy = json.loads(report.policy or "")
    assert policy["Version"] == "2012-10-17"
    invoke = policy["Statement"][0]
    assert invoke["Effect"] == "Allow"
    assert "arn:aws:bedrock:*::foundation-model/anthropic.*" in invoke["Resource"]
    assert f"arn:aws:bedrock:*:{ACCOUNT}:inference-profile/*" in invoke["Resource"]
    assert worst(report).evidence.values["action"] == "bedrock:InvokeModel"


async def test_keys_that_end_soon_are_a_warning(fake: FakeBedrock) -> None:
    soon = short_term(REGION, 600)
    fake.aws.bearers.add(soon)
    report = await check(fake, {"aws_bearer_token": soon})
    assert (worst(report).key, report.state) == ("source.ends_soon", State.WARNING)
    assert report.works


async def test_a_clock_that_is_off_a_little_is_a_warning(fake: FakeBedrock) -> None:
    fake.aws = replace(fake.aws, clock_ahead=150.0)
    report = await check(fake)
    assert (worst(report).key, report.works) == ("clock.off_a_little", True)
    assert "behind" in str(worst(report).evidence)


async def test_the_keys_of_a_profile_are_told_with_their_way_and_their_end(
    fake: FakeBedrock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    async with FakeIdentity() as identity:
        (tmp_path / "AWS_SHARED_CREDENTIALS_FILE").write_text(
            f"[plain]\naws_access_key_id = {KEY.access_key}\naws_secret_access_key = {KEY.secret}\n"
        )
        (tmp_path / "AWS_CONFIG_FILE").write_text(
            f"[profile role]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/Dev\nsource_profile = plain\n"
            f"region = {REGION}\nendpoint_url = {identity.base_url}\n"
        )
        report = await check(fake, {}, aws=Aws(profile="role"))
        assert report.state is State.PASSED, words(report)
        assert "The profile role gives keys by an assumed role, good until 20" in words(report)
        report = await check(fake, {}, aws=Aws(profile="plain", region=REGION))
        assert "The profile plain gives keys by the AWS credentials file; they do not expire." in words(report)
        report = await check(fake, {}, aws=Aws(profile="other", region=REGION))
        assert worst(report).key == "source.aws_refused"
        identity.enqueue(*[Answer(status=403)] * 4)
        report = await check(fake, {}, aws=Aws(profile="role"))
        assert (worst(report).key, report.works) == ("source.aws_refused", False)
