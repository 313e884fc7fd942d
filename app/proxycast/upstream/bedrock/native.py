"""Requests that are AWS Bedrock's already, as of Claude Code in Bedrock mode: signed anew, and passed through."""

from __future__ import annotations

import re
from urllib.parse import unquote

import msgspec

from proxycast.model.errors import NotServed, TooLarge
from proxycast.model.text import Text
from proxycast.upstream.bedrock.account import Account, Opened
from proxycast.upstream.bedrock.answer import Hint
from proxycast.upstream.bedrock.faults import Fault
from proxycast.upstream.bedrock.keys import AwsKeys, BearerKey
from proxycast.upstream.bedrock.passed import PassedAnswer
from proxycast.upstream.bedrock.signing import canonical_query
from proxycast.upstream.headers import travelling
from proxycast.upstream.request import Outgoing, Request

_ROUTES = re.compile(
    rb"(?P<runtime>POST /model/(?P<model>[^/]+)/(?:invoke|invoke-with-response-stream|count-tokens))"
    rb"|GET /(?:inference-profiles|foundation-models)(?:/[^/]+)?"
)


BODY_LIMIT = 20 * 1024 * 1024
"""Bytes that InvokeModel takes ("Amazon Bedrock endpoints and quotas" in the AWS General Reference)."""


def too_large() -> TooLarge:
    """The error for a body over that limit."""
    return TooLarge(
        Text("The request is larger than 20 MB, the limit of AWS Bedrock."),
        Text("Send less: fewer or smaller images and documents."),
    )


def prepare_native(
    request: Request, account: Account, opened: Opened, keys: AwsKeys | BearerKey, *, hint: Hint
) -> Outgoing:
    """The client's request under the credential's signature. `hint` has more words for errors.

    Raises NotServed, TooLarge.
    """
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
    answer = PassedAnswer(opened, keys, hint=hint, write=_write, redacted=True)
    model = unquote(route["model"].decode("ascii")) if route["model"] else None
    return Outgoing(head, request.body, model, endpoint.destination, translator=answer)


def _write(fault: Fault) -> bytes:
    return msgspec.json.encode({"message": fault.message})
