"""Credentials from what a person entered: the rules of the file, and the field that breaks one."""

from __future__ import annotations

from typing import Any

import pytest

from proxycast.model.credential import Credential, Keyring, Kind
from proxycast.service.draft import DraftError, draft


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a/b"}, "name"),
        ({"name": "a", "base_url": "http://public.example"}, "base_url"),
        ({"name": "a", "auth": "basic"}, "auth"),
        ({"name": "a", "headers": {"X-Good": "1", "Host": "x"}}, "headers"),
        ({"name": "a", "models": {"alias": ""}, "timeout": {"idle": "1m", "connect": "ten"}}, "models"),
        ({"name": "a", "timeout": {"idle": "1m", "connect": "ten"}}, "timeout"),
        ({"name": "a", "proxy": "ftp://proxy"}, "proxy"),
    ],
)
def test_the_field_that_cannot_be_used_is_named(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(DraftError) as caught:
        draft(fields)
    assert caught.value.field == field
    assert "draft" not in str(caught.value), "the text has no place in a file to speak of"


def test_empty_fields_count_as_not_given() -> None:
    drafted = draft({"name": " 工作 ", "base_url": "", "headers": {}, "timeout": {}, "proxy": None})
    assert (drafted.name, drafted.kind, drafted.base_url) == ("工作", Kind.ANTHROPIC, "https://api.anthropic.com")


def test_values_that_yaml_would_read_as_something_else_stay_what_they_are() -> None:
    drafted = draft({"name": "no", "headers": {"X-Flag": "yes: no # on"}, "models": {"a": "1e3"}})
    assert (drafted.name, drafted.headers, drafted.models) == ("no", (("X-Flag", "yes: no # on"),), {"a": "1e3"})


def test_a_changed_credential_keeps_what_the_fields_do_not_say() -> None:
    old = Credential(id="0123456789ab", name="old", enabled=False, revision=3, secrets={"api_key": Keyring()})
    changed = draft({"name": "new", "base_url": "https://relay.example.com/v1"}, old=old)
    assert (changed.id, changed.revision, changed.secrets, changed.enabled) == (old.id, 3, old.secrets, False)
    assert (changed.name, changed.kind, changed.base_url) == ("new", Kind.COMPATIBLE, "https://relay.example.com")
