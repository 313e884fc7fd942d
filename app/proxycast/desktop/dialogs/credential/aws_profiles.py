"""The profiles in the user's AWS files, by name."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path


def read_profiles(environment: Mapping[str, str], home: Path) -> tuple[str, ...]:
    """The names of the profiles in the user's `config` and `credentials`, `default` first; for a thread.

    Where the files are: AWS CLI User Guide, "Configuration and credential file settings". A file that cannot be read
    has none.
    """
    config = Path(environment.get("AWS_CONFIG_FILE") or home / ".aws" / "config")
    credentials = Path(environment.get("AWS_SHARED_CREDENTIALS_FILE") or home / ".aws" / "credentials")
    found = {*_in_config(_sections(config)), *_sections(credentials)}
    return tuple(sorted(found, key=lambda name: (name != "default", name.casefold())))


def _in_config(sections: list[str]) -> list[str]:
    """In `config` every profile but `default` has its word before the name; other sections are no profiles."""
    named = [section.removeprefix("profile ").strip() for section in sections if section.startswith("profile ")]
    return [*named, *(section for section in sections if section == "default")]


def _sections(file: Path) -> list[str]:
    parser = configparser.RawConfigParser(default_section="", strict=False)
    try:
        parser.read_string(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, configparser.Error):
        return []
    return parser.sections()
