"""What people paste when they mean a credential: a bare key, lines for a shell, a JSON, a block of YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import yaml

from proxycast.model.credential import Auth
from proxycast.model.secret import Secret

_LINE = re.compile(
    r"^\s*(?:export\s+|set\s+-\w*\s+|setx?\s+\"?|\$Env:|declare\s+-x\s+)?([A-Z][A-Z0-9_]+)\"?(?:\s*=\s*|\s+)(.+?)\s*;?\s*$",
    re.IGNORECASE,
)
_KEY = re.compile(r"[!-~]{16,512}")
_MEANING = {
    "ANTHROPIC_API_KEY": "api_key",
    "ANTHROPIC_AUTH_TOKEN": "api_key",
    "ANTHROPIC_BASE_URL": "base_url",
    "ANTHROPIC_BEDROCK_BASE_URL": "base_url",
    "ANTHROPIC_MODEL": "model_id",
    "AWS_ACCESS_KEY_ID": "aws_access_key",
    "AWS_SECRET_ACCESS_KEY": "aws_secret_key",
    "AWS_SESSION_TOKEN": "aws_session_token",
    "AWS_BEARER_TOKEN_BEDROCK": "aws_bearer_token",
    "AWS_REGION": "aws_region",
    "AWS_DEFAULT_REGION": "aws_region",
    "AWS_PROFILE": "aws_profile",
}
_SENT_AS_BEARER = "ANTHROPIC_AUTH_TOKEN"
"""Claude Code sends the value of this variable in `Authorization` (Claude Code, "Environment variables")."""

_SECRET = frozenset({"api_key", "aws_access_key", "aws_secret_key", "aws_session_token", "aws_bearer_token"})
_PLAIN = frozenset(
    {
        *("name", "base_url", "auth", "api_version", "model_id"),
        *("aws_region", "aws_profile", "aws_endpoint", "aws_workspace_id"),
    }
)
_SPELLINGS = {
    "apikey": "api_key",
    "key": "api_key",
    "token": "api_key",
    "auth_token": "api_key",
    "baseurl": "base_url",
    "url": "base_url",
    "endpoint": "base_url",
    "region": "aws_region",
}


class Pasted(msgspec.Struct, frozen=True):
    """What was understood: plain fields and secrets, both by their names in the configuration file."""

    fields: Mapping[str, str]
    secrets: Mapping[str, Secret]


def understand(text: str) -> Pasted | None:
    """What a pasted text says about a credential; None if nothing."""
    text = text.strip()
    found = _from_json(text) or _from_lines(text) or _from_yaml(text) or _from_key(text)
    if not found:
        return None
    if _SENT_AS_BEARER in text:
        found.setdefault("auth", Auth.BEARER.value)
    secrets = {field: Secret(value) for field, value in found.items() if field in _SECRET}
    return Pasted({field: value for field, value in found.items() if field in _PLAIN}, secrets)


def _from_lines(text: str) -> dict[str, str]:
    """Assignments of a shell (bash, fish, PowerShell, cmd) or an .env file."""
    found = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match and match[1].upper() in _MEANING:
            found[_MEANING[match[1].upper()]] = match[2].strip().strip("\"'")
    return found


def _from_json(text: str) -> dict[str, str]:
    """Claude Code's `settings.json` and objects like it, at any depth."""
    if not text.startswith("{"):
        return {}
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {}
    return _fields(value)


def _from_yaml(text: str) -> dict[str, str]:
    """A credential as the configuration file writes it."""
    if ":" not in text or "\n" not in text:
        return {}
    try:
        value = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes nothing but strings, lists and mappings
    except (yaml.YAMLError, RecursionError):
        return {}
    return _fields(value)


def _from_key(text: str) -> dict[str, str]:
    return {"api_key": text} if _KEY.fullmatch(text) and "://" not in text else {}


def _fields(value: Any) -> dict[str, str]:
    """The first value of each known name."""
    found: dict[str, str] = {}
    for name, inner in _texts(value, depth=6):
        plain = name.lower().replace("-", "_")
        field = _MEANING.get(name.upper()) or _SPELLINGS.get(plain.replace("_", "")) or _SPELLINGS.get(plain, plain)
        if field in _SECRET | _PLAIN and inner.strip():
            found.setdefault(field, inner.strip())
    return found


def _texts(value: Any, *, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and depth:
        for name, inner in value.items():
            if isinstance(inner, str):
                yield str(name), inner
            yield from _texts(inner, depth=depth - 1)
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from _texts(inner, depth=depth - 1)
