"""Pictures of every page and dialog in both languages and both themes, for people to look at.

`python tests/screenshots.py [FOLDER] [--size 1040x720] [--scale 1.5] [--only settings]`
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "app")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSize  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QWidget  # noqa: E402

from proxycast.desktop import loop  # noqa: E402
from proxycast.desktop.app import make_application  # noqa: E402
from proxycast.desktop.bridge import Bridge, Tone  # noqa: E402
from proxycast.desktop.language import Language  # noqa: E402
from proxycast.desktop.preferences import LanguageChoice, PreferencesFile  # noqa: E402
from proxycast.desktop.theme import Theme, ThemeChoice  # noqa: E402
from proxycast.desktop.window import MainWindow  # noqa: E402
from proxycast.model.errors import ConfigError, PortTaken  # noqa: E402
from proxycast.model.text import Text  # noqa: E402
from proxycast.service.assembly import assemble  # noqa: E402
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
SETTLE = 0.3
"""Seconds until what a scene started is to be seen."""

Scene = Callable[[Bridge, MainWindow], QWidget]
"""Puts something on show and returns the widget to take a picture of."""


def pool(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(0)
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


SCENES: tuple[Scene, ...] = (pool, toast, settings, settings_end, about, renew_token, banners)


async def photograph(app: QApplication, home: Path, folder: Path, size: QSize, only: str) -> int:
    """Take the pictures of the scenes whose names hold `only`."""
    (home / "config.yaml").write_text(SAMPLE, encoding="utf-8")
    places = Places.find({"PROXYCAST_HOME": str(home)})
    language, theme = Language(app, LanguageChoice.ENGLISH), Theme(app, ThemeChoice.LIGHT)
    for spoken, colours in looks():
        language.choose(spoken)
        theme.choose(colours)
        for scene in SCENES:
            if only not in scene.__name__:
                continue
            service = assemble(places, translate=language.translate, environment={})
            bridge = Bridge(service, theme, language, PreferencesFile(home), places)
            await service.load()
            await service.start_proxy(port=0)
            window = MainWindow(bridge)
            window.resize(size)
            window.show()
            shown = scene(bridge, window)
            await asyncio.sleep(SETTLE)
            for number, picture in enumerate((shown, *open_dialogs(app))):
                picture.grab().save(str(folder / f"{scene.__name__}-{number}-{spoken}-{colours}.png"))
            await bridge.close()
            await service.close()
            window.deleteLater()
    return 0


def looks() -> Iterator[tuple[LanguageChoice, ThemeChoice]]:
    """Every language in every theme."""
    for spoken in (LanguageChoice.CHINESE, LanguageChoice.ENGLISH):
        for colours in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            yield spoken, colours


def open_dialogs(app: QApplication) -> list[QWidget]:
    """The dialogs that are open."""
    return [one for one in app.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]


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
