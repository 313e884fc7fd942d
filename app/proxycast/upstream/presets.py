"""Presets: the compatible services that ProxyCast knows by name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Self

import msgspec

from proxycast.model.credential import Auth
from proxycast.model.url import origin


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name or a note in both languages of the interface."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """The text for a language code as `zh`, `zh_CN` or `en`; English for any other."""
        return self.zh if language.startswith("zh") else self.en


class Endpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One address of a service.

    `base_url` is normalised. `region` tells several addresses apart. `keys` is the page on which a key is made.
    """

    base_url: str
    region: Label | None = None
    keys: str | None = None


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One compatible service. `auth` is the header it takes; `AUTO` where it takes either. `note` is for the user."""

    id: str
    name: Label
    auth: Auth
    endpoints: tuple[Endpoint, ...]
    note: Label | None = None


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    services: tuple[Preset, ...]


class Presets:
    """The known compatible services, in the order they are shown."""

    def __init__(self, services: Iterable[Preset]) -> None:
        self.services = tuple(services)
        self._by_origin = {
            origin(endpoint.base_url): service for service in self.services for endpoint in service.endpoints
        }

    @classmethod
    def read(cls, file: Path) -> Self:
        """The presets in `file`. Raises OSError, msgspec.MsgspecError."""
        return cls(msgspec.yaml.decode(file.read_bytes(), type=_File).services)

    def find(self, base_url: str) -> Preset | None:
        """The service behind a normalised base URL, whatever its path."""
        return self._by_origin.get(origin(base_url))

    def auth_for(self, base_url: str) -> Auth | None:
        """The header that the service behind this base URL takes, `AUTO` for either; None if it is not known."""
        service = self.find(base_url)
        return None if service is None else service.auth
