"""The one object that the window and the command line drive."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from urllib.parse import quote

import msgspec

from proxycast.check.report import Consent, Report, Watcher
from proxycast.model.credential import Credential, Keyring
from proxycast.model.errors import (
    ConfigError,
    DestinationChanged,
    KeyringMissing,
    KeyringSilent,
    ProxyCastError,
    SecretMissing,
)
from proxycast.model.pool import Pool
from proxycast.model.secret import Secret
from proxycast.model.settings import Settings
from proxycast.model.text import Text, Translate
from proxycast.proxy.server import Proxy, local_address
from proxycast.proxy.tasks import Tasks
from proxycast.service.client_token import ClientToken
from proxycast.service.history import History
from proxycast.service.keeper import Keeper
from proxycast.service.overlay import Overlay
from proxycast.service.router import AskCode, PoolRouter
from proxycast.service.transfer import bring_in, exported, literals, load_existing
from proxycast.service.turn import turn
from proxycast.store.config import Configuration
from proxycast.store.config_file import ConfigFile, watch
from proxycast.store.config_values import read_host
from proxycast.store.secrets import SecretStore
from proxycast.upstream.catalogue import Catalogue
from proxycast.upstream.presets import Presets

_log = logging.getLogger(__name__)
_NOTHING = Configuration()
Listener = Callable[[], None]


class Service:
    """Credentials, secrets, settings, journal and proxy, put together.

    All methods belong to the loop's thread; what blocks runs elsewhere. Listeners are told of every change of the
    pool, the settings, the proxy's state or the configuration file's problem.
    """

    def __init__(
        self,
        *,
        file: ConfigFile,
        secrets: SecretStore,
        lock: Path,
        token: ClientToken,
        presets: Presets,
        catalogue: Catalogue,
        history: History,
        translate: Translate,
        environment: Mapping[str, str],
    ) -> None:
        self.secrets = secrets
        self.token = token
        self.history = history
        self.pool = Pool()
        self.settings = Settings()
        self.literals: tuple[str, ...] = ()
        self.problem: ConfigError | None = None
        self._catalogue = catalogue
        self._file = file
        self._lock = lock
        self._router = PoolRouter(secrets, token, presets, environment, translate)
        self._keeper = Keeper(file, secrets, lock, self._adopt)
        self._proxy = Proxy(self._router, history, translate)
        self._tasks = Tasks()
        self._listeners: list[Listener] = []
        self._configuration = _NOTHING
        self._overlay = Overlay()

    @property
    def proxy(self) -> Proxy:
        """The proxy; started and stopped through `start_proxy` and `stop_proxy`."""
        return self._proxy

    def answer_codes(self, ask: AskCode) -> None:
        """Let `ask` be asked for the codes of MFA devices from now on, by credentials that are used then first."""
        self._router.ask_code = ask

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` of changes until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # Life.

    async def load(self) -> None:
        """Read the configuration.

        Raises ConfigError, which is then also the `problem`; the last good configuration, if there is one, is in force.
        """
        try:
            self._adopt(await asyncio.to_thread(self._file.load))
        except ConfigError as problem:
            if self._configuration is _NOTHING:
                good = await asyncio.to_thread(self._file.last_good)
                self._adopt(_NOTHING if good is None else good)
            self._have_problem(problem)
            raise

    async def sweep(self) -> None:
        """Delete secrets that an interrupted change left behind; a keyring that is not there now is left alone."""
        try:
            async with turn(self._lock):
                await self.secrets.sweep(self._referenced)
        except ProxyCastError as error:
            _log.info("no sweep of old secrets: %s", error.code)

    def _referenced(self) -> set[tuple[str, int]]:
        """The secrets that the configuration file names now; for a thread."""
        pool = ConfigFile(self._file.path).load().pool  # which leaves it to `follow` to notice changes
        return {(one.id, one.revision) for one in pool.credentials if one.uses_keyring}

    def follow(self) -> None:
        """Take over changes that others make to the configuration file and the client token from now on."""
        self._tasks.start(
            watch(self._file, self._adopt, self._refuse, on_poll=self.token.notice_rotation),
            name="watch the configuration",
        )

    async def close(self) -> None:
        """Stop the proxy, remove what is set aside, and write what is unwritten."""
        await self.stop_proxy()
        await self._remove_aside()
        await self._tasks.close()
        await self.history.close()
        await self.secrets.close()

    # The proxy.

    async def start_proxy(self, *, host: str | None = None, port: int | None = None) -> None:
        """Listen where the settings say, or at `host` and `port`. Raises PortTaken, InputError."""
        if not self._proxy.running:
            self.history.write()
            await self._proxy.start(
                self.settings.host if host is None else read_host(host), self.settings.port if port is None else port
            )
            self._tell()

    async def stop_proxy(self, *, grace: float = 10.0) -> None:
        """Stop listening; streams have `grace` seconds to end."""
        if self._proxy.running:
            await self._proxy.stop(grace)
            self._tell()

    # The pool.

    async def add(self, credential: Credential, values: Mapping[str, Secret]) -> Credential:
        """Add a credential with the values of its secrets, which go to the keyring.

        Raises NameTaken, ConfigError, KeyringError, VaultError.
        """
        await self._make_room(credential.name)
        return await self._keeper.add(self.pool, credential, values)

    async def change(self, name: str, changed: Credential, values: Mapping[str, Secret] | None = None) -> Credential:
        """Put `changed` in place of the credential `name`; `values` are the secrets that were entered anew.

        Raises UnknownCredential, NameTaken, ConfigError, KeyringError, VaultError.
        """
        await self._make_room(changed.name)
        return await self._keeper.change(self.pool, name, changed, values or {})

    async def rotate(self, name: str, values: Mapping[str, Secret]) -> Credential:
        """Replace secrets of a credential. Raises as `change`."""
        return await self.change(name, self.pool.by_name(name), values)

    async def confirm(self, name: str) -> Credential:
        """Let the stored secrets of a credential go to the destination that the configuration now names.

        Raises UnknownCredential, SecretMissing if nothing is stored, KeyringError, VaultError.
        """
        credential = self.pool.by_name(name)
        stored = await self.secrets.read(credential.id, credential.revision) if credential.uses_keyring else None
        if stored is None:
            raise SecretMissing(
                Text("No secret of {name} is stored.", name=name),
                Text("Enter it with `proxycast rotate {name}`.", name=name),
            )
        if stored.origin == credential.origin:
            return credential
        wanted = {field for field, source in credential.secrets.items() if isinstance(source, Keyring)}
        return await self.rotate(name, {field: stored.secrets[field] for field in wanted & stored.secrets.keys()})

    async def rename(self, name: str, new: str) -> Credential:
        """Give a credential another name; it stays selected if it was. Raises as `change`."""
        return await self.change(name, msgspec.structs.replace(self.pool.by_name(name), name=new))

    async def set_enabled(self, name: str, *, enabled: bool) -> Credential:
        """Enable or disable a credential. Raises as `change`."""
        return await self.change(name, msgspec.structs.replace(self.pool.by_name(name), enabled=enabled))

    async def remove(self, name: str) -> Credential:
        """Remove a credential, which may be set aside, and its secrets. Raises UnknownCredential, ConfigError."""
        return await self._keeper.remove(self._configuration.pool, name)

    def set_aside(self, names: Collection[str]) -> None:
        """Take credentials out of the pool, but not yet out of the configuration.

        `bring_back` undoes it; `remove` makes it final, and so does `close`. A process that is killed before has lost
        nothing. Raises UnknownCredential.
        """
        self._overlay.aside |= {self.pool.by_name(name).id for name in names}
        self._show()

    def bring_back(self, names: Collection[str]) -> None:
        """Put credentials that are set aside back to where they were; those that are removed by now stay so."""
        self._overlay.aside -= {one.id for one in self._configuration.pool.credentials if one.name in names}
        self._show()

    def aside(self) -> tuple[Credential, ...]:
        """What is set aside."""
        return tuple(one for one in self._configuration.pool.credentials if one.id in self._overlay.aside)

    async def move(self, name: str, position: int) -> None:
        """Put a credential at this position, from 0, of the pool; the selected one stays selected.

        Raises UnknownCredential, InputError, ConfigError.
        """
        others = [one.name for one in self.pool.credentials if one.name != name and not self.is_attached(one)]
        await self._keeper.move(self.pool, name, before=others[position] if position < len(others) else None)

    async def select(self, name: str) -> None:
        """Let traffic use this credential; streams under way end on the old one.

        Raises UnknownCredential, ConfigError.
        """
        attached = self._overlay.attached is not None and name == self._overlay.attached.name
        if not attached:
            await self._keeper.select(self.pool, name)
        if attached != self._overlay.attached_chosen:
            self._overlay.attached_chosen = attached
            self._show()

    async def change_settings(self, settings: Settings) -> None:
        """Write the program's settings; a new address is used from the next start of the proxy. Raises ConfigError."""
        await self._keeper.change_settings(settings)

    async def import_file(self, file: Path) -> tuple[list[Credential], list[str]]:
        """Add the credentials of another configuration file, moving literal secrets into the keyring.

        Returns those that were added, and the names left out because the pool has them already. Raises ConfigError,
        KeyringError, VaultError.
        """
        found = (await asyncio.to_thread(load_existing, file)).pool.credentials
        names = {one.name for one in self.pool.credentials}
        ids = {one.id for one in self._configuration.pool.credentials}
        added = await bring_in([one for one in found if one.name not in names], ids, self.add)
        return added, [one.name for one in found if one.name in names]

    def export(self) -> str:
        """The pool as YAML without any secret, neither in a key, nor in a custom header, nor in a proxy's URL."""
        return exported(one for one in self.pool.credentials if not self.is_attached(one))

    async def require_saving(self, values: Mapping[str, Secret]) -> None:
        """Raises KeyringMissing if secrets would be gone with this process, KeyringSilent without a second attempt."""
        if not values:
            return
        place = await self.secrets.place()
        if isinstance(place.problem, KeyringSilent):
            raise place.problem
        if not place.saved:
            raise KeyringMissing(
                Text("There is no OS keyring here that could keep the key."),
                Text("Start one, such as gnome-keyring, or set PROXYCAST_PASSPHRASE to keep it in an encrypted vault."),
            )

    def client_address(self, name: str | None) -> str:
        """The base URL for clients; with `name`, that of one credential. Raises UnknownCredential."""
        host, port = self.settings.host, self.settings.port
        address = self._proxy.address if self._proxy.running else local_address(host, port)
        return address if name is None else f"{address}/c/{quote(self.pool.by_name(name).name, safe='')}"

    async def check(
        self,
        credential: Credential,
        values: Mapping[str, Secret] | None,
        *,
        model: str | None = None,
        consent: Consent | None = None,
        watcher: Watcher | None = None,
    ) -> Report:
        """Test the connection of `credential`, stage by stage; with `values` for secrets that are not stored yet.

        `consent` is asked before anything that is billed; None leaves that out. Never raises for what is found.
        """
        # Most runs of the program check nothing, and the modules take their time.
        from proxycast.check.look import Look  # noqa: PLC0415
        from proxycast.check.run import run  # noqa: PLC0415
        from proxycast.check.steps import steps_for  # noqa: PLC0415

        async def fetch_secrets() -> Mapping[str, Secret]:
            return await self._router.values(credential) if values is None else values

        look = Look(
            credential,
            fetch_secrets=fetch_secrets,
            make=self._router.upstream_with,
            catalogue=self._catalogue,
            wanted=model,
            own_ports=frozenset({self._proxy.port}) if self._proxy.running else frozenset(),
        )
        try:
            return await run(steps_for(credential.kind), look, consent=consent, watcher=watcher)
        finally:
            look.close()

    def missing_secret(self, credential: Credential) -> SecretMissing | None:
        """What the secrets of a credential lack, as far as it shows without asking the keyring."""
        return self._router.missing_secret(credential)

    async def lacks_secret(self, credential: Credential) -> bool:
        """Whether nothing that is stored or set here can be sent for a credential, as far as the keyring tells."""
        try:
            self._router.upstream_with(credential, await self._router.values(credential))
        except (SecretMissing, DestinationChanged):
            return True
        except ProxyCastError:
            return False
        return False

    # The configuration.

    def attach(self, credential: Credential) -> None:
        """Let traffic use a credential of this session, which is not in the configuration, until `select`."""
        self._overlay.attached, self._overlay.attached_chosen = credential, True
        self._show()

    def detach(self) -> None:
        """Go back to the credentials of the configuration."""
        self._overlay.attached, self._overlay.attached_chosen = None, False
        self._show()

    def is_attached(self, credential: Credential) -> bool:
        """Whether it is of this session, and not in the configuration."""
        return self._overlay.attached is not None and credential.id == self._overlay.attached.id

    def _adopt(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self.settings = configuration.settings
        self.literals = tuple(one.name for one in configuration.pool.credentials if literals(one))
        self.problem = None
        self._show()

    def _show(self) -> None:
        """Let all see the pool of the configuration with what this session does to it."""
        self.pool = self._overlay.over(self._configuration.pool)
        self._router.adopt(self.pool, self.settings.proxy)
        self._tell()

    async def _make_room(self, name: str) -> None:
        """Remove the credential of this name for good if it is set aside."""
        if any(one.name == name for one in self.aside()):
            await self.remove(name)

    async def _remove_aside(self) -> None:
        for one in self.aside():
            try:
                await self.remove(one.name)
            except ProxyCastError as error:
                _log.warning("a deleted credential is still in the configuration: %s", error.code)

    def _refuse(self, problem: ConfigError) -> None:
        _log.warning("the configuration was changed and cannot be used; the last good one stays: %s", problem)
        self._have_problem(problem)

    def _have_problem(self, problem: ConfigError) -> None:
        self.problem = problem
        self._tell()

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()
