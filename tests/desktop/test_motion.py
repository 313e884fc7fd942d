"""What moves, and that nothing does where the platform or the user asks for less. In the end, both look the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from tests.desktop.opened import open_window, until
from tests.desktop.pool_cards import cards_of, config, focus, names, press, service_of, shown
from tests.fakes.answers import Behaviour
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.session_bus import portal
from tests.keyring.conftest import inside
from tests.keyring.secret_service import SecretService

from proxycast.check.report import Finding, Report, Stage, State
from proxycast.desktop import motion as motions
from proxycast.desktop.checking.stages import StageList
from proxycast.desktop.dialogs.credential import CredentialDialog
from proxycast.desktop.motion import Glide, Motion
from proxycast.desktop.preferences import PreferencesFile
from proxycast.desktop.window import SETTINGS, MainWindow
from proxycast.model.text import Text

LEFT = Qt.MouseButton.LeftButton
MOMENT = motions._MOMENT
REDUCED = {"org.freedesktop.appearance": {"reduced-motion": ("u", 1)}}
MANY = [f"credential-{number}" for number in range(4)]


@pytest.fixture(autouse=True)
def longer_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a machine that is busy sees it too."""
    monkeypatch.setattr(motions, "_MOMENT", 400)


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[MainWindow]:
    async with open_window(tmp_path, config("https://llm.example.com", MANY)) as window:
        yield window


def motion_of(window: MainWindow) -> Motion:
    return window._bridge.theme.motion


async def pictures(widget: QWidget, act: Callable[[], object]) -> list[QImage]:
    """The different pictures of a widget from an action on, until nothing is on the way any more."""
    act()
    for _ in range(3):
        QApplication.processEvents()  # layouts, and what waits for them
    seen = [widget.grab().toImage()]
    while any(one.state() is Glide.State.Running for one in widget.window().findChildren(Glide)):
        await asyncio.sleep(0.01)
        now = widget.grab().toImage()
        if now != seen[-1]:
            seen.append(now)
    return seen


async def in_both(window: MainWindow, widget: QWidget, act: Callable[[], object], undo: Callable[[], object]) -> None:
    """Where nothing moves an action has one picture; where things do it has several, the last of which is that one."""
    motion_of(window).choose(still=True)
    still = await pictures(widget, act)
    assert len(still) == 1
    await pictures(widget, undo)
    motion_of(window).choose(still=False)
    moving = await pictures(widget, act)
    assert len(moving) > 2
    assert moving[-1] == still[0]


async def test_nothing_moves_before_the_platform_has_answered_and_then_for_a_moment(window: MainWindow) -> None:
    motion, told = motion_of(window), []
    motion.changed.connect(lambda: told.append(motion.duration))
    assert motion.duration == 0
    await motion.ask_platform()
    await motion.ask_platform()
    assert told == [motion.duration]
    assert 0 < MOMENT <= 200


async def test_nothing_moves_where_the_desktop_asks_for_less(monkeypatch: pytest.MonkeyPatch) -> None:
    motion = Motion()
    with inside(SecretService, monkeypatch):
        await motion.ask_platform()
        assert motion.duration > 0
        with portal(REDUCED):
            await motion.ask_platform()
            assert motion.duration == 0
        await motion.ask_platform()
        assert motion.duration > 0


async def test_the_setting_stops_all_motion_at_once_and_is_remembered(window: MainWindow, tmp_path: Path) -> None:
    await motion_of(window).ask_platform()
    window.show_page(SETTINGS)
    QTest.mouseClick(window.settings.look.still, LEFT)
    assert motion_of(window).duration == 0
    await motion_of(window).ask_platform()
    assert motion_of(window).duration == 0
    await until(lambda: PreferencesFile(tmp_path).load().still)
    QTest.mouseClick(window.settings.look.still, LEFT)
    assert motion_of(window).duration > 0


async def test_what_is_out_of_sight_takes_one_step(window: MainWindow) -> None:
    await motion_of(window).ask_platform()
    place = QWidget(window)
    glide = Glide(motion_of(window), place)
    steps: list[float] = []
    glide.valueChanged.connect(steps.append)
    glide.go_to(1.0)
    assert (glide.value, steps) == (1.0, [1.0])
    place.show()
    glide.go_to(0.0)
    assert glide.value == 1.0
    place.hide()
    await until(lambda: glide.state() is Glide.State.Stopped, patience=0.1)
    assert glide.value == 0.0


async def test_the_knob_of_a_switch_slides_while_what_it_switches_is_done(window: MainWindow) -> None:
    await motion_of(window).ask_platform()
    window.show_page(SETTINGS)
    switch = window.settings.startup.start_proxy
    await in_both(window, switch, lambda: switch.setChecked(False), lambda: switch.setChecked(True))
    switch.setChecked(True)
    QTest.mouseClick(switch, LEFT)
    assert not window._bridge.preferences.start_proxy


async def test_a_message_comes_up_from_the_foot_of_the_window(window: MainWindow) -> None:
    await motion_of(window).ask_platform()
    await in_both(window, window, lambda: window._bridge.tell("Address copied"), window.toast.hide)


async def test_cards_go_to_their_new_places_while_the_order_is_new_already(window: MainWindow) -> None:
    await motion_of(window).ask_platform()
    cards = cards_of(window)

    def show(order: list[str]) -> None:
        entries = {one.name: one for one in cards.cards.entries}
        cards.show_entries([entries[name] for name in order])
        assert shown(window) == order

    await in_both(window, cards.viewport(), lambda: show(MANY[::-1]), lambda: show(MANY))


async def test_a_deleted_card_leaves_a_gap_that_closes_and_comes_up_again(window: MainWindow) -> None:
    await motion_of(window).ask_platform()
    deletions, viewport = window._bridge.pool.deletions, cards_of(window).viewport()
    deletions.delete([MANY[1]])
    deletions.undo()
    await in_both(window, viewport, lambda: deletions.delete([MANY[1]]), deletions.undo)
    await in_both(window, viewport, deletions.undo, lambda: deletions.delete([MANY[1]]))
    deletions.undo()


async def test_a_card_that_the_keyboard_moves_is_moved_at_once(window: MainWindow) -> None:
    await motion_of(window).ask_platform()
    await focus(window, MANY[0])
    press(window, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    await until(lambda: names(window)[:2] == [MANY[1], MANY[0]])
    assert shown(window) == names(window)


async def test_a_search_moves_nothing(window: MainWindow) -> None:
    await motion_of(window).ask_platform()
    found = await pictures(cards_of(window).viewport(), lambda: window.pool.top.search.setText(MANY[2]))
    assert len(found) == 1


async def test_what_is_unfolded_scrolls_into_sight(window: MainWindow) -> None:
    await motion_of(window).ask_platform()
    dialog = CredentialDialog(window._bridge, window)
    dialog.resize(680, 560)
    dialog.open()
    await until(dialog.form.place.words.text)
    fold = dialog.form.fold
    await in_both(window, dialog.area, fold.head.click, fold.head.click)
    seen = fold.mapTo(dialog.area, fold.rect().topLeft()).y()
    assert 0 <= seen < dialog.area.height() / 3
    dialog.done(0)


async def test_the_steps_of_a_check_scroll_to_the_latest_and_those_of_a_past_one_do_not(window: MainWindow) -> None:
    await motion_of(window).ask_platform()
    stages = StageList(window._bridge)
    stages.resize(400, 120)
    stages.show()
    report = Report(findings=tuple(map(passed, Stage)), sentence=Text("It works."), model=None, at=0.0, seconds=1.0)

    def run() -> None:
        for finding in report.findings:
            stages.found(finding)

    await in_both(window, stages, run, stages.clear)
    bar = stages.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    assert len(await pictures(stages, lambda: stages.show_report(report))) == 1
    assert bar.value() == 0
    stages.deleteLater()


def passed(stage: Stage) -> Finding:
    """A stage that went well."""
    return Finding(stage=stage, state=State.PASSED, key=f"{stage}.fine", evidence=Text("It is fine."))


async def test_the_marks_of_running_checks_turn_only_while_they_are_seen_and_things_move(
    tmp_path: Path, fake_api: FakeMessagesApi
) -> None:
    async with open_window(tmp_path, config(fake_api.base_url, ["one"])) as window:
        await motion_of(window).ask_platform()
        cards, checks = cards_of(window), window._bridge.pool.checks
        fake_api.enqueue(Behaviour(head_delay=60))
        checks.check(service_of(window).pool.credentials)
        await until(cards._turning.isActive)
        motion_of(window).choose(still=True)
        assert not cards._turning.isActive()
        assert len(await turning(cards.viewport())) == 1
        motion_of(window).choose(still=False)
        assert len(await turning(cards.viewport())) > 2
        window.show_page(SETTINGS)
        assert not cards._turning.isActive()
        checks.cancel_all()
        await until(lambda: not checks.running)


async def turning(widget: QWidget) -> list[QImage]:
    """Pictures of what never comes to rest."""
    seen: list[QImage] = []
    for _ in range(4):
        seen += [one for one in [widget.grab().toImage()] if one not in seen]
        await asyncio.sleep(0.1)
    return seen
