"""The model catalogue: what is known of a model by its id."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Self

import msgspec

from proxycast.model.exchange import Usage

_DATE = re.compile(r"-20\d{6}$")
_BEDROCK_VERSION = re.compile(r"-v\d+(?::\d+)?$")
_MILLION = 1_000_000


class Prices(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """List prices in US dollars per million tokens; None: not known.

    They hold for prompts of at most `up_to` tokens, cache included; None: for any.
    """

    input: Decimal
    output: Decimal
    cache_write_5m: Decimal | None = None
    cache_write_1h: Decimal | None = None
    cache_read: Decimal | None = None
    up_to: int | None = None

    def cost(self, usage: Usage) -> Decimal | None:
        """US dollars for this usage; None if it counts tokens whose price is not known."""
        dollars = Decimal(0)
        for count, price in (
            (usage.input_tokens, self.input),
            (usage.output_tokens, self.output),
            (usage.cache_creation_input_tokens, self.cache_write_5m),
            (usage.cache_read_input_tokens, self.cache_read),
        ):
            if count:
                if price is None:
                    return None
                dollars += count * price
        return dollars / _MILLION


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model of Anthropic's.

    `id` is its id on the Claude API, `aliases` are others for the same model. `bedrock` is its base id on AWS Bedrock,
    without a region prefix. `prices` has one entry per tier of prompt length, shortest first; empty: not known.
    `retires` is the first day on which the Claude API refuses it, None if none is set; `successor` is the id to use
    then.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    bedrock: str | None = None
    prices: tuple[Prices, ...] = ()
    retires: date | None = None
    successor: str | None = None

    def is_retired(self, on: date) -> bool:
        """Whether the Claude API refuses it on that day. AWS Bedrock keeps dates of its own."""
        return self.retires is not None and on >= self.retires

    def cost(self, usage: Usage) -> Decimal | None:
        """US dollars for this usage by list price; None if the service counted nothing or a price is not known.

        An estimate: a usage does not tell the two kinds of cache writes apart, so all count as the 5-minute kind, and
        batches, priority tiers and server tools have prices of their own.
        """
        counts = (usage.input_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens)
        if usage.output_tokens is None and all(count is None for count in counts):
            return None
        prompt = sum(count or 0 for count in counts)
        tier = next((tier for tier in self.prices if tier.up_to is None or prompt <= tier.up_to), None)
        return None if tier is None else tier.cost(usage)


class _Bedrock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    region_prefixes: tuple[str, ...]
    regional_surcharge: Decimal


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    bedrock: _Bedrock
    models: tuple[Model, ...]


class Catalogue:
    """The known models, newest first, those that are retired among them."""

    def __init__(self, models: Iterable[Model], *, region_prefixes: Iterable[str], surcharge: Decimal) -> None:
        self.models = tuple(models)
        self._surcharge = surcharge
        self._by_id = {identity: model for model in self.models for identity in (model.id, *model.aliases)}
        self._by_id |= {model.bedrock: model for model in self.models if model.bedrock is not None}
        self._region_prefixes = frozenset(region_prefixes)

    @classmethod
    def read(cls, file: Path) -> Self:
        """The catalogue in `file`. Raises OSError, msgspec.MsgspecError."""
        data = msgspec.yaml.decode(file.read_bytes(), type=_File)
        return cls(
            data.models,
            region_prefixes=data.bedrock.region_prefixes,
            surcharge=data.bedrock.regional_surcharge,
        )

    def find(self, identity: str) -> Model | None:
        """The model of this id, if it is known.

        Takes ids of the Claude API with and without a date, and those of AWS Bedrock with and without a region prefix,
        also as the ARN of a foundation model or a system-defined inference profile.
        """
        _, base = self._split(identity)
        undressed = _BEDROCK_VERSION.sub("", base.removeprefix("anthropic."))
        for spelling in (base, undressed, _DATE.sub("", undressed)):
            if spelling in self._by_id:
                return self._by_id[spelling]
        return None

    def successor(self, identity: str) -> Model | None:
        """The model to use instead of a retired (or retiring) one, if there is one."""
        model = self.find(identity)
        return None if model is None or model.successor is None else self.find(model.successor)

    def cost(self, identity: str, usage: Usage) -> Decimal | None:
        """US dollars for this usage of a model, see `Model.cost`; with the surcharge of a regional Bedrock profile."""
        model = self.find(identity)
        cost = None if model is None else model.cost(usage)
        region, _ = self._split(identity)
        if cost is None or region in {None, "global"}:
            return cost
        return cost * (1 + self._surcharge)

    def _split(self, identity: str) -> tuple[str | None, str]:
        """The region prefix of a Bedrock inference profile, if any, and the id without it."""
        if identity.startswith("arn:"):
            identity = identity.rpartition("/")[2]
        prefix, _, base = identity.partition(".")
        return (prefix, base) if prefix in self._region_prefixes else (None, identity)
