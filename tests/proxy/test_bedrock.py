"""AWS Bedrock through the proxy: Anthropic's clients are served, and what they ask is invoked under AWS's rules."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anthropic
import httpx2
import pytest
from tests.fakes.answers import Behaviour
from tests.fakes.bedrock import (
    EXPIRED,
    THROTTLED,
    TOO_LONG,
    UNAVAILABLE,
    FakeBedrock,
    damaged,
    exception_after,
)
from tests.fakes.bedrock_service import ACCOUNT, BEARER, KEY, REGION, TEMPORARY_KEY, WORKSPACE, aws_error
from tests.proxy.conftest import TOKEN, Setup, running_proxy, until
from tests.proxy.raw import reply

from proxycast.model.credential import Aws, AwsEndpoint, Credential, Keyring, Kind, Timeouts
from proxycast.model.secret import Secret
from proxycast.proxy.limits import Limits
from proxycast.store.paths import resources
from proxycast.upstream.bedrock import make_upstream
from proxycast.upstream.bedrock.upstream import Bedrock

MODEL = "claude-sonnet-4-6"
TURN: dict[str, Any] = {"model": MODEL, "max_tokens": 64, "messages": [{"role": "user", "content": "Say hello."}]}
TOOLS: Any = [
    {
        "name": "get_weather",
        "description": "The weather of a city",
        "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    }
]
KEYS = {"aws_access_key": Secret(KEY.access_key), "aws_secret_key": Secret(KEY.secret)}


def add(
    setup: Setup, base_url: str, secrets: Mapping[str, Secret] | None = None, *, aws: Aws | None = None, **fields: Any
) -> None:
    """Let the proxy use a Bedrock credential."""
    aws = aws or Aws(region=REGION)
    entered = KEYS if secrets is None else secrets
    credential = Credential(
        id="0" * 12,
        name="aws",
        kind=Kind.BEDROCK,
        base_url=base_url,
        aws=aws,
        secrets=dict.fromkeys(entered, Keyring()),
        **fields,
    )
    setup.router.upstreams["aws"] = make_upstream(
        credential,
        entered,
        proxy="none",
        environment={},
        ask_code=None,
        roles={},
        tables=resources() / "bedrock.yaml",
        translate=lambda template: template,
    )
    setup.router.selected = "aws"


@pytest.fixture
async def fake() -> AsyncIterator[FakeBedrock]:
    async with FakeBedrock() as server:
        yield server
    assert server.violations == []


@pytest.fixture
async def setup(fake: FakeBedrock) -> AsyncIterator[Setup]:
    async with running_proxy(Limits(ping_seconds=0.1)) as running:
        add(running, fake.base_url)
        yield running


@asynccontextmanager
async def sdk(setup: Setup) -> AsyncIterator[anthropic.AsyncAnthropic]:
    async with anthropic.AsyncAnthropic(
        base_url=setup.address,
        auth_token=TOKEN,
        api_key=None,
        max_retries=0,
        http_client=anthropic.DefaultAsyncHttpxClient(trust_env=False),
    ) as client:
        yield client


def invoked(fake: FakeBedrock) -> list[str]:
    """The models and operations that were invoked, in order."""
    return [one.path.removeprefix("/model/") for one in fake.requests if one.path.startswith("/model/")]


async def test_the_sdk_creates_and_streams(setup: Setup, fake: FakeBedrock) -> None:
    async with sdk(setup) as client:
        whole = await client.messages.create(**TURN)
        async with client.messages.stream(**TURN) as stream:
            text = "".join([piece async for piece in stream.text_stream])
            streamed = await stream.get_final_message()
    assert whole.content[0].text == text == fake.aws.says.text
    assert streamed.usage.output_tokens == whole.usage.output_tokens
    assert whole._request_id is not None
    profile = f"global.anthropic.{MODEL}"
    assert invoked(fake) == [f"{profile}/invoke", f"{profile}/invoke-with-response-stream"]
    exchange = await setup.observer.next(2)
    assert (exchange.model, exchange.status, exchange.error) == (profile, 200, None)
    assert exchange.usage is not None
    assert exchange.usage.output_tokens == whole.usage.output_tokens


async def test_tools_and_signed_thinking_go_on_for_a_second_turn(setup: Setup, fake: FakeBedrock) -> None:
    turn: Any = {
        "model": MODEL,
        "max_tokens": 2048,
        "thinking": {"type": "enabled", "budget_tokens": 1024},
        "tools": TOOLS,
    }
    question: Any = [{"role": "user", "content": "What is the weather in 北京? \u2028 \U0001f326"}]
    async with sdk(setup) as client:
        async with client.messages.stream(messages=question, **turn) as events:
            first = await events.get_final_message()
        assert [block.type for block in first.content] == ["thinking", "tool_use"]
        use: Any = first.content[1]
        said: Any = {"role": "assistant", "content": [block.to_dict(mode="json") for block in first.content]}
        result: Any = {"type": "tool_result", "tool_use_id": use.id, "content": "18 °C"}
        second = await client.messages.create(messages=[*question, said, {"role": "user", "content": [result]}], **turn)
    assert second.content


async def test_the_sdk_s_own_bedrock_client_sends_the_same_bodies(setup: Setup, fake: FakeBedrock) -> None:
    calls: list[dict[str, Any]] = [
        {**TURN, "model": "us.anthropic.claude-opus-5-5"},
        {**TURN, "model": "us.anthropic.claude-opus-5-5", "tools": TOOLS, "system": "Be brief. ☂"},
        {**TURN, "model": "us.anthropic.claude-opus-5-5", "extra_headers": {"anthropic-beta": "context-1m-2025-08-07"}},
    ]
    async with (
        sdk(setup) as client,
        anthropic.AsyncAnthropicBedrock(
            aws_access_key=KEY.access_key,
            aws_secret_key=KEY.secret,
            aws_region=REGION,
            base_url=fake.base_url,
            max_retries=0,
        ) as native,
    ):
        for call in calls:
            for stream in (False, True):
                for one in (client, native):
                    await one.messages.create(**call, stream=stream)
    bodies = [one.json() for one in fake.requests if one.path.startswith("/model/")]
    ours, theirs = bodies[0::2], bodies[1::2]
    # The one difference: models up to 4.6 refuse the version that this SDK sends.
    assert {body.pop("anthropic_version") for body in ours} == {"bedrock-2023-05-31"}
    assert {body.pop("anthropic_version") for body in theirs} == {"2026-10-21"}
    assert ours == theirs
    assert len({one.path for one in fake.requests if one.path.startswith("/model/")}) == 2


async def test_tokens_are_counted_by_whichever_way_there_is(setup: Setup, fake: FakeBedrock) -> None:
    messages = TURN["messages"]
    async with sdk(setup) as client:
        by_bedrock = await client.messages.count_tokens(model="claude-haiku-4-5", messages=messages)
        by_mantle = await client.messages.count_tokens(model=MODEL, messages=messages)
        again = await client.messages.count_tokens(model=MODEL, messages=messages)
        assert by_bedrock.input_tokens == by_mantle.input_tokens == again.input_tokens
        paths = [one.path for one in fake.requests if "count" in one.path]
        assert paths == [
            "/model/anthropic.claude-haiku-4-5-20251001-v1:0/count-tokens",
            f"/model/anthropic.{MODEL}/count-tokens",
            "/anthropic/v1/messages/count_tokens",
            "/anthropic/v1/messages/count_tokens",
        ]
        fake.aws.denied.add("bedrock:CountTokens")
        fake.script = lambda request: UNAVAILABLE if request.path.startswith("/anthropic") else None
        with pytest.raises(anthropic.NotFoundError, match="does not count tokens"):
            await client.messages.count_tokens(model="claude-3-haiku-20240307", messages=messages)


async def test_one_request_that_cannot_be_counted_stops_no_other(setup: Setup, fake: FakeBedrock) -> None:
    odd: Any = [{"role": "user", "content": "q"}, {"role": "tool", "content": "r"}]
    async with sdk(setup) as client:
        with pytest.raises(anthropic.NotFoundError):
            await client.messages.count_tokens(model="claude-haiku-4-5", messages=odd)
        fake.script = lambda request: UNAVAILABLE if request.path.startswith("/anthropic") else None
        with pytest.raises(anthropic.NotFoundError):
            await client.messages.count_tokens(model=MODEL, messages=TURN["messages"])
        fake.script = None
        for model in ("claude-haiku-4-5", MODEL):
            assert (await client.messages.count_tokens(model=model, messages=TURN["messages"])).input_tokens > 0
    assert fake.requests[-2].path == "/model/anthropic.claude-haiku-4-5-20251001-v1:0/count-tokens"


async def test_the_models_of_the_account_are_listed_once(setup: Setup, fake: FakeBedrock) -> None:
    async with sdk(setup) as client:
        listed = [model.id async for model in client.models.list(limit=3)]
        one = await client.models.retrieve("claude-haiku-4-5")
        with pytest.raises(anthropic.NotFoundError):
            await client.models.retrieve("claude-9")
    profiles = {profile for model in fake.aws.models for profile in model.profiles}
    assert set(listed) == profiles | {model.id for model in fake.aws.models if model.alone}
    assert len(listed) == len(set(listed))
    assert one.display_name == "GLOBAL Claude Haiku 4.5"
    assert sum(request.path == "/foundation-models" for request in fake.requests) == 1


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("claude-sonnet-4-6", "global.anthropic.claude-sonnet-4-6"),
        ("claude-haiku-4-5", "global.anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("claude-haiku-4-5-20251001", "global.anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("claude-3-haiku-20240307", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("anthropic.claude-opus-5-5", "global.anthropic.claude-opus-5-5"),
        ("us.anthropic.claude-opus-5-5", "us.anthropic.claude-opus-5-5"),
        (
            f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.anthropic.claude-opus-5-5",
            f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile%2Fus.anthropic.claude-opus-5-5",
        ),
        ("fast", "us.anthropic.claude-haiku-5-5"),
        ("slow", "global.anthropic.claude-opus-5-5"),
    ],
)
async def test_a_client_s_name_for_a_model_finds_it(fake: FakeBedrock, asked: str, sent: str) -> None:
    async with running_proxy() as setup, sdk(setup) as client:
        models = {"fast": "us.anthropic.claude-haiku-5-5", "slow": "claude-opus-5-5"}
        add(setup, fake.base_url, models=models)
        await client.messages.create(**{**TURN, "model": asked})
    assert invoked(fake) == [f"{sent}/invoke"]


async def test_where_global_profiles_are_denied_a_regional_one_serves(setup: Setup, fake: FakeBedrock) -> None:
    denied = aws_error(403, "AccessDeniedException", "explicit deny in a service control policy")
    fake.script = lambda request: denied if "/global." in request.path else None
    async with sdk(setup) as client:
        for _ in range(2):
            assert (await client.messages.create(**TURN)).content
        with pytest.raises(anthropic.PermissionDeniedError):
            await client.messages.create(**{**TURN, "model": "global.anthropic.claude-opus-5-5"})
    assert invoked(fake) == [
        f"global.anthropic.{MODEL}/invoke",
        f"us.anthropic.{MODEL}/invoke",
        f"us.anthropic.{MODEL}/invoke",
        "global.anthropic.claude-opus-5-5/invoke",
    ]


async def test_a_model_id_is_for_every_request_and_an_unknown_model_is_told(setup: Setup, fake: FakeBedrock) -> None:
    async with sdk(setup) as client:
        with pytest.raises(
            anthropic.NotFoundError, match=r"no model claude-9 in us-east-1\. It has: global\.anthropic"
        ):
            await client.messages.create(**{**TURN, "model": "claude-9"})
        add(setup, fake.base_url, aws=Aws(region=REGION, model_id="us.anthropic.claude-haiku-5-5"))
        await client.messages.create(**{**TURN, "model": "claude-9"})
    assert invoked(fake) == ["us.anthropic.claude-haiku-5-5/invoke"]


async def test_an_error_about_throughput_names_the_profile(fake: FakeBedrock) -> None:
    async with running_proxy() as setup, sdk(setup) as client:
        add(setup, fake.base_url, aws=Aws(region=REGION, model_id="anthropic.claude-opus-5-5"))
        for _ in range(2):
            with pytest.raises(anthropic.BadRequestError, match=r"Use global\.anthropic\.claude-opus-5-5"):
                await client.messages.create(**TURN)
    assert len(invoked(fake)) == 3, "only the first answer needs the list, and so a second attempt"


async def test_what_bedrock_refuses_is_taken_out_and_recorded(setup: Setup, fake: FakeBedrock) -> None:
    system: Any = [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral", "scope": "global"}}]
    async with sdk(setup) as client:
        await client.messages.create(**TURN, system=system, extra_headers={"anthropic-beta": "oauth-2025-04-20"})
    exchange = await setup.observer.next()
    assert exchange.removed == ("anthropic-beta: oauth-2025-04-20", "cache_control.scope")


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (THROTTLED, anthropic.RateLimitError, "Too many requests"),
        (TOO_LONG, anthropic.BadRequestError, "capability_rejected: prompt_too_long"),
        (
            EXPIRED,
            anthropic.PermissionDeniedError,
            "is expired Enter new ones in the window or with `proxycast rotate aws`",
        ),
        (UNAVAILABLE, anthropic.InternalServerError, "overloaded_error"),
    ],
)
async def test_errors_of_aws_are_errors_of_the_api(
    setup: Setup, fake: FakeBedrock, answer: Any, error: type[anthropic.APIStatusError], words: str
) -> None:
    async with sdk(setup) as client:
        await client.messages.create(**TURN)
        fake.enqueue(answer)
        with pytest.raises(error, match=words) as caught:
            await client.messages.create(**TURN)
    assert caught.value.response.headers["request-id"].startswith("6f1c2d3e")


async def test_no_error_shows_the_account(setup: Setup, fake: FakeBedrock) -> None:
    fake.aws.denied.add("bedrock:InvokeModel")
    async with sdk(setup) as client:
        with pytest.raises(anthropic.PermissionDeniedError) as caught:
            await client.messages.create(**TURN)
    assert "bedrock:InvokeModel" in str(caught.value)
    assert ACCOUNT not in str(caught.value)
    assert "arn:" not in str(caught.value)


async def test_who_may_not_list_is_told_what_to_allow(setup: Setup, fake: FakeBedrock) -> None:
    fake.aws.denied |= {"bedrock:ListInferenceProfiles", "bedrock:ListFoundationModels"}
    async with sdk(setup) as client:
        with pytest.raises(anthropic.PermissionDeniedError, match="Allow bedrock:ListInferenceProfiles"):
            await client.messages.create(**TURN)
        await client.messages.create(**{**TURN, "model": "us.anthropic.claude-opus-5-5"})


async def stream_raw(setup: Setup) -> bytes:
    body = json.dumps({**TURN, "stream": True}).encode()
    head = setup.head(
        "POST /v1/messages HTTP/1.1",
        "content-type: application/json",
        f"content-length: {len(body)}",
        "connection: close",
    )
    return await setup.talk(head + body)


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(cut_after_parts=3),
        Behaviour(edit=damaged(2)),
        Behaviour(edit=exception_after(3, "modelStreamErrorException", "It broke.", originalStatusCode=424)),
        Behaviour(cut_after_bytes=150),
    ],
    ids=["cut", "damaged", "exception", "half a frame"],
)
async def test_a_broken_stream_says_so_and_never_ends_cleanly(
    setup: Setup, fake: FakeBedrock, behaviour: Behaviour
) -> None:
    async with sdk(setup) as client:
        await client.messages.create(**TURN)
    fake.enqueue(behaviour)
    answer = await stream_raw(setup)
    assert answer.count(b"event: error\n") == 1
    assert b"message_stop" not in answer
    assert not answer.endswith(b"0\r\n\r\n")


async def test_silence_is_bridged_by_pings(setup: Setup, fake: FakeBedrock) -> None:
    async with sdk(setup) as client:
        await client.messages.create(**TURN)
    fake.enqueue(Behaviour(body_delay=0.35))
    answer = reply(await stream_raw(setup))
    assert answer.body.count(b"event: ping\n") >= 2
    assert answer.body.endswith(b'{"type": "message_stop"}\n\n')


@pytest.mark.parametrize("endpoint", list(AwsEndpoint))
async def test_a_clock_that_is_off_is_named_in_minutes(fake: FakeBedrock, endpoint: AwsEndpoint) -> None:
    asked = {**TURN, "model": "claude-sonnet-5-5"}
    async with running_proxy() as setup, sdk(setup) as client:
        add(setup, fake.base_url, aws=Aws(region=REGION, endpoint=endpoint, workspace_id=WORKSPACE))
        await client.messages.create(**asked)
        for ahead, words in ((1200, "20 minutes behind"), (-1200, "20 minutes ahead")):
            fake.aws.clock_ahead = ahead
            with pytest.raises(anthropic.PermissionDeniedError, match=words):
                await client.messages.create(**asked)


@pytest.mark.parametrize(
    "secrets",
    [
        {"aws_bearer_token": Secret(BEARER)},
        {
            "aws_access_key": Secret(TEMPORARY_KEY.access_key),
            "aws_secret_key": Secret(TEMPORARY_KEY.secret),
            "aws_session_token": Secret(TEMPORARY_KEY.token or ""),
        },
    ],
    ids=["API key", "session token"],
)
async def test_other_keys_that_a_user_enters_do_as_well(fake: FakeBedrock, secrets: dict[str, Secret]) -> None:
    async with running_proxy() as setup, sdk(setup) as client:
        add(setup, fake.base_url, secrets)
        assert (await client.messages.create(**TURN)).content
        assert (await client.models.list()).data


@pytest.mark.parametrize(
    ("endpoint", "sent_model", "path"),
    [
        (AwsEndpoint.MANTLE, "anthropic.claude-sonnet-4-6", "/anthropic/v1/messages"),
        (AwsEndpoint.CLAUDE_PLATFORM, "claude-sonnet-5-5", "/v1/messages"),
    ],
)
@pytest.mark.parametrize("secrets", [KEYS, {"aws_bearer_token": Secret(BEARER)}], ids=["signed", "API key"])
async def test_the_doors_that_speak_the_api_only_get_a_signature(
    fake: FakeBedrock, endpoint: AwsEndpoint, sent_model: str, path: str, secrets: dict[str, Secret]
) -> None:
    aws = Aws(region=REGION, endpoint=endpoint, workspace_id=WORKSPACE)
    asked = {**TURN, "model": sent_model.removeprefix("anthropic.")}
    async with running_proxy() as setup, sdk(setup) as client:
        add(setup, fake.base_url, secrets, aws=aws)
        assert (await client.messages.create(**asked)).content
        async with client.messages.stream(**asked, extra_headers={"anthropic-beta": "x-2026-01-01"}) as stream:
            assert (await stream.get_final_message()).content
        body = json.dumps(asked, indent=3).encode()
        raw = httpx2.AsyncClient(base_url=setup.address, headers={"x-api-key": TOKEN}, trust_env=False, verify=False)
        async with raw:
            answered = await raw.post(
                "/v1/messages?beta=true", content=body, headers={"content-type": "application/json"}
            )
            assert answered.status_code == 200
    assert {one.path for one in fake.requests} == {path}
    assert fake.requests[1].value("anthropic-beta") == "x-2026-01-01"
    assert fake.requests[2].body == body.replace(asked["model"].encode(), sent_model.encode())
    assert fake.requests[2].value("anthropic-version") == "2023-06-01"


@pytest.mark.parametrize("endpoint", list(AwsEndpoint))
async def test_a_base_url_stands_for_aws_s_endpoints_with_its_path(endpoint: AwsEndpoint) -> None:
    asked = {**TURN, "model": "claude-sonnet-5-5"}
    async with FakeBedrock(prefix="/vpc") as fake, running_proxy() as setup, sdk(setup) as client:
        add(setup, fake.base_url, aws=Aws(region=REGION, endpoint=endpoint, workspace_id=WORKSPACE))
        assert (await client.messages.create(**asked)).content
        assert (await client.messages.count_tokens(model=asked["model"], messages=TURN["messages"])).input_tokens


async def test_batches_and_files_are_not_there(setup: Setup, fake: FakeBedrock) -> None:
    async with sdk(setup) as client:
        with pytest.raises(anthropic.NotFoundError, match="only on the Claude API"):
            await client.messages.batches.list()
    async with native(setup) as raw:
        assert (await raw.get("/v1/files")).json()["error"]["type"] == "not_found_error"
    assert fake.requests == []


async def test_twenty_megabytes_are_the_limit(setup: Setup, fake: FakeBedrock) -> None:
    content = "x" * (21 << 20)
    async with sdk(setup) as client:
        with pytest.raises(anthropic.APIStatusError, match="20 MB") as caught:
            await client.messages.create(**{**TURN, "messages": [{"role": "user", "content": content}]})
    assert caught.value.status_code == 413
    assert invoked(fake) == []


# Claude Code in Bedrock mode.


def native(setup: Setup) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        base_url=setup.address, headers={"authorization": f"Bearer {TOKEN}"}, trust_env=False, verify=False
    )


async def test_requests_that_are_bedrock_s_already_are_signed_and_passed(setup: Setup, fake: FakeBedrock) -> None:
    async with anthropic.AsyncAnthropicBedrock(
        api_key=TOKEN, aws_region=REGION, base_url=setup.address, max_retries=0
    ) as client:
        turn = {**TURN, "model": "us.anthropic.claude-opus-5-5"}
        assert (await client.messages.create(**turn)).content
        async with client.messages.stream(**turn) as stream:
            assert (await stream.get_final_message()).content
    async with native(setup) as raw:
        profiles = await raw.get("/inference-profiles?type=SYSTEM_DEFINED")
        arn = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.anthropic.claude-opus-5-5".replace("/", "%2F")
        one = await raw.get(f"/c/aws/inference-profiles/{arn}")
    assert profiles.json()["inferenceProfileSummaries"]
    assert one.json()["inferenceProfileId"] == "us.anthropic.claude-opus-5-5"
    assert not any(request.carries(TOKEN) for request in fake.requests)
    streamed = await setup.observer.next(2)
    assert streamed.model == "us.anthropic.claude-opus-5-5"
    assert streamed.usage is not None
    assert streamed.usage.output_tokens


async def test_errors_pass_in_bedrock_s_form_without_the_account(setup: Setup, fake: FakeBedrock) -> None:
    fake.aws.denied.add("bedrock:InvokeModel")
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 1, "messages": TURN["messages"]}
    async with native(setup) as raw:
        refused = await raw.post("/model/us.anthropic.claude-opus-5-5/invoke", json=body)
        unknown = await raw.post("/model/us.anthropic.claude-opus-5-5/converse", json=body)
    assert refused.status_code == 403
    assert refused.headers["x-amzn-errortype"].startswith("AccessDeniedException")
    assert "bedrock:InvokeModel" in refused.json()["message"]
    assert ACCOUNT not in refused.text
    assert unknown.status_code == 404


async def test_a_model_that_the_account_gets_later_is_found(setup: Setup, fake: FakeBedrock) -> None:
    late = fake.aws.models[0]
    fake.aws.models = fake.aws.models[1:]
    upstream = setup.router.upstreams["aws"]
    assert isinstance(upstream, Bedrock)
    async with sdk(setup) as client:
        asked = {**TURN, "model": late.id.removeprefix("anthropic.")}
        for _ in range(2):
            with pytest.raises(anthropic.NotFoundError):
                await client.messages.create(**asked)
        assert sum(one.path == "/foundation-models" for one in fake.requests) == 1, (
            "a fresh list is not asked for again"
        )
        fake.aws.models = (late, *fake.aws.models)
        upstream.listing._until -= 60  # as if a minute had passed
        await client.messages.create(**asked)


async def test_an_old_list_serves_while_a_new_one_is_asked_for(setup: Setup, fake: FakeBedrock) -> None:
    upstream = setup.router.upstreams["aws"]
    assert isinstance(upstream, Bedrock)
    async with sdk(setup) as client:
        await client.messages.create(**TURN)
        upstream.listing._until -= 3700  # as if an hour had passed
        fake.script = lambda request: Behaviour(head_delay=0.3) if request.method == "GET" else None
        began = time.monotonic()
        await client.messages.create(**TURN)
        assert time.monotonic() - began < 0.3
        await until(lambda: upstream.listing._until > time.monotonic())
    assert sum(one.path == "/foundation-models" for one in fake.requests) == 2


async def test_only_bedrock_credentials_have_bedrock_s_paths(setup: Setup) -> None:
    setup.router.add(Credential(id="1" * 12, name="plain", timeouts=Timeouts()))
    async with native(setup) as raw:
        answer = await raw.get("/c/plain/inference-profiles")
    assert answer.status_code == 404
    assert "no AWS Bedrock credential" in answer.json()["error"]["message"]


async def test_a_native_stream_that_is_cut_is_not_ended(setup: Setup, fake: FakeBedrock) -> None:
    fake.enqueue(Behaviour(cut_after_parts=2))
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 1, "messages": TURN["messages"]}
    async with native(setup) as raw:
        with pytest.raises(httpx2.RemoteProtocolError):
            await raw.post("/model/us.anthropic.claude-opus-5-5/invoke-with-response-stream", json=body)
