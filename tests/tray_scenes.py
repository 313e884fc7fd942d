"""Scenes of the tray's menu, for `screenshots.py`."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.tray import Tray
from proxycast.desktop.window import MainWindow


def tray_menu(bridge: Bridge, window: MainWindow) -> QWidget:
    return _menu(bridge, window)


def tray_credentials(bridge: Bridge, window: MainWindow) -> QWidget:
    """The credentials to choose from."""
    return _inner(bridge, window, 0)


def tray_copies(bridge: Bridge, window: MainWindow) -> QWidget:
    """What can be copied."""
    return _inner(bridge, window, 1)


def _menu(bridge: Bridge, window: MainWindow) -> QMenu:
    tray = Tray(bridge)
    tray.setParent(window)  # until the scene is over
    window.destroyed.connect(tray.menu.deleteLater)
    tray.menu.popup(QPoint(0, 0))
    return tray.menu


def _inner(bridge: Bridge, window: MainWindow, number: int) -> QMenu:
    menu = _menu(bridge, window)
    inner = [action.menu() for action in menu.actions() if action.menu()][number]
    assert isinstance(inner, QMenu)
    inner.popup(QPoint(0, 0))
    return inner


SCENES = (tray_menu, tray_credentials, tray_copies)
