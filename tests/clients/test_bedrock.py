"""The clients that people use and an AWS Bedrock credential: they speak Anthropic's API, or Bedrock's own."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.program import TOKEN, Program
from tests.acceptance.tap import Tap
from tests.clients.conftest import CLIENTS, MODULES, OLD_PYTHON, Set
from tests.fakes.answers import Answer, Behaviour
from tests.fakes.bedrock import FakeBedrock
from tests.fakes.bedrock_service import KEY, REGION, aws_error
from tests.fakes.wire import RecordedRequest

from proxycast.service.shells import bedrock_environment

ERRORS = {
    400: ("ValidationException", "invalid_request_error", 400),
    401: ("UnrecognizedClientException", "permission_error", 403),
    403: ("AccessDeniedException", "permission_error", 403),
    404: ("ResourceNotFoundException", "not_found_error", 404),
    413: ("RequestEntityTooLargeException", "request_too_large", 413),
    429: ("ThrottlingException", "rate_limit_error", 429),
    500: ("InternalServerException", "api_error", 500),
    529: ("ServiceUnavailableException", "overloaded_error", 529),
}
ALIASES = {f"error-{status}": f"us.anthropic.error-{status}" for status in ERRORS}


@pytest.fixture
async def bedrock() -> AsyncIterator[FakeBedrock]:
    async with FakeBedrock() as fake:
        yield fake
    assert fake.violations == []


@pytest.fixture
async def set_up(tmp_path: Path, bedrock: FakeBedrock) -> AsyncIterator[Set]:
    """A client's way to the fake Bedrock, through `proxycast serve`."""
    program = Program(tmp_path / "program", {"PROXYCAST_TOKEN": TOKEN})
    file = program.folder / "file.yaml"
    file.write_text(f"""\
bedrock-claude:
  type: claude-custom
  base_url: {bedrock.base_url}
  aws_region: {REGION}
  aws_access_key: {KEY.access_key}
  aws_secret_key: {KEY.secret}
  models: {json.dumps(ALIASES)}
""")
    home = tmp_path / "client"
    home.mkdir()
    async with program.serve("--config", file) as serving, Tap(serving.port) as tap:
        yield Set(tap=tap, fake_api=bedrock, serving=serving, folder=home)


def fails_by_model(request: RecordedRequest) -> Behaviour | Answer | None:
    """Let the service fail as the model of a request says."""
    model = request.path.removeprefix("/model/").partition("/")[0]
    if "error-" in model:
        status = int(model.rpartition("-")[2])
        return aws_error(503 if status == 529 else status, ERRORS[status][0], "No.")
    return None


@pytest.mark.parametrize(
    ("command", "version"),
    [
        pytest.param([sys.executable, CLIENTS / "python_sdk.py"], "2.", id="python, newest"),
        pytest.param([OLD_PYTHON, CLIENTS / "python_sdk.py"], "0.125.", id="python 0.125", marks=pytest.mark.clients),
        pytest.param(["node", CLIENTS / "typescript_sdk.mjs"], "1.", id="typescript", marks=pytest.mark.clients),
    ],
)
async def test_an_sdk_works_as_with_anthropic(
    set_up: Set, bedrock: FakeBedrock, command: list[str | Path], version: str
) -> None:
    bedrock.script = fails_by_model
    result = (await set_up.run(command)).json()
    assert result["version"].startswith(version)
    assert result["create"]["content"] == [{"type": "text", "text": bedrock.aws.says.text}]
    assert result["stream"]["text"] == bedrock.aws.says.text
    assert result["stream"]["message"]["usage"]["output_tokens"] == result["create"]["usage"]["output_tokens"]
    first, second = result["tool_use"]
    assert [block["type"] for block in first["content"]] == ["thinking", "tool_use"]
    assert second["content"]
    assert result["count_tokens"] > 0
    profiles = {profile for model in bedrock.aws.models for profile in model.profiles}
    assert set(result["models"]) == {*ALIASES, *profiles, *(model.id for model in bedrock.aws.models if model.alone)}
    assert result["model"] == "GLOBAL Claude Sonnet 5.5"
    for status, (_, kind, seen) in ERRORS.items():
        failed = result["errors"][str(status)]
        assert (failed["status"], failed["body"]["error"]["type"]) == (seen, kind)
        assert failed["request_id"].startswith("6f1c2d3e")
    assert not any(request.carries(TOKEN) for request in bedrock.requests)


@pytest.fixture(params=["@anthropic-ai/claude-code", "claude-code-2.1.197"])
def claude(request: pytest.FixtureRequest) -> list[str | Path]:
    """The command line that asks it something, up to the question."""
    return ["node", MODULES / request.param / "cli-wrapper.cjs", "--output-format", "json", "-p"]


@pytest.mark.clients
async def test_claude_code_talks_plain_anthropic(set_up: Set, bedrock: FakeBedrock, claude: list[str | Path]) -> None:
    note = set_up.folder / "note.txt"
    note.write_text("the word is 敏捷\n")
    bedrock.aws.says = replace(bedrock.aws.says, tool="Read", tool_input={"file_path": str(note)})
    command = [*claude, "Read note.txt", "--allowedTools", "Read"]
    result = (await set_up.run(command, ANTHROPIC_MODEL="claude-opus-5-5")).json()
    assert result["result"] == bedrock.aws.says.text
    assert result["num_turns"] == 2
    bodies = [one.body.decode() for one in bedrock.requests if "/invoke" in one.path]
    assert any("the word is 敏捷" in body for body in bodies)
    assert not any(request.carries(TOKEN) for request in bedrock.requests)


@pytest.mark.clients
async def test_claude_code_in_bedrock_mode(set_up: Set, bedrock: FakeBedrock, claude: list[str | Path]) -> None:
    bedrock.aws.says = replace(bedrock.aws.says, uses_tools=False)
    variables: dict[str, Any] = {**bedrock_environment(set_up.tap.base_url, TOKEN, REGION, {})}
    result = (
        await set_up.run(
            [*claude, "Say something"],
            **variables,
            ANTHROPIC_MODEL="us.anthropic.claude-sonnet-5-5",
            ANTHROPIC_SMALL_FAST_MODEL="us.anthropic.claude-haiku-5-5",
        )
    ).json()
    assert result["result"] == bedrock.aws.says.text
    invoked = [one for one in bedrock.requests if one.path.startswith("/model/")]
    assert invoked
    assert all((one.value("authorization") or "").startswith("AWS4-HMAC-SHA256") for one in bedrock.requests)
    assert not any(request.carries(TOKEN) for request in bedrock.requests)
