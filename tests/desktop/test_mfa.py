"""The window asks for the code of an AWS MFA device, and traffic goes on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.desktop.opened import open_window, until

from proxycast.desktop.mfa import MfaDialog, ask_code
from proxycast.desktop.window import MainWindow


@pytest.fixture
async def window(home: Path) -> AsyncIterator[MainWindow]:
    async with open_window(home) as opened:
        yield opened


async def asking(window: MainWindow) -> tuple[asyncio.Task[str | None], MfaDialog]:
    """The question under way, and its dialog."""
    task = asyncio.get_running_loop().create_task(ask_code(window, "work"))
    await until(lambda: window.findChild(MfaDialog) is not None)
    dialog = window.findChild(MfaDialog)
    assert isinstance(dialog, MfaDialog)
    return task, dialog


async def test_six_digits_sign_in_however_they_are_spaced(window: MainWindow) -> None:
    task, dialog = await asking(window)
    for typed, complete in (("12345", False), ("12345a", False), ("123 456 ", True)):
        dialog.field.setText(typed)
        assert dialog.sign_in.isEnabled() is complete
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert await task == "123456"


async def test_escape_gives_no_code(window: MainWindow) -> None:
    task, dialog = await asking(window)
    dialog.field.setText("123456")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert await task is None
