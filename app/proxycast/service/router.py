"""Which upstream serves a request: the pool, the secrets and the services' ways, put together for the data path."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from proxycast.model.credential import Auth, Credential, Environment, Keyring, Kind, Literal
from proxycast.model.errors import CredentialDisabled, DestinationChanged, Refusal, SecretMissing
from proxycast.model.pool import Pool
from proxycast.model.secret import Secret
from proxycast.model.text import Text, Translate
from proxycast.store.paths import resources
from proxycast.store.secrets import StoredSecrets
from proxycast.upstream.anthropic import AnthropicFormat
from proxycast.upstream.presets import Presets
from proxycast.upstream.request import Upstream

AskCode = Callable[[str], Awaitable[str | None]]
"""Asks the user for the code of the MFA device of the credential of this name; None: the user gives none."""


class SecretReader(Protocol):
    """Where stored secrets are read."""

    async def read(self, credential_id: str, revision: int) -> StoredSecrets | None:
        """What is stored for this revision of a credential, if anything."""
        ...


class TokenSource(Protocol):
    """Where the client token comes from."""

    @property
    def ready(self) -> Secret | None:
        """The token, if it is at hand."""
        ...

    async def fetch(self) -> Secret:
        """The token, waiting for the keyring."""
        ...


class PoolRouter:
    """Keeps one upstream per credential, made when it is first needed and again when the credential changes.

    `environment` is where credentials find the variables that they name, and AWS's default chain its region.
    `ask_code` asks the user for the code of an MFA device; None: nobody can be asked.
    """

    def __init__(
        self,
        secrets: SecretReader,
        token: TokenSource,
        presets: Presets,
        environment: Mapping[str, str],
        translate: Translate,
    ) -> None:
        self.ask_code: AskCode | None = None
        self._roles: dict[str, dict[str, Any]] = {}
        self._translate = translate
        self._secrets = secrets
        self._token = token
        self._presets = presets
        self._environment = environment
        self._pool = Pool()
        self._proxy = "system"
        self._upstreams: dict[str, Upstream] = {}
        self._routes: dict[str | None, Upstream] = {}  # by the name that clients pin, None for the selected one

    def adopt(self, pool: Pool, proxy: str) -> None:
        """Route by this pool from now on; `proxy` is the program's setting. Exchanges under way are not touched."""
        if proxy != self._proxy:
            self._upstreams.clear()
        self._pool = pool
        self._proxy = proxy
        self._routes.clear()
        kept = {one.id: one for one in pool.credentials}
        self._upstreams = {
            identity: upstream
            for identity, upstream in self._upstreams.items()
            if kept.get(identity) == upstream.credential
        }

    def ready_token(self) -> Secret | None:
        """See `Router`."""
        return self._token.ready

    async def fetch_token(self) -> Secret:
        """See `Router`."""
        return await self._token.fetch()

    def ready(self, name: str | None) -> Upstream | None:
        """See `Router`."""
        route = self._routes.get(name)
        if route is None:
            route = self._upstreams.get(self._usable(name).id)
            if route is not None:
                self._routes[name] = route
        return route

    async def fetch(self, name: str | None) -> Upstream:
        """See `Router`."""
        while (upstream := self.ready(name)) is None:
            credential = self._usable(name)
            try:
                made = self.upstream_with(credential, await self.values(credential))
            except Refusal:
                if self._is_current(credential):
                    raise
                continue  # it was changed in the meantime, so this is not about what it is now
            if self._is_current(credential):
                self._upstreams[credential.id] = made
        return upstream

    def upstream_with(self, credential: Credential, secrets: Mapping[str, Secret]) -> Upstream:
        """A new upstream for `credential` with these values of its secrets. Raises Refusal."""
        if credential.kind is Kind.BEDROCK:
            return self._bedrock(credential, secrets)
        key = secrets.get("api_key")
        if key is None:
            raise _keyless(credential)
        known = self._presets.auth_for(credential.base_url) or Auth.AUTO
        return AnthropicFormat(credential, key, auth=known, proxy=self._proxy)

    def _bedrock(self, credential: Credential, secrets: Mapping[str, Secret]) -> Upstream:
        # Only who has such a credential pays for its modules.
        from proxycast.upstream.bedrock import make_upstream  # noqa: PLC0415

        return make_upstream(
            credential,
            secrets,
            proxy=self._proxy,
            environment=self._environment,
            ask_code=self.ask_code,
            roles=self._roles,
            tables=resources() / "bedrock.yaml",
            translate=self._translate,
        )

    async def values(self, credential: Credential) -> dict[str, Secret]:
        """The values of a credential's secrets. Raises Refusal, KeyringError, VaultError."""
        values: dict[str, Secret] = {}
        stored: Mapping[str, Secret] = await self._stored(credential) if credential.uses_keyring else {}
        for field, source in credential.secrets.items():
            match source:
                case Literal():
                    values[field] = source.secret
                case Environment():
                    values[field] = self._from_environment(credential, source.variable)
                case Keyring() if field in stored:
                    values[field] = stored[field]
                case Keyring():
                    raise _missing(credential)
        return values

    def missing_secret(self, credential: Credential) -> SecretMissing | None:
        """What the secrets of a credential lack, as far as it shows without asking the keyring."""
        if credential.kind is not Kind.BEDROCK and "api_key" not in credential.secrets:
            return _keyless(credential)
        try:
            for source in credential.secrets.values():
                if isinstance(source, Environment):
                    self._from_environment(credential, source.variable)
        except SecretMissing as missing:
            return missing
        return None

    def _usable(self, name: str | None) -> Credential:
        credential = self._pool.require_selected() if name is None else self._pool.by_name(name)
        if not credential.enabled:
            raise CredentialDisabled(
                Text("{name} is disabled in ProxyCast.", name=credential.name),
                Text("Enable it with `proxycast enable {name}`, or select another.", name=credential.name),
            )
        return credential

    def _is_current(self, credential: Credential) -> bool:
        return self._pool.by_id(credential.id) == credential

    async def _stored(self, credential: Credential) -> Mapping[str, Secret]:
        stored = await self._secrets.read(credential.id, credential.revision)
        if stored is None:
            raise _missing(credential)
        if stored.origin != credential.origin:
            raise DestinationChanged(
                Text(
                    "The destination of {name} changed: its key was stored for {old}, "
                    "and the configuration now names {new}.",
                    name=credential.name,
                    old=stored.origin,
                    new=credential.origin,
                ),
                Text(
                    "If you changed it, run `proxycast confirm {name}`; if not, undo the change.", name=credential.name
                ),
            )
        return stored.secrets

    def _from_environment(self, credential: Credential, variable: str) -> Secret:
        value = self._environment.get(variable, "").strip()
        if not value:
            raise SecretMissing(
                Text(
                    "{name} takes its key from the environment variable {variable}, which is not set.",
                    name=credential.name,
                    variable=variable,
                ),
                Text(
                    "Set it before ProxyCast starts, or enter the key with `proxycast rotate {name}`.",
                    name=credential.name,
                ),
            )
        return Secret(value)


def _keyless(credential: Credential) -> SecretMissing:
    return SecretMissing(
        Text("{name} has no API key.", name=credential.name),
        Text("Edit the credential, or enter the key with `proxycast rotate {name}`.", name=credential.name),
    )


def _missing(credential: Credential) -> SecretMissing:
    return SecretMissing(
        Text("The key of {name} is not in the keyring.", name=credential.name),
        Text("Edit the credential, or enter the key again with `proxycast rotate {name}`.", name=credential.name),
    )
