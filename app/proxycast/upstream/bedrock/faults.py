"""AWS Bedrock's errors as errors of the Messages API: the service's own words, under Anthropic's statuses and types.

What Anthropic's clients do next depends on status and type, see "Errors" in the documentation of the Claude API.
"""

from __future__ import annotations

import re

import msgspec

from proxycast.model.text import Text, Translate

_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_STATUSES = {
    "validation": 400,
    "serialization": 400,
    "accessdenied": 403,
    "unrecognizedclient": 403,
    "invalidclienttokenid": 403,
    "invalidsignature": 403,
    "signaturedoesnotmatch": 403,
    "incompletesignature": 403,
    "missingauthenticationtoken": 403,
    "notauthorized": 403,
    "optinrequired": 403,
    "expiredtoken": 403,
    "resourcenotfound": 404,
    "unknownoperation": 404,
    "conflict": 409,
    "requestentitytoolarge": 413,
    "throttling": 429,
    "throttled": 429,
    "toomanyrequests": 429,
    "limitexceeded": 429,
    "modelnotready": 429,
    "servicequotaexceeded": 429,
    "modeltimeout": 504,
    "internalserver": 500,
    "internalfailure": 500,
    "serviceunavailable": 529,
}
_OF_THE_MODEL = frozenset({"modelstreamerror", "modelerror"})
"""These carry the status that the model itself ended with."""

_TOO_LONG = "input is too long for requested model"
_TOO_LONG_TOKEN = "capability_rejected: prompt_too_long"  # noqa: S105 - a word that clients look for
_EXPIRED = "security token included in the request is expired"
_MESSAGE_LIMIT = 2000

_CANONICAL = re.compile(r"\s*The Canonical String for this request.*", re.DOTALL | re.IGNORECASE)
_MODEL_ARN = re.compile(r"\barn:[\w-]+:bedrock:[\w-]*:\d*:[a-z-]+/([\w.:-]*\w)")
_ARN = re.compile(r"\barn:[\w-]+:[^\s\"'<>\\,;]*[^\s\"'<>\\,;.)\]:]")
_KEY_ID = re.compile(r"\b(?:AKIA|ASIA|ABSK|AROA|AIDA)[A-Z0-9+/=]{12,}")
_ACCOUNT = re.compile(r"(?<!\d)(?<!\d\.)\d{12}(?!\.?\d)")


class Fault(msgspec.Struct, frozen=True):
    """An error of the service, in the Messages API's terms. `name` is AWS's, without its `Exception`, lower case.

    `own` is the sentence of `message` where the service has none of its own: that one can be translated.
    """

    name: str
    status: int
    type: str
    message: str
    own: Text | None = None

    @classmethod
    def in_own_words(cls, name: str, status: int, own: Text) -> Fault:
        """An error that the service does not put into words."""
        return cls(name, status, type_of(status), str(own), own)

    def said(self, translate: Translate, more: str = "") -> Fault:
        """The error with its own words translated, and `more` words after them."""
        words = self.message if self.own is None else self.own.render(translate)
        return msgspec.structs.replace(self, message=f"{words} {more}".rstrip())

    @property
    def stale(self) -> bool:
        """Whether the credentials had expired, so that fresh ones may help."""
        return self.name == "expiredtoken" or _EXPIRED in self.message.lower()

    def envelope(self, request_id: str) -> bytes:
        """The error as the Messages API writes it."""
        said: dict[str, object] = {"type": "error", "error": {"type": self.type, "message": self.message}}
        return msgspec.json.encode({**said, "request_id": request_id} if request_id else said)


def http_fault(status: int, error_type: str, body: bytes) -> Fault:
    """What an answer of this status says; `error_type` is its `x-amzn-errortype`, empty if it has none."""
    said = _read(body)
    name = _plain_name(error_type or _text(said.kind) or _text(said.code))
    return _fault(name, said, status)


def stream_fault(name: str, payload: bytes, message: str = "") -> Fault:
    """What an exception or an error inside an event stream says; `message` stands for what the payload does not say."""
    said = _read(payload)
    if message and not said.text:
        said = _Said(message=message)
    return _fault(_plain_name(name), said, 500)


def redact(text: str) -> str:
    """The text without account ids, key ids and ARNs; of the ARN of a model or profile its id stays."""
    text = _CANONICAL.sub("", text)  # it repeats the signed headers, a session token among them
    text = _MODEL_ARN.sub(r"\1", text)
    text = _ARN.sub("(ARN)", text)
    text = _KEY_ID.sub("(key)", text)
    return _ACCOUNT.sub("(account)", text)


def type_of(status: int) -> str:
    """Anthropic's error type for a status."""
    return _TYPES.get(status, "invalid_request_error" if 400 <= status < 500 else "api_error")


class _Said(msgspec.Struct):
    """What errors carry, in AWS's spellings. Untyped: gateways in between answer too."""

    message: object = None
    Message: object = None
    kind: object = msgspec.field(name="__type", default=None)
    code: object = None
    error: object = None
    original_status: object = msgspec.field(name="originalStatusCode", default=None)
    original_message: object = msgspec.field(name="originalMessage", default=None)

    @property
    def text(self) -> str:
        inner = self.error.get("message") if isinstance(self.error, dict) else None  # in the Messages API's form
        message = _text(self.message) or _text(self.Message) or _text(inner)
        original = _text(self.original_message)
        return f"{message} ({original})" if message and original and original != message else message or original


_decoder = msgspec.json.Decoder(_Said)


def _read(body: bytes) -> _Said:
    try:
        return _decoder.decode(body)
    except (ValueError, RecursionError):
        return _Said()


def _fault(name: str, said: _Said, http_status: int) -> Fault:
    status = _STATUSES.get(name) or (503 if http_status == 503 else http_status)
    if name in _OF_THE_MODEL:
        original = said.original_status
        status = original if isinstance(original, int) and 400 <= original < 600 else 500
    if status == 503:
        status = 529  # what the Messages API answers when it has no capacity
    elif not 400 <= status < 600:
        status = 500
    message = redact(said.text)[:_MESSAGE_LIMIT]
    if not message:
        return Fault.in_own_words(
            name, status, Text("AWS Bedrock answered {status} without saying why.", status=http_status)
        )
    if _TOO_LONG in message.lower():
        message = f"{message} ({_TOO_LONG_TOKEN})"
    return Fault(name, status, type_of(status), message)


def _plain_name(name: str) -> str:
    """`com.amazon.coral.service#ThrottlingException:http://…` is `throttling`."""
    return name.partition(":")[0].rpartition("#")[2].strip().lower().removesuffix("exception")


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
