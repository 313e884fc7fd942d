"""What an account can invoke: its inference profiles and foundation models, and which of them a client's id means."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

import msgspec

_VERSION = re.compile(r"-v\d+(?::\d+)?(?::\d+k)?$")
_DATE = re.compile(r"-(20\d{6})$")
_BASE = re.compile(r"(?:^|[./])(anthropic\.[\w.:-]+)$")
_CONTEXT = re.compile(r"\[\w+\]$|-latest$")


class Offer(msgspec.Struct, frozen=True):
    """Something to invoke: a profile's id, or that of a foundation model which takes requests directly.

    `base` is the id of the foundation model behind it.
    """

    id: str
    base: str
    name: str

    @property
    def rank(self) -> tuple[int, str]:
        """Which of several comes first: global profiles, which cost 10 % less, then regional ones, then the model."""
        return (0 if self.id.startswith("global.") else 2 if self.id == self.base else 1, self.id)


class Offers:
    """All that an account and region offer of Anthropic's models, newest first where names tell it."""

    def __init__(self, offers: Iterable[Offer]) -> None:
        unique = {offer.id: offer for offer in offers}
        self.all = tuple(sorted(unique.values(), key=lambda offer: (*_order(offer.base), offer.rank)))
        self._by_id = unique

    def find(self, asked: str, refused: Container[str] = ()) -> Offer | None:
        """What the id of a client means here: itself, or the best way to the model that it names.

        Ways that were `refused` come last.
        """
        if asked in self._by_id:
            return self._by_id[asked]
        name, day = _plain(asked)
        fitting = [offer for offer in self.all if _plain(offer.base)[0] == name]
        if day:
            fitting = [offer for offer in fitting if _plain(offer.base)[1] in {"", day}]
        if not fitting:
            return None
        newest = max(_plain(offer.base)[1] for offer in fitting)
        ways = [offer for offer in fitting if _plain(offer.base)[1] == newest]
        return min(ways, key=lambda offer: (offer.id in refused, offer.rank))

    def profile_for(self, base: str) -> Offer | None:
        """The profile to use for a foundation model that takes no requests directly."""
        profiles = [offer for offer in self.all if offer.base == base_of(base) and offer.id != offer.base]
        return min(profiles, key=lambda offer: offer.rank, default=None)


def base_of(identity: str) -> str:
    """The foundation model that an id or ARN names; empty if it does not tell, as that of an application's profile."""
    found = _BASE.search(identity)
    return found[1] if found else ""


def is_exact(identity: str) -> bool:
    """Whether an id can only mean itself: an ARN, or a profile's id."""
    return not identity.startswith(("anthropic.", "claude-"))


def read_profiles(body: bytes) -> tuple[list[Offer], str]:
    """The offers of a page of ListInferenceProfiles, and the token of the next page. Raises ValueError."""
    page = msgspec.json.decode(body, type=_Profiles)
    offers = []
    for profile in page.inference_profile_summaries:
        base = next(
            (found for one in profile.models if (found := base_of(one.model_arn))),
            base_of(profile.inference_profile_id),
        )
        if base and profile.status in {"", "ACTIVE"}:
            identity = profile.inference_profile_id or profile.inference_profile_arn
            offers.append(Offer(identity, base, profile.inference_profile_name or identity))
    return offers, page.next_token or ""


def read_models(body: bytes) -> list[Offer]:
    """The foundation models of ListFoundationModels that take requests directly. Raises ValueError."""
    found = msgspec.json.decode(body, type=_Models).model_summaries
    return [
        Offer(model.model_id, model.model_id, model.model_name or model.model_id)
        for model in found
        if base_of(model.model_id) and "ON_DEMAND" in model.inference_types_supported
    ]


def read_base(body: bytes) -> str:
    """The foundation model behind the profile of a GetInferenceProfile answer. Raises ValueError."""
    profile = msgspec.json.decode(body, type=_Profile)
    return next((found for one in profile.models if (found := base_of(one.model_arn))), "")


def _plain(identity: str) -> tuple[str, str]:
    """A model's name without what AWS adds, and its date apart: `claude-sonnet-4-5`, `20250929`."""
    name = _CONTEXT.sub("", base_of(identity) or identity).removeprefix("anthropic.")
    name = _VERSION.sub("", name)
    day = _DATE.search(name)
    return (_DATE.sub("", name), day[1]) if day else (name, "")


def _order(base: str) -> tuple[list[int], str]:
    """Newer models before older ones, as far as their names tell."""
    name, _ = _plain(base)
    numbers = [-int(number) for number in re.findall(r"\d+", name)]
    return numbers, name


class _Model(msgspec.Struct, rename="camel"):
    model_arn: str = ""


class _Profile(msgspec.Struct, rename="camel"):
    inference_profile_id: str = ""
    inference_profile_arn: str = ""
    inference_profile_name: str = ""
    status: str = ""
    models: list[_Model] = []


class _Profiles(msgspec.Struct, rename="camel"):
    inference_profile_summaries: list[_Profile] = []
    next_token: str | None = None


class _Foundation(msgspec.Struct, rename="camel"):
    model_id: str = ""
    model_name: str = ""
    inference_types_supported: list[str] = []


class _Models(msgspec.Struct, rename="camel"):
    model_summaries: list[_Foundation] = []
