"""What comes in from a file, and what may leave in one."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from proxycast.model.credential import Credential, Environment, Literal, new_id
from proxycast.model.errors import ConfigError, ProxyCastError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.store import config_edit
from proxycast.store.config import Configuration
from proxycast.store.config_credential import derived_id
from proxycast.store.config_file import ConfigFile
from proxycast.store.logs import scrub

_TELLING = re.compile(r"auth|cookie|credential|key|pass|secret|session|token", re.IGNORECASE)
_HEADING = "providers:\n"


def load_existing(file: Path) -> Configuration:
    """The configuration in `file`, which must be there. Blocks; raises ConfigError."""
    if not file.exists():
        raise ConfigError(Text("There is no such file."), file=str(file))
    return ConfigFile(file).load()


def literals(credential: Credential) -> dict[str, Secret]:
    """The secrets of a credential that stand in the file itself."""
    return {field: source.secret for field, source in credential.secrets.items() if isinstance(source, Literal)}


async def bring_in(
    found: Iterable[Credential],
    ids: Collection[str],
    add: Callable[[Credential, Mapping[str, Secret]], Awaitable[Credential]],
) -> list[Credential]:
    """Add credentials from elsewhere to a pool that has these ids, moving their literals into the keyring.

    One keeps its id only where that may be the one of its secrets in this keyring. Raises what `add` raises, and says
    then what was added before.
    """
    added: list[Credential] = []
    for credential in found:
        values = literals(credential)
        own = bool(values) or credential.id in ids
        fresh = msgspec.structs.replace(credential, id=new_id(), revision=1) if own else credential
        try:
            added.append(await add(fresh, values))
        except ProxyCastError as error:
            if added:
                names = ", ".join(one.name for one in added)
                error.what = Text("{what} Added before that: {names}.", what=error.what, names=names)
            raise
    return added


def exported(credentials: Iterable[Credential]) -> str:
    """A configuration file of these credentials without any secret."""
    items = [config_edit.put("", without_secrets(one)).removeprefix(_HEADING) for one in credentials]
    return _HEADING + "".join(items) if items else ""


def without_secrets(credential: Credential) -> Credential:
    """The credential as it may be shown to others.

    References to environment variables stay. Custom headers whose name or value looks like a secret's, and user and
    password in a proxy's URL are left out, as are the keyring's id and revision.
    """
    proxy = credential.proxy
    if proxy is not None and "@" in proxy:
        parts = urlsplit(proxy)
        proxy = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return msgspec.structs.replace(
        credential,
        id=derived_id(credential.name),
        revision=1,
        headers=tuple(header for header in credential.headers if not _looks_secret(*header)),
        proxy=proxy,
        secrets={field: source for field, source in credential.secrets.items() if isinstance(source, Environment)},
    )


def _looks_secret(name: str, value: str) -> bool:
    return _TELLING.search(name) is not None or scrub(value) != value
