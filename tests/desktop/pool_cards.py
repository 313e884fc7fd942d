"""What tests of the pool's page do with its cards, as a person would."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton
from tests.desktop.opened import until

from proxycast.desktop.pages.pool.card_list import CardList
from proxycast.desktop.pages.pool.entries import Entry
from proxycast.desktop.window import MainWindow
from proxycast.service.service import Service
from proxycast.store.config import parse

LEFT = Qt.MouseButton.LeftButton
KEY = "sk-ant-api03-the-upstream-key-of-the-fake"


def config(base_url: str, names: Iterable[str], more: str = "") -> str:
    """A configuration with these credentials, all of the service at `base_url`."""
    lines = [f'  - {{name: {name}, type: claude-custom, api_key: "{KEY}", base_url: "{base_url}"}}' for name in names]
    return "providers:\n" + "\n".join(lines) + "\n" + more


def service_of(window: MainWindow) -> Service:
    return window._bridge.service


def cards_of(window: MainWindow) -> CardList:
    return window.pool.list


def shown(window: MainWindow) -> list[str]:
    """The names on the cards, from top to bottom."""
    return [one.name for one in cards_of(window).cards.entries]


def names(window: MainWindow) -> list[str]:
    return [one.name for one in service_of(window).pool.credentials]


def written(window: MainWindow) -> list[str]:
    """The names in the file, in its order."""
    text = window._bridge.places.config_file.read_text(encoding="utf-8")
    return [one.name for one in parse(text, "f").pool.credentials]


def entry(window: MainWindow, name: str) -> Entry:
    return next(one for one in cards_of(window).cards.entries if one.name == name)


def middle(window: MainWindow, name: str) -> QPoint:
    """The middle of a card, which is brought into sight."""
    cards = cards_of(window)
    index = cards.cards.index(shown(window).index(name))
    cards.scrollTo(index)
    place = cards.visualRect(index)
    return QPoint(place.left() + 120, place.center().y())


def point_at(window: MainWindow, name: str) -> None:
    """Put the mouse on a card."""
    cards, there = cards_of(window), middle(window, name)
    QTest.mouseMove(cards.viewport(), QPoint(1, 1))
    QTest.mouseMove(cards.viewport(), there)
    assert cards.buttons.isVisible()
    assert cards.buttons.entry == entry(window, name)


def click(window: MainWindow, name: str, *modifiers: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for one in modifiers:
        held |= one
    QTest.mouseClick(cards_of(window).viewport(), LEFT, held, middle(window, name))


async def focus(window: MainWindow, name: str) -> None:
    """Bring the keyboard to a card: with Tab into the list, then with the arrows."""
    cards = cards_of(window)
    window.activateWindow()
    await until(window.isActiveWindow)
    cards.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(cards, Qt.Key.Key_Home)
    for _ in range(shown(window).index(name)):
        QTest.keyClick(cards, Qt.Key.Key_Down)
    assert [one.name for one in cards.chosen] == [name]


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(cards_of(window), key, modifier)


def menu_of(window: MainWindow, name: str) -> QMenu:
    """The menu of a card, opened with its button."""
    point_at(window, name)
    QTest.mouseClick(cards_of(window).buttons.more_button, LEFT)
    return open_menu()


def open_menu() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, text: str) -> None:
    """Choose an item of a menu, by what it says."""
    found = [one for one in menu.actions() if one.text().split("\t")[0] == text]
    assert len(found) == 1, [one.text() for one in menu.actions()]
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(found[0]).center())


def told(window: MainWindow) -> str:
    """What the message at the foot of the window says."""
    return " ".join(one.text() for one in window.toast.findChildren(QLabel) if one.isVisible())


def undo_button(window: MainWindow) -> QPushButton:
    """The button of the message at the foot of the window."""
    buttons = [one for one in window.toast.findChildren(QPushButton) if one.isVisible()]
    assert [one.text() for one in buttons] == ["Undo"]
    return buttons[0]
