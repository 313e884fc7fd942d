"""A credential from the options of `proxycast add`, and the secrets that belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

import click
import msgspec

from proxycast.model.credential import AwsEndpoint, Credential, Kind, Literal, SecretSource
from proxycast.model.errors import InputError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.service.draft import draft

_SAME_NAME = ("base_url", "auth", "api_version", "proxy", "ca_file", "model_id")
_BEDROCK = {
    "region": "aws_region",
    "profile": "aws_profile",
    "endpoint": "aws_endpoint",
    "workspace_id": "aws_workspace_id",
}
_BEDROCK_ONLY = ("region", "profile", "access_key", "session_token", "bearer", "model_id", "endpoint", "workspace_id")
_KEY_SOURCES = ("profile", "access_key", "bearer")
_TIMEOUTS = ("connect", "request", "idle")


def draft_credential(name: str, options: Mapping[str, Any]) -> Credential:
    """The credential that the options describe, without secrets, under a new id. Raises DraftError."""
    _refuse_empty(options)
    stray = [option for option in _BEDROCK_ONLY if options[option] and not options["bedrock"]]
    if stray:
        raise click.UsageError(_("{option} goes with --bedrock.").format(option=_spelt(stray[0])))
    rivals = [option for option in _KEY_SOURCES if options[option]]
    if len(rivals) > 1:
        raise click.UsageError(
            _("{first} and {second} do not go together.").format(first=_spelt(rivals[0]), second=_spelt(rivals[1]))
        )
    _refuse_half_of_aws(options)
    fields: dict[str, Any] = {"name": name}
    fields |= {key: str(options[key]) for key in _SAME_NAME if options[key]}
    fields |= {key: options[option] for option, key in _BEDROCK.items() if options[option]}
    if options["bedrock"]:
        fields.setdefault("aws_endpoint", AwsEndpoint.BEDROCK.value)
    fields |= {"headers": _pairs(options["headers"], "--header"), "models": _pairs(options["models"], "--model")}
    fields["timeout"] = {limit: options[f"{limit}_timeout"] for limit in _TIMEOUTS if options[f"{limit}_timeout"]}
    fields |= {"enabled": not options["disabled"], "allow_http": options["allow_http"]}
    return draft(fields)


def secrets_to_add(credential: Credential, options: Mapping[str, Any]) -> dict[str, str]:
    """The secret fields to ask for, each with its prompt; none for AWS's own chain or a profile."""
    if credential.kind is not Kind.BEDROCK:
        return {"api_key": _("API key for {destination}").format(destination=credential.origin)}
    if options["bearer"]:
        return {"aws_bearer_token": _("Bedrock API key")}
    if not options["access_key"]:
        return {}
    token = {"aws_session_token": _("AWS session token")} if options["session_token"] else {}
    return {"aws_secret_key": _("AWS secret key"), **token}


def secrets_to_rotate(credential: Credential, access_key: str | None, *, session_token: bool) -> dict[str, str]:
    """The secret fields that `proxycast rotate` asks for, each with its prompt. Raises InputError if there are none.

    A session token is asked for if `session_token` says so, or with a new secret for the same temporary key.
    """
    if credential.kind is not Kind.BEDROCK:
        if access_key is not None or session_token:
            raise InputError(Text("{name} has no AWS access key.", name=credential.name))
        return {"api_key": _("New key for {destination}").format(destination=credential.origin)}
    if "aws_bearer_token" in credential.secrets and access_key is None:
        return {"aws_bearer_token": _("New Bedrock API key")}
    if "aws_secret_key" not in credential.secrets and access_key is None:
        raise InputError(
            Text("{name} takes its keys from AWS's own configuration.", name=credential.name), Text("Renew them there.")
        )
    temporary = session_token or (access_key is None and "aws_session_token" in credential.secrets)
    token = {"aws_session_token": _("New AWS session token")} if temporary else {}
    return {"aws_secret_key": _("New AWS secret key"), **token}


def without_old_token(credential: Credential, access_key: str | None) -> Credential:
    """The credential without the session token that belonged to another access key."""
    if access_key is None:
        return credential
    kept = {field: source for field, source in credential.secrets.items() if field != "aws_session_token"}
    return msgspec.structs.replace(credential, secrets=kept)


def with_sources(credential: Credential, sources: Mapping[str, SecretSource]) -> tuple[Credential, dict[str, Secret]]:
    """The credential with the variables among these sources, and the values of the others, which go to the keyring."""
    values = {field: source.secret for field, source in sources.items() if isinstance(source, Literal)}
    references = {field: source for field, source in sources.items() if field not in values}
    return msgspec.structs.replace(credential, secrets={**credential.secrets, **references}), values


def _refuse_half_of_aws(options: Mapping[str, Any]) -> None:
    if options["session_token"] and not options["access_key"]:
        raise click.UsageError(_("{option} goes with {other}.").format(option="--session-token", other="--access-key"))
    if options["bedrock"] and not (options["region"] or options["profile"]):
        raise click.UsageError(_("--bedrock needs --region, or a --profile that names one."))
    platform = options["endpoint"] == AwsEndpoint.CLAUDE_PLATFORM.value
    if platform and not options["workspace_id"]:
        raise click.UsageError(_("--endpoint claude-platform needs --workspace-id."))


def _refuse_empty(options: Mapping[str, Any]) -> None:
    """An empty value is most likely an unset variable, and without it the key would go to another place."""
    empty = [option for option, value in options.items() if isinstance(value, str) and not value.strip()]
    if empty:
        raise click.UsageError(_("{option} is empty.").format(option=_spelt(empty[0])))


def _spelt(option: str) -> str:
    return "--" + option.replace("_", "-")


def _pairs(values: tuple[str, ...], option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for value in values:
        name, equals, rest = value.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(_("{option} takes NAME=VALUE.").format(option=option))
        if name.strip() in pairs:
            raise click.UsageError(_("{option} gives {name} twice.").format(option=option, name=name.strip()))
        pairs[name.strip()] = rest.strip()
    return pairs
