"""What a program does with the Anthropic SDK for Python, whichever version is installed. Prints what came as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import anthropic

MODEL = "claude-sonnet-5-5"
QUESTION: Any = [{"role": "user", "content": "What is the weather in 北京? \u2028 \U0001f326"}]
TOOLS: Any = [
    {
        "name": "get_weather",
        "description": "The weather of a city",
        "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    }
]


def main() -> None:
    """Talk to the service that the environment names."""
    client = anthropic.Anthropic(max_retries=0)
    result = {
        "version": anthropic.__version__,
        "create": client.messages.create(model=MODEL, max_tokens=64, messages=QUESTION).to_dict(mode="json"),
        "stream": stream(client),
        "tool_use": tool_use(client),
        "count_tokens": client.messages.count_tokens(model=MODEL, messages=QUESTION, tools=TOOLS).input_tokens,
        "models": [model.id for model in client.models.list(limit=2)],
        "model": client.models.retrieve(MODEL).display_name,
        "errors": {
            str(status): error(fail, client, f"error-{status}") for status in (400, 401, 403, 404, 413, 429, 500, 529)
        },
        "broken_stream": error(stream, client, "cut"),
        "wrong_token": error(fail, anthropic.Anthropic(auth_token="pc_wrong", max_retries=2), MODEL),
    }
    sys.stdout.write(json.dumps(result))


def stream(client: anthropic.Anthropic, model: str = MODEL) -> dict[str, Any]:
    """A streamed answer: its text as it came, and the message that the SDK made of it."""
    with client.messages.stream(model=model, max_tokens=64, messages=QUESTION) as events:
        text = "".join(events.text_stream)
        return {"text": text, "message": events.get_final_message().to_dict(mode="json")}


def tool_use(client: anthropic.Anthropic) -> list[dict[str, Any]]:
    """Two turns, the second with the result of the tool and the signed thinking of the first."""
    turn: Any = {
        "model": MODEL,
        "max_tokens": 2048,
        "thinking": {"type": "enabled", "budget_tokens": 1024},
        "tools": TOOLS,
    }
    with client.messages.stream(messages=QUESTION, **turn) as events:
        first = events.get_final_message()
    use = next(block for block in first.content if block.type == "tool_use")
    answer: Any = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": use.id, "content": "18 °C"}]}
    said: Any = {"role": "assistant", "content": [block.to_dict(mode="json") for block in first.content]}
    second = client.messages.create(messages=[*QUESTION, said, answer], **turn)
    return [first.to_dict(mode="json"), second.to_dict(mode="json")]


def fail(client: anthropic.Anthropic, model: str) -> None:
    """A request that the service or the proxy refuses."""
    client.messages.create(model=model, max_tokens=64, messages=QUESTION)


def error(call: Callable[..., object], *arguments: object) -> dict[str, Any]:
    """How the SDK tells of a failure."""
    try:
        call(*arguments)
    except anthropic.APIStatusError as refused:
        return {"status": refused.status_code, "body": refused.body, "request_id": refused.request_id}
    except Exception as failed:
        return {"failed": type(failed).__name__}
    return {}


if __name__ == "__main__":
    main()
