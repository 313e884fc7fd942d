"""Services over one home and one keyring, as several processes have them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from proxycast.model.credential import Credential, Kind, new_id
from proxycast.model.errors import KeyringFailed, ProxyCastError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.service.client_token import ClientToken
from proxycast.service.history import History
from proxycast.service.service import Service
from proxycast.store.config import parse
from proxycast.store.config_file import ConfigFile
from proxycast.store.journal import Journal
from proxycast.store.journal_reader import JournalReader
from proxycast.store.ledger import Ledger
from proxycast.store.paths import Places, resources
from proxycast.store.secrets import SecretStore
from proxycast.store.session import Session
from proxycast.store.vault import Vault
from proxycast.upstream.anthropic import AnthropicFormat
from proxycast.upstream.catalogue import Catalogue
from proxycast.upstream.presets import Presets

KEY = "sk-world-key-one"
OTHER = "sk-world-key-two"


class MemoryKeyring:
    """A keyring that outlives the services that use it.

    `problems` are raised by the operation of that name (`get`, `set`, `delete`, `state`) until they are taken out.
    `before` is awaited before each operation, with its name and the item's.
    """

    def __init__(self) -> None:
        self.items: dict[str, str] = {}
        self.problems: dict[str, ProxyCastError] = {}
        self.before: Callable[[str, str], Awaitable[None]] | None = None
        self.asked: list[tuple[str, str]] = []

    @property
    def label(self) -> Text:
        return Text("memory")

    async def get(self, user: str) -> Secret | None:
        await self._pass("get", user)
        value = self.items.get(user)
        return None if value is None else Secret(value)

    async def set(self, user: str, value: Secret) -> None:
        await self._pass("set", user)
        self.items[user] = value.reveal()

    async def delete(self, user: str) -> None:
        await self._pass("delete", user)
        self.items.pop(user, None)

    async def unlock(self) -> None:
        """Never locked."""

    async def state(self) -> ProxyCastError | None:
        return self.problems.get("state")

    def close(self) -> None:
        """It outlives the service."""

    def fail(self, *operations: str, problem: ProxyCastError | None = None) -> None:
        """Let these operations fail from now on; without any, let all work again."""
        self.problems = {one: problem or KeyringFailed(Text("The keyring fails.")) for one in operations}

    def keys(self) -> dict[str, dict[str, str]]:
        """The secrets by item, without the client token's."""
        return {user: json.loads(item)["secrets"] for user, item in self.items.items() if "/" in user}

    async def _pass(self, operation: str, user: str) -> None:
        self.asked.append((operation, user))
        if self.before is not None:
            await self.before(operation, user)
        if operation in self.problems:
            problem = self.problems[operation]
            raise type(problem)(problem.what, problem.remedy)


class World:
    """One user's files and keyring. Services made by `service` are its processes; `close` ends those that are left."""

    def __init__(self, home: Path) -> None:
        self.places = Places.find({"PROXYCAST_HOME": str(home)})
        self.places.make_folders()
        self.keyring = MemoryKeyring()
        self.services: list[Service] = []

    @property
    def config(self) -> Path:
        return self.places.config_file

    def write(self, text: str) -> None:
        self.config.write_text(text, encoding="utf-8")

    def in_file(self) -> list[Credential]:
        """What the configuration file says."""
        return list(parse(self.config.read_text(encoding="utf-8"), "config.yaml").pool.credentials)

    async def service(
        self, environment: Mapping[str, str] | None = None, *, token: str | None = None, load: bool = True
    ) -> Service:
        """A process that has just started."""
        secrets = SecretStore(
            keychain=self.keyring,
            vault=Vault(self.places.vault),
            session=Session(),
            ledger=Ledger(self.places.ledger),
        )
        lock = self.places.data_dir / "secrets.lock"
        service = Service(
            catalogue=Catalogue.read(resources() / "models.yaml"),
            file=ConfigFile(self.config),
            secrets=secrets,
            lock=lock,
            token=ClientToken(secrets, self.places.data_dir / "client-token.stamp", lock, token),
            presets=Presets.read(resources() / "presets.yaml"),
            history=History(lambda: Journal(self.places.journal), JournalReader(self.places.journal)),
            translate=lambda template: template,
            environment=environment or {},
        )
        self.services.append(service)
        if load:
            await service.load()
        return service

    async def end(self, service: Service) -> None:
        """Let a process end."""
        self.services.remove(service)
        await service.close()

    async def close(self) -> None:
        for service in list(self.services):
            await self.end(service)


def credential(name: str = "work", **fields: object) -> Credential:
    """A credential for api.anthropic.com, unless the fields say otherwise."""
    return Credential(id=new_id(), name=name, **fields)  # type: ignore[arg-type]  # any of its fields


def relay(name: str = "relay", base_url: str = "https://relay.example.com") -> Credential:
    return credential(name, kind=Kind.COMPATIBLE, base_url=base_url)


def key(value: str = KEY) -> dict[str, Secret]:
    return {"api_key": Secret(value)}


async def stored_key(service: Service, name: str) -> str:
    """What would be sent for a credential. Raises what keeps it from being sent."""
    upstream = await service._router.fetch(name)
    assert isinstance(upstream, AnthropicFormat)
    return upstream._key.reveal()
