"""Scenes of the page of the clients and of the first steps, for tests/screenshots.py."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.first_run import FirstRun
from proxycast.desktop.window import MainWindow
from proxycast.service.recipes import Client

CLIENTS = 1


def clients(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(CLIENTS)
    return window


def clients_python(bridge: Bridge, window: MainWindow) -> QWidget:
    """A program's lines, with the token in sight."""
    window.show_page(CLIENTS)
    choose(window, Client.PYTHON)
    window.clients.lines.blocks[0].eye.click()
    return window


def clients_curl(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(CLIENTS)
    choose(window, Client.CURL)
    return window


def clients_others(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(CLIENTS)
    choose(window, Client.OTHER)
    return window


def clients_answer(bridge: Bridge, window: MainWindow) -> QWidget:
    """The demo answers."""
    window.show_page(CLIENTS)
    bridge.pool.demo.begin(bridge.language.name)
    QTimer.singleShot(80, window, window.clients.trying.begin)
    QTimer.singleShot(120, window, lambda: to_the_end(window))
    return window


def clients_stopped(bridge: Bridge, window: MainWindow) -> QWidget:
    """The proxy is stopped."""
    window.show_page(CLIENTS)
    bridge.start(bridge.proxy.turn(on=False), name="stop")
    to_the_end(window)
    QTimer.singleShot(150, window, lambda: to_the_end(window))
    return window


def clients_fault(bridge: Bridge, window: MainWindow) -> QWidget:
    """The service cannot be reached."""
    window.show_page(CLIENTS)
    bridge.start(bridge.service.select("bedrock-claude"), name="select")
    QTimer.singleShot(50, window, window.clients.trying.begin)
    QTimer.singleShot(250, window, lambda: to_the_end(window))
    return window


def first_run(bridge: Bridge, window: MainWindow) -> QWidget:
    bridge.service.set_aside([one.name for one in bridge.service.pool.credentials])
    return opened(bridge, window)


def first_run_again(bridge: Bridge, window: MainWindow) -> QWidget:
    return opened(bridge, window)


def first_run_check(bridge: Bridge, window: MainWindow) -> QWidget:
    bridge.service.set_aside([one.name for one in bridge.service.pool.credentials])
    dialog = opened(bridge, window)
    dialog.choosing.demo.click()
    return dialog


def first_run_connect(bridge: Bridge, window: MainWindow) -> QWidget:
    dialog = first_run_check(bridge, window)
    assert isinstance(dialog, FirstRun)
    QTimer.singleShot(100, dialog, lambda: dialog.show_step(2))
    QTimer.singleShot(150, dialog, dialog.trying.begin)
    return dialog


def opened(bridge: Bridge, window: MainWindow) -> FirstRun:
    dialog = FirstRun(bridge, window)
    dialog.open()
    return dialog


def choose(window: MainWindow, client: Client) -> None:
    """Press the button of a client."""
    window.clients.lines.client.buttons[list(Client).index(client)].click()


def to_the_end(window: MainWindow) -> None:
    """Scroll to the end of the page."""
    bar = window.clients.area.verticalScrollBar()
    bar.setValue(bar.maximum())


SCENES = (
    clients,
    clients_python,
    clients_curl,
    clients_others,
    clients_answer,
    clients_stopped,
    clients_fault,
    first_run,
    first_run_again,
    first_run_check,
    first_run_connect,
)
