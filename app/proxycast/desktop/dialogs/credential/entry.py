"""What stands in the dialog, as a value: what it lacks, and the credential that it makes. No widgets.

The values of secrets are kept apart from the entry, so that it can be compared and looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from proxycast.model.credential import (
    ANTHROPIC_API_VERSION,
    ANTHROPIC_BASE_URL,
    Auth,
    AwsEndpoint,
    Credential,
    Environment,
    Keyring,
    Kind,
    Literal,
    SecretSource,
    Timeouts,
)
from proxycast.model.duration import format_duration
from proxycast.model.secret import Secret
from proxycast.service.draft import draft, draft_secret

Pairs = tuple[tuple[str, str], ...]


class AwsSource(StrEnum):
    """Where a Bedrock credential has its AWS identity from."""

    CHAIN = "chain"
    PROFILE = "profile"
    ACCESS_KEY = "access_key"
    API_KEY = "api_key"


class Lack(StrEnum):
    """What has to be entered or changed before the entry makes a credential."""

    NAME = "name"
    NAME_TAKEN = "name_taken"
    BASE_URL = "base_url"
    API_KEY = "api_key"
    ACCESS_KEYS = "access_keys"
    BEDROCK_KEY = "bedrock_key"
    PROFILE = "profile"
    REGION = "region"
    WORKSPACE = "workspace"
    HEADER_NAME = "header_name"
    HEADER_TWICE = "header_twice"
    MODEL_NAMES = "model_names"
    MODEL_TWICE = "model_twice"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """The plain fields as they are typed; an empty one stands for the built-in value. Durations are text as `10s`."""

    kind: Kind = Kind.ANTHROPIC
    name: str = ""
    base_url: str = ""
    auth: Auth = Auth.AUTO
    api_version: str = ""
    headers: Pairs = ()
    connect: str = ""
    request: str = ""
    idle: str = ""
    proxy: str = ""
    ca_file: str = ""
    allow_http: bool = False
    models: Pairs = ()
    source: AwsSource = AwsSource.CHAIN
    region: str = ""
    profile: str = ""
    model_id: str = ""
    endpoint: AwsEndpoint = AwsEndpoint.BEDROCK
    workspace_id: str = ""

    @property
    def secret_fields(self) -> tuple[str, ...]:
        """The secrets that such a credential may have, by their names in the configuration file."""
        if self.kind is not Kind.BEDROCK:
            return ("api_key",)
        if self.source is AwsSource.ACCESS_KEY:
            return ("aws_access_key", "aws_secret_key", "aws_session_token")
        return ("aws_bearer_token",) if self.source is AwsSource.API_KEY else ()


class Drafted(msgspec.Struct, frozen=True, kw_only=True):
    """A credential that the entry makes, with the values of the secrets that were entered."""

    credential: Credential
    values: Mapping[str, Secret]


def entry_of(credential: Credential) -> Entry:
    """What to show of a credential: built-in values stay empty, and the fields show them as placeholders."""
    built_in, limits, aws = Timeouts(), credential.timeouts, credential.aws
    shown = {
        field: "" if getattr(limits, field) == getattr(built_in, field) else format_duration(getattr(limits, field))
        for field in ("connect", "request", "idle")
    }
    return Entry(
        kind=credential.kind,
        name=credential.name,
        base_url="" if credential.base_url == ANTHROPIC_BASE_URL else credential.base_url,
        auth=credential.auth,
        api_version="" if credential.api_version == ANTHROPIC_API_VERSION else credential.api_version,
        headers=credential.headers,
        proxy=credential.proxy or "",
        ca_file=credential.ca_file or "",
        allow_http=credential.allow_http,
        models=tuple(credential.models.items()),
        source=_source_of(credential),
        region=(aws.region or "") if aws else "",
        profile=(aws.profile or "") if aws else "",
        model_id=(aws.model_id or "") if aws else "",
        endpoint=aws.endpoint if aws else AwsEndpoint.BEDROCK,
        workspace_id=(aws.workspace_id or "") if aws else "",
        **shown,
    )


def lacks(entry: Entry, typed: Mapping[str, Secret], old: Credential | None, taken: Iterable[str]) -> Lack | None:
    """The first thing that is missing; `taken` are the names of the other credentials."""
    if entry.kind is Kind.COMPATIBLE and not entry.base_url.strip():
        return Lack.BASE_URL
    if not entry.name.strip():
        return Lack.NAME
    if entry.name.strip() in set(taken):
        return Lack.NAME_TAKEN
    return _lacking_secret(entry, typed, old) or _lacking_aws(entry) or _lacking_pair(entry)


def make(entry: Entry, typed: Mapping[str, Secret], old: Credential | None) -> Drafted:
    """The credential of an entry that lacks nothing. `typed` holds the secrets that were entered.

    With `old` it is that one changed, and what was not entered anew stays stored. Raises DraftError.
    """
    credential = draft(_fields(entry), old=old)
    sources = _kept(entry, typed, old)
    values = {}
    for field in entry.secret_fields:
        if field in typed:
            source = draft_secret(field, typed[field])
            sources[field] = Keyring() if isinstance(source, Literal) else source
            if isinstance(source, Literal):
                values[field] = source.secret
    return Drafted(credential=msgspec.structs.replace(credential, secrets=sources), values=values)


def stored_for(credential: Credential | None, field: str) -> SecretSource | None:
    """Where the value of this secret is already."""
    return None if credential is None else credential.secrets.get(field)


def would_move(drafted: Drafted, old: Credential | None) -> bool:
    """Whether a secret that is stored for one destination would go to another."""
    if old is None or drafted.credential.origin == old.origin:
        return False
    return any(
        not isinstance(source, Environment) and field not in drafted.values
        for field, source in drafted.credential.secrets.items()
    )


def _kept(entry: Entry, typed: Mapping[str, Secret], old: Credential | None) -> dict[str, SecretSource]:
    """The sources of `old` that stay. Access keys belong together, so new ones replace all of them."""
    if old is None or any(field in typed for field in entry.secret_fields):
        return {}
    return {field: source for field, source in old.secrets.items() if field in entry.secret_fields}


def _source_of(credential: Credential) -> AwsSource:
    if "aws_bearer_token" in credential.secrets:
        return AwsSource.API_KEY
    if "aws_access_key" in credential.secrets or "aws_secret_key" in credential.secrets:
        return AwsSource.ACCESS_KEY
    return AwsSource.PROFILE if credential.aws is not None and credential.aws.profile else AwsSource.CHAIN


def _fields(entry: Entry) -> dict[str, Any]:
    """The plain fields by their names in the configuration file."""
    fields: dict[str, Any] = {
        "name": entry.name,
        "base_url": entry.base_url,
        "auth": entry.auth.value,
        "api_version": entry.api_version.strip(),
        "headers": dict(entry.headers),
        "timeout": {"connect": entry.connect, "request": entry.request, "idle": entry.idle},
        "proxy": entry.proxy.strip(),
        "ca_file": entry.ca_file.strip(),
        "allow_http": entry.allow_http,
        "models": dict(entry.models),
    }
    if entry.kind is Kind.BEDROCK:
        profile = entry.profile.strip() if entry.source is AwsSource.PROFILE else ""
        fields |= {"aws_region": entry.region.strip(), "aws_profile": profile}
        fields |= {"aws_endpoint": entry.endpoint.value, "model_id": entry.model_id.strip()}
        platform = entry.endpoint is AwsEndpoint.CLAUDE_PLATFORM
        fields["aws_workspace_id"] = entry.workspace_id.strip() if platform else ""
    return fields


def _lacking_secret(entry: Entry, typed: Mapping[str, Secret], old: Credential | None) -> Lack | None:
    there = set(_kept(entry, typed, old)) | set(typed)
    if entry.kind is not Kind.BEDROCK:
        return None if "api_key" in there else Lack.API_KEY
    if entry.source is AwsSource.ACCESS_KEY:
        return None if {"aws_access_key", "aws_secret_key"} <= there else Lack.ACCESS_KEYS
    if entry.source is AwsSource.API_KEY and "aws_bearer_token" not in there:
        return Lack.BEDROCK_KEY
    return None


def _lacking_aws(entry: Entry) -> Lack | None:
    if entry.kind is not Kind.BEDROCK:
        return None
    if entry.source is AwsSource.PROFILE and not entry.profile.strip():
        return Lack.PROFILE
    keyed = entry.source in {AwsSource.ACCESS_KEY, AwsSource.API_KEY}
    if keyed and not entry.region.strip():
        return Lack.REGION
    platform = entry.endpoint is AwsEndpoint.CLAUDE_PLATFORM
    return Lack.WORKSPACE if platform and not entry.workspace_id.strip() else None


def _lacking_pair(entry: Entry) -> Lack | None:
    if any(not name for name, _ in entry.headers):
        return Lack.HEADER_NAME
    if _twice(name.lower() for name, _ in entry.headers):
        return Lack.HEADER_TWICE
    if any(not alias or not model for alias, model in entry.models):
        return Lack.MODEL_NAMES
    return Lack.MODEL_TWICE if _twice(alias for alias, _ in entry.models) else None


def _twice(names: Iterable[str]) -> bool:
    seen = list(names)
    return len(set(seen)) < len(seen)
