"""A credential from the options of `proxycast add`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from gettext import gettext as _
from typing import Any

import click

from proxycast.model.credential import Credential, Kind
from proxycast.model.secret import Secret
from proxycast.service.draft import draft

_SAME_NAME = ("base_url", "auth", "api_version", "proxy", "ca_file", "model_id")
_BEDROCK = {"region": "aws_region", "profile": "aws_profile"}
_BEDROCK_ONLY = ("region", "profile", "access_key", "bearer", "model_id")


def draft_credential(name: str, options: Mapping[str, Any]) -> Credential:
    """The credential that the options describe, without secrets, under a new id. Raises DraftError."""
    if options["bedrock"] and not options["region"]:
        raise click.UsageError(_("--bedrock needs --region."))
    stray = [option for option in _BEDROCK_ONLY if options[option] and not options["bedrock"]]
    if stray:
        raise click.UsageError(_("--{option} goes with --bedrock.").format(option=stray[0].replace("_", "-")))
    fields: dict[str, Any] = {"name": name}
    fields |= {key: str(options[key]) for key in _SAME_NAME if options[key]}
    fields |= {key: options[option] for option, key in _BEDROCK.items() if options[option]}
    fields |= {"headers": _pairs(options["headers"], "--header"), "models": _pairs(options["models"], "--model")}
    fields["timeout"] = {
        limit: options[f"{limit}_timeout"] for limit in ("connect", "request", "idle") if options[f"{limit}_timeout"]
    }
    fields |= {"enabled": not options["disabled"], "allow_http": options["allow_http"]}
    return draft(fields)


def secrets_for(credential: Credential, options: Mapping[str, Any], read: Callable[[str], Secret]) -> dict[str, Secret]:
    """The secrets that the options ask for, each read by `read(label)`; none for AWS's own chain or a profile."""
    if credential.kind is not Kind.BEDROCK:
        return {"api_key": read(_("API key"))}
    if options["bearer"]:
        return {"aws_bearer_token": read(_("Bedrock API key"))}
    if options["access_key"]:
        return {"aws_access_key": Secret(options["access_key"]), "aws_secret_key": read(_("AWS secret key"))}
    return {}


def secret_field(credential: Credential) -> str:
    """The secret that `proxycast rotate` replaces."""
    if credential.kind is not Kind.BEDROCK:
        return "api_key"
    return "aws_bearer_token" if "aws_bearer_token" in credential.secrets else "aws_secret_key"


def _pairs(values: tuple[str, ...], option: str) -> dict[str, str]:
    pairs = {}
    for value in values:
        name, equals, rest = value.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(_("{option} takes NAME=VALUE.").format(option=option))
        pairs[name.strip()] = rest.strip()
    return pairs
