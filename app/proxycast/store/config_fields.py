"""Which keys a configuration has, and what each holds.

A block of the file is read into `Values`: the values that its keys were given, in the form that the model holds them.
Keys without a value are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from proxycast.model.credential import SECRET_FIELDS, Auth, AwsEndpoint, validate_name
from proxycast.model.duration import parse_duration
from proxycast.model.errors import ConfigError
from proxycast.model.text import Text
from proxycast.store import config_values as values
from proxycast.store.yaml_document import Document, Entry, ListNode, MappingNode, Node, ScalarNode

Values = dict[str, Any]
"""What the keys of a block were given; a block within it is `Values` too."""

Read = Callable[[str], Any]


class Table(msgspec.Struct, frozen=True):
    """A block whose keys are free: how its keys and its values are read, and whether keys differ by case alone."""

    key: Read
    value: Read
    fold: bool = False


Field = Read | Mapping[str, Read] | Table

TIMEOUT_FIELDS: Mapping[str, Read] = {"connect": parse_duration, "request": parse_duration, "idle": parse_duration}

DEFAULT_FIELDS: Mapping[str, Field] = {
    "base_url": str.strip,
    "auth": values.read_choice(Auth),
    "api_version": values.read_version,
    "headers": Table(values.read_header_name, values.read_header_value, fold=True),
    "timeout": TIMEOUT_FIELDS,
    "proxy": values.read_proxy,
    "ca_file": values.read_text,
    "allow_http": values.read_flag,
    "models": Table(values.read_text, values.read_text),
}
"""What may stand in the defaults for all credentials, and in each credential."""

SECTION_FIELDS: Mapping[str, Field] = {
    "type": values.read_type,
    "id": values.read_identity,
    "revision": values.read_revision,
    "enabled": values.read_flag,
    **dict.fromkeys(SECRET_FIELDS, values.read_secret_source),
    "aws_region": values.read_text,
    "aws_profile": values.read_text,
    "aws_endpoint": values.read_choice(AwsEndpoint),
    "aws_workspace_id": values.read_header_value,
    "model_id": values.read_text,
    **DEFAULT_FIELDS,
}
"""What may stand in a credential that is a section of its own, named by its key."""

ITEM_FIELDS: Mapping[str, Field] = {"name": validate_name, **SECTION_FIELDS}
"""What may stand in a credential that is an item of `providers`."""

SERVER_FIELDS: Mapping[str, Read] = {"host": values.read_host, "port": values.read_port}


def read_fields(document: Document, node: Node, fields: Mapping[str, Field]) -> Values:
    """What the keys of a block were given. Raises ConfigError."""
    found: Values = {}
    for entry in entries_of(document, node):
        key = entry.key.text
        if key not in fields:
            raise _not_here(document, entry, fields)
        if not is_given(entry.value) or (is_empty(entry.value) and key not in SECRET_FIELDS):
            continue
        found[key] = read_field(document, entry.value, fields[key])
    return found


def read_field(document: Document, node: Node, field: Field) -> Any:
    """The value of one key. Raises ConfigError."""
    if isinstance(field, Table):
        return _read_table(document, node, field)
    if isinstance(field, Mapping):
        return read_fields(document, node, field)
    if not isinstance(node, ScalarNode):
        raise document.error(node, Text("A single value is expected here, and this is {found}.", found=_noun(node)))
    with document.blaming(node):
        return field(node.text)


def entries_of(document: Document, node: Node) -> tuple[Entry, ...]:
    """The entries of a mapping; none of an empty value. Raises ConfigError."""
    if isinstance(node, MappingNode):
        return node.entries
    if not is_given(node):
        return ()
    raise document.error(node, Text("Keys with values are expected here, and this is {found}.", found=_noun(node)))


def items_of(document: Document, node: Node) -> tuple[Node, ...]:
    """The items of a list; none of an empty value. Raises ConfigError."""
    if isinstance(node, ListNode):
        return node.items
    if not is_given(node):
        return ()
    raise document.error(node, Text("A list is expected here, and this is {found}.", found=_noun(node)))


def is_given(node: Node) -> bool:
    """Whether there is a value at all."""
    return not (isinstance(node, ScalarNode) and node.is_null)


def is_empty(node: Node) -> bool:
    """Whether the value is an empty text in quotes."""
    return isinstance(node, ScalarNode) and not node.text.strip()


def _read_table(document: Document, node: Node, table: Table) -> Values:
    found: Values = {}
    seen: set[str] = set()
    for entry in entries_of(document, node):
        if not is_given(entry.value):
            continue
        key = read_field(document, entry.key, table.key)
        if table.fold and key.lower() in seen:
            raise document.error(entry.key, Text("{key} stands here for the second time.", key=key))
        seen.add(key.lower())
        found[key] = read_field(document, entry.value, table.value)
    return found


def _not_here(document: Document, entry: Entry, fields: Mapping[str, Field]) -> ConfigError:
    key = entry.key.text
    if fields is DEFAULT_FIELDS and key in ITEM_FIELDS:
        return document.error(
            entry.key,
            Text("{key} belongs to one credential; this block holds the defaults of all.", key=key),
            Text("Move the line, or add `type: claude-custom` to make this block a credential."),
        )
    if fields is SECTION_FIELDS and key == "name":
        return document.error(
            entry.key, Text("The key of this block is the credential's name."), Text("Leave out `name`.")
        )
    error = values.unknown(key, fields)
    return document.error(entry.key, error.what, error.remedy)


def _noun(node: Node) -> Text:
    if isinstance(node, MappingNode):
        return Text("a block of keys")
    return Text("a list") if isinstance(node, ListNode) else Text("a single value")
