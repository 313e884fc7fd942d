"""How durations are told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from proxycast.desktop.durations import duration
from proxycast.desktop.language import Language
from proxycast.desktop.preferences import LanguageChoice


@pytest.fixture
def language(qapp: QApplication) -> Iterator[Language]:
    made = Language(qapp, LanguageChoice.ENGLISH)
    yield made
    made.choose(LanguageChoice.ENGLISH)


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0.0431, "43 ms", "43 毫秒"),
        (0.9994, "999 ms", "999 毫秒"),
        (0.9996, "1.0 s", "1.0 秒"),
        (12.34, "12.3 s", "12.3 秒"),
        (75, "1 min 15 s", "1 分 15 秒"),
    ],
)
def test_durations_are_told_in_the_language_of_the_window(
    language: Language, seconds: float, english: str, chinese: str
) -> None:
    assert duration(seconds) == english
    language.choose(LanguageChoice.CHINESE)
    assert duration(seconds) == chinese
