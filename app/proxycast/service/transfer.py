"""What may leave the program in an exported file."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import msgspec

from proxycast.model.credential import Credential, Environment
from proxycast.store.config_credential import derived_id

_TELLING = re.compile(r"auth|cookie|credential|key|pass|secret|session|token", re.IGNORECASE)


def without_secrets(credential: Credential) -> Credential:
    """The credential as it may be shown to others.

    References to environment variables stay. Custom headers whose name speaks of a secret and the password in a proxy's
    URL are left out, as are the keyring's id and revision.
    """
    proxy = credential.proxy
    if proxy is not None and "@" in proxy:
        parts = urlsplit(proxy)
        proxy = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return msgspec.structs.replace(
        credential,
        id=derived_id(credential.name),
        revision=1,
        headers=tuple(header for header in credential.headers if not _TELLING.search(header[0])),
        proxy=proxy,
        secrets={field: source for field, source in credential.secrets.items() if isinstance(source, Environment)},
    )
