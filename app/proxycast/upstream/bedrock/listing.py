"""The list of what an account can invoke, asked for when it is needed and kept for a while."""

from __future__ import annotations

import asyncio
import time
from urllib.parse import quote

import msgspec

from proxycast.model.errors import AwsRefused, NoAnswerInTime, ProxyCastError, UpstreamError
from proxycast.model.text import Text
from proxycast.upstream.bedrock.account import Account
from proxycast.upstream.bedrock.faults import Fault, http_fault
from proxycast.upstream.bedrock.offers import Offer, Offers, base_of, read_base, read_models, read_profiles
from proxycast.upstream.reply import Collected
from proxycast.upstream.request import Ask

_GOOD = 3600.0
_STILL_GOOD = 24 * 3600.0
_PEACE = 30.0
_SECONDS = 2.6
"""Clients wait 3 s for a list of models ("Gateway protocol reference")."""

_PAGES = 10
_NONE = Offers(())


class Listing:
    """Asks AWS for at most one list at a time; a failure is told for 30 s.

    A list is good for an hour. For a day more it still serves, while a new one is asked for beside the traffic.
    """

    def __init__(self, account: Account) -> None:
        self._account = account
        self._offers: Offers | None = None
        self._until = 0.0
        self._failure: ProxyCastError | None = None
        self._quiet_until = 0.0
        self._ask: Ask | None = None
        self._flight: asyncio.Task[Offers] | None = None
        self._bases: dict[str, str] = {}

    def ready(self) -> Offers | None:
        """The list, if it is at hand."""
        now = time.monotonic()
        if self._offers is None or now >= self._until + _STILL_GOOD:
            return None
        if now >= self._until and now >= self._quiet_until and self._ask is not None:
            self._start(self._ask)
        return self._offers

    @property
    def known(self) -> Offers:
        """The list that came last, fresh or not; an empty one if none did."""
        return self._offers or _NONE

    async def fetch(self, ask: Ask, *, newest: bool = False) -> Offers:
        """The list, within 3 s; an old one rather than none. `newest`: one of the last 30 s. Raises ProxyCastError."""
        fresh = self.ready()
        if fresh is not None and not (newest and time.monotonic() > self._until - _GOOD + _PEACE):
            return fresh
        if self._failure is not None and time.monotonic() < self._quiet_until:
            return self._old_or(self._failure)
        try:
            return await asyncio.shield(self._start(ask))
        except ProxyCastError as error:
            return self._old_or(error)

    def _start(self, ask: Ask) -> asyncio.Task[Offers]:
        """Ask for the list, unless that is under way."""
        self._ask = ask
        if self._flight is None or self._flight.done():
            self._flight = asyncio.get_running_loop().create_task(self._load(ask), name="list models")
            self._flight.add_done_callback(_retrieve)
        return self._flight

    def _old_or(self, error: ProxyCastError) -> Offers:
        if self._offers is not None:
            return self._offers
        raise type(error)(error.what, error.remedy)

    def base_ready(self, identity: str) -> str | None:
        """The foundation model behind an id; None if AWS has to be asked; empty if it cannot be known."""
        if found := base_of(identity):
            return found
        if self._offers is not None and (offer := self._offers.find(identity)):
            return offer.base
        return self._bases.get(identity) if identity.startswith("arn:") else ""

    async def base(self, identity: str, ask: Ask) -> str:
        """The same, asking; a profile that cannot be looked at tells nothing."""
        known = self.base_ready(identity)
        if known is None:
            try:
                opened = await self._account.open()
                path = f"/inference-profiles/{quote(identity, safe=':;')}"
                answer = await self._account.ask(ask, opened.endpoints.control, "GET", path, within=_SECONDS)
                known = read_base(answer.body) if answer.status == 200 else ""
            except (UpstreamError, ValueError):
                known = ""
            self._bases[identity] = known
        return known

    async def _load(self, ask: Ask) -> Offers:
        await self._account.fetch_keys(ask)  # what keeps them away is told, and not remembered
        try:
            async with asyncio.timeout(_SECONDS):
                profiles, models = await asyncio.gather(self._profiles(ask), self._models(ask))
            if isinstance(profiles, Fault) and (isinstance(models, Fault) or not models):
                raise _unlisted(profiles)
            found = [one for some in (profiles, models) if not isinstance(some, Fault) for one in some]
        except TimeoutError:
            error: ProxyCastError = NoAnswerInTime(
                Text("AWS did not list its models within {seconds} s.", seconds="3"), Text("Try again.")
            )
        except ProxyCastError as refused:
            error = refused
        else:
            self._offers, self._failure, self._until = Offers(found), None, time.monotonic() + _GOOD
            return self._offers
        self._failure, self._quiet_until = error, time.monotonic() + _PEACE
        raise error

    async def _profiles(self, ask: Ask) -> list[Offer] | Fault:
        opened = await self._account.open()
        found: list[Offer] = []
        token = ""
        for _ in range(_PAGES):
            query = (
                "maxResults=1000" + (f"&nextToken={quote(token, safe='')}" if token else "") + "&type=SYSTEM_DEFINED"
            )
            answer = await self._account.ask(
                ask, opened.endpoints.control, "GET", "/inference-profiles", query=query, within=_SECONDS
            )
            if answer.status != 200:
                return _fault(answer)
            try:
                offers, token = read_profiles(answer.body)
            except ValueError:
                return _fault(msgspec.structs.replace(answer, status=502))
            found += offers
            if not token:
                break
        return found

    async def _models(self, ask: Ask) -> list[Offer] | Fault:
        opened = await self._account.open()
        query = "byProvider=anthropic"
        answer = await self._account.ask(
            ask, opened.endpoints.control, "GET", "/foundation-models", query=query, within=_SECONDS
        )
        if answer.status != 200:
            return _fault(answer)
        try:
            return read_models(answer.body)
        except ValueError:
            return _fault(msgspec.structs.replace(answer, status=502))


def _retrieve(flight: asyncio.Task[Offers]) -> None:
    """Let a failure be known: whoever waited may have gone."""
    if not flight.cancelled():
        flight.exception()


def _fault(answer: Collected) -> Fault:
    kind = next((value for name, value in answer.headers if name.lower() == b"x-amzn-errortype"), b"")
    return http_fault(answer.status, kind.decode("latin-1"), answer.body)


def _unlisted(fault: Fault) -> ProxyCastError:
    if fault.status in {401, 403}:
        return AwsRefused(
            Text("AWS does not let this credential list its models: {message}", message=fault.message),
            Text(
                "Allow bedrock:ListInferenceProfiles and bedrock:ListFoundationModels, or set model_id "
                "in the credential."
            ),
        )
    return UpstreamError(
        Text("AWS does not list its models: {message}", message=fault.message),
        Text("Set model_id in the credential, or an alias for this model."),
    )
