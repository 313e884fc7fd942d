"""The composition root: builds the objects of the program and hands them to each other."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from pathlib import Path

from proxycast.model.secret import Secret
from proxycast.model.text import Translate
from proxycast.service.client_token import VARIABLE, ClientToken
from proxycast.service.history import History
from proxycast.service.service import Service
from proxycast.store.config_file import ConfigFile
from proxycast.store.journal import Journal
from proxycast.store.journal_reader import JournalReader
from proxycast.store.keychain import Keychain
from proxycast.store.ledger import Ledger
from proxycast.store.paths import Places, resources
from proxycast.store.secrets import SecretStore
from proxycast.store.session import Session
from proxycast.store.vault import Vault
from proxycast.store.vault.vault import Ask
from proxycast.upstream.catalogue import Catalogue
from proxycast.upstream.presets import Presets

PASSPHRASE = "PROXYCAST_PASSPHRASE"  # noqa: S105 - the name of a variable


def take_environment(environment: MutableMapping[str, str]) -> dict[str, str]:
    """The environment of this process; the secrets in it are taken out, so that no child of the process sees them."""
    taken = dict(environment)
    for secret in (PASSPHRASE, VARIABLE):
        environment.pop(secret, None)
    return taken


def assemble(
    places: Places,
    *,
    translate: Translate,
    environment: Mapping[str, str],
    config: Path | None = None,
    ask_passphrase: Ask | None = None,
    allow_prompt: bool = False,
) -> Service:
    """The service over the files in `places`.

    `config` replaces the configuration file and is never written. `ask_passphrase` asks the user for the vault's
    passphrase where the environment does not give it; `allow_prompt` lets the keyring show its own prompt. Raises
    OSError if the folders cannot be made, InputError for an unusable variable.
    """
    places.make_folders()
    passphrase = environment.get(PASSPHRASE)
    secrets = SecretStore(
        keychain=Keychain(allow_prompt=allow_prompt),
        vault=Vault(places.vault, passphrase=Secret(passphrase) if passphrase else None, ask=ask_passphrase),
        session=Session(),
        ledger=Ledger(places.ledger),
    )
    lock = places.data_dir / "secrets.lock"
    return Service(
        file=ConfigFile(config or places.config_file),
        secrets=secrets,
        lock=lock,
        token=ClientToken(secrets, places.data_dir / "client-token.stamp", lock, environment.get(VARIABLE)),
        presets=Presets.read(resources() / "presets.yaml"),
        catalogue=Catalogue.read(resources() / "models.yaml"),
        history=History(lambda: Journal(places.journal), JournalReader(places.journal)),
        translate=translate,
        environment=environment,
    )
