"""Every sentence outside the window is there in both languages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from proxycast.store.language import CHINESE, ENGLISH, preferred_language, translator
from proxycast.store.paths import resources

FOLDER = resources() / "translations" / CHINESE / "LC_MESSAGES"
SOURCES = (Path(__file__).parents[1] / "app" / "proxycast", Path(click.__file__).parent)
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "Text": (1,)}
PLACE = re.compile(r"%?(?<!\{)\{[^{}]*\}|%\(\w+\)s")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (FOLDER / "proxycast.po").open("rb") as file:
        return read_po(file, locale=CHINESE)


def translation(message: Message | None) -> str:
    """The Chinese of a message, which has one form for all numbers; empty if there is none."""
    if message is None or not message.string:
        return ""
    return message.string if isinstance(message.string, str) else message.string[0]


def sentences() -> Iterator[str]:
    for folder in SOURCES:
        for _file, _line, message, _comments, _context in extract_from_dir(folder, keywords=KEYWORDS):
            yield message if isinstance(message, str) else message[0]


def test_no_sentence_is_left_untranslated(catalogue: Catalog) -> None:
    missing = {sentence for sentence in sentences() if not translation(catalogue.get(sentence))}
    assert missing == set(), "run `make messages` and translate them"


def test_a_translation_has_the_places_of_its_sentence(catalogue: Catalog) -> None:
    for message in catalogue:
        if not message.id:
            continue
        wanted = set(PLACE.findall(message.id if isinstance(message.id, str) else message.id[-1]))
        given = set(PLACE.findall(translation(message)))
        # Chinese counts without a plural, so the number may stand in for "one".
        assert given == wanted or (not isinstance(message.id, str) and given >= wanted), message.id


def test_the_compiled_catalogue_is_the_translated_one(catalogue: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    with (FOLDER / "proxycast.mo").open("rb") as file:
        assert GNUTranslations(file)._catalog == GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "zh_TW.UTF-8"}, CHINESE),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_SG"}, CHINESE),
        ({"LANGUAGE": "en", "LANG": "zh_CN.UTF-8"}, ENGLISH),
        ({"LANG": "C.UTF-8"}, ENGLISH),
        ({"LANG": "de_DE.UTF-8"}, ENGLISH),
    ],
)
def test_the_environment_names_the_language(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert preferred_language() == language


def test_a_sentence_is_found_in_the_language_asked_for() -> None:
    folder = resources() / "translations"
    assert translator(CHINESE, folder)("The keyring is locked.") == "密钥环已锁定。"
    assert translator(ENGLISH, folder)("The keyring is locked.") == "The keyring is locked."
