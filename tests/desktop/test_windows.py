"""What appears on the screen as a window of its own: the window, and each dialog once, never a part of one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from tests.desktop.opened import TWO, open_window
from tests.windows import Windows, watched

from proxycast.desktop.checking.dialog import CheckDialog
from proxycast.desktop.crash import CrashDialog
from proxycast.desktop.dialogs.credential import CredentialDialog
from proxycast.desktop.dialogs.vault import ChangePassphraseDialog, VaultDialog
from proxycast.desktop.first_run import FirstRun
from proxycast.desktop.mfa import MfaDialog
from proxycast.desktop.passphrase import PassphraseDialog
from proxycast.desktop.widgets.buttons import Rank
from proxycast.desktop.widgets.dialogs import Question
from proxycast.desktop.window import MainWindow
from proxycast.model.credential import Kind

POOL = (
    TWO
    + """\
  - {name: relay, type: claude-custom, api_key: "sk-3", base_url: "https://api.deepseek.com/anthropic"}
  - {name: aws, type: claude-custom, aws_region: us-east-1, aws_profile: claude}
"""
)


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[MainWindow]:
    async with open_window(tmp_path, POOL) as window:
        yield window


@pytest.fixture
def windows(window: MainWindow) -> Iterator[Windows]:
    """What becomes a window after the first one."""
    with watched() as windows:
        yield windows


def credential_dialog(window: MainWindow, name: str) -> QDialog:
    bridge = window._bridge
    return CredentialDialog(bridge, window, bridge.service.pool.by_name(name))


MAKERS: dict[str, Callable[[MainWindow], QDialog]] = {
    "add": lambda window: CredentialDialog(window._bridge, window),
    "edit": lambda window: credential_dialog(window, "work"),
    "edit compatible": lambda window: credential_dialog(window, "relay"),
    "edit aws": lambda window: credential_dialog(window, "aws"),
    "check": lambda window: CheckDialog(window._bridge, window._bridge.service.pool.by_name("aws"), window),
    "first steps": lambda window: FirstRun(window._bridge, window),
    "make a vault": lambda window: VaultDialog(window._bridge, window),
    "change the passphrase": lambda window: ChangePassphraseDialog(window._bridge, window),
    "unlock": lambda window: PassphraseDialog(window._bridge.theme, window),
    "sign in": lambda window: MfaDialog(window, "aws"),
    "crash": lambda window: CrashDialog(window._bridge, window),
    "question": lambda window: Question(window, "Delete it?", "It is gone then.", "Delete", Rank.DANGER),
}


async def test_no_part_of_a_page_appears_as_a_window_while_it_is_made(window: MainWindow, windows: Windows) -> None:
    for position in range(5):
        window.show_page(position)
    assert windows.shown == []


@pytest.mark.parametrize("name", MAKERS)
async def test_no_part_of_a_dialog_appears_as_a_window_while_it_is_made(
    window: MainWindow, windows: Windows, name: str
) -> None:
    dialog = MAKERS[name](window)
    assert windows.shown == []
    dialog.open()
    QApplication.processEvents()
    assert windows.shown == [type(dialog)]
    dialog.done(0)


async def test_no_part_of_the_credential_dialog_appears_as_a_window_whatever_is_chosen(
    window: MainWindow, windows: Windows
) -> None:
    dialog = CredentialDialog(window._bridge, window)
    dialog.open()
    form = dialog.form
    for card in form.kinds.cards.values():
        card.click()
    form.kinds.cards[Kind.COMPATIBLE].click()
    for chip in form.services.chips.values():
        chip.click()
        for region in form.services.region_chips:
            region.click()
        form.services.change.click()
    form.services.search.setText("none of this name")
    form.fold.turn()
    form.advanced.headers.show_pairs((("X-One", "1"), ("X-Two", "2")))
    form.advanced.models.show_pairs((("a", "b"),))
    QApplication.clipboard().setText("export ANTHROPIC_API_KEY=sk-0123456789abcdef")
    dialog.paste.click()
    QApplication.processEvents()
    assert windows.shown == [CredentialDialog]
    dialog.done(0)
