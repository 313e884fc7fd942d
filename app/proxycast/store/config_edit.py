"""Changes to the text of a configuration: only the lines that must change do, and the result says what was wanted.

Each function takes the file's text and returns the new one, after reading it again. It raises ConfigError for a text
that is no good configuration, and InputError for a change that cannot be written: because it breaks a rule, or because
the text is written in a way that cannot be changed safely.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import msgspec

from proxycast.model.credential import Credential, Environment, Keyring, Kind, Literal
from proxycast.model.duration import format_duration
from proxycast.model.errors import ConfigError, InputError, NameTaken
from proxycast.model.pool import Pool
from proxycast.model.settings import Settings
from proxycast.model.text import Text
from proxycast.store import yaml_edit
from proxycast.store.config import PROVIDERS, TOP, Configuration, Reading, read
from proxycast.store.config_credential import build, inherited, is_bedrock, merge, spell
from proxycast.store.config_fields import Values
from proxycast.store.config_values import CREDENTIAL_TYPE
from proxycast.store.yaml_document import Path
from proxycast.store.yaml_edit import Plain

_FILE = "config.yaml"
_SELECTED = ("selected",)


def put(text: str, credential: Credential, *, name: str | None = None) -> str:
    """Add `credential` to `providers`, or put it in place of the credential `name`, which stays selected if it was.

    A secret is written as `keyring`, as `${VARIABLE}`, or, if its source is a literal, as it is. Values that the
    credential would have anyway are not written. In a new credential, built-in values count as not chosen: the file's
    defaults go before them, though not as to where its key is sent.

    Raises UnknownCredential, NameTaken, InputError, ConfigError.
    """
    reading = read(text, _FILE)
    pool = reading.configuration.pool
    if any(one.name == credential.name != name for one in pool.credentials):
        raise NameTaken(Text("There is already a credential named {name}.", name=credential.name))
    _require_valid(yaml_edit.append("", (PROVIDERS,), _item(credential.name, _said(credential))))
    if name is None:
        return _add(text, reading, credential)
    old = pool.by_name(name)
    credentials = tuple(credential if one is old else one for one in pool.credentials)
    chosen = credential.name if pool.chosen == name else pool.chosen
    with _editing():
        changed = _replace(text, reading, old, credential)
        if chosen != pool.chosen:
            changed = yaml_edit.put(changed, _SELECTED, credential.name)
    return _checked(changed, pool=Pool(credentials=credentials, chosen=chosen), settings=reading.configuration.settings)


def remove(text: str, name: str) -> str:
    """Remove a credential; if it was selected, none is by name. Raises UnknownCredential, InputError, ConfigError."""
    reading = read(text, _FILE)
    pool = reading.configuration.pool
    old = pool.by_name(name)
    credentials = tuple(one for one in pool.credentials if one is not old)
    chosen = None if pool.chosen == name else pool.chosen
    with _editing():
        changed = yaml_edit.drop(text, reading.blocks[pool.credentials.index(old)].path)
        if chosen != pool.chosen:
            changed = yaml_edit.drop(changed, _SELECTED)
    return _checked(changed, pool=Pool(credentials=credentials, chosen=chosen), settings=reading.configuration.settings)


def move(text: str, name: str, *, before: str | None) -> str:
    """Put a credential directly before the credential `before`, or with None at the end; the selected one stays so.

    Raises UnknownCredential, InputError, ConfigError.
    """
    reading = read(text, _FILE)
    pool = reading.configuration.pool
    moved = pool.by_name(name)
    others = [one for one in pool.credentials if one is not moved]
    place = len(others) if before is None else others.index(pool.by_name(before))
    wanted = Pool(credentials=(*others[:place], moved, *others[place:]), chosen=pool.chosen)
    paths = [reading.blocks[pool.credentials.index(one)].path for one in wanted.credentials]
    with _editing():
        changed = _arrange(text, paths)
        if pool.selected is not None and wanted.selected is not pool.selected:
            wanted = msgspec.structs.replace(wanted, chosen=pool.selected.name)
            changed = yaml_edit.put(changed, _SELECTED, pool.selected.name)
    return _checked(changed, pool=wanted, settings=reading.configuration.settings)


def select(text: str, name: str | None) -> str:
    """Select a credential; with None the first enabled one counts.

    Raises UnknownCredential, InputError, ConfigError.
    """
    reading = read(text, _FILE)
    pool = reading.configuration.pool
    changed = text
    if name is not None:
        pool.by_name(name)
        with _editing():
            changed = yaml_edit.put(text, _SELECTED, name)
    elif pool.chosen is not None:
        with _editing():
            changed = yaml_edit.drop(text, _SELECTED)
    wanted = msgspec.structs.replace(pool, chosen=name)
    return _checked(changed, pool=wanted, settings=reading.configuration.settings)


def change_settings(text: str, settings: Settings) -> str:
    """Write the program's settings where they are not the built-in ones. Raises InputError, ConfigError."""
    reading = read(text, _FILE)
    wanted, built_in = _spell_settings(settings), _spell_settings(Settings())
    _require_valid(_sync("", (), {}, wanted, built_in))
    with _editing():
        changed = _sync(text, (), reading.settings, wanted, built_in)
    return _checked(changed, pool=reading.configuration.pool, settings=settings)


def _arrange(text: str, paths: list[Path]) -> str:
    """Bring the blocks of all credentials into this order."""
    tops = [str(top) for top, _ in groupby(path[0] for path in paths)]
    if len(tops) != len(set(tops)):
        raise InputError(
            Text("The configuration file keeps the credentials in `providers` together; no other can stand between."),
            Text("Choose a place before or after them, or rearrange the file in an editor."),
        )
    items = [path[1] for path in paths if path[0] == PROVIDERS]
    if items:
        text = yaml_edit.reorder(text, (PROVIDERS,), items)
    return yaml_edit.reorder(text, (), tops)


def _add(text: str, reading: Reading, credential: Credential) -> str:
    bedrock = credential.kind is Kind.BEDROCK
    beneath = inherited(credential.name, reading.defaults, bedrock=bedrock)
    own = _said(credential)
    if credential.base_url != beneath["base_url"]:
        own["base_url"] = credential.base_url
    added = build(credential.name, merge(beneath, own), bedrock=bedrock)
    with _editing():
        changed = yaml_edit.append(text, (PROVIDERS,), _item(credential.name, own))
    pool = reading.configuration.pool
    credentials = (*pool.credentials[: reading.room], added, *pool.credentials[reading.room :])
    wanted = msgspec.structs.replace(pool, credentials=credentials)
    return _checked(changed, pool=wanted, settings=reading.configuration.settings)


def _replace(text: str, reading: Reading, old: Credential, new: Credential) -> str:
    block = reading.blocks[reading.configuration.pool.credentials.index(old)]
    path, given, wanted = block.path, dict(block.given), spell(new)
    given.pop("type", None)
    if path[0] != PROVIDERS:
        del wanted["name"]
        if new.name != old.name:
            if new.name in TOP:
                raise InputError(Text("{name} is the name of a setting.", name=new.name))
            text, path = yaml_edit.rename(text, path, new.name), (new.name,)
    return _sync(text, path, given, wanted, _beneath(new, reading.defaults))


def _sync(text: str, path: Path, given: Values, wanted: Values, beneath: Values) -> str:
    """Make the block at `path`, which says `given`, say what is missing from `beneath` to be `wanted`."""
    for key, value in wanted.items():
        there = (*path, key)
        if isinstance(value, dict):
            text = _sync(text, there, given.get(key, {}), value, beneath.get(key, {}))
        elif value not in (given.get(key), beneath.get(key)):
            text = yaml_edit.put(text, there, _plain(value))
    for key, value in given.items():
        if key not in wanted or (value != wanted[key] == beneath.get(key) and not isinstance(value, dict)):
            text = yaml_edit.drop(text, (*path, key))
    for key in beneath:
        if key not in wanted:
            raise InputError(
                Text("{key} comes from the defaults of all credentials and cannot be taken from one.", key=key),
                Text("Change it in the block `claude-custom` of the configuration file."),
            )
    return text


def _item(name: str, own: Values) -> Plain:
    """A credential as a new item of `providers`."""
    return _plain({"name": name, "type": CREDENTIAL_TYPE, **own})


def _said(credential: Credential) -> Values:
    """The values that are not the built-in ones."""
    return _beyond(spell(credential), _beneath(credential, {}))


def _beneath(credential: Credential, defaults: Values) -> Values:
    """What the credential has without being given it, as far as that may stay unsaid."""
    wanted = spell(credential)
    values = inherited(credential.name, defaults, bedrock=credential.kind is Kind.BEDROCK)
    if credential.uses_keyring:
        # They name the keyring item. Unsaid, the id would change with the name.
        del values["id"], values["revision"]
    if not is_bedrock(_beyond(wanted, values)):
        values.pop("aws_endpoint", None)  # Something must tell that the credential is for AWS.
    respelled = {name.lower() for name in wanted["headers"] if name not in values.get("headers", {})}
    headers = {name: value for name, value in values.get("headers", {}).items() if name.lower() not in respelled}
    return values | {"headers": headers}


def _beyond(wanted: Values, beneath: Values) -> Values:
    """The values that are not there unsaid."""
    own: Values = {}
    for key, value in wanted.items():
        beyond = _beyond(value, beneath.get(key, {})) if isinstance(value, dict) else value
        if beyond not in ({}, beneath.get(key)):
            own[key] = beyond
    return own


def _plain(value: Any) -> Plain:
    """A value as it is written. A literal secret is revealed here because the file is where it stands."""
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case Keyring():
            return "keyring"
        case Environment():
            return f"${{{value.variable}}}"
        case Literal():
            return value.secret.reveal()
        case float():
            return format_duration(value)
        case int():
            return value
        case _:
            return str(value)


def _spell_settings(settings: Settings) -> Values:
    server = {"host": settings.host, "port": settings.port}
    return {"server": server, "proxy": settings.proxy, "log_level": settings.log_level}


@contextmanager
def _editing() -> Iterator[None]:
    """Where the text is changed: it may turn out to be written in a way that `yaml_edit` does not know."""
    try:
        yield
    except (ConfigError, LookupError):
        raise _unsafe() from None


def _require_valid(text: str) -> None:
    """Raise InputError if what is wanted, written by itself, breaks a rule."""
    try:
        read(text, _FILE)
    except ConfigError as error:
        raise InputError(error.what, error.remedy) from None


def _checked(changed: str, *, pool: Pool, settings: Settings) -> str:
    """The changed text, if it says what is wanted. Raises InputError."""
    with _editing():
        result = read(changed, _FILE).configuration
    if _comparable(result) != _comparable(Configuration(pool=pool, settings=settings)):
        raise _unsafe()
    return changed


def _comparable(configuration: Configuration) -> Configuration:
    """The configuration with all that has no order in one order."""
    credentials = tuple(
        msgspec.structs.replace(
            one, headers=tuple(sorted(one.headers)), models=dict(one.models), secrets=dict(one.secrets)
        )
        for one in configuration.pool.credentials
    )
    pool = msgspec.structs.replace(configuration.pool, credentials=credentials)
    return msgspec.structs.replace(configuration, pool=pool)


def _unsafe() -> InputError:
    return InputError(
        Text("The configuration file is written in a way that ProxyCast cannot change safely; it was left as it is."),
        Text("Make this change in an editor."),
    )
