"""The results of checks as the window keeps them from one start to the next: `checks.json` in the data folder."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from proxycast.check.report import Report
from proxycast.model.credential import Credential
from proxycast.model.text import Text
from proxycast.store.atomic import write_atomically

_log = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True):
    """The report of a check, and what it holds for: see `fingerprint`."""

    of: str
    report: Report


class KeptChecks:
    """The file. Its methods block. Reports hold no secrets, so neither does it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, Kept]:
        """The results by the ids of credentials. A file that cannot be used counts as none: a check is easily done."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Kept], dec_hook=_read)
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError, KeyError, TypeError) as error:
            _log.info("checks.json is not used: %s", type(error).__name__)
            return {}

    def save(self, results: Mapping[str, Kept]) -> None:
        """Write them down. Raises OSError."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(self._path, msgspec.json.encode(results, enc_hook=_write))


def fingerprint(credential: Credential) -> str:
    """What is the same as long as a result holds: everything but its name, its place and the values of secrets."""
    plain = msgspec.structs.replace(
        credential, name="", enabled=True, secrets={}, headers=tuple((name, "") for name, _ in credential.headers)
    )
    return hashlib.sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()


def _write(value: object) -> object:
    if isinstance(value, Text):
        return {"text": value.template, "values": {name: _plain(one) for name, one in value.values.items()}}
    raise NotImplementedError(type(value))


def _plain(value: object) -> object:
    return _write(value) if isinstance(value, Text) else value if isinstance(value, int | float | str) else str(value)


def _read(kind: type, value: Any) -> Any:
    if kind is not Text:
        raise NotImplementedError(kind)
    return _text(value)


def _text(value: Any) -> Text:
    values = {name: _text(one) if isinstance(one, dict) else one for name, one in value["values"].items()}
    template: str = value["text"]
    return Text(template, **values)
