"""What answers say of themselves: the members of their JSON that matter."""

from __future__ import annotations

from typing import Literal

import msgspec

from proxycast.model.exchange import Usage


class Said(msgspec.Struct):
    """The members that matter, of a document or of one event. Untyped: services put odd things into any of them."""

    type: object = None
    model: object = None
    usage: object = None
    error: object = None
    message: object = None


class Message(msgspec.Struct):
    """The members that matter of a message as the API describes it; an error or an event does not decode as one."""

    type: Literal["message"]
    model: str
    usage: Usage | None = None
    error: None = None
    message: None = None
