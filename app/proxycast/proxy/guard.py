"""Who may use the proxy at all: decided from the head of a request, before its body is read and before any routing."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from proxycast.model.secret import Secret
from proxycast.model.url import as_address
from proxycast.proxy import answers
from proxycast.proxy.answers import Answer
from proxycast.upstream.headers import Headers

_METHODS = frozenset({b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE"})
_JSON_METHODS = frozenset({b"POST", b"PUT", b"PATCH"})
_NOTED = frozenset(
    {
        b"authorization",
        b"content-length",
        b"content-type",
        b"expect",
        b"host",
        b"origin",
        b"sec-fetch-site",
        b"transfer-encoding",
        b"upgrade",
        b"x-api-key",
    }
)
_UPLOADS = (b"/v1/files", b"/v1/skills")


class Head:
    """The head of a request with what the guard and the framing look at picked out.

    `headers` are all headers as they came; `hosts` the values of Host; `tokens` the credentials that the client showed.
    """

    __slots__ = (
        "content_length",
        "content_type",
        "expects_continue",
        "fault",
        "foreign",
        "headers",
        "hosts",
        "tokens",
        "transfer_encoding",
    )

    def __init__(self, headers: Headers) -> None:
        self.headers = headers
        self.hosts: list[bytes] = []
        self.tokens: list[bytes] = []
        self.content_length: int | None = None
        self.content_type = b""
        self.transfer_encoding: bytes | None = None
        self.expects_continue = False
        self.foreign = False
        self.fault: Answer | None = None
        for name, value in headers:
            lower = name.lower()
            if lower in _NOTED:
                self._note(lower, value)
            elif b"_" in lower:
                self.fault = answers.BAD_HEADER

    @property
    def has_body(self) -> bool:
        """Whether a body follows."""
        return bool(self.content_length) or self.transfer_encoding is not None

    @property
    def size(self) -> int:
        """The bytes of all headers."""
        return sum([len(name) + len(value) + 4 for name, value in self.headers])

    def _note(self, lower: bytes, value: bytes) -> None:
        match lower:
            case b"host":
                self.hosts.append(value)
            case b"x-api-key":
                self.tokens.append(value)
            case b"authorization":
                scheme, _, token = value.partition(b" ")
                self.tokens.append(token.strip() if scheme.lower() == b"bearer" else b"")
            case b"content-type":
                self.content_type = value
            case b"content-length":
                self.content_length = int(value)
            case b"transfer-encoding":
                before = self.transfer_encoding
                self.transfer_encoding = value if before is None else before + b"," + value
            case b"origin" | b"upgrade":
                self.foreign = True
            case b"sec-fetch-site":
                self.foreign = self.foreign or value.strip().lower() != b"none"
            case b"expect":
                self.expects_continue = value.strip().lower() == b"100-continue"


class Guard:
    """Refuses what comes from a web page, under a foreign host name, in an odd form, or without the client token.

    `hosts` are the values of `Host` that name this proxy, lower-case, such as `127.0.0.1:8999`. With `any_address` it
    is listening on every interface, and any IP address names it; a name never does, or a page could rebind its own.
    """

    def __init__(self, hosts: frozenset[bytes], *, any_address: bool = False) -> None:
        self._hosts = hosts
        self._any_address = any_address

    def refuse_foreign(self, method: bytes, head: Head) -> Answer | None:
        """The refusal of a request that no program on this machine would send, or None."""
        if len(head.hosts) != 1 or not self._names_us(head.hosts[0].lower()):
            return answers.FOREIGN
        if head.foreign or method == b"OPTIONS":
            return answers.FOREIGN
        if method not in _METHODS:
            return answers.BAD_METHOD
        if head.fault is not None:
            return head.fault
        if head.transfer_encoding is not None and head.transfer_encoding.strip().lower() != b"chunked":
            return answers.BAD_LENGTH
        return None

    def _names_us(self, host: bytes) -> bool:
        if host in self._hosts:
            return True
        name, _, port = host.rpartition(b":")
        own_port = {known.rpartition(b":")[2] for known in self._hosts}
        return self._any_address and port in own_port and as_address(name.decode("latin-1").strip("[]")) is not None

    @staticmethod
    def refuse_stranger(head: Head, token: Secret) -> Answer | None:
        """The refusal of a client that does not show `token`, or None.

        A client may show it as `x-api-key`, as Bearer, or as both, each compared in constant time. One right value is
        enough: Claude Code sends a forgotten ANTHROPIC_API_KEY beside it, and none of them travels on.
        """
        if not head.tokens:
            return answers.NO_TOKEN
        expected = token.reveal().encode()
        right = [hmac.compare_digest(shown, expected) for shown in head.tokens]
        return None if any(right) else answers.WRONG_TOKEN

    @staticmethod
    def refuse_content(method: bytes, path: bytes, head: Head) -> Answer | None:
        """The refusal of a body that is not JSON where JSON is due (what a form of a web page can send), or None."""
        if method not in _JSON_METHODS or path.startswith(_UPLOADS):
            return None
        if not head.has_body:
            return None
        media_type = head.content_type.partition(b";")[0].strip().lower()
        return None if media_type == b"application/json" else answers.NOT_JSON


def host_names(host: str, port: int) -> Iterator[bytes]:
    """The values of `Host` by which the proxy at `host` and `port` may be called.

    Loopback has three names, whichever of them the proxy listens on; another interface adds its own address. Port 80
    may be left out.
    """
    for name in {"127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host.lower()}:
        yield f"{name}:{port}".encode("ascii")
        if port == 80:
            yield name.encode("ascii")
