"""Pictures of every page and dialog in both languages and both themes, for people to look at.

`python tests/screenshots.py [FOLDER] [--size 1040x720] [--scale 1.5] [--only settings] [--port 8999]`
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "app")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QSize, Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget  # noqa: E402
from tests.activity_scenes import SCENES as ACTIVITY_SCENES  # noqa: E402
from tests.clients_scenes import SCENES as CLIENTS_SCENES  # noqa: E402
from tests.credential_scenes import SCENES as CREDENTIAL_SCENES  # noqa: E402
from tests.settings_scenes import SCENES as SETTINGS_SCENES  # noqa: E402
from tests.tray_scenes import SCENES as TRAY_SCENES  # noqa: E402

from proxycast.check.report import Finding, Offer, Report, Stage, State  # noqa: E402
from proxycast.desktop import loop  # noqa: E402
from proxycast.desktop.app import make_application  # noqa: E402
from proxycast.desktop.bridge import Bridge  # noqa: E402
from proxycast.desktop.checking.dialog import CheckDialog  # noqa: E402
from proxycast.desktop.language import Language  # noqa: E402
from proxycast.desktop.pages.pool.entries import host_of  # noqa: E402
from proxycast.desktop.preferences import LanguageChoice, PreferencesFile  # noqa: E402
from proxycast.desktop.theme import Theme, ThemeChoice  # noqa: E402
from proxycast.desktop.window import CLIENTS, SETTINGS, MainWindow  # noqa: E402
from proxycast.model.credential import Credential, Kind  # noqa: E402
from proxycast.model.errors import ConfigError, PortTaken  # noqa: E402
from proxycast.model.exchange import Exchange, Usage  # noqa: E402
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
    bridge.pool.demo.begin(bridge.language.name)
    QTimer.singleShot(150, window, window.pool.list.scrollToBottom)
    return window


def pool_long(bridge: Bridge, window: MainWindow) -> QWidget:
    """A credential whose name and host are longer than a card is wide."""
    long = Credential(
        id="long",
        name="团队共享的备用网关，仅限夜间批处理任务使用 (the spare gateway of the whole research team)",
        kind=Kind.COMPATIBLE,
        base_url="https://anthropic-messages.gateway.research.eu-central-1.internal.example.com/team/v1",
    )
    bridge.service.attach(long)
    window.pool.list.reveal([long.name])
    return window


def clients_long(bridge: Bridge, window: MainWindow) -> QWidget:
    """The lines for clients of such a credential."""
    pool_long(bridge, window)
    window.show_page(CLIENTS)
    return window


def check_long(bridge: Bridge, window: MainWindow) -> QWidget:
    """The check of such a credential."""
    pool_long(bridge, window)
    dialog = CheckDialog(bridge, bridge.service.pool.credentials[-1], window)
    dialog.open()
    return dialog


def toast(bridge: Bridge, window: MainWindow) -> QWidget:
    """A card was deleted, and can be had back."""
    window.pool.list.reveal(["gateway"])
    QTest.keyClick(window.pool.list, Qt.Key.Key_Delete)
    return window


def settings(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(SETTINGS)
    return window


def settings_end(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(SETTINGS)
    bar = window.settings.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    return window


def about(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(SETTINGS + 1)
    return window


def renew_token(bridge: Bridge, window: MainWindow) -> QWidget:
    window.show_page(SETTINGS)
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


def check_works(bridge: Bridge, window: MainWindow) -> QWidget:
    """The dialog of a check that went well."""
    dialog = CheckDialog(bridge, bridge.service.pool.by_name("work"), window)
    dialog.open()
    return dialog


def check_price(bridge: Bridge, window: MainWindow) -> QWidget:
    """A check asks whether it may send what is billed."""
    bridge.pool.demo.begin(bridge.language.name)

    def open_dialog() -> None:
        selected = bridge.service.pool.selected
        assert selected is not None
        CheckDialog(bridge, selected, window).open()

    QTimer.singleShot(80, window, open_dialog)
    return window


def check_fails(bridge: Bridge, window: MainWindow) -> QWidget:
    """The dialog of a check that found something, with a limit to wait for."""
    dialog = CheckDialog(bridge, bridge.service.pool.by_name("DeepSeek"), window)
    dialog.open()
    return dialog


SCENES: tuple[Scene, ...] = (
    pool,
    pool_buttons,
    pool_many,
    pool_keyboard,
    pool_nothing_found,
    pool_empty,
    pool_demo,
    pool_long,
    clients_long,
    check_long,
    toast,
    settings,
    settings_end,
    about,
    renew_token,
    banners,
    check_works,
    check_fails,
    check_price,
    *CLIENTS_SCENES,
    *ACTIVITY_SCENES,
    *SETTINGS_SCENES,
    *CREDENTIAL_SCENES,
    *TRAY_SCENES,
)


class Staged(NamedTuple):
    """A scene that is on: its name, its look, the windows that it shows, and the words in it that are the user's."""

    scene: str
    spoken: LanguageChoice
    colours: ThemeChoice
    shown: tuple[QWidget, ...]
    of_user: frozenset[str]


Look = tuple[LanguageChoice, ThemeChoice]


async def staged(
    app: QApplication,
    home: Path,
    size: QSize,
    looks: Iterable[Look],
    *,
    only: str = "",
    settle: float = SETTLE,
    port: int = 0,
) -> AsyncIterator[Staged]:
    """The scenes whose names hold `only`, one after the other, in every look."""
    places = Places.find({"PROXYCAST_HOME": str(home)})
    language, theme = Language(app, LanguageChoice.ENGLISH), Theme(app, ThemeChoice.LIGHT)
    remember(places)
    remembered = places.journal.read_bytes()
    for spoken, colours in looks:
        language.choose(spoken)
        theme.choose(colours)
        for scene in SCENES:
            if only not in scene.__name__:
                continue
            for part in ("", "-wal", "-shm"):
                places.journal.with_name(places.journal.name + part).unlink(missing_ok=True)
            places.journal.write_bytes(remembered)
            (home / "config.yaml").write_text(SAMPLE, encoding="utf-8")
            service = assemble(places, translate=language.translate, environment=VARIABLES)
            bridge = Bridge(service, theme, language, PreferencesFile(home), places)
            await service.load()
            await service.start_proxy(port=port)
            live_in(bridge)
            window = MainWindow(bridge)
            window.resize(size)
            window.show()
            await asyncio.sleep(settle)
            shown = scene(bridge, window)
            await asyncio.sleep(settle)
            yield Staged(scene.__name__, spoken, colours, (shown, *open_dialogs(app)), of_user(bridge))
            await bridge.close()
            await service.close()
            window.deleteLater()


def of_user(bridge: Bridge) -> frozenset[str]:
    """The names and hosts of the credentials."""
    return frozenset(word for one in bridge.service.pool.credentials for word in (one.name, host_of(one)) if word)


async def photograph(app: QApplication, home: Path, folder: Path, size: QSize, *, only: str, port: int) -> int:
    """Take the pictures of the scenes whose names hold `only`."""
    async for stage in staged(app, home, size, looks(), only=only, port=port):
        for number, picture in enumerate(stage.shown):
            picture.grab().save(str(folder / f"{stage.scene}-{number}-{stage.spoken}-{stage.colours}.png"))
    return 0


def live_in(bridge: Bridge) -> None:
    """Let the credentials have been checked."""
    now = time.time()
    pool, checks = bridge.service.pool, bridge.pool.checks
    for name, failing, seconds in (("work", False, 0.843), ("智谱 GLM", False, 1.27), ("DeepSeek", True, 0.31)):
        credential = pool.by_name(name)
        checks.keep(credential, report(now - 130 * seconds, seconds, failing=failing))


def report(at: float, seconds: float, *, failing: bool) -> Report:
    """A check of a service that works, or of one that wants money."""
    host = "api.anthropic.com"
    values = {"issuer": "Google Trust Services", "names": host, "date": "2027-01-20"}
    found = [
        (Stage.CONFIGURATION, "valid", Text("Requests go to {url}.", url=f"https://{host}"), 0.0),
        (Stage.SECRET, "readable", Text("The key is there and can be sent."), 0.004),
        (Stage.DNS, "resolved", Text("{host} resolves to {addresses}.", host=host, addresses="160.79.104.10"), 0.021),
        (Stage.TCP, "connected", Text("{host}:{port} accepts connections.", host=host, port=443), 0.031),
        (Stage.TLS, "trusted", Text("Issued by {issuer} for {names} until {date}.", **values), 0.064),
    ]
    findings = [
        Finding(stage=stage, state=State.PASSED, key=f"{stage}.{key}", evidence=evidence, seconds=took)
        for stage, key, evidence, took in found
    ]
    if failing:
        evidence = Text("The account of this key has no credit left, or cannot be billed.")
        findings.append(
            Finding(
                stage=Stage.AUTHENTICATION,
                state=State.FAILED,
                key="authentication.billing",
                evidence=evidence,
                remedy=Text("Look at the billing page of {host}'s console, and top it up.", host=host),
                said="Your credit balance is too low to access the API.",
                seconds=0.18,
            )
        )
        return Report(findings=tuple(findings), sentence=evidence, model="claude-haiku-5-5", at=at, seconds=seconds)
    rest = [
        (Stage.AUTHENTICATION, "accepted", Text("{host} accepts the key.", host=host), 0.18),
        (Stage.AUTH_HEADER, "either", Text("The key is taken as x-api-key and as Authorization: Bearer."), 0.2),
        (Stage.MODEL, "usable", Text("{model} can be used.", model="claude-haiku-5-5"), 0.11),
        (Stage.COUNT_TOKENS, "counted", Text("It counted {count} tokens.", count=8), 0.0),
        (Stage.MESSAGE, "answered", Text("{model} answered.", model="claude-haiku-5-5"), 0.61),
        (
            Stage.STREAM,
            "streamed",
            Text("{count} events, the first after {seconds} s.", count=34, seconds="0.48"),
            0.93,
        ),
        (Stage.USAGE, "told", Text("{sent} tokens in, {received} out.", sent=8, received=1), 0.0),
    ]
    findings += [
        Finding(stage=stage, state=State.PASSED, key=f"{stage}.{key}", evidence=evidence, seconds=took)
        for stage, key, evidence, took in rest
    ]
    return Report(
        findings=tuple(findings),
        sentence=Text("The key works: {model} answered.", model="claude-haiku-5-5"),
        model="claude-haiku-5-5",
        at=at,
        seconds=seconds,
        offers=(Offer(field="auth", value="bearer", sentence=Text("Send the key as {header}", header="x-api-key")),),
    )


def remember(places: Places) -> None:
    """Let the credentials have been used for a while."""
    journal, now, chance = Journal(places.journal), time.time(), random.Random(7)
    models = ("claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5")
    faults = (
        (529, "overloaded_error"),
        (429, "rate_limit_error"),
        (502, "cannot_connect"),
        (401, "authentication_error"),
    )
    used = (("work", 1_284, 9, 0.004), ("智谱 GLM", 407, 1_500, 0.02), ("DeepSeek", 196, 40, 0.09))
    moments = [
        (now - since - chance.random() ** 1.6 * 6.8 * 86_400, name, trouble)
        for name, uses, since, trouble in used
        for _ in range(uses)
    ]
    for started, name, trouble in sorted(moments):
        failed, cancelled = chance.random() < trouble, chance.random() < 0.02
        status, error = chance.choice(faults) if failed else (200, "client_gone" if cancelled else None)
        sent = chance.randint(900, 90_000)
        usage = Usage(input_tokens=sent // 9, cache_read_input_tokens=sent, output_tokens=chance.randint(40, 2_400))
        journal.record(
            Exchange(
                started=started,
                credential=name,
                credential_id=derived_id(name),
                path="/v1/messages",
                model=chance.choice(models) if name == "work" else "glm-5" if name == "智谱 GLM" else "deepseek-chat",
                status=status,
                error=error,
                first_byte=None if error == "cannot_connect" else chance.lognormvariate(-0.4, 0.5),
                duration=chance.lognormvariate(1.6, 1.0),
                request_bytes=4 * sent,
                response_bytes=chance.randint(500, 60_000),
                usage=None if failed else usage,
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
    parser.add_argument("--port", type=int, default=0, help="of the proxy: 8999 for pictures that others see")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="proxycast-pictures-"))
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["QT_SCALE_FACTOR"] = given.scale
    width, height = (int(part) for part in given.size.split("x"))
    app = make_application()
    with tempfile.TemporaryDirectory() as home:
        loop.run(app, photograph(app, Path(home), folder, QSize(width, height), only=given.only, port=given.port))
    print(folder)  # noqa: T201


if __name__ == "__main__":
    main()
