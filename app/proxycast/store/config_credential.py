"""A credential and the values of its block in the file, turned into each other."""

from __future__ import annotations

import hashlib

from proxycast.model.credential import (
    ANTHROPIC_API_VERSION,
    ANTHROPIC_BASE_URL,
    SECRET_FIELDS,
    Auth,
    Aws,
    AwsEndpoint,
    Credential,
    Kind,
    Timeouts,
)
from proxycast.model.url import origin
from proxycast.store.config_fields import Values


def is_bedrock(given: Values) -> bool:
    """Whether a block's own values make it a credential of kind `bedrock`."""
    return "model_id" in given or any(key.startswith("aws_") for key in given)


def derived_id(name: str) -> str:
    """The id of a credential that was given none: always the same for a name."""
    return hashlib.sha256(f"ProxyCast credential {name}".encode()).hexdigest()[:12]


def inherited(name: str, defaults: Values, *, bedrock: bool) -> Values:
    """What a credential has by itself: the built-in values, with the file's `claude-custom` defaults over them.

    AWS's own endpoint stands in place of any default base URL.
    """
    limits = Timeouts()
    built_in: Values = {
        "id": derived_id(name),
        "revision": 1,
        "enabled": True,
        "base_url": ANTHROPIC_BASE_URL,
        "auth": Auth.AUTO,
        "api_version": ANTHROPIC_API_VERSION,
        "timeout": {"connect": limits.connect, "request": limits.request, "idle": limits.idle},
        "allow_http": False,
    }
    if bedrock:
        return merge(built_in, defaults) | {"base_url": "", "aws_endpoint": AwsEndpoint.BEDROCK}
    return merge(built_in, defaults)


def merge(below: Values, above: Values) -> Values:
    """The values of `above` over those of `below`. Blocks merge key by key, headers without regard to case."""
    merged = dict(below)
    for key, value in above.items():
        under = below.get(key)
        if isinstance(value, dict) and isinstance(under, dict):
            taken = {name.lower() for name in value} if key == "headers" else ()
            kept = {name: one for name, one in under.items() if name.lower() not in taken}
            merged[key] = kept | value
        else:
            merged[key] = value
    return merged


def build(name: str, values: Values, *, bedrock: bool) -> Credential:
    """The credential that has these values, which are complete."""
    if bedrock:
        kind = Kind.BEDROCK
    else:
        kind = Kind.ANTHROPIC if origin(values["base_url"]) == ANTHROPIC_BASE_URL else Kind.COMPATIBLE
    return Credential(
        id=values["id"],
        name=name,
        kind=kind,
        enabled=values["enabled"],
        base_url=values["base_url"],
        auth=values["auth"],
        api_version=values["api_version"],
        headers=tuple(values.get("headers", {}).items()),
        timeouts=Timeouts(**values["timeout"]),
        proxy=values.get("proxy"),
        ca_file=values.get("ca_file"),
        allow_http=values["allow_http"],
        models=values.get("models", {}),
        aws=_aws(values) if bedrock else None,
        secrets={field: values[field] for field in SECRET_FIELDS if field in values},
        revision=values["revision"],
    )


def spell(credential: Credential) -> Values:
    """The values that a credential has, in the order in which they are written; `build` reversed."""
    aws, limits = credential.aws, credential.timeouts
    values: Values = {
        "name": credential.name,
        "id": credential.id,
        "revision": credential.revision,
        "enabled": credential.enabled,
        "base_url": credential.base_url,
        "auth": credential.auth,
        **{field: credential.secrets[field] for field in SECRET_FIELDS if field in credential.secrets},
        "aws_region": aws.region if aws else None,
        "aws_profile": aws.profile if aws else None,
        "aws_endpoint": aws.endpoint if aws else None,
        "aws_workspace_id": aws.workspace_id if aws else None,
        "model_id": aws.model_id if aws else None,
        "api_version": credential.api_version,
        "headers": dict(credential.headers),
        "timeout": {"connect": limits.connect, "request": limits.request, "idle": limits.idle},
        "proxy": credential.proxy,
        "ca_file": credential.ca_file,
        "allow_http": credential.allow_http,
        "models": dict(credential.models),
    }
    return {key: value for key, value in values.items() if value is not None}


def _aws(values: Values) -> Aws:
    return Aws(
        region=values.get("aws_region"),
        profile=values.get("aws_profile"),
        endpoint=values["aws_endpoint"],
        model_id=values.get("model_id"),
        workspace_id=values.get("aws_workspace_id"),
    )
