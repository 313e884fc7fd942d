"""Pictures of every page and dialog in both languages and both themes, for people to look at.

`python tests/screenshots.py [FOLDER] [--size 1040x720] [--scale 1.5] [--only settings]`
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "app")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QSize, Qt  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget  # noqa: E402
from tests.credential_scenes import SCENES as CREDENTIAL_SCENES  # noqa: E402

from proxycast.check.probe import ProbeResult  # noqa: E402
from proxycast.desktop import loop  # noqa: E402
from proxycast.desktop.app import make_application  # noqa: E402
from proxycast.desktop.bridge import Bridge, Tone  # noqa: E402
from proxycast.desktop.language import Language  # noqa: E402
from proxycast.desktop.pool_state.checks import Checked  # noqa: E402
from proxycast.desktop.preferences import LanguageChoice, PreferencesFile  # noqa: E402
from proxycast.desktop.theme import Theme, ThemeChoice  # noqa: E402
from proxycast.desktop.window import MainWindow  # noqa: E402
from proxycast.model.errors import ConfigError, PortTaken  # noqa: E402
from proxycast.model.exchange import Exchange  # noqa: E402
from proxycast.model.text import Text  # noqa: E402
from proxycast.service.assembly import assemble  # noqa: E402
from proxycast.store.config_credential import derived_id  # noqa: E402
from proxycast.store.journal import Journal  # noqa: E402
from proxycast.store.paths import Places  # noqa: E402

SAMPLE = """\
selected: work
providers:
  - {name: work, type: claude-custom, api_key: "${ANTHROPIC_API_KEY}"}
  - {name: 智谱 GLM, type: claude-custom, api_key: "${GLM_KEY}", base_url: "https://open.bigmodel.cn/api/anthropic"}
  - {name: DeepSeek, type: claude-custom, api_key: "${DEEPSEEK_KEY}", base_url: "https://api.deepseek.com/anthropic"}
  - {name: gateway, type: claude-custom, api_key: "${GATEWAY}", base_url: "https://llm.example.com", enabled: false}
  - {name: bedrock-claude, type: claude-custom, aws_region: us-east-1, aws_profile: claude}
"""
VARIABLES = dict.fromkeys(("ANTHROPIC_API_KEY", "GLM_KEY", "DEEPSEEK_KEY", "GATEWAY"), "a-key-of-nobody")
SETTLE = 0.3
"""Seconds until what a scene started is to be seen."""

Scene = Callable[[Bridge, MainWindow], QWidget]
"""Puts something on show and returns the widget to take a picture of."""


def pool(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(0)
    return window


def pool_buttons(bridge: Bridge, window: MainWindow) -> QWidget:
    """The card under the mouse has buttons."""
    cards = window.pool.list
    QTest.mouseMove(cards.viewport(), QPoint(1, 1))
    QTest.mouseMove(cards.viewport(), cards.visualRect(cards.cards.index(1)).center())
    return window


def pool_many(bridge: Bridge, window: MainWindow) -> QWidget:
    """Several cards are chosen."""
    window.pool.list.reveal(["DeepSeek", "gateway"])
    return window


def pool_keyboard(bridge: Bridge, window: MainWindow) -> QWidget:
    """The keyboard is on a card, whose menu is open."""
    cards = window.pool.list
    cards.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(cards, Qt.Key.Key_Down)
    cards.buttons.more_button.click()
    return window


def pool_nothing_found(bridge: Bridge, window: MainWindow) -> QWidget:
    window.pool.top.search.setText("kimi")
    return window


def pool_empty(bridge: Bridge, window: MainWindow) -> QWidget:
    bridge.service.set_aside([one.name for one in bridge.service.pool.credentials])
    return window


def pool_demo(bridge: Bridge, window: MainWindow) -> QWidget:
    bridge.pool.demo.begin()
    return window


def toast(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(0)
    bridge.tell(window.tr("Credential pool"), Tone.OK, window.header.tr("Copy the address"), lambda: None)
    return window


def settings(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(1)
    return window


def settings_end(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(1)
    bar = window.settings.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    return window


def about(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(2)
    return window


def renew_token(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(1)
    window.settings.secrets.rotate.click()
    return window


def banners(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(0)
    bridge.service.problem = ConfigError(
        Text("{key} is neither a setting nor a credential.", key="provider"),
        Text("Did you mean {name}?", name="providers"),
        file="/home/me/.config/proxycast/config.yaml",
        line=12,
        column=3,
    )
    bridge.proxy.failure = PortTaken(
        Text("Port {port} is in use by {owner}.", port=8999, owner="python3 (pid 4711)"),
        Text("Stop that program, or choose another port with --port or in the settings."),
    )
    bridge.changed.emit()
    return window


SCENES: tuple[Scene, ...] = (
    pool,
    pool_buttons,
    pool_many,
    pool_keyboard,
    pool_nothing_found,
    pool_empty,
    pool_demo,
    toast,
    settings,
    settings_end,
    about,
    renew_token,
    banners,
    *CREDENTIAL_SCENES,
)


async def photograph(app: QApplication, home: Path, folder: Path, size: QSize, only: str) -> int:
    """Take the pictures of the scenes whose names hold `only`."""
    places = Places.find({"PROXYCAST_HOME": str(home)})
    language, theme = Language(app, LanguageChoice.ENGLISH), Theme(app, ThemeChoice.LIGHT)
    remember(places)
    for spoken, colours in looks():
        language.choose(spoken)
        theme.choose(colours)
        for scene in SCENES:
            if only not in scene.__name__:
                continue
            (home / "config.yaml").write_text(SAMPLE, encoding="utf-8")
            service = assemble(places, translate=language.translate, environment=VARIABLES)
            bridge = Bridge(service, theme, language, PreferencesFile(home), places)
            await service.load()
            await service.start_proxy(port=0)
            live_in(bridge)
            window = MainWindow(bridge)
            window.resize(size)
            window.show()
            await asyncio.sleep(SETTLE)
            shown = scene(bridge, window)
            await asyncio.sleep(SETTLE)
            for number, picture in enumerate((shown, *open_dialogs(app))):
                picture.grab().save(str(folder / f"{scene.__name__}-{number}-{spoken}-{colours}.png"))
            await bridge.close()
            await service.close()
            window.deleteLater()
    return 0


def live_in(bridge: Bridge) -> None:
    """Let the credentials have been checked."""
    now = time.time()
    pool, checks = bridge.service.pool, bridge.pool.checks
    for name, works, seconds, sentence in (
        ("work", True, 0.843, Text("The key works: {model} answered.", model="claude-haiku-5-5")),
        ("智谱 GLM", True, 1.27, Text("The key works: {model} answered.", model="claude-haiku-5-5")),
        (
            "DeepSeek",
            False,
            0.31,
            Text("The account of this key cannot pay for a message. Check billing with the service."),
        ),
    ):
        outcome = ProbeResult(works=works, model="m", status=200, seconds=seconds, sentence=sentence)
        credential = pool.by_name(name)
        checks._results[credential.id] = Checked(credential=credential, at=now - 130 * seconds, outcome=outcome)


def remember(places: Places) -> None:
    """Let the credentials have been used for a while."""
    journal, now = Journal(places.journal), time.time()
    for name, uses, errors, last in (("work", 1_284, 0, 8), ("智谱 GLM", 207, 3, 5_400), ("DeepSeek", 96, 12, 86_400)):
        for number in range(uses):
            failed = number < errors
            journal.record(
                Exchange(
                    started=now - last - number,
                    credential=name,
                    credential_id=derived_id(name),
                    path="/v1/messages",
                    model="claude-haiku-5-5",
                    status=500 if failed else 200,
                    error="api_error" if failed else None,
                    first_byte=0.4,
                    duration=0.9,
                    request_bytes=900,
                    response_bytes=2_000,
                    usage=None,
                )
            )
    journal.close()


def looks() -> Iterator[tuple[LanguageChoice, ThemeChoice]]:
    """Every language in every theme."""
    for spoken in (LanguageChoice.CHINESE, LanguageChoice.ENGLISH):
        for colours in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            yield spoken, colours


def open_dialogs(app: QApplication) -> list[QWidget]:
    """The dialogs and menus that are open."""
    return [one for one in app.topLevelWidgets() if isinstance(one, QDialog | QMenu) and one.isVisible()]


def main() -> None:
    """Take the pictures into the folder that is given, else into a fresh one, and say which."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--size", default="1040x720")
    parser.add_argument("--scale", default="1")
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="proxycast-pictures-"))
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["QT_SCALE_FACTOR"] = given.scale
    width, height = (int(part) for part in given.size.split("x"))
    app = make_application()
    with tempfile.TemporaryDirectory() as home:
        loop.run(app, photograph(app, Path(home), folder, QSize(width, height), given.only))
    print(folder)  # noqa: T201


if __name__ == "__main__":
    main()
