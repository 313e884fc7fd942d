"""The rules of the Messages API, one case per row."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.fakes.messages import Script, numbered
from tests.fakes.service import BODY_CAP, KEY, MessagesService
from tests.fakes.wire import RecordedRequest

HI = {"role": "user", "content": "Hi"}
TURN: dict[str, Any] = {"model": "claude-sonnet-5-5", "max_tokens": 64, "messages": [HI]}


def request(
    body: object = TURN, *, method: str = "POST", target: str = "/v1/messages", **headers: str | None
) -> RecordedRequest:
    """A request as it would be recorded; a header given as None is left out."""
    fields = {"x_api_key": KEY, "anthropic_version": "2023-06-01", **headers}
    return RecordedRequest(
        raw=b"",
        method=method,
        target=target,
        version="1.1",
        headers=tuple((name.replace("_", "-").encode(), value.encode()) for name, value in fields.items() if value),
        connection=1,
        number=1,
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        at=0.0,
    )


def ask(asked: RecordedRequest, service: MessagesService | None = None) -> tuple[int, Any]:
    answer = (service or MessagesService()).answer(asked, asked.path)
    return answer.status, json.loads(answer.body)


@pytest.mark.parametrize(
    ("asked", "status", "message"),
    [
        (request(x_api_key=None), 401, "x-api-key header is required"),
        (request(x_api_key="sk-wrong"), 401, "invalid x-api-key"),
        (request(x_api_key=None, authorization="Bearer sk-wrong"), 401, "Invalid bearer token"),
        (request(x_api_key=None, authorization=KEY), 401, "Invalid bearer token"),
        (request(x_api_key="sk-wrong", authorization=f"Bearer {KEY}"), 401, "invalid x-api-key"),
        (request(anthropic_version=None), 400, "anthropic-version: header is required"),
        (request(anthropic_version="2024-01-01"), 400, 'anthropic-version: "2024-01-01" is not a valid version'),
        (request({**TURN, "max_tokens": None}), 400, "max_tokens: Field required"),
        (request({**TURN, "max_tokens": 0}), 400, "max_tokens: must be greater than or equal to 1"),
        (request({**TURN, "model": None}), 400, "model: Field required"),
        (request({**TURN, "messages": []}), 400, "messages: at least one message is required"),
        (request({**TURN, "messages": "Hi"}), 400, "messages: Field required"),
        (
            request({**TURN, "messages": [{"role": "tool"}]}),
            400,
            "messages.0.role: Input should be 'user' or 'assistant'",
        ),
        (request({**TURN, "messages": [{"role": "user"}]}), 400, "messages.0.content: Field required"),
        (request([]), 400, "Input should be a valid dictionary"),
        (request(b" " * (BODY_CAP + 1)), 413, "Request exceeds the maximum size"),
        (request(method="GET"), 405, "Method Not Allowed"),
        (request(target="/v1/complete"), 404, "Not Found"),
        (request(target="/v1/messages/"), 404, "Not Found"),
        (request(target="/v1/models/claude-1", method="GET"), 404, "model: claude-1"),
        (
            request({**TURN, "temperature": 1}, anthropic_version="2026-10-21"),
            400,
            "temperature: Extra inputs are not permitted",
        ),
    ],
)
def test_a_wrong_request_is_refused(asked: RecordedRequest, status: int, message: str) -> None:
    got, body = ask(asked)
    assert (got, body["type"], body["error"]["message"]) == (status, "error", message)


def test_json_that_is_none_is_refused() -> None:
    status, body = ask(request(b'{"model":'))
    assert (status, body["error"]["type"]) == (400, "invalid_request_error")


@pytest.mark.parametrize(
    "asked",
    [
        request(),
        request(x_api_key=None, authorization=f"Bearer {KEY}"),
        request(authorization="Bearer something-else"),
        request(anthropic_version="2026-10-21"),
        request({**TURN, "temperature": 1}),
        request(
            {**TURN, "unknown_field": {"a": 1}, "messages": [*TURN["messages"], {"role": "system", "content": "x"}]}
        ),
        request(target="/v1/messages?beta=true"),
    ],
)
def test_a_right_request_is_answered(asked: RecordedRequest) -> None:
    assert ask(asked)[0] == 200


@pytest.mark.parametrize(
    ("takes", "asked", "status"),
    [
        ("x-api-key", request(x_api_key=None, authorization=f"Bearer {KEY}"), 401),
        ("x-api-key", request(), 200),
        ("bearer", request(), 401),
        ("bearer", request(x_api_key="sk-wrong", authorization=f"Bearer {KEY}"), 200),
    ],
)
def test_a_service_may_take_one_header_only(takes: str, asked: RecordedRequest, status: int) -> None:
    assert ask(asked, MessagesService(takes=takes))[0] == status


def test_a_compatible_service_may_lack_paths() -> None:
    service = MessagesService(counts_tokens=False, lists_models=False)
    assert ask(request(target="/v1/messages/count_tokens"), service)[0] == 404
    assert ask(request(method="GET", target="/v1/models"), service)[0] == 404


def test_an_unknown_model_can_be_refused() -> None:
    service = MessagesService(refuses_unknown_models=True)
    assert ask(request(), service)[0] == 200
    assert ask(request({**TURN, "model": "claude-3-opus-20240229"}), service)[0] == 404


def test_models_come_in_pages() -> None:
    _, first = ask(request(method="GET", target="/v1/models?limit=4"))
    _, second = ask(request(method="GET", target=f"/v1/models?limit=4&after_id={first['last_id']}"))
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert [model["id"] for model in (*first["data"], *second["data"])] == list(MessagesService().models)


def test_the_answer_stops_at_max_tokens() -> None:
    service = MessagesService(says=numbered(100))
    _, cut = ask(request({**TURN, "max_tokens": 3}), service)
    _, whole = ask(request({**TURN, "max_tokens": 100}), service)
    assert (cut["content"][0]["text"], cut["stop_reason"], cut["usage"]["output_tokens"]) == ("0 1 2 ", "max_tokens", 3)
    assert (whole["stop_reason"], whole["usage"]["output_tokens"]) == ("end_turn", 100)


def test_a_demanded_tool_is_used_and_none_when_forbidden() -> None:
    tools = [{"name": name, "input_schema": {"type": "object"}} for name in ("first", "second")]
    for choice, expected in (({"type": "any"}, "first"), ({"type": "tool", "name": "second"}, "second")):
        _, body = ask(request({**TURN, "tools": tools, "tool_choice": choice}))
        assert (body["content"][0]["name"], body["stop_reason"]) == (expected, "tool_use")
    _, body = ask(request({**TURN, "tools": tools, "tool_choice": {"type": "none"}}))
    assert body["content"][0]["type"] == "text"
    _, body = ask(request({**TURN, "tools": tools}), MessagesService(says=Script(uses_tools=False)))
    assert body["content"][0]["type"] == "text"


def _second_turn() -> dict[str, Any]:
    first = {**TURN, "system": [{"type": "text", "text": "Be brief."}], "thinking": {"type": "adaptive"}}
    _, answer = ask(request(first))
    return {**first, "messages": [HI, {"role": "assistant", "content": answer["content"]}, HI]}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]},
        {"system": "Be brief."},
        {
            "system": [
                {"type": "text", "text": "x-anthropic-billing-header: cch=1;"},
                {"type": "text", "text": "Be brief."},
            ]
        },
        {"model": "claude-opus-5-5"},
    ],
    ids=["nothing", "cache mark", "text alone", "billing header", "model"],
)
def test_what_a_thinking_block_does_not_bind_may_change(change: dict[str, object]) -> None:
    assert ask(request({**_second_turn(), **change}))[0] == 200


def test_thinking_can_be_left_out_of_sight() -> None:
    _, body = ask(request({**TURN, "thinking": {"type": "adaptive", "display": "omitted"}}))
    assert body["content"][0]["thinking"] == ""
    assert body["content"][0]["signature"]


def test_a_tool_is_given_what_it_requires() -> None:
    schema = {
        "type": "object",
        "properties": {"unit": {"type": "string", "enum": ["km", "mi"]}, "far": {"type": "boolean"}, "note": {}},
        "required": ["unit", "far"],
    }
    _, body = ask(request({**TURN, "tools": [{"name": "distance", "input_schema": schema}]}))
    assert body["content"][0]["input"] == {"unit": "km", "far": True}


def test_tool_and_input_can_be_scripted() -> None:
    tools = [{"name": name, "input_schema": {"type": "object"}} for name in ("first", "second")]
    service = MessagesService(says=Script(tool="second", tool_input={"command": "true"}))
    _, body = ask(request({**TURN, "tools": tools}), service)
    assert (body["content"][0]["name"], body["content"][0]["input"]) == ("second", {"command": "true"})


@pytest.mark.parametrize(
    "change",
    [
        {"system": [{"type": "text", "text": "Be brief"}]},
        {"system": [{"text": "Be brief.", "type": "text"}]},
        {"tools": [{"name": "t", "input_schema": {}}]},
    ],
    ids=["text", "order of keys", "tools"],
)
def test_what_a_thinking_block_binds_cannot_be_edited(change: dict[str, object]) -> None:
    status, body = ask(request({**_second_turn(), **change}))
    assert status == 400
    assert body["error"]["message"] == "messages.1.content.0: Invalid `signature` in `thinking` block"
