"""What a card has no room for: never words of ours; a name or a host that is cut is whole in a tooltip."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from tests.desktop.opened import open_window, tooltip, until
from tests.desktop.pool_cards import cards_of, config

from proxycast.check.report import Report
from proxycast.desktop.pages.pool.card_layout import lay_out
from proxycast.desktop.pages.pool.entries import Entry, Standing
from proxycast.desktop.pool_state.checks import Checked
from proxycast.desktop.preferences import LanguageChoice, Preferences, PreferencesFile
from proxycast.model.credential import Credential
from proxycast.model.text import Text
from proxycast.store.journal_reader import Counters

LONG = "the-spare-gateway-of-the-whole-research-team-for-batches-at-night"


def entries() -> Iterator[Entry]:
    """Cards with every standing, from the shortest to the longest numbers and times."""
    credential, now = Credential(id="0" * 12, name="one"), time.time()
    for standing, ago, seconds, uses, errors in product(
        Standing, (1, 59 * 60, 23 * 3600, 6 * 86_400, 60 * 86_400), (0.999, 170.0), (1, 9_999, 2_999_000), (0, 9_999)
    ):
        report = Report(findings=(), sentence=Text("It works."), model=None, at=now - ago, seconds=seconds)
        yield Entry(
            credential=credential,
            standing=standing,
            in_use=False,
            of_session=False,
            checked=Checked(credential=credential, report=report),
            counters=Counters(uses=uses, errors=errors, last_used=now - ago),
            trouble=None,
        )


@pytest.mark.parametrize("spoken", [LanguageChoice.ENGLISH, LanguageChoice.CHINESE])
async def test_words_of_ours_have_room_whatever_the_standing(tmp_path: Path, spoken: LanguageChoice) -> None:
    PreferencesFile(tmp_path).save(Preferences(language=spoken))
    async with open_window(tmp_path, config("https://llm.example.com", ["one"])) as window:
        window.resize(900, 600)
        await until(lambda: cards_of(window).viewport().width() > 700)
        cards, width = cards_of(window), cards_of(window).viewport().width()
        for entry, acting in product(entries(), (False, True)):
            _, _, *ours = cards._delegate._lines(lay_out(QRect(0, 0, width, 100), acting=acting), entry)
            assert [one.text for one in ours if one.shown != one.text] == []


async def test_a_name_that_is_cut_is_whole_in_a_tooltip(tmp_path: Path) -> None:
    async with open_window(tmp_path, config("https://llm.example.com", [LONG, "short"])) as window:
        window.resize(900, 600)
        cards = cards_of(window)
        await until(lambda: cards.viewport().width() > 700)
        long, short = (lay_out(cards.visualRect(cards.cards.index(row)), acting=False) for row in range(2))
        below = QPoint(4, cards.viewport().height() - 4)
        for place in (long.host.center(), short.name.center(), below):
            assert tooltip(cards.viewport(), place) == ""
        assert tooltip(cards.viewport(), long.name.center()) == LONG
