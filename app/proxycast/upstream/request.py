"""A client's request as the data path hands it to an upstream, and what the upstream makes of it."""

from __future__ import annotations

from typing import Protocol

from proxycast.model.credential import Credential, Timeouts
from proxycast.upstream.destination import Destination
from proxycast.upstream.headers import Headers
from proxycast.upstream.reply import Collected, Reply
from proxycast.upstream.usage import Tap


class Request:
    """A client's request after the guard.

    `path` holds validated segments only, and starts with `/v1/` unless it is one of AWS Bedrock's; `query` is without
    its question mark. `headers` are all that the client sent; `body` is complete. Its repr shows none of them.
    """

    __slots__ = ("body", "headers", "method", "path", "query")

    def __init__(self, method: bytes, path: bytes, query: bytes, headers: Headers, body: bytes) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body


class Translator(Protocol):
    """Makes a service's answer into one of the Messages API; made with a request, for one answer.

    An answer is streamed or collected, as `begin` says. `tap` is fed what the client gets of a stream, and may be told
    more by the translator. `ping` is written in a stream that is silent for a while; empty: nothing is.
    """

    ping: bytes

    @property
    def tap(self) -> Tap:
        """See above."""
        ...

    def begin(self, status: int, headers: Headers) -> Headers | None:
        """The headers, without framing, under which the answer is streamed; None: it is collected for `whole`.

        `headers` themselves, the same list: it passes byte for byte, framing included, and nothing else is asked.
        """
        ...

    def feed(self, data: bytes) -> bytes:
        """The client's next bytes, whole events only, for the service's next ones. Never raises."""
        ...

    @property
    def complete(self) -> bool:
        """Whether the stream has had its proper end; one that stops before is a broken one."""
        ...

    @property
    def failed(self) -> bool:
        """Whether what `feed` gave last ends in an error event, after which nothing may follow."""
        ...

    def whole(self, status: int, headers: Headers, body: bytes) -> Reply:
        """The client's answer for a whole answer of the service. Never raises."""
        ...


class Outgoing:
    """A request as it goes to the service: the complete head, ending in an empty line, and the body.

    `model` is the id that the service is asked for, None if the body names none. `translator` None: the answer passes
    byte for byte. `removed` names what was taken out of the request. The head holds the credential, so the repr shows
    nothing.
    """

    __slots__ = ("body", "destination", "head", "model", "removed", "translator")

    def __init__(
        self,
        head: bytes,
        body: bytes,
        model: str | None,
        destination: Destination,
        *,
        translator: Translator | None = None,
        removed: tuple[str, ...] = (),
    ) -> None:
        self.head = head
        self.body = body
        self.model = model
        self.destination = destination
        self.translator = translator
        self.removed = removed


class Ask(Protocol):
    """Sends a request of the upstream's own and collects the answer, by the connections that traffic uses."""

    async def __call__(self, outgoing: Outgoing, timeouts: Timeouts) -> Collected:
        """The answer, whatever its status. Raises UpstreamError."""
        ...


class Upstream(Protocol):
    """How one credential speaks to its service; made anew when the credential or its secrets change.

    As with a `Router`, `prepare` answers at once from memory, None when it would have to wait (for a token to be
    refreshed, for a list to arrive); `fetch` waits. A `Reply` is the upstream's own answer, and nothing is sent.
    """

    credential: Credential

    def prepare(self, request: Request) -> Outgoing | Reply | None:
        """The request as the service takes it, with the credential added. Raises ProxyCastError."""
        ...

    async def fetch(self, request: Request, ask: Ask) -> Outgoing | Reply:
        """The same, waiting; `ask` is for questions of its own. Raises ProxyCastError."""
        ...
