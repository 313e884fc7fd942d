"""The configuration: what `config.yaml` says, as a value.

Two forms name credentials: the items of `providers`, and sections with `type: claude-custom`, named by their key. The
section `claude-custom` without a `type` holds defaults for all of them. What a credential says itself beats the
defaults, which beat what is built in.
"""

from __future__ import annotations

import msgspec

from proxycast.model.credential import Credential, validate_name
from proxycast.model.errors import ConfigError
from proxycast.model.pool import Pool
from proxycast.model.settings import LogLevel, Settings
from proxycast.model.text import Text
from proxycast.model.url import normalise_base_url
from proxycast.store import config_values
from proxycast.store.config_credential import build, inherited, is_bedrock, merge
from proxycast.store.config_fields import (
    DEFAULT_FIELDS,
    ITEM_FIELDS,
    SECTION_FIELDS,
    SERVER_FIELDS,
    Field,
    Values,
    entries_of,
    is_empty,
    is_given,
    items_of,
    read_field,
    read_fields,
)
from proxycast.store.yaml_document import Document, Entry, MappingNode, Node, Path, compose, find

PROVIDERS = "providers"
_DEFAULTS = config_values.CREDENTIAL_TYPE
_SELECTED = "selected"
_SETTINGS: dict[str, Field] = {
    "server": SERVER_FIELDS,
    "proxy": config_values.read_proxy,
    "log_level": config_values.read_choice(LogLevel),
}
TOP = (PROVIDERS, _DEFAULTS, _SELECTED, *_SETTINGS)
"""The keys at the top that are not names of credentials."""


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """The credential pool and the settings that a file holds."""

    pool: Pool = Pool()
    settings: Settings = Settings()


class Block(msgspec.Struct, frozen=True):
    """Where a credential stands in the file, and the values that it says itself."""

    path: Path
    given: Values


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A configuration and how the file says it, which is what an edit needs to know.

    `blocks` are in the order of the pool's credentials. `settings` are the given ones. A credential that is appended to
    `providers` gets the position `room` in the pool.
    """

    configuration: Configuration
    blocks: tuple[Block, ...]
    defaults: Values
    settings: Values
    room: int


def parse(text: str, file: str) -> Configuration:
    """The configuration that `text` says; `file` is named in errors. Raises ConfigError."""
    return read(text, file).configuration


def read(text: str, file: str) -> Reading:
    """The configuration that `text` says, and how. Raises ConfigError."""
    document = compose(text, file)
    top = () if document.root is None else entries_of(document, document.root)
    known = {entry.key.text: entry.value for entry in top if not _is_section(entry)}
    defaults = _read_defaults(document, known[_DEFAULTS]) if _DEFAULTS in known else {}
    found: list[tuple[Credential, Block]] = []
    room: int | None = None
    for entry in top:
        key = entry.key.text
        if _is_section(entry):
            found.append(_read_section(document, entry, defaults))
        elif key == PROVIDERS:
            items = enumerate(items_of(document, entry.value))
            found += [_read_item(document, index, item, defaults) for index, item in items]
            room = len(found)
        elif key not in TOP:
            raise _unknown(document, entry)
    _refuse_twins(document, found)
    pool = Pool(credentials=tuple(credential for credential, _ in found))
    if _has(known, _SELECTED):
        chosen = read_field(document, known[_SELECTED], config_values.read_text)
        with document.blaming(known[_SELECTED]):
            pool = Pool(credentials=pool.credentials, chosen=pool.by_name(chosen).name)
    settings = {key: read_field(document, known[key], field) for key, field in _SETTINGS.items() if _has(known, key)}
    server, others = settings.get("server", {}), {key: value for key, value in settings.items() if key != "server"}
    return Reading(
        configuration=Configuration(pool=pool, settings=Settings(**server, **others)),
        blocks=tuple(block for _, block in found),
        defaults=defaults,
        settings=settings,
        room=len(found) if room is None else room,
    )


def _read_defaults(document: Document, node: Node) -> Values:
    defaults = read_fields(document, node, DEFAULT_FIELDS)
    return _with_base_url(document, node, defaults, allow_http=defaults.get("allow_http", False))


def _read_section(document: Document, entry: Entry, defaults: Values) -> tuple[Credential, Block]:
    with document.blaming(entry.key):
        name = validate_name(entry.key.text)
    given = read_fields(document, entry.value, SECTION_FIELDS)
    return _read_credential(document, entry.value, Block((entry.key.text,), given), name, defaults)


def _read_item(document: Document, index: int, node: Node, defaults: Values) -> tuple[Credential, Block]:
    given = read_fields(document, node, ITEM_FIELDS)
    if "name" not in given:
        raise document.error(node, Text("This credential has no name."), Text("Add `name: …`."))
    return _read_credential(document, node, Block((PROVIDERS, index), given), given["name"], defaults)


def _read_credential(
    document: Document, node: Node, block: Block, name: str, defaults: Values
) -> tuple[Credential, Block]:
    bedrock = is_bedrock(block.given)
    below = inherited(name, defaults, bedrock=bedrock)
    if bedrock and "api_key" in block.given:
        raise document.error(
            _value(node, "api_key"),
            Text("A Bedrock credential has no api_key."),
            Text("A Bedrock API key goes into aws_bearer_token."),
        )
    allow_http = bool(block.given.get("allow_http", below["allow_http"]))
    given = _with_base_url(document, node, block.given, allow_http=allow_http)
    values = _with_base_url(document, node, merge(below, given), allow_http=allow_http)
    return build(name, values, bedrock=bedrock), Block(block.path, given)


def _with_base_url(document: Document, node: Node, values: Values, *, allow_http: bool) -> Values:
    """The values with their base URL, if there is one, in its one form."""
    if not values.get("base_url"):
        return values
    with document.blaming(_value(node, "base_url")):
        return values | {"base_url": normalise_base_url(values["base_url"], allow_http=allow_http)}


def _refuse_twins(document: Document, found: list[tuple[Credential, Block]]) -> None:
    names: set[str] = set()
    ids: dict[str, str] = {}
    for credential, block in found:
        name, node = credential.name, find(document.root, block.path)
        if node is not None and name in names:
            what = Text("Two credentials are named {name}.", name=name)
            raise document.error(_value(node, "name"), what, Text("Give one another name."))
        if node is not None and credential.id in ids:
            what = Text("The credentials {first} and {second} have the same id.", first=ids[credential.id], second=name)
            raise document.error(_value(node, "id"), what, Text("Delete the line `id` of the one you added by hand."))
        names.add(name)
        ids[credential.id] = name


def _is_section(entry: Entry) -> bool:
    """Whether an entry at the top is a credential named by its key."""
    reserved = entry.key.text in TOP and entry.key.text != _DEFAULTS
    return not reserved and find(entry.value, ("type",)) is not None


def _unknown(document: Document, entry: Entry) -> ConfigError:
    error = config_values.unknown(entry.key.text, TOP)
    if not isinstance(entry.value, MappingNode):
        return document.error(entry.key, error.what, error.remedy)
    return document.error(
        entry.key,
        Text("{key} is neither a setting nor a credential.", key=entry.key.text),
        Text("A credential needs `type: claude-custom`; the settings are {names}.", names=", ".join(TOP)),
    )


def _has(known: dict[str, Node], key: str) -> bool:
    return key in known and is_given(known[key]) and not is_empty(known[key])


def _value(node: Node, key: str) -> Node:
    """The value of `key` in a block, or the block if it has none: where an error points."""
    return find(node, (key,)) or node
