"""The official SDKs against `proxycast serve`: all that a program does with them works as without a proxy."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from tests.clients.conftest import CLIENTS, OLD_PYTHON, Set
from tests.fakes import messages
from tests.fakes.answers import Answer, Behaviour, error
from tests.fakes.wire import RecordedRequest

ERRORS = {
    "400": "invalid_request_error",
    "401": "authentication_error",
    "403": "permission_error",
    "404": "not_found_error",
    "413": "request_too_large",
    "429": "rate_limit_error",
    "500": "api_error",
    "529": "overloaded_error",
}


def fails_by_model(request: RecordedRequest) -> Behaviour | Answer | None:
    """Let the service fail as the model of a request says."""
    model = request.json()["model"] if request.body else ""
    if model.startswith("error-"):
        return error(int(model.removeprefix("error-")))
    return Behaviour(cut_after_parts=6) if model == "cut" else None


@pytest.mark.parametrize(
    ("command", "version"),
    [
        pytest.param([sys.executable, CLIENTS / "python_sdk.py"], "2.", id="python, newest"),
        pytest.param([OLD_PYTHON, CLIENTS / "python_sdk.py"], "0.125.", id="python 0.125", marks=pytest.mark.clients),
        pytest.param(["node", CLIENTS / "typescript_sdk.mjs"], "1.", id="typescript", marks=pytest.mark.clients),
    ],
)
async def test_an_sdk_works_as_without_a_proxy(set_up: Set, command: list[str | Path], version: str) -> None:
    fake_api = set_up.fake_api
    fake_api.script = fails_by_model
    result = (await set_up.run(command)).json()
    asked = iter([request.json() for request in fake_api.requests if request.body])

    def expected() -> dict[str, Any]:
        return messages.message(next(asked), fake_api.service.says)

    assert result["version"].startswith(version)
    assert result["create"] == expected()
    assert result["stream"]["message"].items() >= expected().items()
    assert result["stream"]["text"] == fake_api.service.says.text
    first, second = result["tool_use"]
    assert first.items() >= expected().items()
    assert second == expected()
    assert [block["type"] for block in first["content"]] == ["thinking", "tool_use"]
    assert result["count_tokens"] == messages.token_count(next(asked))
    assert result["models"] == list(messages.MODELS)
    assert result["model"] == messages.MODELS["claude-sonnet-5-5"]
    for status, kind in ERRORS.items():
        failed = result["errors"][status]
        assert (str(failed["status"]), failed["body"]["error"]["type"]) == (status, kind)
        assert failed["request_id"].startswith("req_011CS")
    assert result["broken_stream"]["body"]["error"]["type"] == "api_error"
    assert result["wrong_token"]["status"] == 401
    assert "proxycast token" in result["wrong_token"]["body"]["error"]["message"]
    assert sum(request.carries("pc_wrong") for request in set_up.tap.requests) == 1, "it should not have tried again"
    set_up.check_what_passed()
