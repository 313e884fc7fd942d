"""Messages requests as InvokeModel takes them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.upstream.bedrock.cases import NEW_MODEL, OLD_MODEL, TABLES

from proxycast.model.errors import InputError
from proxycast.upstream.bedrock.invocation import Invocation, count_request, invocation

USE = {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "n", "input": {}}]}
RESULT = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "r"}]}
ASK = {"role": "user", "content": "q"}
SAY = {"role": "assistant", "content": "a"}


def note(content: object = "note", **fields: object) -> dict[str, object]:
    return {"role": "system", "content": content, **fields}


def made(value: object, *betas: str, model: str = NEW_MODEL) -> Invocation:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return invocation(body, [beta.encode() for beta in betas], model, TABLES)


def fields(value: object, *betas: str, model: str = NEW_MODEL) -> dict[str, Any]:
    """The fields that are sent, but for the version."""
    sent: dict[str, Any] = json.loads(made(value, *betas, model=model).body)
    assert sent.pop("anthropic_version") == "bedrock-2023-05-31"
    return sent


def test_model_and_stream_move_and_the_rest_keeps_its_bytes() -> None:
    sent = made(
        b'{"model":"claude-opus-5-5",\n "max_tokens": 1e2 ,"stream":true,'
        b'"messages":[ {"role":"user","content":"\\u4f60"}]}'
    )
    assert sent.body == (
        b'{"anthropic_version":"bedrock-2023-05-31",'
        b'"max_tokens": 1e2,"messages":[ {"role":"user","content":"\\u4f60"}]}'
    )
    assert (sent.model, sent.stream, sent.removed) == ("claude-opus-5-5", True, ())


@pytest.mark.parametrize("stream", [{}, {"stream": False}, {"stream": None}, {"stream": "true"}])
def test_only_true_makes_a_stream(stream: dict[str, object]) -> None:
    assert not made({"messages": [], **stream}).stream
    assert fields({"messages": [], **stream}) == {"messages": []}


def test_a_model_that_is_no_string_is_none() -> None:
    assert made({"model": ["a"]}).model is None
    assert made({}).body == b'{"anthropic_version":"bedrock-2023-05-31"}'


def test_the_version_is_bedrock_s_whatever_the_client_says() -> None:
    sent = fields({"anthropic_version": "2026-10-21", "max_tokens": 1})
    assert sent == {"max_tokens": 1}


def test_betas_of_the_headers_and_the_body_become_one_filtered_list() -> None:
    sent = made(
        {"anthropic_beta": ["effort-2025-11-24", "skills-2025-10-02", 1]},
        "claude-code-20250219, oauth-2025-04-20,,effort-2025-11-24",
        "advanced-tool-use-2025-11-20",
    )
    assert json.loads(sent.body)["anthropic_beta"] == [
        "claude-code-20250219",
        "effort-2025-11-24",
        "tool-search-tool-2025-10-19",
    ]
    assert sent.removed == ("anthropic-beta: oauth-2025-04-20", "anthropic-beta: skills-2025-10-02")


def test_no_accepted_beta_means_no_field() -> None:
    assert fields({"max_tokens": 1}, "oauth-2025-04-20") == {"max_tokens": 1}


def test_unknown_fields_go_and_are_named() -> None:
    sent = made({"speed": "fast", "max_tokens": 1, "mcp_servers": [], "a\nb" * 99: 1, "top_k": 2})
    assert json.loads(sent.body).keys() == {"anthropic_version", "max_tokens", "top_k"}
    assert sent.removed == ("speed", "mcp_servers", "?")


def test_what_was_removed_is_a_bounded_list() -> None:
    assert len(made({f"field{number}": 1 for number in range(5000)}).removed) == 32


def test_every_known_field_passes() -> None:
    body = {name: {"a": 1} for name in sorted(TABLES.fields - {"anthropic_version", "anthropic_beta", "messages"})}
    assert fields(body) == body


def test_context_management_loses_the_edits_that_are_refused() -> None:
    refused, taken = {"type": "clear_thinking_20251015", "keep": "all"}, {"type": "clear_tool_uses_20250919"}
    both = made({"context_management": {"edits": [refused, taken]}})
    assert json.loads(both.body)["context_management"] == {"edits": [taken]}
    assert both.removed == ("context_management.edits: clear_thinking_20251015",)
    assert fields({"context_management": {"edits": [refused]}}) == {}
    assert fields({"context_management": {"edits": [taken]}}) == {"context_management": {"edits": [taken]}}


def test_cache_control_loses_scope_wherever_blocks_stand() -> None:
    marked = {"type": "text", "text": "x", "cache_control": {"type": "ephemeral", "scope": "global", "ttl": "1h"}}
    result = {"type": "tool_result", "tool_use_id": "t", "content": [marked]}
    document = {"type": "document", "source": {"type": "content", "content": [marked]}}
    tool = {"name": "t", "input_schema": {"properties": {"cache_control": {"scope": "of the user's own"}}}}
    use = {"type": "tool_use", "id": "t", "name": "t", "input": {"cache_control": {"scope": 1, "ttl": 2}}}
    body = {
        "system": [marked],
        "tools": [{**tool, "cache_control": marked["cache_control"]}],
        "messages": [{"role": "assistant", "content": [use]}, {"role": "user", "content": [marked, result, document]}],
    }
    for model, left in ((NEW_MODEL, {"type": "ephemeral", "ttl": "1h"}), (OLD_MODEL, {"type": "ephemeral"})):
        bare = {**marked, "cache_control": left}
        assert fields(body, model=model) == {
            "system": [bare],
            "tools": [{**tool, "cache_control": left}],
            "messages": [
                {"role": "assistant", "content": [use]},
                {"role": "user", "content": [bare, {**result, "content": [bare]}, _document_of(bare)]},
            ],
        }
    assert made(body).removed == ("cache_control.scope",)
    assert made(body, model=OLD_MODEL).removed == ("cache_control.scope", "cache_control.ttl")


def _document_of(block: object) -> dict[str, object]:
    return {"type": "document", "source": {"type": "content", "content": [block]}}


def test_a_dropped_beta_takes_along_what_it_unlocks() -> None:
    body = {"messages": [{**ASK, "output_config": {"effort": "low"}}], "output_config": {"effort": "high"}}
    dropped = made(body, "per-turn-control-2026-07-01")
    assert json.loads(dropped.body)["messages"] == [ASK]
    assert json.loads(dropped.body)["output_config"] == {"effort": "high"}
    assert dropped.removed == ("anthropic-beta: per-turn-control-2026-07-01", "messages[].output_config")
    assert fields(body, "mid-conversation-output-config-2026-07-01")["messages"] == body["messages"]
    assert fields(body)["messages"] == body["messages"], "a field without a beta is the client's own affair"


def test_blocks_tools_and_thinking_go_with_their_beta() -> None:
    strict = _tables_that_accept_nothing()
    change = {"type": "tool_addition", "tool": {"type": "tool_reference", "name": "n"}}
    tools = [{"type": "advisor_20260301", "name": "advisor"}, {"name": "n", "input_schema": {}}]
    body = {
        "messages": [ASK, note([change, {"type": "text", "text": "x"}]), SAY, note([change])],
        "thinking": {"type": "adaptive", "display": "updates", "block_binding": {}},
        "tools": tools,
        "tool_choice": {"type": "auto"},
    }
    betas = [
        b"mid-conversation-tool-changes-2026-07-01,thinking-binding-controls-2026-08-01",
        b"thinking-display-updates-2026-08-18,advisor-tool-2026-03-01",
    ]
    sent = invocation(json.dumps(body).encode(), betas, NEW_MODEL, strict)
    assert json.loads(sent.body) == {
        "anthropic_version": "bedrock-2023-05-31",
        "messages": [ASK, note([{"type": "text", "text": "x"}]), SAY],
        "thinking": {"type": "adaptive"},
        "tools": tools[1:],
        "tool_choice": {"type": "auto"},
    }
    assert set(sent.removed[4:]) == {
        "messages[].content: tool_addition",
        "thinking.display",
        "thinking.block_binding",
        "tools: advisor_20260301",
    }
    only_advisor = invocation(json.dumps({**body, "tools": tools[:1]}).encode(), betas, NEW_MODEL, strict)
    assert {"tools", "tool_choice"}.isdisjoint(json.loads(only_advisor.body))


def test_fields_of_tools_go_with_their_beta() -> None:
    schema = {"type": "object", "properties": {"strict": {"type": "boolean"}}}
    body = {"tools": [{"name": "n", "strict": True, "input_schema": schema}, "odd"], "output_format": {}}
    sent = made(body, "structured-outputs-2025-11-13")
    assert json.loads(sent.body)["tools"] == [{"name": "n", "input_schema": schema}, "odd"]
    assert sent.removed == ("anthropic-beta: structured-outputs-2025-11-13", "tools[].strict", "output_format")
    assert fields({"tools": body["tools"]}) == {"tools": body["tools"]}


def _tables_that_accept_nothing() -> Any:
    return type(TABLES)(
        **{name: getattr(TABLES, name) for name in TABLES.__struct_fields__}
        | {"betas": type(TABLES.betas)(accepted=frozenset())}
    )


def test_another_display_of_thinking_stays() -> None:
    body = json.dumps({"thinking": {"type": "adaptive", "display": "omitted"}}).encode()
    sent = invocation(body, [b"thinking-display-updates-2026-08-18"], NEW_MODEL, _tables_that_accept_nothing())
    assert json.loads(sent.body)["thinking"] == {"type": "adaptive", "display": "omitted"}


def demoted(content: object = "note") -> dict[str, object]:
    return {"role": "user", "content": content}


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        pytest.param([ASK, SAY, note()], [ASK, SAY, demoted()], id="at the end"),
        pytest.param([note(), ASK], [demoted(), ASK], id="at the start, not hoisted"),
        pytest.param([ASK, USE, note(), RESULT], [ASK, USE, RESULT, demoted()], id="behind a result"),
        pytest.param(
            [ASK, USE, note("a"), note("b"), RESULT, note("c"), RESULT, SAY],
            [ASK, USE, RESULT, RESULT, demoted("a"), demoted("b"), demoted("c"), SAY],
            id="behind all results",
        ),
        pytest.param([ASK, USE, note(), ASK], [ASK, USE, demoted(), ASK], id="where no result comes"),
        pytest.param([ASK, USE, note()], [ASK, USE, demoted()], id="after the last use"),
        pytest.param([ASK, note(output_config={"effort": "low"})], [ASK, demoted()], id="its own fields go"),
        pytest.param([ASK, {"role": "system", "output_config": {}}, SAY], [ASK, SAY], id="nothing is left"),
        pytest.param([ASK, note(clear_at="next_user_message"), SAY, ASK], [ASK, SAY, ASK], id="cleared"),
        pytest.param([ASK, note(clear_at="next_user_message"), SAY], [ASK, demoted(), SAY], id="not cleared yet"),
        pytest.param([ASK, note([{"type": "tool_removal"}])], [ASK], id="blocks that no user turn holds"),
    ],
)
def test_old_models_get_system_turns_as_user_turns(turns: list[object], expected: list[object]) -> None:
    sent = made({"messages": turns}, model=OLD_MODEL)
    assert json.loads(sent.body)["messages"] == expected
    assert sent.removed
    assert fields({"messages": turns}) == {"messages": turns}, "new models take them as they are"


def test_the_bytes_of_a_demoted_turn_s_neighbours_stay() -> None:
    sent = made(
        b'{"messages":[{"role":"user", "content":1.0}, {"role":"system","content":"\\u00e9"} ]}', model=OLD_MODEL
    )
    assert b'"messages":[{"role":"user", "content":1.0}, {"role":"user","content":"\\u00e9"} ]' in sent.body
    assert sent.removed == ("messages[].role: system → user",)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"model":"a"', id="cut"),
        pytest.param(b"\xff", id="no text"),
        pytest.param(b'{"model":"\xff"}', id="a model that is no text"),
        pytest.param(b'{"model":"a","model":"b"}', id="a key twice"),
        pytest.param(b'{"messages":[],"messages":[1]}', id="a list twice"),
        pytest.param(b'{"thinking":{"block_binding":1,"block_binding":2}}', id="a key twice inside"),
        pytest.param(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="nested deeply"),
        pytest.param(b'{"context_management":{"edits":1,"edits":2}}', id="edits twice"),
    ],
)
def test_a_body_that_cannot_be_translated_is_refused(body: bytes) -> None:
    with pytest.raises(InputError, match="AWS Bedrock"):
        invocation(body, [b"thinking-binding-controls-0"], NEW_MODEL, TABLES)


@pytest.mark.parametrize(
    "value",
    [None, 1, "x", {}, [None, 1, "x", [], {}], [{"role": 1, "content": {"cache_control": 1}}], {"edits": {}}],
)
@pytest.mark.parametrize("model", [NEW_MODEL, OLD_MODEL])
def test_values_of_an_odd_type_are_left_to_the_service(value: object, model: str) -> None:
    body = dict.fromkeys(["messages", "system", "tools", "thinking", "context_management"], value)
    betas = "per-turn-control-2026-07-01,advisor-tool-1,thinking-binding-controls-0,mid-conversation-tool-changes-0"
    assert fields(body, betas, model=model) == body


def test_nesting_that_can_be_read_is_read() -> None:
    block: dict[str, Any] = {"type": "text", "text": "x", "cache_control": {"scope": "g"}}
    for _ in range(300):
        block = {"type": "tool_result", "content": [block]}
    made({"messages": [{"role": "user", "content": [block]}]})


def test_tokens_are_counted_for_the_same_body() -> None:
    body = json.dumps({"model": "m", "messages": [ASK], "speed": "fast"}).encode()
    request = count_request(body, [b"effort-2025-11-24"], NEW_MODEL, TABLES)
    inner = json.loads(base64.b64decode(json.loads(request.body)["input"]["invokeModel"]["body"]))
    assert inner == {
        "anthropic_version": "bedrock-2023-05-31",
        "anthropic_beta": ["effort-2025-11-24"],
        "max_tokens": 1,
        "messages": [ASK],
    }
    assert request.removed == ("speed",)
    with_limit = count_request(b'{"max_tokens":9}', [], NEW_MODEL, TABLES)
    assert b'"max_tokens":9' in base64.b64decode(json.loads(with_limit.body)["input"]["invokeModel"]["body"])


# Numbers, escapes and spaces as other programs write them, which no encoder of ours would write.
SPELLINGS = st.sampled_from(["1.0", "1e2", "-0", "9007199254740993.000", '"\\u4f60"', '"/\\/"', '"😀"', "true", "null"])
VALUES = st.recursive(
    SPELLINGS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda values: f"[ {' ,'.join(values)}]")
        | st.dictionaries(st.sampled_from(["text", "scope", "cache\\u005fcontrol", "a b"]), inner, max_size=3).map(
            lambda values: "{" + ", ".join(f'"{key}" : {value}' for key, value in values.items()) + "\n}"
        )
    ),
    max_leaves=8,
)
ROLES = st.sampled_from(["user", "assistant", "system"])


@settings(max_examples=150)
@given(
    values=st.dictionaries(st.sampled_from(["metadata", "tool_choice", "temperature", "safeguards"]), VALUES),
    turns=st.lists(st.tuples(ROLES, VALUES), max_size=6),
    space=st.sampled_from(["", " ", "\n\t"]),
    model=st.sampled_from([NEW_MODEL, OLD_MODEL]),
)
def test_values_outside_the_removals_keep_their_bytes(
    values: dict[str, str], turns: list[tuple[str, str]], space: str, model: str
) -> None:
    messages = [f'{{{space}"role":"{role}",{space}"content":{space}{content}}}' for role, content in turns]
    members = [f'"model":{space}"m"', *(f'"{key}"{space}:{value}' for key, value in values.items())]
    members += ['"speed":"fast"', f'"messages":[{f"{space},".join(messages)}]']
    body = f"{space}{{{f',{space}'.join(members)}}}".encode()
    sent = invocation(body, [b"oauth-2025-04-20"], model, TABLES).body
    for value in values.values():
        assert value.encode() in sent
    expected = [role if model == NEW_MODEL or role != "system" else "user" for role, _ in turns]
    arrived = json.loads(sent)["messages"]
    assert [turn["role"] for turn in arrived] == expected
    for (_, content), turn in zip(turns, arrived, strict=True):
        assert content.encode() in sent
        assert turn["content"] == json.loads(content)
