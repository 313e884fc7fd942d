"""Which model of the account a request is invoked with."""

from __future__ import annotations

from typing import NamedTuple

from proxycast.model.credential import Credential
from proxycast.model.errors import InputError, NotServed, ProxyCastError
from proxycast.model.text import Text
from proxycast.upstream.bedrock.account import Account
from proxycast.upstream.bedrock.listing import Listing
from proxycast.upstream.bedrock.offers import is_exact
from proxycast.upstream.request import Ask


class Choice(NamedTuple):
    """The id that is invoked, and the base id that decides what the model takes: empty if it cannot be known."""

    identity: str
    base: str


class Chooser:
    """Chooses by the credential's `model_id` and aliases, which count as they stand, else by what the account lists.

    The region prefixes of inference profiles are never composed: a name that means one is looked up.
    """

    def __init__(self, credential: Credential, account: Account, listing: Listing) -> None:
        self._credential = credential
        self._account = account
        self._listing = listing
        self._refused: set[str] = set()

    def refuse(self, asked: str | None, choice: Choice) -> bool:
        """Choose this no more where there is another way, because AWS denies it; gives whether there is.

        Organisations often deny global profiles and allow regional ones.
        """
        identity, exact = self._named(asked)
        if exact or identity == choice.identity:
            return False
        self._refused.add(choice.identity)
        other = self._listing.known.find(identity, self._refused)
        return other is not None and other.id not in self._refused

    def ready(self, asked: str | None) -> Choice | None:
        """What `asked` (None: the request names no model) is invoked with; None if AWS has to be asked.

        Raises InputError.
        """
        identity, exact = self._named(asked)
        if exact:
            base = self._listing.base_ready(identity)
            return None if base is None else Choice(identity, base)
        offers = self._listing.ready()
        offer = offers.find(identity, self._refused) if offers is not None else None
        return None if offer is None else Choice(offer.id, offer.base)

    async def fetch(self, asked: str | None, ask: Ask) -> Choice:
        """The same, asking. Raises ProxyCastError."""
        identity, exact = self._named(asked)
        if exact:
            return Choice(identity, await self._listing.base(identity, ask))
        bare = identity.startswith("anthropic.")
        try:
            offers = await self._listing.fetch(ask)
        except ProxyCastError:
            if bare:
                return Choice(identity, identity)  # it may well do as it stands
            raise
        offer = offers.find(identity, self._refused)
        if offer is None and not bare:
            offers = await self._listing.fetch(ask, newest=True)  # access to it may have been given since
            offer = offers.find(identity, self._refused)
        if offer is not None:
            return Choice(offer.id, offer.base)
        if bare:
            return Choice(identity, identity)
        opened = await self._account.open()
        raise NotServed(
            Text("This AWS account has no model {model} in {region}.", model=identity, region=opened.endpoints.region),
            Text("It has: {models}.", models=", ".join(one.id for one in offers.all[:8]) or "–"),
        )

    def _named(self, asked: str | None) -> tuple[str, bool]:
        """The id that the credential makes of the client's, and whether it can only mean itself."""
        aws = self._credential.aws
        if aws is not None and aws.model_id:
            return aws.model_id, not aws.model_id.startswith("claude-")
        if asked is None:
            raise InputError(Text("The request names no model."), Text("Give one in `model`."))
        alias = self._credential.models.get(asked)
        if alias is not None:
            return alias, not alias.startswith("claude-")
        return asked, is_exact(asked)
