"""Both languages: complete, up to date, and changed while the window is shown."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QLabel
from tests.desktop.opened import TWO, open_window, until

import translate
from proxycast.desktop.language import Language
from proxycast.desktop.preferences import LanguageChoice
from proxycast.desktop.widgets.fields import Select
from proxycast.desktop.window import SETTINGS
from proxycast.store.paths import resources

FOLDER = resources() / "translations"


def messages(file: Path) -> dict[tuple[str, str], ET.Element]:
    """The messages of a `.ts` file by context and source."""
    return {
        (context.findtext("name", ""), message.findtext("source", "")): message
        for context in ET.parse(file).getroot().iter("context")
        for message in context.iter("message")
    }


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("translations")
    translate.collect(folder)
    return folder


@pytest.mark.parametrize("language", list(translate.LANGUAGES))
def test_every_text_of_the_window_is_in_the_file(language: str, collected: Path) -> None:
    name = f"desktop_{language}.ts"
    assert set(messages(FOLDER / name)) == set(messages(collected / name)), "run `make messages`"


@pytest.mark.parametrize("language", list(translate.LANGUAGES))
def test_every_text_is_translated_and_keeps_its_places(language: str) -> None:
    for (context, source), message in messages(FOLDER / f"desktop_{language}.ts").items():
        where = f"{context}: {source}"
        translation = message.find("translation")
        assert translation is not None, where
        assert translation.get("type") is None, f"{where} is not finished"
        forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
        for form in forms:
            assert form.strip(), where
            assert places(form) == places(source), where


def places(text: str) -> list[str]:
    """The `{named}` places of a text."""
    return sorted(part.split("}")[0] for part in text.split("{")[1:])


def test_the_compiled_files_are_those_of_the_sources(tmp_path: Path) -> None:
    translate.compile_all(FOLDER, tmp_path)
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (FOLDER / made.name).read_bytes(), "run `make messages`"


async def test_the_language_changes_while_the_window_is_shown(tmp_path: Path) -> None:
    async with open_window(tmp_path, TWO) as window:
        window.show_page(SETTINGS)
        before = window.settings
        choose(window.settings.look.language, LanguageChoice.CHINESE)
        await until(lambda: window.settings is not before)
        shown = [one.text() for one in window.findChildren(QLabel) if one.isVisibleTo(window)]
        assert "代理已停止" in shown
        assert "Proxy stopped" not in shown
        assert window.page == SETTINGS
        assert window.settings.look.language.value is LanguageChoice.CHINESE
        assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"  # Qt's own
    async with open_window(tmp_path) as window:
        assert window.header.state.text() == "代理已停止"


def test_the_system_decides_unless_the_user_did(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    language = Language(qapp, LanguageChoice.SYSTEM)
    assert language.name == "zh_CN"
    language.choose(LanguageChoice.ENGLISH)
    assert language.name == "en"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def choose(select: Select[LanguageChoice], value: LanguageChoice) -> None:
    """Choose as a user does: by the keyboard or the mouse, which both activate an item."""
    position = select._values.index(value)
    select.setCurrentIndex(position)
    select.activated.emit(position)
