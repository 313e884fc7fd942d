"""What AWS Bedrock takes of a Messages request: the tables of `resources/bedrock.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Self

import msgspec

_VERSION = re.compile(r"claude-(?:[a-z]+-)?(\d{1,2})(?:-(\d{1,2}))?(?![\d.])")


class Traits(msgspec.Struct, frozen=True):
    """What one model takes: messages of the role `system`, `ttl` in `cache_control`."""

    system_turns: bool
    cache_ttl: bool


class Unlocked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What any of `betas` unlocks inside a body. Names may end in `*`."""

    betas: tuple[str, ...] = ()
    message_fields: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    tool_fields: tuple[str, ...] = ()
    thinking_fields: tuple[str, ...] = ()
    thinking_values: dict[str, str] = {}

    def by(self, betas: Iterable[str]) -> bool:
        """Whether one of these betas unlocks it."""
        return any(matches(beta, self.betas) for beta in betas)


class Betas(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The betas that Bedrock accepts, and those that have another name there."""

    accepted: frozenset[str]
    renamed: dict[str, str] = {}

    def sort(self, asked: Iterable[str]) -> tuple[list[str], list[str]]:
        """The betas to send, under Bedrock's names and each once, and those of `asked` that are left out."""
        kept: dict[str, None] = {}
        dropped: dict[str, None] = {}
        for beta in asked:
            name = self.renamed.get(beta, beta)
            if name in self.accepted:
                kept[name] = None
            else:
                dropped[beta] = None
        return list(kept), list(dropped)


class _Since(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    system_turns: str
    cache_ttl: str


class Tables(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of them. `version` is the `anthropic_version` that goes with every request."""

    version: str
    fields: frozenset[str]
    refused_edits: frozenset[str]
    betas: Betas
    unlocked: tuple[Unlocked, ...]
    since: _Since

    @classmethod
    def read(cls, file: Path) -> Self:
        """The tables in `file`. Raises OSError, msgspec.MsgspecError."""
        return msgspec.yaml.decode(file.read_bytes(), type=cls)

    @property
    def system_blocks(self) -> tuple[str, ...]:
        """The types of content blocks that only betas bring, and only system turns hold."""
        return tuple(name for one in self.unlocked for name in one.blocks)

    def traits(self, model: str) -> Traits:
        """What a model takes, by its base id, its inference profile's id or its ARN.

        A name that tells no version, such as an application's own profile, counts as old: what old models take, all do.
        """
        found = _VERSION.search(model)
        version = (int(found[1]), int(found[2] or 0)) if found else (0, 0)
        return Traits(
            system_turns=version >= _version(self.since.system_turns),
            cache_ttl=version >= _version(self.since.cache_ttl),
        )

    def locked(self, kept: Iterable[str], dropped: Iterable[str]) -> Unlocked:
        """All that betas unlocked which are left out, and that none of those kept unlocks."""
        kept, dropped = tuple(kept), tuple(dropped)
        gone = [one for one in self.unlocked if one.by(dropped) and not one.by(kept)]
        return Unlocked(
            message_fields=tuple(name for one in gone for name in one.message_fields),
            blocks=tuple(name for one in gone for name in one.blocks),
            tools=tuple(name for one in gone for name in one.tools),
            tool_fields=tuple(name for one in gone for name in one.tool_fields),
            thinking_fields=tuple(name for one in gone for name in one.thinking_fields),
            thinking_values={name: value for one in gone for name, value in one.thinking_values.items()},
        )


def matches(name: object, patterns: Iterable[str]) -> bool:
    """Whether `name` is one of the patterns, in which `*` stands for anything."""
    return isinstance(name, str) and any(fnmatchcase(name, pattern) for pattern in patterns)


def _version(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    return int(major), int(minor or 0)
