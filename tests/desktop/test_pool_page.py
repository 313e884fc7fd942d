"""The page of the pool on a real service: every action by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.desktop.opened import open_window, until
from tests.desktop.pool_cards import (
    KEY,
    LEFT,
    cards_of,
    choose,
    click,
    config,
    entry,
    focus,
    menu_of,
    middle,
    open_menu,
    point_at,
    press,
    service_of,
    shown,
    written,
)
from tests.fakes.messages_api import FakeMessagesApi

from proxycast.desktop.dialogs.credential import CredentialDialog
from proxycast.desktop.pages.pool.entries import Standing
from proxycast.desktop.preferences import LanguageChoice
from proxycast.desktop.window import MainWindow
from proxycast.model.credential import Credential
from proxycast.model.secret import Secret

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
async def window(tmp_path: Path, fake_api: FakeMessagesApi) -> AsyncIterator[MainWindow]:
    more = "bedrock:\n  type: claude-custom\n  aws_region: eu-central-1\nselected: one\n"
    async with open_window(tmp_path, config(fake_api.base_url, ["one", "two", "three"], more)) as window:
        yield window


def dialogs() -> list[CredentialDialog]:
    found = (one for one in QApplication.topLevelWidgets() if isinstance(one, CredentialDialog))
    return [one for one in found if one.isVisible()]


async def close_dialog() -> CredentialDialog:
    await until(dialogs)
    dialog = dialogs()[0]
    dialog.reject()
    await until(lambda: not dialogs())
    return dialog


def in_use(window: MainWindow) -> list[str]:
    return [one.name for one in cards_of(window).cards.entries if one.in_use]


async def test_every_credential_has_a_card_in_the_order_of_the_file(window: MainWindow) -> None:
    assert shown(window) == written(window) == ["one", "two", "three", "bedrock"]
    assert window.pool.top.count.text() == "4"
    assert in_use(window) == ["one"]
    assert entry(window, "bedrock").host == "eu-central-1"


async def test_the_button_of_the_card_under_the_mouse_selects_it(window: MainWindow) -> None:
    point_at(window, "two")
    QTest.mouseClick(cards_of(window).buttons.use_button, LEFT)
    await until(lambda: in_use(window) == ["two"])
    point_at(window, "two")
    assert not cards_of(window).buttons.use_button.isVisible()


async def test_a_double_click_selects(window: MainWindow) -> None:
    point_at(window, "three")
    click(window, "three")
    QTest.mouseDClick(cards_of(window).viewport(), LEFT, pos=middle(window, "three"))
    await until(lambda: in_use(window) == ["three"])


async def test_enter_selects_and_enables_what_is_disabled(window: MainWindow) -> None:
    await focus(window, "two")
    press(window, Qt.Key.Key_Space)
    await until(lambda: entry(window, "two").standing is Standing.DISABLED)
    press(window, Qt.Key.Key_Return)
    await until(lambda: in_use(window) == ["two"] and entry(window, "two").credential.enabled)


async def test_space_and_the_menu_disable_and_enable(window: MainWindow) -> None:
    await focus(window, "two")
    press(window, Qt.Key.Key_Space)
    await until(lambda: not service_of(window).pool.by_name("two").enabled)
    choose(menu_of(window, "two"), "Enable")
    await until(lambda: service_of(window).pool.by_name("two").enabled)


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_E])
async def test_a_key_opens_the_dialog_on_the_credential(window: MainWindow, key: Qt.Key) -> None:
    await focus(window, "three")
    press(window, key)
    await until(dialogs)
    assert dialogs()[0].form.basics.name.text() == "three"
    await close_dialog()


async def test_the_pencil_opens_the_dialog_on_the_credential(window: MainWindow) -> None:
    point_at(window, "two")
    QTest.mouseClick(cards_of(window).buttons.edit_button, LEFT)
    await until(dialogs)
    assert dialogs()[0].form.basics.name.text() == "two"
    await close_dialog()


async def test_duplicating_opens_the_dialog_on_a_copy(window: MainWindow) -> None:
    await focus(window, "two")
    press(window, Qt.Key.Key_D, CONTROL)
    await until(dialogs)
    assert dialogs()[0].form.basics.name.text() not in {"two", ""}
    await close_dialog()
    choose(menu_of(window, "two"), "Duplicate")
    await close_dialog()


async def test_the_button_and_ctrl_n_open_the_dialog_for_a_new_one(window: MainWindow) -> None:
    QTest.mouseClick(window.pool.top.add, LEFT)
    await close_dialog()
    await focus(window, "one")
    press(window, Qt.Key.Key_N, CONTROL)
    await close_dialog()


async def test_what_the_dialog_saved_is_chosen_even_if_the_search_hid_it(window: MainWindow) -> None:
    window.pool.top.search.setText("two")
    QTest.mouseClick(window.pool.top.add, LEFT)
    await until(dialogs)
    await service_of(window).add(Credential(id="0" * 12, name="fresh"), {"api_key": Secret("k")})
    dialogs()[0].saved.emit("fresh")
    await close_dialog()
    assert [one.name for one in cards_of(window).chosen] == ["fresh"]


async def test_right_click_opens_the_menu_of_the_card(window: MainWindow) -> None:
    click(window, "two")
    cards = cards_of(window)
    where = middle(window, "two")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, cards.viewport().mapToGlobal(where))
    QApplication.sendEvent(cards.viewport(), event)
    choose(open_menu(), "Use")
    await until(lambda: in_use(window) == ["two"])


async def test_the_menu_copies_the_address_that_pins_the_credential(window: MainWindow) -> None:
    choose(menu_of(window, "two"), "Copy dedicated address")
    assert QApplication.clipboard().text() == service_of(window).client_address("two")


async def test_several_chosen_cards_are_disabled_and_enabled_together(window: MainWindow) -> None:
    click(window, "one")
    click(window, "three", Qt.KeyboardModifier.ShiftModifier)
    top = window.pool.top
    assert top.chosen.text() == "3 chosen"
    assert not top.title.isVisible(), "it gives its room to the buttons"
    assert not top.add.isVisible()
    _, enable, disable, _ = top.chosen_buttons
    QTest.mouseClick(disable, LEFT)
    await until(lambda: [one.name for one in service_of(window).pool.credentials if one.enabled] == ["bedrock"])
    QTest.mouseClick(enable, LEFT)
    await until(lambda: all(one.enabled for one in service_of(window).pool.credentials))
    click(window, "one")
    assert top.add.isVisible()
    assert top.title.isVisible()
    assert not top.chosen.isVisible()


async def test_the_buttons_go_where_the_keyboard_goes_and_away_with_the_mouse(window: MainWindow) -> None:
    await focus(window, "two")
    buttons = cards_of(window).buttons
    assert buttons.entry == entry(window, "two")
    QTest.keyClick(cards_of(window), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is buttons.check_button
    assert buttons.entry == entry(window, "two")
    window.pool.top.search.setFocus()
    assert not buttons.isVisible()


async def test_a_card_reads_out_all_that_it_shows(window: MainWindow) -> None:
    index = cards_of(window).cards.index(0)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    host = entry(window, "one").host
    assert spoken == f"one, In use, Compatible, {host}, Enabled, Not checked yet, Not used yet"
    assert KEY not in spoken


async def test_a_credential_without_its_variable_needs_a_key(tmp_path: Path) -> None:
    text = 'providers:\n  - {name: one, type: claude-custom, api_key: "${NOT_SET_ANYWHERE}"}\n'
    async with open_window(tmp_path, text) as window:
        assert entry(window, "one").standing is Standing.NEEDS_KEY
        spoken = cards_of(window).cards.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
        assert "NOT_SET_ANYWHERE" in spoken
        assert "Edit the credential" in spoken


async def test_an_empty_pool_leads_to_the_dialog_and_to_the_demo(tmp_path: Path) -> None:
    async with open_window(tmp_path) as window:
        page = window.pool
        assert page.empty.isVisible()
        assert not page.top.search.isVisible()
        QTest.mouseClick(page.empty.add, LEFT)
        await close_dialog()
        QTest.mouseClick(page.empty.demo, LEFT)
        await until(lambda: in_use(window) == ["demo"])
        assert entry(window, "demo").of_session
        choose(menu_of(window, "demo"), "End the demo")
        await until(page.empty.isVisible)


async def test_the_demo_is_labelled_and_cannot_be_edited_or_disabled(tmp_path: Path) -> None:
    async with open_window(tmp_path) as window:
        QTest.mouseClick(window.pool.empty.demo, LEFT)
        await until(lambda: shown(window) == ["demo"])
        assert "demo · this session" in cards_of(window).cards.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
        await focus(window, "demo")
        for key in (Qt.Key.Key_F2, Qt.Key.Key_Space):
            press(window, key)
        assert not dialogs()
        assert entry(window, "demo").credential.enabled
        press(window, Qt.Key.Key_F5)
        await until(lambda: entry(window, "demo").standing is Standing.ACCEPTED)
        press(window, Qt.Key.Key_Delete)
        await until(lambda: shown(window) == [])


async def test_the_page_that_another_language_made_anew_knows_the_checks(window: MainWindow) -> None:
    await focus(window, "one")
    press(window, Qt.Key.Key_F5)
    await until(lambda: entry(window, "one").standing is Standing.ACCEPTED)
    before = window.pool
    window._bridge.language.choose(LanguageChoice.CHINESE)
    await until(lambda: window.pool is not before)
    assert entry(window, "one").standing is Standing.ACCEPTED
    assert "使用中" in cards_of(window).cards.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
