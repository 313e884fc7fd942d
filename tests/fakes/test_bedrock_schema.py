"""What the fake Bedrock refuses in a body, one case per row."""

from __future__ import annotations

from typing import Any

import pytest
from tests.fakes.bedrock_schema import Invalid, Traits, check_body

HI = {"role": "user", "content": "Hi"}
BODY: dict[str, Any] = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": [HI]}
OLD = Traits(system_turns=False, cache_ttl=False, new_version=False)
USE = {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "n", "input": {}}]}
RESULT = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "r"}]}
TEXT = {"type": "text", "text": "x"}


def marked(**fields: str) -> dict[str, Any]:
    return {**TEXT, "cache_control": {"type": "ephemeral", **fields}}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"anthropic_version": None}, "anthropic_version"),
        ({"anthropic_version": "2023-06-01"}, "not a valid version"),
        ({"model": "m"}, "model: Extra inputs are not permitted"),
        ({"stream": True}, "stream: Extra inputs are not permitted"),
        ({"speed": "fast"}, "speed: Extra inputs are not permitted"),
        ({"anthropic_beta": ["oauth-2025-04-20"]}, "invalid beta flag"),
        ({"anthropic_beta": "effort-2025-11-24"}, "invalid beta flag"),
        ({"max_tokens": "9"}, "max_tokens"),
        ({"messages": "Hi"}, "messages: Field required"),
        ({"messages": []}, "at least one message"),
        ({"system": [marked(scope="global")]}, "system.0.cache_control.ephemeral.scope: Extra inputs"),
        ({"tools": [marked(scope="global")]}, "tools.0.cache_control.ephemeral.scope: Extra inputs"),
        (
            {"messages": [{**HI, "content": [{"type": "tool_result", "content": [marked(scope="g")]}]}]},
            "messages.0.content.0.content.0.cache_control.ephemeral.scope",
        ),
        ({"context_management": {"edits": [{"type": "clear_thinking_20251015"}]}}, "'clear_thinking_20251015' found"),
        ({"thinking": {"type": "adaptive", "block_binding": {}}}, "thinking.adaptive.block_binding: Extra inputs"),
        ({"thinking": {"type": "adaptive", "display": "updates"}}, "thinking.adaptive.display: Input should be"),
        ({"messages": [{**HI, "output_config": {}}]}, "messages.0.output_config: Extra inputs"),
        ({"messages": [{**HI, "clear_at": "never"}]}, "messages.0.clear_at: Extra inputs"),
        ({"messages": [HI, {"role": "system", "content": [{"type": "tool_addition"}]}]}, "'tool_addition' found"),
        ({"messages": [HI, USE]}, "`tool_use` ids were found without"),
        ({"messages": [HI, USE, HI, RESULT]}, "`tool_use` ids were found without"),
        ({"messages": [{**HI, "role": "tool"}]}, 'Unexpected role "tool"'),
    ],
)
def test_what_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words.replace(".", "[.]")):
        check_body({**BODY, **change}, Traits())


def test_old_models_refuse_more() -> None:
    for change in (
        {"anthropic_version": "2026-10-21"},
        {"system": [marked(ttl="1h")]},
        {"messages": [HI, {"role": "system", "content": "x"}]},
    ):
        check_body({**BODY, **change}, Traits())
        with pytest.raises(Invalid):
            check_body({**BODY, **change}, OLD)


@pytest.mark.parametrize("body", [[], None, "x", {}])
def test_what_is_no_body_is_refused(body: object) -> None:
    with pytest.raises(Invalid):
        check_body(body, Traits())


@pytest.mark.parametrize(
    ("betas", "change"),
    [
        ("mid-conversation-output-config-2026-07-01", {"messages": [{**HI, "output_config": {}}]}),
        ("thinking-binding-controls-2026-08-01", {"thinking": {"type": "adaptive", "block_binding": {}}}),
        ("thinking-display-updates-2026-08-18", {"thinking": {"type": "adaptive", "display": "updates"}}),
        (
            "mid-conversation-tool-changes-2026-07-01",
            {"messages": [HI, {"role": "system", "content": [{"type": "tool_removal"}]}]},
        ),
    ],
)
def test_a_beta_unlocks_what_it_is_for(betas: str, change: dict[str, Any]) -> None:
    body = {**BODY, **change, "anthropic_beta": [betas]}
    assert check_body(body, Traits()) == body


def test_results_behind_their_use_are_taken() -> None:
    check_body({**BODY, "messages": [HI, USE, RESULT, HI]}, OLD)
