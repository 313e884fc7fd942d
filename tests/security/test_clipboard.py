"""Threat T27: the clipboard."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from proxycast.desktop.clipboard import Clipboard
from proxycast.desktop.preferences import Preferences
from proxycast.model.secret import Secret

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def copied(qapp: QApplication) -> Iterator[Clipboard]:
    made = Clipboard(0.05)
    yield made
    QGuiApplication.clipboard().clear()


def test_t27_a_copied_secret_is_hidden_from_histories_and_goes_by_itself(copied: Clipboard) -> None:
    assert Preferences().clipboard_seconds == 30
    copied.copy_secret(Secret("pc_secret"))
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == "pc_secret"
    assert bytes(data.data("x-kde-passwordManagerHint").data()) == b"secret"
    assert data.hasFormat("org.nspasteboard.ConcealedType")
    assert any("ExcludeClipboardContentFromMonitorProcessing" in one for one in data.formats())
    QTest.qWait(120)
    assert QGuiApplication.clipboard().text() == ""


def test_t27_what_was_copied_since_stays(copied: Clipboard) -> None:
    copied.copy_secret(Secret("pc_secret"))
    QGuiApplication.clipboard().setText("something else")
    QTest.qWait(120)
    assert QGuiApplication.clipboard().text() == "something else"


def test_t27_closing_takes_a_secret_along(copied: Clipboard) -> None:
    copied.copy_secret(Secret("pc_secret"))
    copied.forget()
    assert QGuiApplication.clipboard().text() == ""
