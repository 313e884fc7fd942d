"""What cards say about time and numbers, in both languages, and where they put it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import msgspec
import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication

from proxycast.desktop.language import Language
from proxycast.desktop.pages.pool.card_layout import CardLayout, height_of, lay_out
from proxycast.desktop.pages.pool.entries import Entry, Standing
from proxycast.desktop.pages.pool.words import PoolWords
from proxycast.desktop.preferences import LanguageChoice
from proxycast.model.credential import Credential
from proxycast.store.journal_reader import Counters

NOW = 1_800_000_000.0


@pytest.fixture
def language(qapp: QApplication) -> Iterator[Language]:
    made = Language(qapp, LanguageChoice.ENGLISH)
    yield made
    made.choose(LanguageChoice.ENGLISH)


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (-5, "just now", "刚刚"),
        (59, "just now", "刚刚"),
        (60, "1 min ago", "1 分钟前"),
        (3599, "59 min ago", "59 分钟前"),
        (3600, "1 h ago", "1 小时前"),
        (86_400, "1 day ago", "1 天前"),
        (3 * 86_400, "3 days ago", "3 天前"),
    ],
)
def test_times_are_told_from_now(language: Language, seconds: int, english: str, chinese: str) -> None:
    assert PoolWords(language).ago(NOW - seconds, NOW) == english
    language.choose(LanguageChoice.CHINESE)
    assert PoolWords(language).ago(NOW - seconds, NOW) == chinese


def test_after_a_week_the_date_is_told(language: Language) -> None:
    assert "/" in PoolWords(language).ago(NOW - 8 * 86_400, NOW)


def test_numbers_are_grouped_and_counted_and_short_where_they_are_large(language: Language) -> None:
    entry = Entry(
        credential=Credential(id="0" * 12, name="one"),
        standing=Standing.READY,
        in_use=False,
        of_session=False,
        checked=None,
        counters=Counters(uses=9_840, errors=1, last_used=NOW),
        trouble=None,
    )
    assert PoolWords(language).uses(entry) == "9,840 uses · 1 error"
    language.choose(LanguageChoice.CHINESE)
    assert PoolWords(language).uses(entry) == "使用 9,840 次 · 错误 1"
    entry = msgspec.structs.replace(entry, counters=Counters(uses=1_284_000, errors=12_840, last_used=NOW))
    assert PoolWords(language).uses(entry) == "使用 1.3M 次 · 错误 12.8k"


def parts(places: CardLayout) -> list[QRect]:
    return [one for one in (places.tile, places.name, places.status, places.uses, places.use) if one is not None]


@pytest.mark.parametrize("width", [560, 640, 713, 760, 900, 1080])
@pytest.mark.parametrize("acting", [False, True])
def test_nothing_on_a_card_stands_on_something_else(width: int, acting: bool) -> None:
    places = lay_out(QRect(0, 200, width, height_of(0)), acting=acting)
    shown = parts(places)
    if acting:
        shown.insert(-1, places.buttons)
    for left, right in pairwise(shown):
        assert left.right() < right.left()
    assert all(places.card.contains(one) for one in shown)
    assert places.name.width() >= 150


def test_what_stands_on_a_wide_card_stays_when_buttons_come() -> None:
    row = QRect(0, 0, 1000, height_of(0))
    assert lay_out(row, acting=True) == lay_out(row, acting=False)


def test_uses_are_shown_from_a_window_of_800_pixels_on() -> None:
    beside = 90 + 2 * 24 + 10  # navigation, margins, scroll bar
    assert lay_out(QRect(0, 0, 804 - beside, height_of(0)), acting=False).uses is not None
