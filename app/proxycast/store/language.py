"""The user's language: which one it is, and the sentences in it."""

from __future__ import annotations

import gettext
import locale
import os
from pathlib import Path

from proxycast.model.text import Translate
from proxycast.store.paths import resources

DOMAIN = "proxycast"
ENGLISH = "en"
CHINESE = "zh_CN"


def preferred_language() -> str:
    """`zh_CN` or `en`, from the environment (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), else from the system.

    Every kind of Chinese counts as Simplified Chinese: its readers would rather have that than English.
    """
    wishes = [os.environ.get(name, "") for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")]
    wish = next((wish for wish in wishes if wish), "") or (locale.getlocale()[0] or "")
    return CHINESE if wish.lower().startswith(("zh", "chinese")) else ENGLISH


def translations() -> Path:
    """The folder of the compiled catalogues."""
    return resources() / "translations"


def adopt(language: str) -> None:
    """Let `gettext` answer in `language` in this process; click looks its own sentences up there too."""
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, translations())
    gettext.textdomain(DOMAIN)


def translator(language: str, translations: Path) -> Translate:
    """Looks sentences up in `language`; `translations` is the folder of the compiled catalogues."""
    return gettext.translation(DOMAIN, translations, languages=[language], fallback=True).gettext
