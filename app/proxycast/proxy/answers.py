"""The answers that are ours: Anthropic error envelopes that say what to do.

Statuses and types follow Anthropic's "Errors" reference, so that clients treat them as they treat the service's own;
where a repeated request cannot help, `x-should-retry: false` keeps the SDKs from repeating it.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus

import msgspec

from proxycast.model.errors import (
    InputError,
    KeyringError,
    NoAnswerInTime,
    NotServed,
    ProxyCastError,
    Refusal,
    TooLarge,
    UnknownCredential,
    UpstreamError,
    VaultError,
)
from proxycast.model.text import Text, Translate


class Answer(msgspec.Struct, frozen=True):
    """An answer of our own, before it has a body: status, Anthropic's error type, our error code, whether to repeat."""

    status: int
    type: str
    code: str
    what: Text
    retry: bool = False


BAD_REQUEST = Answer(
    400,
    "invalid_request_error",
    "bad_request",
    Text("ProxyCast cannot read this request: it is not well-formed HTTP/1.1."),
)
BAD_TARGET = Answer(
    400,
    "invalid_request_error",
    "bad_target",
    Text(
        "ProxyCast does not forward this path. Paths are plain, such as /v1/messages: without dot segments, escaped "
        "slashes or a host."
    ),
)
BAD_METHOD = Answer(
    400,
    "invalid_request_error",
    "bad_method",
    Text("ProxyCast forwards GET, HEAD, POST, PUT, PATCH and DELETE only."),
)
BAD_HEADER = Answer(
    400, "invalid_request_error", "bad_header", Text("ProxyCast does not forward header names with an underscore.")
)
BAD_LENGTH = Answer(
    400,
    "invalid_request_error",
    "bad_length",
    Text(
        "ProxyCast takes a body with a Content-Length or in chunks, with no other coding and little between the chunks."
    ),
)
HEAD_TOO_LARGE = Answer(
    431,
    "request_too_large",
    "head_too_large",
    Text("The request's headers are more than ProxyCast takes: 32 KiB, 100 headers."),
)
BODY_TOO_LARGE = Answer(
    413,
    "request_too_large",
    "body_too_large",
    Text("The request's body is larger than 32 MiB, the limit of the Messages API."),
)
TOO_SLOW = Answer(
    408, "timeout_error", "too_slow", Text("The request did not arrive in time. Send it again."), retry=True
)
TOO_MANY = Answer(
    503,
    "api_error",
    "too_many",
    Text("ProxyCast holds as many connections as it may. Close some clients and try again."),
    retry=True,
)
FOREIGN = Answer(
    403,
    "permission_error",
    "foreign",
    Text(
        "This request came from a web page or under another host name, so ProxyCast refuses it. "
        "Programs reach it at {address}."
    ),
)
NO_TOKEN = Answer(
    401,
    "authentication_error",
    "no_token",
    Text(
        "This request shows no ProxyCast client token. "
        "Set ANTHROPIC_AUTH_TOKEN to the one that `proxycast token` prints."
    ),
)
WRONG_TOKEN = Answer(
    401,
    "authentication_error",
    "wrong_token",
    Text(
        "This is not ProxyCast's client token. "
        "Set ANTHROPIC_AUTH_TOKEN to the one that `proxycast token` prints, and unset ANTHROPIC_API_KEY."
    ),
)
NOT_JSON = Answer(
    415,
    "invalid_request_error",
    "not_json",
    Text("The body of this request must be JSON, declared as `content-type: application/json`."),
)
NOT_SERVED = Answer(
    404,
    "not_found_error",
    "not_served",
    Text("ProxyCast serves /v1/… and /c/<credential>/v1/… only. Set ANTHROPIC_BASE_URL to {address}."),
)
FAILED = Answer(
    500, "api_error", "failed", Text("ProxyCast failed to handle this request. Its log tells where; please report it.")
)
STOPPING = Answer(503, "api_error", "stopping", Text("ProxyCast is stopping. Try again when it runs."), retry=True)


def for_error(error: Exception) -> Answer:
    """The answer that tells a client of `error`; of one that nobody foresaw it tells nothing."""
    if not isinstance(error, ProxyCastError):
        return FAILED
    what = Text("{what} {remedy}", what=error.what, remedy=error.remedy) if error.remedy is not None else error.what
    match error:
        case UnknownCredential() | NotServed():
            return Answer(404, "not_found_error", error.code, what)
        case TooLarge():
            return Answer(413, "request_too_large", error.code, what)
        case InputError():
            return Answer(400, "invalid_request_error", error.code, what)
        case Refusal():
            return Answer(403, "permission_error", error.code, what)
        case KeyringError() | VaultError():
            return Answer(503, "api_error", error.code, what, retry=True)
        case NoAnswerInTime():
            return Answer(504, "timeout_error", error.code, what, retry=True)
        case UpstreamError():
            return Answer(502, "api_error", error.code, what, retry=True)
        case _:
            return Answer(500, "api_error", error.code, what)


class Speaker:
    """Puts answers into bytes, in the user's language.

    `address` is what clients should use, such as `http://127.0.0.1:8999`.
    """

    def __init__(self, translate: Translate, address: str) -> None:
        self._translate = translate
        self._address = address

    def response(self, answer: Answer, *, keep_alive: bool, to_head: bool = False) -> bytes:
        """The complete HTTP response for `answer`, with a fresh request id; without the body if it is `to_head`."""
        request_id = f"req_pc_{secrets.token_hex(12)}"
        body = self._envelope(answer, request_id)
        lines = [
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
            "content-type: application/json",
            f"content-length: {len(body)}",
            f"request-id: {request_id}",
        ]
        if not answer.retry:
            lines.append("x-should-retry: false")
        if not keep_alive:
            lines.append("connection: close")
        return "\r\n".join([*lines, "", ""]).encode("ascii") + (b"" if to_head else body)

    def event(self, answer: Answer) -> bytes:
        """The `error` event that ends a broken stream."""
        return b"event: error\ndata: " + self._envelope(answer, f"req_pc_{secrets.token_hex(12)}") + b"\n\n"

    def _envelope(self, answer: Answer, request_id: str) -> bytes:
        message = self._translate(answer.what.template).format(**self._values(answer.what))
        error = {"type": answer.type, "message": message}
        return msgspec.json.encode({"type": "error", "error": error, "request_id": request_id})

    def _values(self, text: Text) -> dict[str, object]:
        rendered = {
            name: value.render(self._translate) if isinstance(value, Text) else value
            for name, value in text.values.items()
        }
        return {"address": self._address, **rendered}
