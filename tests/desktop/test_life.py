"""The window's life from inside: a start at login, the log, an unexpected fault, and the end."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from tests.desktop.opened import until
from tests.desktop.test_settings import free_port
from tests.fakes.session_bus import portal
from tests.keyring.conftest import inside
from tests.keyring.secret_service import SecretService

from proxycast.desktop import life
from proxycast.desktop.crash import CrashDialog
from proxycast.desktop.first_run import FirstRun
from proxycast.desktop.instance import Instance
from proxycast.desktop.life import Desktop
from proxycast.desktop.preferences import Preferences, PreferencesFile
from proxycast.model.credential import Credential, new_id
from proxycast.model.secret import Secret
from proxycast.store.paths import Places

CONFIG = """\
server: {{port: {port}}}
log_level: error
providers:
  - {{name: work, type: claude-custom, api_key: "${{NO_SUCH_VARIABLE}}"}}
"""
PROGRAM = logging.getLogger("proxycast")


@pytest.fixture
async def desktop(home: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desktop]:
    """The window's parts before their life begins."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    monkeypatch.setenv("LANGUAGE", "en")
    (home / "config.yaml").write_text(CONFIG.format(port=free_port()), encoding="utf-8")
    instance = Instance(home)
    assert instance.claim()
    made = Desktop(qapp, Places.find({"PROXYCAST_HOME": str(home)}), instance)
    yield made
    made.window.deleteLater()
    gc.disable()  # which the end of its life has enabled


async def ended(desktop: Desktop, living: asyncio.Task[int]) -> None:
    """Quit, but not before what the start looks for is found."""
    await until(lambda: desktop.bridge.service.token.ready)
    desktop.quit()
    assert await living == 0


async def test_a_start_at_login_serves_without_a_window_and_ends_cleanly(desktop: Desktop, home: Path) -> None:
    living = asyncio.create_task(desktop.live(hidden=True))
    await until(lambda: desktop.bridge.proxy.running)
    assert not desktop.window.isVisible()
    assert PROGRAM.level == logging.ERROR
    desktop.window.come_up()
    assert desktop.window.isVisible()
    desktop.window.resize(801, 602)
    await ended(desktop, living)
    assert PreferencesFile(home).load().geometry != Preferences().geometry


async def test_where_no_tray_comes_the_window_is_shown_minimised(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(life, "_TRAY_PATIENCE", 0.1)
    living = asyncio.create_task(desktop.live(hidden=True))
    await until(desktop.window.isMinimized)
    await ended(desktop, living)


async def test_an_unexpected_fault_is_reported_over_the_window(
    desktop: Desktop, caplog: pytest.LogCaptureFixture
) -> None:
    living = asyncio.create_task(desktop.live())
    await until(lambda: desktop.bridge.proxy.running)
    PROGRAM.error("it failed", exc_info=RuntimeError("broken"))
    caplog.clear()
    await until(lambda: desktop.window.findChildren(CrashDialog))
    await ended(desktop, living)


async def test_at_the_first_start_the_keyring_is_left_alone_until_there_is_a_key(desktop: Desktop, home: Path) -> None:
    (home / "config.yaml").write_text(f"server: {{port: {free_port()}}}\n", encoding="utf-8")
    living, service = asyncio.create_task(desktop.live()), desktop.bridge.service
    await until(lambda: desktop.bridge.proxy.running and desktop.window.findChildren(FirstRun))
    [steps] = desktop.window.findChildren(FirstRun)
    steps.choosing.demo.click()
    await until(lambda: steps.view.report)
    assert service.token.ready is None
    await service.add(Credential(id=new_id(), name="work"), {"api_key": Secret("sk-ant-1")})
    await ended(desktop, living)


async def test_who_comes_from_the_settings_of_the_system_finds_their_motion(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    living, motion = asyncio.create_task(desktop.live()), desktop.bridge.theme.motion
    await until(lambda: motion.duration)
    with inside(SecretService, monkeypatch), portal({"org.freedesktop.appearance": {"reduced-motion": ("u", 1)}}):
        desktop._app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
        await until(lambda: not motion.duration)
    await ended(desktop, living)
