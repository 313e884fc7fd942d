"""Suggestions: names, the services of a search, what pasted text means for the form. No widgets."""

from __future__ import annotations

import re
from collections.abc import Collection

import msgspec

from proxycast.desktop.dialogs.credential.entry import AwsSource
from proxycast.model.credential import ANTHROPIC_BASE_URL, Kind
from proxycast.model.errors import InputError
from proxycast.model.secret import Secret
from proxycast.model.url import is_loopback, normalise_base_url, origin
from proxycast.model.vendors import foreign_vendor
from proxycast.service.paste import Pasted
from proxycast.upstream.presets import Endpoint, Preset, Presets

_BESIDE = re.compile(r"\s*[(（/].*")
_ANTHROPIC_KEY = "sk-ant-"


def short_name(preset: Preset, language: str) -> str:
    """The name of a service without what stands in parentheses or behind a slash."""
    return _BESIDE.sub("", preset.name.in_language(language))


def free_name(wish: str, taken: Collection[str]) -> str:
    """The name, with a number behind it if another credential has it."""
    names = (wish, *(f"{wish} {number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def matches(preset: Preset, search: str) -> bool:
    """Whether every word of the search stands in a name or an address of the service."""
    names = (preset.id, preset.name.en, preset.name.zh, *(one.base_url for one in preset.endpoints))
    text = " ".join(names).casefold()
    return all(word in text for word in search.casefold().split())


def normalised(base_url: str, *, allow_http: bool = False) -> str | None:
    """The one form of a base URL; None if it is none."""
    try:
        return normalise_base_url(base_url, allow_http=allow_http)
    except InputError:
        return None


def host_of(base_url: str) -> str:
    """The host of a base URL; empty if it is none."""
    url = normalised(base_url, allow_http=True)
    return origin(url).split("://", 1)[1].rsplit(":", 1)[0].strip("[]") if url else ""


def endpoint_at(presets: Presets, base_url: str) -> tuple[Preset, Endpoint] | None:
    """The known service that has exactly this base URL, in whatever form it is written."""
    url = normalised(base_url)
    service = presets.find(url) if url else None
    found = [one for one in service.endpoints if one.base_url == url] if service else []
    return (service, found[0]) if service and found else None


def meant_kind(kind: Kind, base_url: str) -> Kind:
    """The kind that a credential will be: with the address of another service it is none of Anthropic's."""
    elsewhere = host_of(base_url) not in {"", host_of(ANTHROPIC_BASE_URL)}
    return Kind.COMPATIBLE if kind is Kind.ANTHROPIC and elsewhere else kind


class Doubt(msgspec.Struct, frozen=True):
    """A key seems to be of `vendor`, which is somebody else than who would get it."""

    vendor: str


def doubt(key: Secret, kind: Kind, base_url: str) -> Doubt | None:
    """Whether a key looks like one for another service than the one that it would be sent to."""
    vendor = foreign_vendor(key)
    if vendor is not None:
        return Doubt(vendor) if kind is Kind.ANTHROPIC or vendor == "ProxyCast" else None
    host = host_of(base_url)
    elsewhere = kind is Kind.COMPATIBLE and bool(host) and not is_loopback(host)
    return Doubt("Anthropic") if elsewhere and key.reveal().startswith(_ANTHROPIC_KEY) else None


def pasted_kind(pasted: Pasted, now: Kind) -> Kind:
    """The kind of credential that pasted text is about; the present one where it does not tell."""
    if any(field.startswith("aws_") for field in (*pasted.fields, *pasted.secrets)):
        return Kind.BEDROCK
    url = normalised(pasted.fields.get("base_url", ""), allow_http=True)
    if url is not None:
        return Kind.ANTHROPIC if origin(url) == ANTHROPIC_BASE_URL else Kind.COMPATIBLE
    key = pasted.secrets.get("api_key")
    if key is not None and key.reveal().startswith(_ANTHROPIC_KEY):
        return Kind.ANTHROPIC
    return Kind.ANTHROPIC if now is Kind.BEDROCK else now


def pasted_source(pasted: Pasted, now: AwsSource) -> AwsSource:
    """Where the AWS identity of pasted text comes from."""
    if "aws_bearer_token" in pasted.secrets:
        return AwsSource.API_KEY
    if "aws_access_key" in pasted.secrets:
        return AwsSource.ACCESS_KEY
    return AwsSource.PROFILE if "aws_profile" in pasted.fields else now


def is_block(pasted: Pasted) -> bool:
    """Whether it says more than a bare key does, which any field takes as it is."""
    return bool(pasted.fields) or set(pasted.secrets) != {"api_key"}
