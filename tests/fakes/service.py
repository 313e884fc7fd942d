"""The rules of the Messages API: which request gets which answer. No I/O."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.fakes import messages
from tests.fakes.answers import Answer, Framing, error, json_answer
from tests.fakes.wire import RecordedRequest

KEY = "sk-ant-api03-the-upstream-key-of-the-fake"
VERSIONS = ("2023-06-01", "2026-10-21")
BODY_CAP = 32 << 20


class Refused(Exception):
    """The request gets this error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.answer = error(status, message)


@dataclass(kw_only=True)
class MessagesService:
    """Answers as the Messages API does, strict where it is strict.

    `takes` says which header may carry one of `keys`: `x-api-key`, `bearer`, or `either` (then x-api-key wins).
    `refuses_unknown_models` makes an id outside `models` a 404, as for a retired one. With `counts_tokens` or
    `lists_models` False these paths are a 404, as with many compatible services.
    """

    keys: set[str] = field(default_factory=lambda: {KEY})
    takes: str = "either"
    says: messages.Script = field(default_factory=messages.Script)
    models: dict[str, str] = field(default_factory=lambda: dict(messages.MODELS))
    refuses_unknown_models: bool = False
    counts_tokens: bool = True
    lists_models: bool = True

    def answer(self, request: RecordedRequest, path: str) -> Answer:
        """The proper answer to a request for `path`, which is without the prefix of the base URL."""
        try:
            return self._route(request, path)
        except Refused as refused:
            return refused.answer

    def _route(self, request: RecordedRequest, path: str) -> Answer:
        if path == "/v1/messages":
            self._check(request, "POST")
            return self._message(_json_object(request), ", ".join(request.values("anthropic-version")))
        if path == "/v1/messages/count_tokens" and self.counts_tokens:
            self._check(request, "POST")
            body = _json_object(request)
            self._check_message(body)
            return json_answer({"input_tokens": messages.token_count(body)})
        if path == "/v1/models" and self.lists_models:
            self._check(request, "GET")
            return self._list_models(request)
        if path.startswith("/v1/models/") and self.lists_models:
            self._check(request, "GET")
            return self._show_model(path.removeprefix("/v1/models/"))
        raise Refused(404, "Not Found")

    def _check(self, request: RecordedRequest, method: str) -> None:
        if request.method != method:
            raise Refused(405, "Method Not Allowed")
        self._check_key(request)
        version = ", ".join(request.values("anthropic-version")) or None
        if version is None:
            raise Refused(400, "anthropic-version: header is required")
        if version not in VERSIONS:
            raise Refused(400, f'anthropic-version: "{version}" is not a valid version')
        if len(request.body) > BODY_CAP:
            raise Refused(413, "Request exceeds the maximum size")

    def _check_key(self, request: RecordedRequest) -> None:
        key = request.value("x-api-key") if self.takes != "bearer" else None
        if key is not None:
            if key not in self.keys:
                raise Refused(401, "invalid x-api-key")
            return
        authorization = request.value("authorization") if self.takes != "x-api-key" else None
        if authorization is None:
            raise Refused(401, "x-api-key header is required")
        if authorization.removeprefix("Bearer ") not in self.keys or not authorization.startswith("Bearer "):
            raise Refused(401, "Invalid bearer token")

    def _check_message(self, body: dict[str, Any]) -> None:
        model = body.get("model")
        if not isinstance(model, str) or not model:
            raise Refused(400, "model: Field required")
        turns = body.get("messages")
        if not isinstance(turns, list):
            raise Refused(400, "messages: Field required")
        if not turns:
            raise Refused(400, "messages: at least one message is required")
        for number, turn in enumerate(turns):
            if not isinstance(turn, dict) or turn.get("role") not in {"user", "assistant", "system"}:
                raise Refused(400, f"messages.{number}.role: Input should be 'user' or 'assistant'")
            if not isinstance(turn.get("content"), str | list):
                raise Refused(400, f"messages.{number}.content: Field required")
        if self.refuses_unknown_models and model not in self.models:
            raise Refused(404, f"model: {model}")
        wrong = messages.wrong_signature(body)
        if wrong is not None:
            raise Refused(400, f"{wrong}: Invalid `signature` in `thinking` block")

    def _message(self, body: dict[str, Any], version: str | None) -> Answer:
        self._check_message(body)
        limit = body.get("max_tokens")
        if not isinstance(limit, int):
            raise Refused(400, "max_tokens: Field required")
        if limit < 1:
            raise Refused(400, "max_tokens: must be greater than or equal to 1")
        if version == "2026-10-21":
            for name in ("temperature", "top_p", "top_k"):
                if name in body:
                    raise Refused(400, f"{name}: Extra inputs are not permitted")
        whole = messages.message(body, self.says)
        if not body.get("stream"):
            return json_answer(whole)
        headers = (("Content-Type", "text/event-stream; charset=utf-8"), ("Cache-Control", "no-cache"))
        return Answer(headers=headers, parts=tuple(messages.stream(whole)), framing=Framing.CHUNKED)

    def _list_models(self, request: RecordedRequest) -> Answer:
        query = parse_qs(request.query)
        models = [messages.model_info(identity, name) for identity, name in self.models.items()]
        after = query.get("after_id", [None])[0]
        limit = query.get("limit", ["20"])[0]
        if not limit.isdecimal():
            raise Refused(400, "limit: Input should be a valid integer")
        return json_answer(messages.model_page(models, limit=int(limit), after=after))

    def _show_model(self, identity: str) -> Answer:
        if identity not in self.models:
            raise Refused(404, f"model: {identity}")
        return json_answer(messages.model_info(identity, self.models[identity]))


def _json_object(request: RecordedRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError as bad:
        raise Refused(400, f"The request body is not valid JSON: {bad}") from None
    if not isinstance(body, dict):
        raise Refused(400, "Input should be a valid dictionary")
    return body
