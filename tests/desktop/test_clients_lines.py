"""The lines of the page of the clients: which ones, for whom, shown without the token and copied with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtTest import QTest
from tests.desktop.opened import TWO, open_window, until
from tests.desktop.pool_cards import told

from proxycast.desktop.pages.clients.lines import LinesView
from proxycast.desktop.widgets.fields import Select
from proxycast.desktop.window import MainWindow
from proxycast.service.recipes import Client
from proxycast.service.shells import Shell

CLIENTS = 1
TOKEN = "pc_" + "t" * 43
ADDRESS = "http://127.0.0.1:8999"


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[MainWindow]:
    async with open_window(tmp_path, TWO, token=TOKEN) as window:
        window.show_page(CLIENTS)
        yield window


@pytest.fixture
def lines(window: MainWindow) -> LinesView:
    return window.clients.lines


def pick(select: Select[Any], position: int) -> None:
    """Choose with the keyboard, as a person does."""
    select.setFocus()
    QTest.keyClick(select, Qt.Key.Key_Home)
    for _ in range(position):
        QTest.keyClick(select, Qt.Key.Key_Down)


def client_button(lines: LinesView, client: Client) -> None:
    QTest.mouseClick(lines.client.buttons[list(Client).index(client)], Qt.MouseButton.LeftButton)


def shown(lines: LinesView) -> list[str]:
    return [one.text.toPlainText() for one in lines.blocks]


def clipboard() -> QClipboard:
    return QGuiApplication.clipboard()


async def test_the_token_is_hidden_until_it_is_shown_and_copied_whole_anyway(
    window: MainWindow, lines: LinesView
) -> None:
    block = lines.blocks[0]
    assert shown(lines)[0].splitlines() == [
        f"export ANTHROPIC_BASE_URL={ADDRESS}",
        "export ANTHROPIC_AUTH_TOKEN=pc_••••••••••••••••",
        "export NO_PROXY=127.0.0.1,localhost",
        "claude",
    ]
    QTest.mouseClick(block.copy, Qt.MouseButton.LeftButton)
    await until(lambda: f"export ANTHROPIC_AUTH_TOKEN={TOKEN}\n" in clipboard().text())
    assert clipboard().mimeData().data("x-kde-passwordManagerHint").data() == b"secret"
    assert "30 seconds" in told(window)
    assert TOKEN not in shown(lines)[0]

    QTest.mouseClick(block.eye, Qt.MouseButton.LeftButton)
    await until(lambda: TOKEN in shown(lines)[0])
    assert block.eye.accessibleName() == "Hide the client token"
    QTest.mouseClick(block.eye, Qt.MouseButton.LeftButton)
    assert TOKEN not in shown(lines)[0]


async def test_the_token_is_hidden_again_when_the_page_is_left(window: MainWindow, lines: LinesView) -> None:
    lines.blocks[0].eye.click()
    await until(lambda: TOKEN in shown(lines)[0])
    window.show_page(0)
    assert TOKEN not in "".join(shown(lines))


async def test_ctrl_c_in_hidden_lines_copies_them_whole(lines: LinesView) -> None:
    text = lines.blocks[0].text
    text.setFocus()
    QTest.keyClick(text, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: TOKEN in clipboard().text())


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        (Shell.BASH, "export ANTHROPIC_BASE_URL="),
        (Shell.FISH, "set -gx ANTHROPIC_BASE_URL "),
        (Shell.POWERSHELL, "$Env:ANTHROPIC_BASE_URL = "),
        (Shell.CMD, 'set "ANTHROPIC_BASE_URL='),
    ],
)
async def test_each_shell_gets_its_own_lines(lines: LinesView, shell: Shell, line: str) -> None:
    pick(lines.shell, list(Shell).index(shell))
    for client in (Client.CLAUDE_CODE, Client.PYTHON, Client.CURL, Client.OTHER):
        client_button(lines, client)
        assert any(text.startswith(line) for text in shown(lines)), client


async def test_each_client_gets_what_it_needs(lines: LinesView) -> None:
    client_button(lines, Client.PYTHON)
    assert "from anthropic import Anthropic" in shown(lines)[1]
    client_button(lines, Client.TYPESCRIPT)
    assert 'from "@anthropic-ai/sdk"' in shown(lines)[1]
    client_button(lines, Client.CURL)
    assert "curl" in shown(lines)[0]
    client_button(lines, Client.OTHER)
    assert shown(lines)[:2] == [ADDRESS, "pc_••••••••••••••••"]
    lines.blocks[0].copy.click()
    assert clipboard().text() == ADDRESS
    assert not clipboard().mimeData().hasFormat("x-kde-passwordManagerHint")
    lines.blocks[1].copy.click()
    await until(lambda: clipboard().text() == TOKEN)


async def test_tab_reaches_the_client_that_is_chosen_and_arrows_choose_others(
    window: MainWindow, lines: LinesView
) -> None:
    window.activateWindow()
    await until(window.isActiveWindow)
    buttons = lines.client.buttons
    window.clients.steps.setFocus()
    walked = []
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Tab):
        focused = window.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
        walked.append((lines.client.value, window.focusWidget() in buttons))
    python, typescript = (Client.PYTHON, True), (Client.TYPESCRIPT, True)
    assert walked == [(Client.CLAUDE_CODE, True), python, typescript, python, (Client.PYTHON, False)]


async def test_a_credential_can_be_pinned_and_stays_so_until_it_is_gone(window: MainWindow, lines: LinesView) -> None:
    service = window._bridge.service
    assert lines.pin.currentText() == "Current credential (now work)"
    pick(lines.pin, 2)
    assert lines.pin.currentText() == "Always spare"
    assert f"ANTHROPIC_BASE_URL={ADDRESS}/c/spare\n" in shown(lines)[0]
    await service.select("spare")
    assert f"ANTHROPIC_BASE_URL={ADDRESS}/c/spare\n" in shown(lines)[0]
    service.set_aside(["spare"])
    assert lines.pin.currentText() == "Current credential (now work)"
    assert f"ANTHROPIC_BASE_URL={ADDRESS}\n" in shown(lines)[0]


async def test_the_address_is_that_of_the_running_proxy(window: MainWindow, lines: LinesView) -> None:
    service = window._bridge.service
    await service.start_proxy(port=0)
    assert f"ANTHROPIC_BASE_URL={service.proxy.address}\n" in shown(lines)[0]
    await service.stop_proxy()


async def test_one_line_for_every_terminal_is_offered_where_others_know_the_token(tmp_path: Path) -> None:
    async with open_window(tmp_path, TWO, passphrase="pass") as window:
        window.show_page(CLIENTS)
        lines = window.clients.lines
        assert len(lines.blocks) == 2
        assert "env --shell bash" in shown(lines)[1]
        assert not lines.blocks[1].eye.isVisible()
        pick(lines.shell, list(Shell).index(Shell.CMD))
        assert len(lines.blocks) == 1, "cmd reads no file of the user's at its start"


async def test_no_line_is_cut_off_below(window: MainWindow, lines: LinesView) -> None:
    for client in Client:
        client_button(lines, client)
        await until(lambda: all(one.isVisible() for one in lines.blocks))
        for block in lines.blocks:
            assert block.text.verticalScrollBar().maximum() == 0, client
