"""Heads that a client sends again: most often only the length of the body differs from one request to the next.

Such a head was parsed and judged once, and the same bytes mean the same. So they are compared, which takes a fraction
of the time.
"""

from __future__ import annotations

from proxycast.model.secret import Secret
from proxycast.proxy.guard import Head
from proxycast.proxy.target import Target

_DIGITS = 9
"""Of a Content-Length. The limit of a body has 8."""


class Repeat:
    """A head that passed the guard, on the connection that it came by.

    `token` is the client token that it was found to show: when that is renewed, the head has to be judged anew.
    """

    __slots__ = ("_after", "_before", "_body_at", "head", "method", "target", "token")

    def __init__(
        self, before: bytes, after: bytes, *, method: bytes, target: Target, head: Head, token: Secret
    ) -> None:
        self._before = before
        self._after = after
        self._body_at = len(before) + _DIGITS + len(after)
        self.method = method
        self.target = target
        self.head = head
        self.token = token

    def match(self, data: bytes) -> tuple[int, int] | None:
        """If `data` begins with this head: the length of the body, and where in `data` the body begins."""
        before, after = self._before, self._after
        if not data.startswith(before):
            return None
        start = len(before)
        end = data.find(after, start, self._body_at)
        digits = data[start:end]
        return (int(digits), end + len(after)) if end > 0 and digits.isdigit() else None


def repeat_of(data: bytes, *, method: bytes, url: bytes, target: Target, head: Head, token: Secret) -> Repeat | None:
    """What recognises the head at the start of `data` when it comes again.

    None for a head without a Content-Length, and for one that is not written in the usual way, byte for byte.
    """
    before = [b"%b %b HTTP/1.1\r\n" % (method, url)]
    after: list[bytes] = []
    lines = before
    for name, value in head.headers:
        lines.append(b"%b: " % name)
        if name.lower() == b"content-length":
            lines = after
        else:
            lines.append(b"%b\r\n" % value)
    if lines is before or head.transfer_encoding is not None or head.expects_continue:
        return None
    repeat = Repeat(
        b"".join(before), b"\r\n" + b"".join(after) + b"\r\n", method=method, target=target, head=head, token=token
    )
    return repeat if repeat.match(data) else None
