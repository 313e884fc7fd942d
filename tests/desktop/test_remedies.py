"""Errors in the window name what can be clicked there, and no command of a terminal."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from tests.desktop.opened import open_window, until
from tests.desktop.test_settings import dialogs

from proxycast.desktop import remedies
from proxycast.desktop.dialogs.vault import VaultDialog
from proxycast.desktop.preferences import LanguageChoice
from proxycast.desktop.remedies import in_the_window
from proxycast.desktop.window import SETTINGS
from proxycast.model import errors
from proxycast.model.errors import KeyringMissing, PortTaken, ProxyCastError, WrongPassphrase
from proxycast.model.text import Text
from proxycast.store.keychain import problems
from proxycast.store.vault.problems import locked

APP = Path(errors.__file__).resolve().parents[1]
ERRORS = {name: one for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, ProxyCastError)}
OF_AWS = {"AwsRefused", "SignInNeeded"}
"""Their remedies are commands of AWS, which has no window."""
OF_COMMANDS = remedies._OF_THE_COMMAND_LINE


def raised_with_commands() -> Iterator[tuple[str, str]]:
    """The classes of errors, and the remedies that the sources give them and that speak of the command line."""
    for file in APP.rglob("*.py"):
        if "cli" in file.parts or "desktop" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                texts = [str(one.value) for one in ast.walk(node) if isinstance(one, ast.Constant)]
                yield from ((node.func.id, one) for one in texts if OF_COMMANDS.search(one))


def test_every_error_whose_remedy_is_a_command_has_one_for_the_window() -> None:
    found = list(raised_with_commands())
    assert len(found) >= 8, "the sources are read"
    for name, remedy in found:
        if name not in OF_AWS:
            error = ERRORS[name](Text("It failed."), Text(remedy))
            said = in_the_window(error)
            assert said, f"{name}: {remedy}"
            assert not OF_COMMANDS.search(said)


def test_a_remedy_that_is_good_everywhere_stays() -> None:
    assert in_the_window(PortTaken(Text("Taken."), Text("Stop it."))) is None
    assert in_the_window(PortTaken(Text("Taken."))) is None


async def test_errors_are_said_with_the_remedy_of_the_window_in_both_languages(home: Path) -> None:
    async with open_window(home) as window:
        bridge = window._bridge
        assert bridge.say(locked()) == "The vault is locked. Enter its passphrase."
        bridge.language.choose(LanguageChoice.CHINESE)
        assert bridge.say(locked()) == "保险库已锁定。请输入口令。"


async def test_a_locked_vault_is_unlocked_from_the_message(home: Path, qapp: QApplication) -> None:
    async with open_window(home, passphrase="correct horse") as window:
        await window._bridge.service.token.fetch()
    async with open_window(home) as window:
        window._bridge.tell_error(WrongPassphrase(Text("The passphrase does not open the vault.")))
        [unlock] = window.toast.findChildren(QPushButton)
        QTest.mouseClick(unlock, Qt.MouseButton.LeftButton)
        await until(lambda: dialogs(qapp))
        [asked] = dialogs(qapp)
        QTest.keyClicks(asked.field, "correct horse")
        QTest.keyClick(asked.field, Qt.Key.Key_Return)
        await until(lambda: not dialogs(qapp))
        await window._bridge.service.token.fetch()


@pytest.mark.parametrize("make", [problems.no_bus, problems.no_service, problems.does_not_start])
async def test_without_a_keyring_the_message_leads_to_the_vault(
    home: Path, qapp: QApplication, make: Callable[[], KeyringMissing]
) -> None:
    async with open_window(home) as window:
        window._bridge.tell_error(make())
        [encrypt] = window.toast.findChildren(QPushButton)
        QTest.mouseClick(encrypt, Qt.MouseButton.LeftButton)
        assert window.page == SETTINGS
        await until(lambda: [one for one in qapp.topLevelWidgets() if isinstance(one, VaultDialog) and one.isVisible()])
