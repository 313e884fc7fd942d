"""What the offline demo answers: as much of the Messages API as any client needs, in fixed words, without a model."""

from __future__ import annotations

import re
import secrets
from typing import Any

import msgspec

DEMO_MODEL = "proxycast-demo"
"""The model id that the demo lists and answers with. It takes every other id too."""

_TEXTS = {
    "en": (
        "This is ProxyCast's offline demo. No model was asked, and nothing left this machine. "
        "Your request came the real way, from your program through the proxy to a stand-in for the service, "
        "and this answer streams back to you word by word. "
        "To reach Claude, add a credential: `proxycast add NAME`."
    ),
    "zh": (
        "这是 ProxyCast 的离线演示：没有调用任何模型，也没有任何数据离开本机。"
        "您的请求走的是真实通路：从您的程序经代理到达一个模拟的服务，这段回答再逐词流式返回。"
        "要连接 Claude，请添加凭证：`proxycast add 名称`。"
    ),
}
_PIECE = re.compile(r"[\x21-\x7e]+\s*|[^\x21-\x7e\s]{1,2}\s*|\s+")
_PIECES_PER_PING = 20
_BYTES_PER_TOKEN = 4

_ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    405: "invalid_request_error",
}


class DemoAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: a JSON body, or the events of a stream."""

    status: int = 200
    body: bytes = b""
    events: tuple[bytes, ...] = ()


def answer(method: str, path: str, body: bytes, language: str | None) -> DemoAnswer:
    """The answer to a request that showed the key. `path` has no query; `language` None: both languages."""
    expected = "GET" if path == "/v1/models" or path.startswith("/v1/models/") else "POST"
    if expected == "POST" and path not in {"/v1/messages", "/v1/messages/count_tokens"}:
        return error(404, "ProxyCast's offline demo has no such path.")
    if method != expected:
        return error(405, f"This path takes {expected}.")
    if path == "/v1/models":
        entry = _model_entry()
        return _json({"data": [entry], "has_more": False, "first_id": entry["id"], "last_id": entry["id"]})
    if expected == "GET":
        known = path == f"/v1/models/{DEMO_MODEL}"
        return _json(_model_entry()) if known else error(404, "ProxyCast's offline demo has no such model.")
    request = _parse(body)
    if isinstance(request, DemoAnswer):
        return request
    if path == "/v1/messages/count_tokens":
        return _json({"input_tokens": estimate_tokens(request)})
    return _message(request, language)


def error(status: int, message: str) -> DemoAnswer:
    """An error envelope of the Messages API."""
    envelope = {"type": "error", "error": {"type": _ERROR_TYPES[status], "message": message}}
    return DemoAnswer(status=status, body=msgspec.json.encode(envelope))


def estimate_tokens(request: dict[str, Any]) -> int:
    """About how many tokens the prompt has: one for every four bytes of system, tools and messages as JSON.

    Only a service that runs the model can count; this is near enough for clients that plan with it.
    """
    prompt = [request.get("system"), request.get("tools"), request["messages"]]
    return max(1, len(msgspec.json.encode(prompt)) // _BYTES_PER_TOKEN)


def reply_text(language: str | None) -> str:
    """What the demo says, in the language of a code as `zh_CN` or `en`; None: in both."""
    if language is None:
        return "\n\n".join(_TEXTS.values())
    return _TEXTS["zh" if language.startswith("zh") else "en"]


def _parse(body: bytes) -> dict[str, Any] | DemoAnswer:
    try:
        request = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return error(400, "The request body is not valid JSON.")
    if not isinstance(request, dict):
        return error(400, "The request body is not a JSON object.")
    if not isinstance(request.get("model"), str):
        return error(400, "model: Field required")
    if not isinstance(request.get("messages"), list) or not request["messages"]:
        return error(400, "messages: at least one message is required")
    return request


def _message(request: dict[str, Any], language: str | None) -> DemoAnswer:
    limit = request.get("max_tokens")
    if not isinstance(limit, int) or limit < 1:
        return error(400, "max_tokens: Field required")
    pieces = _PIECE.findall(reply_text(language))
    said = pieces[:limit]
    message = {
        "id": f"msg_demo_{secrets.token_hex(8)}",
        "type": "message",
        "role": "assistant",
        "model": DEMO_MODEL,
        "content": [{"type": "text", "text": "".join(said)}],
        "stop_reason": "end_turn" if len(said) == len(pieces) else "max_tokens",
        "stop_sequence": None,
        "usage": {
            "input_tokens": estimate_tokens(request),
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": len(said),
        },
    }
    return DemoAnswer(events=_stream(message, said)) if request.get("stream") is True else _json(message)


def _stream(message: dict[str, Any], pieces: list[str]) -> tuple[bytes, ...]:
    start = {**message, "content": [], "stop_reason": None, "usage": {**message["usage"], "output_tokens": 0}}
    events = [
        _event("message_start", message=start),
        _event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
    ]
    for number, piece in enumerate(pieces):
        if number % _PIECES_PER_PING == 0:
            events.append(_event("ping"))
        events.append(_event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece}))
    end = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    return (
        *events,
        _event("content_block_stop", index=0),
        _event("message_delta", delta=end, usage=message["usage"]),
        _event("message_stop"),
    )


def _event(kind: str, **fields: object) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), msgspec.json.encode({"type": kind, **fields}))


def _model_entry() -> dict[str, Any]:
    return {
        "type": "model",
        "id": DEMO_MODEL,
        "display_name": "ProxyCast offline demo (no model)",
        "created_at": "1970-01-01T00:00:00Z",
        "lifecycle": "active",
    }


def _json(value: object) -> DemoAnswer:
    return DemoAnswer(body=msgspec.json.encode(value))
