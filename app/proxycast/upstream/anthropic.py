"""Services that speak the Anthropic Messages API as it is: Anthropic itself and compatible ones."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from proxycast.model.credential import Auth, Credential, Kind
from proxycast.model.errors import InputError, NotServed, Refusal
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.upstream.body import peek, replace_model
from proxycast.upstream.destination import Destination
from proxycast.upstream.headers import Headers, travelling, without
from proxycast.upstream.request import Ask, Outgoing, Request

_OAUTH_PREFIX = "sk-ant-oat"
_HEADS = 64
"""Clients send the same head again and again; so many different ones are remembered."""

_SENDABLE = re.compile(r"[\x21-\x7e]+")


class AnthropicFormat:
    """Forwards Messages requests unchanged but for the credential and, with an alias, the bytes of `model`.

    `auth` is the header to use where the credential says `auto`; `proxy` is the program's setting, which counts where
    the credential names no proxy. The attribute `auth` is the header that it comes to. Raises Refusal for a key that no
    header can carry.
    """

    def __init__(self, credential: Credential, key: Secret, *, auth: Auth, proxy: str) -> None:
        if not _SENDABLE.fullmatch(key.reveal()):
            raise Refusal(
                Text("The key of {name} has a space, a line break or a character outside ASCII.", name=credential.name),
                Text("Enter it again: copied whole, without quotes around it or text beside it."),
            )
        self.credential = credential
        parts = urlsplit(credential.base_url)
        tls = parts.scheme == "https"
        self.destination = Destination(
            tls=tls,
            host=parts.hostname or "",
            port=parts.port or (443 if tls else 80),
            ca_file=credential.ca_file,
            proxy=credential.proxy or proxy,
            own_proxy=credential.proxy is not None,
        )
        self._prefix = parts.path.encode("ascii")
        self._models = credential.models
        self._version = f"anthropic-version: {credential.api_version}\r\n".encode("ascii")
        self._overridden = frozenset(name.lower().encode("ascii") for name, _ in credential.headers)
        fixed = [("host", parts.netloc), ("accept-encoding", "identity"), *credential.headers]
        self._fixed = "".join(f"{name}: {value}\r\n" for name, value in fixed).encode("ascii")
        self._key = key
        self.auth = resolve_auth(credential, key, auth)
        self._head = lru_cache(maxsize=_HEADS)(self._make_head)

    def prepare(self, request: Request) -> Outgoing:
        """The request with this credential and no other.

        Raises InputError for a body that an alias does not fit, NotServed for a path of AWS Bedrock's.
        """
        if not request.path.startswith(b"/v1/"):
            raise NotServed(
                Text(
                    "{name} is no AWS Bedrock credential, so it has no {path}.",
                    name=self.credential.name,
                    path=request.path.decode("ascii"),
                ),
                Text("Select one that is, or let the client talk to /v1/messages."),
            )
        body, model = self._with_alias(request.body)
        before, after = self._head(request.method, request.path, request.query, tuple(request.headers))
        if body or request.method in {b"POST", b"PUT", b"PATCH"}:
            head = b"%bcontent-length: %d\r\n%b" % (before, len(body), after)
        else:
            head = before + after
        return Outgoing(head, body, model, self.destination)

    def _make_head(
        self, method: bytes, path: bytes, query: bytes, headers: tuple[tuple[bytes, bytes], ...]
    ) -> tuple[bytes, bytes]:
        """What stands in the head before and after the length of the body."""
        target = self._prefix + path
        if query:
            target += b"?" + query
        lines = [method, b" ", target, b" HTTP/1.1\r\n"]
        versioned = b"anthropic-version" in self._overridden
        for name, value in without(travelling(headers), self._overridden):
            versioned = versioned or name.lower() == b"anthropic-version"
            lines += (name, b": ", value, b"\r\n")
        if not versioned:
            lines.append(self._version)
        shown = [b"%b: %b\r\n" % header for header in credential_headers(self.auth, self._key)]
        return b"".join(lines), b"".join([self._fixed, *shown, b"\r\n"])

    async def fetch(self, request: Request, ask: Ask) -> Outgoing:  # noqa: ARG002 - there is nothing to wait for
        """See `Upstream`."""
        return self.prepare(request)

    def _with_alias(self, body: bytes) -> tuple[bytes, str | None]:
        model = peek(body).model if body else None
        alias = self._models.get(model) if model is not None else None
        if alias is None:
            return body, model
        try:
            return replace_model(body, alias), alias
        except ValueError:
            raise InputError(
                Text("The request's body is not the JSON object that the alias {model} can be put into.", model=model),
                Text("Send it without a key that is there twice."),
            ) from None


def resolve_auth(credential: Credential, key: Secret, known: Auth) -> Auth:
    """The header that carries the key: the credential's choice, else what the service takes, else `x-api-key`.

    Anthropic's OAuth tokens are taken as Bearer only.
    """
    if credential.auth is not Auth.AUTO:
        return credential.auth
    if credential.kind is Kind.ANTHROPIC:
        return Auth.BEARER if key.reveal().startswith(_OAUTH_PREFIX) else Auth.X_API_KEY
    return Auth.X_API_KEY if known is Auth.AUTO else known


def credential_headers(auth: Auth, key: Secret) -> Headers:
    """The headers that show `key` to a service in the way of `auth`, which is not `auto`."""
    value = key.reveal().encode("ascii")
    headers = []
    if auth is not Auth.BEARER:
        headers.append((b"x-api-key", value))
    if auth is not Auth.X_API_KEY:
        headers.append((b"authorization", b"Bearer " + value))
    return headers
