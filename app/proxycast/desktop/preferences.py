"""What the user chose for the window: `desktop.json` in the configuration folder."""

from __future__ import annotations

import logging
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from proxycast.desktop.theme import ThemeChoice
from proxycast.desktop.troubles import TroubleKind
from proxycast.store.atomic import write_atomically
from proxycast.store.language import CHINESE, ENGLISH

_log = logging.getLogger(__name__)


class LanguageChoice(StrEnum):
    """The language of the interface."""

    SYSTEM = "system"
    CHINESE = CHINESE
    ENGLISH = ENGLISH


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the window remembers, with what holds as long as nothing is chosen.

    `close_to_tray`: closing the window leaves the program in the tray, if there is one; `tray_told`: the user was told
    so once. `still`: nothing moves in the window, whatever the system says. `muted` are the kinds of trouble that
    nobody is notified of. `clipboard_seconds` is how long a copied secret stays in the clipboard, 0 for ever.
    `geometry` is Qt's, in base64.
    """

    language: LanguageChoice = LanguageChoice.SYSTEM
    theme: ThemeChoice = ThemeChoice.SYSTEM
    still: bool = False
    start_proxy: bool = True
    close_to_tray: bool = True
    tray_told: bool = False
    welcomed: bool = False
    muted: frozenset[TroubleKind] = frozenset()
    clipboard_seconds: Annotated[int, msgspec.Meta(ge=0, le=3600)] = 30
    geometry: str = ""


class PreferencesFile:
    """The file that holds them. Its methods block."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "desktop.json"

    def load(self) -> Preferences:
        """What was chosen. A file that cannot be used counts as none: nothing in it is worth a question."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Preferences)
        except FileNotFoundError:
            return Preferences()
        except (OSError, msgspec.DecodeError) as error:
            _log.info("desktop.json is not used: %s", type(error).__name__)
            return Preferences()

    def save(self, preferences: Preferences) -> None:
        """Write them down. Raises OSError."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(self._path, msgspec.json.format(msgspec.json.encode(preferences)))
