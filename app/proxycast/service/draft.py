"""A credential from what a person entered, in the shell or the window, by the rules of the configuration file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import yaml

from proxycast.model.credential import Credential, SecretSource, new_id
from proxycast.model.errors import ConfigError, InputError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.store.config import parse
from proxycast.store.config_values import read_secret_source

_FIELD = re.compile(r"[- ] ([a-z_]+):")


class DraftError(InputError):
    """What was entered for `field`, named as in the configuration file, cannot be used."""

    def __init__(self, what: Text, remedy: Text | None, field: str) -> None:
        super().__init__(what, remedy)
        self.field = field


def draft(fields: Mapping[str, Any], *, old: Credential | None = None) -> Credential:
    """The credential that these fields of the configuration file describe; empty ones count as not given.

    It has a new id and no secrets; with `old` it is that credential changed, and keeps what the fields do not say: id,
    revision, secrets, and whether it is enabled. Raises DraftError.
    """
    given = {key: value for key, value in fields.items() if value not in ("", None, {}, [])}
    text = yaml.safe_dump(
        {"providers": [{"name": "", "type": "claude-custom", **given}]}, allow_unicode=True, sort_keys=False
    )
    try:
        drafted = parse(text, "draft").pool.credentials[0]
    except ConfigError as error:
        raise DraftError(error.what, error.remedy, _field_at(text, error.line)) from None
    if old is None:
        return msgspec.structs.replace(drafted, id=new_id())
    return msgspec.structs.replace(
        drafted, id=old.id, revision=old.revision, secrets=old.secrets, enabled=fields.get("enabled", old.enabled)
    )


def draft_secret(field: str, entered: Secret) -> SecretSource:
    """What was entered for a secret field: the value itself, trimmed, or `${VARIABLE}`. Raises DraftError."""
    if entered.reveal().strip() == "keyring":
        raise DraftError(
            Text("This is the word that stands for a stored key, and no key."), Text("Enter the key itself."), field
        )
    try:
        return read_secret_source(entered.reveal())
    except InputError as error:
        raise DraftError(error.what, error.remedy, field) from None


def _field_at(text: str, line: int) -> str:
    """The field that a line of the text belongs to."""
    for above in reversed(text.splitlines()[:line]):
        if match := _FIELD.match(above):
            return match[1]
    return "name"
