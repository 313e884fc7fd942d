"""The fake Bedrock against AWS's and Anthropic's own clients, as if it were the service."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import anthropic
import boto3
import httpx2
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EventStreamError
from tests.fakes import bedrock
from tests.fakes.answers import Answer, Behaviour
from tests.fakes.bedrock import FakeBedrock
from tests.fakes.bedrock_service import BEARER, KEY, REGION, TEMPORARY_KEY, WORKSPACE
from tests.fakes.sigv4 import AwsKey, NotSigned, check_signature
from tests.fakes.wire import parse_head

PROFILE = "us.anthropic.claude-opus-5-5"
TURN: dict[str, Any] = {"model": PROFILE, "max_tokens": 64, "messages": [{"role": "user", "content": "Say hello."}]}


@pytest.fixture
async def fake() -> AsyncIterator[FakeBedrock]:
    async with FakeBedrock() as server:
        yield server
    assert server.violations == []


def sdk(fake: FakeBedrock, key: AwsKey = KEY) -> anthropic.AsyncAnthropicBedrock:
    return anthropic.AsyncAnthropicBedrock(
        aws_access_key=key.access_key,
        aws_secret_key=key.secret,
        aws_session_token=key.token,
        aws_region=REGION,
        base_url=fake.base_url,
        max_retries=0,
    )


def spoken(message: Any) -> str:
    """The text of a message of one block."""
    (block,) = message.content
    text: str = block.text
    return text


BODY = json.dumps({"anthropic_version": "bedrock-2023-05-31", **{k: TURN[k] for k in ("max_tokens", "messages")}})
INVOCATION = {"modelId": PROFILE, "contentType": "application/json", "body": BODY}


async def with_aws(fake: FakeBedrock, work: Callable[[Any], Any], service: str = "bedrock-runtime") -> Any:
    """What `work` does with a client of AWS's SDK, in a thread."""

    def run() -> Any:
        with closing(
            boto3.client(
                service,
                region_name=REGION,
                endpoint_url=fake.base_url,
                aws_access_key_id=TEMPORARY_KEY.access_key,
                aws_secret_access_key=TEMPORARY_KEY.secret,
                aws_session_token=TEMPORARY_KEY.token,
                config=Config(retries={"max_attempts": 0}, proxies={}),
            )
        ) as client:
            return work(client)

    return await asyncio.to_thread(run)


async def test_the_sdk_of_anthropic_is_answered(fake: FakeBedrock) -> None:
    async with sdk(fake) as client:
        answer = await client.messages.create(**TURN)
        assert spoken(answer) == fake.aws.says.text
        async with client.messages.stream(**TURN) as stream:
            final = await stream.get_final_message()
    assert spoken(final) == fake.aws.says.text
    assert final.usage.output_tokens == answer.usage.output_tokens
    assert [request.path for request in fake.requests] == [
        f"/model/{PROFILE}/invoke",
        f"/model/{PROFILE}/invoke-with-response-stream",
    ]


async def test_the_sdk_of_aws_is_answered(fake: FakeBedrock) -> None:
    arn = f"arn:aws:bedrock:{REGION}:123456789012:inference-profile/{PROFILE}"
    counted = "anthropic.claude-haiku-4-5-20251001-v1:0"

    def ask(client: Any) -> tuple[Any, list[Any], int]:
        whole = json.load(client.invoke_model(**INVOCATION)["body"])
        stream = client.invoke_model_with_response_stream(**{**INVOCATION, "modelId": arn})["body"]
        events = [json.loads(event["chunk"]["bytes"]) for event in stream]
        count = client.count_tokens(modelId=counted, input={"invokeModel": {"body": BODY}})
        return whole, events, count["inputTokens"]

    whole, events, count = await with_aws(fake, ask)
    assert whole["model"] == "claude-opus-5-5"
    assert events[0]["type"] == "message_start"
    assert events[-1]["amazon-bedrock-invocationMetrics"]["outputTokenCount"] == whole["usage"]["output_tokens"]
    assert count > 0


async def test_the_lists_of_the_account_come_in_pages(fake: FakeBedrock) -> None:
    def ask(client: Any) -> tuple[list[str], list[str], Any]:
        pages = client.get_paginator("list_inference_profiles").paginate(typeEquals="SYSTEM_DEFINED")
        profiles = [one["inferenceProfileId"] for page in pages for one in page["inferenceProfileSummaries"]]
        models = client.list_foundation_models(byProvider="anthropic")["modelSummaries"]
        one = client.get_inference_profile(inferenceProfileIdentifier=PROFILE)
        return profiles, [model["modelId"] for model in models], one

    profiles, models, one = await with_aws(fake, ask, "bedrock")
    assert profiles == [profile for model in fake.aws.models for profile in model.profiles]
    assert len([request for request in fake.requests if request.path == "/inference-profiles"]) > 1
    assert models == [model.id for model in fake.aws.models]
    assert one["models"][0]["modelArn"].endswith("/anthropic.claude-opus-5-5")


async def refusal(fake: FakeBedrock, order: Answer | None = None, **given: str) -> tuple[int, str, str]:
    """Status, AWS's name and words for what the SDK of AWS is refused."""
    if order is not None:
        fake.enqueue(order)
    with pytest.raises(ClientError) as caught:
        await with_aws(fake, lambda client: client.invoke_model(**{**INVOCATION, **given}))
    said = caught.value.response
    return said["ResponseMetadata"]["HTTPStatusCode"], said["Error"]["Code"], said["Error"]["Message"]


async def test_models_that_need_a_profile_say_so(fake: FakeBedrock) -> None:
    status, name, words = await refusal(fake, modelId="anthropic.claude-opus-5-5")
    assert (status, name) == (400, "ValidationException")
    assert "on-demand throughput isn’t supported" in words
    assert (await refusal(fake, modelId="us.anthropic.claude-9"))[2] == "The provided model identifier is invalid."


async def test_refusals_are_aws_s(fake: FakeBedrock) -> None:
    assert (await refusal(fake, bedrock.THROTTLED))[:2] == (429, "ThrottlingException")
    assert (await refusal(fake, body="{}"))[:2] == (400, "ValidationException")
    fake.aws.denied.add("bedrock:InvokeModel")
    status, name, words = await refusal(fake)
    assert (status, name) == (403, "AccessDeniedException")
    assert "arn:aws:sts::123456789012:assumed-role/" in words
    fake.aws.expired.add(TEMPORARY_KEY.access_key)
    assert (await refusal(fake))[1] == "ExpiredTokenException"
    fake.aws.keys = []
    assert (await refusal(fake))[1] == "UnrecognizedClientException"


async def test_a_clock_that_is_off_is_refused(fake: FakeBedrock) -> None:
    fake.aws.clock_ahead = 1800
    status, name, words = await refusal(fake)
    assert (status, name) == (403, "InvalidSignatureException")
    assert words.startswith("Signature expired: ")
    fake.aws.clock_ahead = -1800
    assert (await refusal(fake))[2].startswith("Signature not yet current: ")


@pytest.mark.parametrize(
    "edit",
    [
        bedrock.exception_after(2, "throttlingException", "Slow down."),
        bedrock.failure_after(2, "InternalFailure", "Oops."),
    ],
)
async def test_a_stream_may_end_in_an_exception(fake: FakeBedrock, edit: Callable[[Answer], Answer]) -> None:
    fake.enqueue(Behaviour(edit=edit))

    def ask(client: Any) -> None:
        with closing(client.invoke_model_with_response_stream(**INVOCATION)["body"]) as stream:
            list(stream)

    with pytest.raises(EventStreamError):
        await with_aws(fake, ask)


async def test_a_bearer_key_is_taken_or_told_that_it_is_over(fake: FakeBedrock) -> None:
    async with anthropic.AsyncAnthropicBedrock(
        api_key=BEARER, aws_region=REGION, base_url=fake.base_url, max_retries=0
    ) as client:
        await client.messages.create(**TURN)
        fake.aws.expired.add(BEARER)
        with pytest.raises(anthropic.PermissionDeniedError, match="expired"):
            await client.messages.create(**TURN)
        fake.aws.bearers.clear()
        with pytest.raises(anthropic.PermissionDeniedError, match="valid"):
            await client.messages.create(**TURN)


async def test_mantle_and_the_claude_platform_speak_the_messages_api(fake: FakeBedrock) -> None:
    signed: dict[str, Any] = {
        "aws_access_key": KEY.access_key,
        "aws_secret_key": KEY.secret,
        "aws_region": REGION,
        "max_retries": 0,
    }
    async with anthropic.AsyncAnthropicBedrockMantle(base_url=f"{fake.base_url}/anthropic", **signed) as mantle:
        answer = await mantle.messages.create(**{**TURN, "model": "anthropic.claude-opus-5-5"})
        assert spoken(answer) == fake.aws.says.text
        with pytest.raises(anthropic.NotFoundError):
            await mantle.messages.create(**TURN)
    async with (
        anthropic.AsyncAnthropicAWS(base_url=fake.base_url, workspace_id=WORKSPACE, **signed) as platform,
        platform.messages.stream(**{**TURN, "model": "claude-opus-5-5"}) as stream,
    ):
        assert spoken(await stream.get_final_message()) == fake.aws.says.text
    async with anthropic.AsyncAnthropicAWS(base_url=fake.base_url, workspace_id="wrkspc_2", **signed) as other:
        with pytest.raises(anthropic.BadRequestError):
            await other.messages.create(**{**TURN, "model": "claude-opus-5-5"})


async def test_every_answer_has_aws_s_request_id(fake: FakeBedrock) -> None:
    async with httpx2.AsyncClient(base_url=fake.base_url, trust_env=False) as client:
        answer = await client.post("/model/x/invoke", headers={"content-type": "application/json"}, content=b"{}")
    assert answer.status_code == 403
    assert answer.headers["x-amzn-requestid"] == bedrock.request_id(1)
    assert answer.headers["x-amzn-errortype"].startswith("MissingAuthenticationTokenException:")


SIGNED_WITH: dict[str, Any] = {"service": "bedrock", "region": REGION}


async def recorded(fake: FakeBedrock) -> Any:
    async with sdk(fake, TEMPORARY_KEY) as client:
        await client.messages.create(**TURN)
    return fake.requests[-1]


async def test_whatever_is_changed_breaks_the_signature(fake: FakeBedrock) -> None:
    request = await recorded(fake)
    keys = {TEMPORARY_KEY.access_key: TEMPORARY_KEY}
    assert check_signature(request, keys, **SIGNED_WITH) == TEMPORARY_KEY

    def with_header(name: str, value: bytes | None) -> Any:
        kept = [(n, v) for n, v in request.headers if n.decode().lower() != name]
        return replace(request, headers=(*kept, *([] if value is None else [(name.encode(), value)])))

    other = parse_head(b"PUT /model/x/invoke?a=b HTTP/1.1\r\nHost: x\r\n\r\n")
    changed = {
        "InvalidSignatureException": [
            replace(request, body=request.body + b" "),
            replace(request, method=other.method),
            replace(request, target=other.target),
            with_header("host", b"elsewhere"),
            with_header("x-amz-content-sha256", b"0" * 64),
            with_header("x-amz-other", b"1"),
        ],
        "MissingAuthenticationTokenException": [with_header("authorization", None)],
        "IncompleteSignatureException": [with_header("authorization", b"AWS4"), with_header("x-amz-date", b"now")],
        "UnrecognizedClientException": [with_header("x-amz-security-token", b"other")],
    }
    for name, requests in changed.items():
        for one in requests:
            with pytest.raises(NotSigned) as caught:
                check_signature(one, keys, **SIGNED_WITH)
            assert caught.value.name == name
    wrong_secret = {TEMPORARY_KEY.access_key: replace(TEMPORARY_KEY, secret="x")}
    for known, place in (
        (wrong_secret, SIGNED_WITH),
        (keys, {**SIGNED_WITH, "service": "bedrock-mantle"}),
        (keys, {**SIGNED_WITH, "region": "eu-west-1"}),
    ):
        with pytest.raises(NotSigned) as caught:
            check_signature(request, known, **place)
        assert caught.value.name == "InvalidSignatureException"
