"""What an answer says, in whatever shape the service says it."""

from __future__ import annotations

from enum import Enum

import msgspec

from proxycast.upstream.reply import Collected


class Form(Enum):
    """What an answer looks like."""

    MESSAGE = "a message of the Messages API"
    ERROR = "an error in a shape that services of models use"
    JSON = "other JSON"
    PAGE = "a web page"
    EMPTY = "nothing"
    OTHER = "something else"


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, read. `kind` is the type of an error, `message` its words; both empty where there are none."""

    status: int
    form: Form
    kind: str = ""
    message: str = ""

    @property
    def words(self) -> str:
        """Type and words in lower case, to look for words in."""
        return f"{self.kind} {self.message}".lower()


def read(answer: Collected) -> Said:
    """What the answer says."""
    body = answer.body.strip()
    if not body:
        return Said(status=answer.status, form=Form.EMPTY)
    try:
        reply = msgspec.json.decode(body, type=_Reply)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        page = body[:1] == b"<" or header(answer, b"content-type").startswith(b"text/html")
        return Said(status=answer.status, form=Form.PAGE if page else _form_of_other(body))
    if answer.status == 200 and reply.type == "message" and reply.role == "assistant":
        return Said(status=200, form=Form.MESSAGE)
    if reply.message_of_error or reply.type == "error":
        return Said(status=answer.status, form=Form.ERROR, kind=reply.kind_of_error, message=reply.message_of_error)
    return Said(status=answer.status, form=Form.JSON)


def header(answer: Collected, name: bytes) -> bytes:
    """The value of a header, empty if there is none."""
    return next((value for given, value in answer.headers if given.lower() == name), b"").strip()


def member(answer: Collected, name: str) -> object:
    """The value of a member of the answer's JSON object, None if there is none."""
    try:
        found = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found.get(name) if isinstance(found, dict) else None


def _form_of_other(body: bytes) -> Form:
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Form.OTHER
    return Form.JSON


class _Reply(msgspec.Struct):
    type: object = None
    role: object = None
    error: object = None
    message: object = None
    msg: object = None
    detail: object = None
    error_message: object = msgspec.field(name="errorMessage", default=None)

    @property
    def message_of_error(self) -> str:
        inner = self.error.get("message") if isinstance(self.error, dict) else self.error
        found = (inner, self.message, self.msg, self.detail, self.error_message)
        return next((one.strip() for one in found if isinstance(one, str) and one.strip()), "")

    @property
    def kind_of_error(self) -> str:
        kind = self.error.get("type") or self.error.get("code") if isinstance(self.error, dict) else None
        return kind if isinstance(kind, str) else ""
