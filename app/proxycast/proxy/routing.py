"""What the data path asks of the rest of the program."""

from __future__ import annotations

from typing import Protocol

from proxycast.model.exchange import Exchange
from proxycast.model.secret import Secret
from proxycast.upstream.request import Upstream


class Router(Protocol):
    """Answers "which upstream serves this request?" and knows the client token.

    The `ready` half answers at once from memory, None when it would have to wait (for the keyring); the `fetch` half
    waits and raises ProxyCastError. An exchange asks once and keeps the answer: one snapshot per exchange.
    """

    def ready_token(self) -> Secret | None:
        """The client token, if it is at hand."""
        ...

    async def fetch_token(self) -> Secret:
        """The client token. Raises KeyringError, VaultError."""
        ...

    def ready(self, name: str | None) -> Upstream | None:
        """The upstream of the credential `name`, None for the selected one; None if its secret is not at hand.

        Raises UnknownCredential and Refusal.
        """
        ...

    async def fetch(self, name: str | None) -> Upstream:
        """The same, waiting for the keyring. Raises also KeyringError, VaultError."""
        ...


class Observer(Protocol):
    """Is told of exchanges after the fact."""

    def began(self) -> None:
        """An exchange started."""
        ...

    def ended(self, exchange: Exchange) -> None:
        """It is over; must return at once and not raise."""
        ...
