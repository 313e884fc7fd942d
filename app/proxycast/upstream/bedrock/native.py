"""Requests that are AWS Bedrock's already, as of Claude Code in Bedrock mode: signed anew, and passed through."""

from __future__ import annotations

import re
from urllib.parse import unquote

from proxycast.model.errors import NotServed, TooLarge
from proxycast.model.text import Text
from proxycast.upstream.bedrock.account import Account, Opened
from proxycast.upstream.bedrock.answer import InvocationAnswer
from proxycast.upstream.bedrock.faults import http_fault, redact
from proxycast.upstream.bedrock.keys import AwsKeys, BearerKey
from proxycast.upstream.bedrock.signing import canonical_query
from proxycast.upstream.headers import travelling
from proxycast.upstream.request import Headers, Outgoing, Reply, Request
from proxycast.upstream.usage import Tap, usage_tap

_ROUTES = re.compile(
    rb"(?P<runtime>POST /model/(?P<model>[^/]+)/(?:invoke|invoke-with-response-stream|count-tokens))"
    rb"|GET /(?:inference-profiles|foundation-models)(?:/[^/]+)?"
)
_KEPT = frozenset({b"content-type", b"x-amzn-errortype", b"x-amzn-requestid", b"retry-after", b"date"})


BODY_LIMIT = 20 * 1024 * 1024
"""Bytes that InvokeModel takes ("Amazon Bedrock endpoints and quotas" in the AWS General Reference)."""


def too_large() -> TooLarge:
    """The error for a body over that limit."""
    return TooLarge(
        Text("The request is larger than 20 MB, the limit of AWS Bedrock."),
        Text("Send less: fewer or smaller images and documents."),
    )


def prepare_native(request: Request, account: Account, opened: Opened, keys: AwsKeys | BearerKey) -> Outgoing:
    """The client's request under the credential's signature. Raises NotServed, TooLarge."""
    route = _ROUTES.fullmatch(request.method + b" " + request.path)
    if route is None:
        raise NotServed(
            Text("ProxyCast does not forward {path} to AWS Bedrock.", path=request.path.decode("ascii")),
            Text("It forwards model invocations and the lists of inference profiles and foundation models."),
        )
    if len(request.body) > BODY_LIMIT:
        raise too_large()
    endpoint = opened.endpoints.runtime if route["runtime"] else opened.endpoints.control
    query = canonical_query(request.query.decode("ascii"))
    own = frozenset(name.lower().encode("ascii") for name, _ in account.credential.headers)
    headers = [header for header in travelling(request.headers) if header[0].lower() not in own]
    headers += [(name.encode("ascii"), value.encode("ascii")) for name, value in account.credential.headers]
    path = request.path.decode("ascii")
    head = account.signed(
        opened,
        endpoint,
        keys,
        method=request.method.decode("ascii"),
        path=path,
        query=query,
        headers=headers,
        body=request.body,
    )
    model = unquote(route["model"].decode("ascii")) if route["model"] else None
    return Outgoing(head, request.body, model, endpoint.destination, translator=NativeAnswer(opened, keys))


class NativeAnswer:
    """Passes answers as they are, but for errors: those lose account ids and ARNs. A `Translator`."""

    ping = b""
    complete = False
    failed = False

    def __init__(self, opened: Opened, keys: AwsKeys | BearerKey) -> None:
        self.tap: Tap = Tap()
        self._opened = opened
        self._keys = keys

    def begin(self, status: int, headers: Headers) -> Headers | None:
        """See `Translator`."""
        if status >= 400:
            return None
        kind = next((value for name, value in headers if name.lower() == b"content-type"), b"")
        self.tap = InvocationTap() if b"vnd.amazon.eventstream" in kind else usage_tap(kind, None)
        return headers

    def feed(self, data: bytes) -> bytes:
        """See `Translator`."""
        return data

    def whole(self, status: int, headers: Headers, body: bytes) -> Reply:
        """See `Translator`."""
        kind = next((value for name, value in headers if name.lower() == b"x-amzn-errortype"), b"")
        fault = http_fault(status, kind.decode("latin-1"), body)
        stale = fault.stale and self._opened.keys.renewable
        if stale:
            self._opened.keys.spoil(self._keys)
        said = redact(body.decode("utf-8", "replace")).encode()
        kept = [(name, value) for name, value in headers if name.lower() in _KEPT]
        return Reply(status=status, headers=kept, body=said, error=fault.type, stale=stale)


class InvocationTap(Tap):
    """Reads an event stream of InvokeModel beside it."""

    def __init__(self) -> None:
        self._answer = InvocationAnswer()
        self._answer.begin(200, [(b"content-type", b"application/vnd.amazon.eventstream")])

    def feed(self, chunk: bytes) -> None:
        """See `Tap`."""
        self._answer.tap.feed(self._answer.feed(chunk))

    def finish(self) -> None:
        """See `Tap`."""
        tap = self._answer.tap
        tap.finish()
        self.usage, self.model, self.error_type = tap.usage, tap.model, tap.error_type
