"""A first message from the page of the clients: its answer, and all that can stand in its way."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from tests.desktop.opened import open_window, until
from tests.desktop.pool_cards import KEY, config
from tests.fakes.answers import Behaviour, error
from tests.fakes.messages import Script, numbered
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import MessagesService

from proxycast.desktop.checking.dialog import CheckDialog
from proxycast.desktop.dialogs.credential import CredentialDialog
from proxycast.desktop.pages.clients.trying import TryView
from proxycast.desktop.preferences import LanguageChoice
from proxycast.desktop.window import MainWindow
from proxycast.proxy.ports import listen

CLIENTS = 1
TOKEN = "pc_" + "t" * 43
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
async def fake() -> AsyncIterator[FakeMessagesApi]:
    async with FakeMessagesApi(MessagesService(says=Script(text="Good morning to you, dear user."))) as fake:
        yield fake
    assert fake.violations == []


def free_port() -> int:
    with listen("127.0.0.1", 0) as free:
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
async def window(tmp_path: Path, fake: FakeMessagesApi) -> AsyncIterator[MainWindow]:
    more = f"server: {{port: {free_port()}}}\n"
    async with open_window(tmp_path, config(fake.base_url, ["one"], more), token=TOKEN) as window:
        window.show_page(CLIENTS)
        yield window


@pytest.fixture
async def trying(window: MainWindow) -> TryView:
    await window._bridge.proxy.turn(on=True)
    return window.clients.trying


def banner(trying: TryView) -> str:
    """What stands in the way, and the names of the buttons that help."""
    if trying._banner is None:
        return ""
    words = [one.text() for one in trying._banner.findChildren(QLabel)]
    return " | ".join([*words, *(one.text() for one in helpers(trying))])


def helpers(trying: TryView) -> list[QPushButton]:
    return [] if trying._banner is None else trying._banner.findChildren(QPushButton)


async def test_the_answer_streams_into_the_page(trying: TryView, fake: FakeMessagesApi) -> None:
    fake.enqueue(Behaviour(rate=60))
    assert banner(trying) == ""
    QTest.mouseClick(trying.send, LEFT)
    assert trying.send.text() == "Stop"
    await until(trying.answer.toPlainText)
    assert trying.running, "there are words before the end"
    await until(lambda: not trying.running)
    assert trying.answer.toPlainText() == fake.service.says.text
    assert trying.send.text() == "Send"
    assert trying.figures.text().startswith("claude-haiku-5-5 · first word after ")
    assert "tokens" in trying.figures.text()
    assert [one.json()["messages"][0]["content"] for one in fake.requests] == ["Hello! Please introduce yourself."]


async def test_message_and_model_can_be_chosen_and_enter_sends(trying: TryView, fake: FakeMessagesApi) -> None:
    for field, text in ((trying.message, "Tell me a joke"), (trying.model, "claude-sonnet-5-5")):
        field.clear()
        QTest.keyClicks(field, text)
    QTest.keyClick(trying.message, Qt.Key.Key_Return)
    await until(lambda: fake.requests)
    asked = fake.requests[0].json()
    assert (asked["model"], asked["messages"][0]["content"]) == ("claude-sonnet-5-5", "Tell me a joke")
    await until(lambda: not trying.running)


async def test_a_stopped_proxy_is_told_with_a_button_that_starts_it(window: MainWindow) -> None:
    trying = window.clients.trying
    assert banner(trying) == "The proxy is stopped, so no client can reach it. | Start the proxy"
    assert not trying.send.isEnabled()
    QTest.mouseClick(helpers(trying)[0], LEFT)
    await until(lambda: window._bridge.proxy.running and not window._bridge.proxy.busy)
    assert banner(trying) == ""
    QTest.mouseClick(trying.send, LEFT)
    await until(lambda: trying.answer.toPlainText() and not trying.running)


async def test_a_proxy_that_cannot_start_says_why(window: MainWindow) -> None:
    with socket.create_server(("127.0.0.1", window._bridge.service.settings.port)):
        helpers(window.clients.trying)[0].click()
        await until(lambda: window._bridge.proxy.failure is not None)
        assert "is in use" in banner(window.clients.trying)


async def test_an_error_is_told_in_the_words_of_the_service_and_leads_to_the_check(
    window: MainWindow, trying: TryView, fake: FakeMessagesApi
) -> None:
    fake.enqueue(error(400, "Your credit balance is too low"))
    QTest.mouseClick(trying.send, LEFT)
    await until(lambda: not trying.running)
    assert banner(trying) == "The answer is an error: Your credit balance is too low | Check the connection"
    QTest.mouseClick(helpers(trying)[0], LEFT)
    await until(lambda: window.findChildren(CheckDialog))
    window.findChildren(CheckDialog)[0].reject()
    QTest.mouseClick(trying.send, LEFT)
    assert banner(trying) == "", "a new attempt is no failure yet"
    await until(lambda: not trying.running)
    assert trying.answer.toPlainText() == fake.service.says.text


async def test_it_can_be_stopped(trying: TryView, fake: FakeMessagesApi) -> None:
    fake.enqueue(Behaviour(stall_after=6))
    QTest.mouseClick(trying.send, LEFT)
    await until(trying.answer.toPlainText)
    QTest.mouseClick(trying.send, LEFT)
    await until(lambda: not trying.running)
    assert trying.figures.text() == "Stopped"
    assert banner(trying) == ""


async def test_without_a_credential_there_is_a_way_to_one_and_to_the_demo(tmp_path: Path) -> None:
    more = f"server: {{port: {free_port()}}}\n"
    async with open_window(tmp_path, more, token=TOKEN) as window:
        window.show_page(CLIENTS)
        await window._bridge.proxy.turn(on=True)
        trying = window.clients.trying
        assert banner(trying).endswith("| Add a credential | Try the demo")
        add, demo = helpers(trying)
        QTest.mouseClick(add, LEFT)
        await until(lambda: window.findChildren(CredentialDialog))
        window.findChildren(CredentialDialog)[0].reject()
        QTest.mouseClick(demo, LEFT)
        await until(trying.send.isEnabled)
        QTest.mouseClick(trying.send, LEFT)
        await until(lambda: "offline demo" in trying.answer.toPlainText())
        trying.stop()
        await until(lambda: not trying.running)


async def test_a_disabled_credential_is_enabled_with_a_click(window: MainWindow, trying: TryView) -> None:
    service = window._bridge.service
    await service.set_enabled("one", enabled=False)
    assert banner(trying) == "one is disabled. | Enable it"
    QTest.mouseClick(helpers(trying)[0], LEFT)
    await until(trying.send.isEnabled)


async def test_another_language_in_the_midst_of_an_answer_harms_nothing(
    window: MainWindow, trying: TryView, fake: FakeMessagesApi
) -> None:
    fake.service = MessagesService(says=numbered(5000))
    fake.enqueue(Behaviour(rate=100))
    QTest.mouseClick(trying.send, LEFT)
    await until(trying.answer.toPlainText)
    window._bridge.language.choose(LanguageChoice.CHINESE)
    await until(lambda: window.clients.trying is not trying)
    await until(lambda: fake.disconnects)
    assert window.clients.trying.send.text() == "发送"


async def test_a_pinned_credential_answers_by_its_own_address(tmp_path: Path, fake: FakeMessagesApi) -> None:
    async with (
        FakeMessagesApi(MessagesService(says=Script(text="The other one."))) as other,
        open_window(tmp_path, two_services(fake, other), token=TOKEN) as window,
    ):
        window.show_page(CLIENTS)
        await window._bridge.proxy.turn(on=True)
        lines, trying = window.clients.lines, window.clients.trying
        lines.pin.setFocus()
        QTest.keyClick(lines.pin, Qt.Key.Key_End)
        QTest.mouseClick(trying.send, LEFT)
        await until(lambda: trying.answer.toPlainText() == "The other one.")
        assert not fake.requests
        await until(lambda: not trying.running)


def two_services(first: FakeMessagesApi, second: FakeMessagesApi) -> str:
    lines = [
        f'  - {{name: {name}, type: claude-custom, api_key: "{KEY}", base_url: "{one.base_url}"}}\n'
        for name, one in (("one", first), ("two", second))
    ]
    return "providers:\n" + "".join(lines) + f"server: {{port: {free_port()}}}\n"
