"""Services that speak the Anthropic Messages API as it is: Anthropic itself and compatible ones."""

from __future__ import annotations

from urllib.parse import urlsplit

from proxycast.model.credential import Auth, Credential, Kind
from proxycast.model.secret import Secret
from proxycast.upstream.body import peek, replace_model
from proxycast.upstream.headers import travelling
from proxycast.upstream.request import Destination, Outgoing, Request

_OAUTH_PREFIX = "sk-ant-oat"


class AnthropicFormat:
    """Forwards Messages requests unchanged but for the credential and, with an alias, the bytes of `model`.

    `auth` is the header to use where the credential says `auto`; `proxy` is the program's setting, which counts where
    the credential names no proxy.
    """

    def __init__(self, credential: Credential, key: Secret, *, auth: Auth, proxy: str) -> None:
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
        fixed += credential_headers(resolve_auth(credential, key, auth), key)
        self._fixed = "".join(f"{name}: {value}\r\n" for name, value in fixed).encode("latin-1")

    def prepare(self, request: Request) -> Outgoing:
        """The request with this credential and no other."""
        body = request.body
        model = peek(body).model if body else None
        alias = self._models.get(model) if model is not None else None
        if alias is not None:
            body = replace_model(body, alias)
            model = alias
        target = self._prefix + request.path
        if request.query:
            target += b"?" + request.query
        lines = [request.method, b" ", target, b" HTTP/1.1\r\n"]
        versioned = b"anthropic-version" in self._overridden
        for name, value in travelling(request.headers):
            lower = name.lower()
            if lower in self._overridden:
                continue
            versioned = versioned or lower == b"anthropic-version"
            lines += (name, b": ", value, b"\r\n")
        if not versioned:
            lines.append(self._version)
        if body or request.method in {b"POST", b"PUT", b"PATCH"}:
            lines.append(b"content-length: %d\r\n" % len(body))
        lines += (self._fixed, b"\r\n")
        return Outgoing(b"".join(lines), body, model)


def resolve_auth(credential: Credential, key: Secret, known: Auth) -> Auth:
    """The header that carries the key: the credential's choice, else what the service takes, else `x-api-key`.

    Anthropic's OAuth tokens are taken as Bearer only.
    """
    if credential.auth is not Auth.AUTO:
        return credential.auth
    if credential.kind is Kind.ANTHROPIC:
        return Auth.BEARER if key.reveal().startswith(_OAUTH_PREFIX) else Auth.X_API_KEY
    return Auth.X_API_KEY if known is Auth.AUTO else known


def credential_headers(auth: Auth, key: Secret) -> list[tuple[str, str]]:
    """The headers that show `key` to a service in the way of `auth`, which is not `auto`."""
    headers = []
    if auth in {Auth.X_API_KEY, Auth.BOTH}:
        headers.append(("x-api-key", key.reveal()))
    if auth in {Auth.BEARER, Auth.BOTH}:
        headers.append(("authorization", f"Bearer {key.reveal()}"))
    return headers
