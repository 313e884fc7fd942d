"""A request of a client from its first byte until its turn to be served."""

from __future__ import annotations

from proxycast.proxy.answers import Answer
from proxycast.proxy.guard import Head
from proxycast.proxy.target import Target


class Incoming:
    """A request while it is being read, and afterwards until its turn comes.

    `target` stays None for a probe, which is answered and not forwarded. `refusal` is the answer that the request gets
    instead; `admitted` whether its client token was found right. `arrived` counts its bytes beyond the first piece
    that the network gave, headers and framing included. `timed` says whose time runs:
    the head's (False) or the body's (True). `length` is known of a body that is collected without the parser.
    """

    __slots__ = (
        "admitted",
        "arrived",
        "body",
        "head",
        "headed",
        "http10",
        "keep_alive",
        "length",
        "method",
        "refusal",
        "since",
        "target",
        "timed",
        "url",
    )

    def __init__(self, since: float) -> None:
        self.since = since
        self.method = b""
        self.url = b""
        self.target: Target | None = None
        self.head: Head  # set when it is complete
        self.headed = False
        self.http10 = False
        self.body = bytearray()
        self.arrived = 0
        self.timed: bool | None = None
        self.keep_alive = False
        self.length: int | None = None
        self.admitted = False
        self.refusal: Answer | None = None
