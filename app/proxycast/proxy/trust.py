"""Which certificates are trusted: the system's, and per credential one more CA."""

from __future__ import annotations

import asyncio
import ssl
import sys

from proxycast.model.errors import CannotConnect
from proxycast.model.text import Text


class TrustStore:
    """TLS contexts, one per CA file, each loaded once.

    There is no way to switch verification off. Key logs are not written, whatever the environment says.
    """

    def __init__(self) -> None:
        self._contexts: dict[str | None, ssl.SSLContext] = {}
        self._loading = asyncio.Lock()

    async def context(self, ca_file: str | None) -> ssl.SSLContext:
        """The context that trusts the system's CAs and those in `ca_file`. Raises CannotConnect if unreadable."""
        async with self._loading:
            context = self._contexts.get(ca_file)
            if context is None:
                context = await asyncio.to_thread(_load, ca_file)
                self._contexts[ca_file] = context
            return context


def _load(ca_file: str | None) -> ssl.SSLContext:
    context = _system_trust()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError):
            raise CannotConnect(
                Text("The CA file {file} cannot be read as certificates.", file=ca_file),
                Text("Give a PEM file with ca_file in the credential."),
            ) from None
    return context


def _system_trust() -> ssl.SSLContext:
    """A context that trusts what the system trusts.

    Where OpenSSL knows the system's file of CAs, it is read here, once. truststore, which knows the other systems,
    would read it again for every connection, on the loop: some 100 ms each time.
    """
    if sys.platform not in {"darwin", "win32"} and ssl.get_default_verify_paths().cafile is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_default_certs()
        return context
    import truststore  # noqa: PLC0415 - not needed until the first https upstream, and not free

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
