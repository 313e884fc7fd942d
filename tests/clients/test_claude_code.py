"""Claude Code against `proxycast serve`, as a script runs it: `claude -p`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.clients.conftest import MODULES, Set
from tests.fakes.answers import Answer, error
from tests.fakes.wire import RecordedRequest

pytestmark = pytest.mark.clients


@pytest.fixture(params=["@anthropic-ai/claude-code", "claude-code-2.1.197"])
def claude(request: pytest.FixtureRequest) -> list[str | Path]:
    """The command line that asks it something, up to the question."""
    return ["node", MODULES / request.param / "cli-wrapper.cjs", "--output-format", "json", "-p"]


async def test_it_answers(set_up: Set, claude: list[str | Path]) -> None:
    set_up.fake_api.service.says = replace(set_up.fake_api.service.says, uses_tools=False)
    result = (await set_up.run([*claude, "Say something"])).json()
    assert result["result"] == set_up.fake_api.service.says.text
    assert result["usage"]["cache_read_input_tokens"] == set_up.fake_api.service.says.cache_read_input_tokens
    asked = [request for request in set_up.fake_api.requests if request.path == "/v1/messages"]
    assert any("Say something" in request.body.decode() for request in asked)
    assert all(request.target == "/v1/messages?beta=true" for request in asked)
    assert all(request.value("anthropic-beta") for request in asked)
    set_up.check_what_passed()


async def test_it_uses_a_tool_and_goes_on_with_the_result(set_up: Set, claude: list[str | Path]) -> None:
    note = set_up.folder / "note.txt"
    note.write_text("the word is 敏捷\n")
    says = replace(set_up.fake_api.service.says, tool="Read", tool_input={"file_path": str(note)})
    set_up.fake_api.service.says = says
    result = (await set_up.run([*claude, "Read note.txt", "--allowedTools", "Read"])).json()
    assert result["result"] == says.text
    assert result["num_turns"] == 2
    assert any(_holds_tool_result(request, "the word is 敏捷") for request in set_up.fake_api.requests)
    set_up.check_what_passed()


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (error(401, "This key has expired", x_should_retry="false"), "This key has expired"),
        (error(429, "This request would exceed your limit", retry_after="3600"), "would exceed your limit"),
    ],
    ids=["401", "429"],
)
async def test_it_shows_the_errors_of_the_service_at_once(
    set_up: Set, claude: list[str | Path], refusal: Answer, words: str
) -> None:
    set_up.fake_api.script = lambda request: refusal if request.path == "/v1/messages" else None
    result = (await set_up.run([*claude, "Say something"], status=1)).json()
    assert result["is_error"]
    assert words in result["result"]
    set_up.check_what_passed()


async def test_it_shows_what_proxycast_says(set_up: Set, claude: list[str | Path]) -> None:
    result = (await set_up.run([*claude, "Say something"], status=1, ANTHROPIC_AUTH_TOKEN="pc_wrong")).json()
    assert result["is_error"]
    assert "proxycast token" in result["result"]
    assert set_up.fake_api.requests == []


def _holds_tool_result(request: RecordedRequest, words: str) -> bool:
    turns = request.json()["messages"] if request.path == "/v1/messages" else []
    blocks = [block for turn in turns if isinstance(turn["content"], list) for block in turn["content"]]
    return any(block["type"] == "tool_result" and words in str(block["content"]) for block in blocks)
