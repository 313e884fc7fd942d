"""Pictures of every page in both languages and both themes, to be looked at: `python tests/screenshots.py FOLDER`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "app")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication  # noqa: E402

from proxycast.desktop import loop  # noqa: E402
from proxycast.desktop.app import make_application  # noqa: E402
from proxycast.desktop.bridge import Bridge, Tone  # noqa: E402
from proxycast.desktop.language import Language  # noqa: E402
from proxycast.desktop.preferences import LanguageChoice, PreferencesFile  # noqa: E402
from proxycast.desktop.theme import Theme, ThemeChoice  # noqa: E402
from proxycast.desktop.window import MainWindow  # noqa: E402
from proxycast.service.assembly import assemble  # noqa: E402
from proxycast.store.paths import Places  # noqa: E402

SAMPLE = """\
server: {port: 8999}
selected: work
providers:
  - {name: work, type: claude-custom, api_key: "${ANTHROPIC_API_KEY}"}
  - {name: 智谱 GLM, type: claude-custom, api_key: "${GLM_KEY}", base_url: "https://open.bigmodel.cn/api/anthropic"}
  - {name: DeepSeek, type: claude-custom, api_key: "${DEEPSEEK_KEY}", base_url: "https://api.deepseek.com/anthropic"}
  - {name: gateway, type: claude-custom, api_key: "${GATEWAY}", base_url: "https://llm.example.com", enabled: false}
  - {name: bedrock-claude, type: claude-custom, aws_region: us-east-1, aws_profile: claude}
"""


async def photograph(app: QApplication, home: Path, folder: Path) -> int:
    """Take all pictures."""
    places = Places.find({"PROXYCAST_HOME": str(home)})
    (home / "config.yaml").write_text(SAMPLE, encoding="utf-8")
    language, theme = Language(app, LanguageChoice.ENGLISH), Theme(app, ThemeChoice.LIGHT)
    service = assemble(places, translate=language.translate, environment={})
    bridge = Bridge(service, theme, language, PreferencesFile(home), places)
    await service.load()
    for lang in (LanguageChoice.ENGLISH, LanguageChoice.CHINESE):
        for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            language.choose(lang)
            theme.choose(choice)
            window = MainWindow(bridge)
            window.show()
            for page, name in enumerate(("pool", "settings", "about")):
                window.show_page(page)
                if page == 0:
                    bridge.tell("Copied", Tone.OK, "Undo", lambda: None)
                await asyncio.sleep(0.3)
                window.grab().save(str(folder / f"{name}-{lang.value}-{choice.value}.png"))
            window.hide()
            window.deleteLater()
    await bridge.close()
    await service.close()
    return 0


def main() -> None:
    """Take the pictures into the folder that is given, else into a fresh one, and say which."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="proxycast-pictures-"))
    folder.mkdir(parents=True, exist_ok=True)
    app = make_application()
    with tempfile.TemporaryDirectory() as home:
        loop.run(app, photograph(app, Path(home), folder))
    print(folder)  # noqa: T201


if __name__ == "__main__":
    main()
