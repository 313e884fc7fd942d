"""The menu of a card, or of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from proxycast.desktop.pages.pool.actions import PoolActions
from proxycast.desktop.pages.pool.entries import Entry, Standing
from proxycast.desktop.theme import Theme


class CardMenu(QMenu):
    """What can be done with these entries; `move` is given by how many places one goes down. Deletes itself."""

    def __init__(
        self,
        parent: QWidget,
        theme: Theme,
        entries: Sequence[Entry],
        actions: PoolActions,
        move: Callable[[int], None] | None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if len(entries) > 1:
            self._for_many(entries, actions)
        elif entries[0].of_session:
            self._for_demo(entries[0], actions)
        else:
            self._for_one(entries[0], actions, move)

    def _for_one(self, entry: Entry, actions: PoolActions, move: Callable[[int], None] | None) -> None:
        enabled = entry.credential.enabled
        self._use_and_check(entry, actions)
        if entry.standing is Standing.DESTINATION_CHANGED:
            self._add("unlock", self.tr("Confirm destination"), lambda: actions.confirm(entry))
        self.addSeparator()
        self._add("edit", self.tr("Edit"), lambda: actions.edit(entry), "F2")
        self._add("duplicate", self.tr("Duplicate"), lambda: actions.duplicate(entry), "Ctrl+D")
        self._add("copy", self.tr("Copy dedicated address"), lambda: actions.copy_address(entry))
        word = self.tr("Disable") if enabled else self.tr("Enable")
        self._add(
            "status-off" if enabled else "ok",
            word,
            lambda: actions.set_enabled([entry], enabled=not enabled),
            self.tr("Space"),
        )
        if move is not None:
            self.addSeparator()
            self._add("arrow-up", self.tr("Move up"), lambda: move(-1), "Alt+↑")
            self._add("arrow-down", self.tr("Move down"), lambda: move(1), "Alt+↓")
        self.addSeparator()
        self._add("delete", self.tr("Delete"), lambda: actions.delete([entry]), self.tr("Del"), role="error")

    def _for_demo(self, entry: Entry, actions: PoolActions) -> None:
        self._use_and_check(entry, actions)
        self.addSeparator()
        self._add("stop", self.tr("End the demo"), actions.end_demo, self.tr("Del"))

    def _for_many(self, entries: Sequence[Entry], actions: PoolActions) -> None:
        self._add("check", self.tr("Check"), lambda: actions.check(entries), "F5")
        self.addSeparator()
        self._add("ok", self.tr("Enable"), lambda: actions.set_enabled(entries, enabled=True))
        self._add("status-off", self.tr("Disable"), lambda: actions.set_enabled(entries, enabled=False))
        self.addSeparator()
        self._add("delete", self.tr("Delete"), lambda: actions.delete(entries), self.tr("Del"), role="error")

    def _use_and_check(self, entry: Entry, actions: PoolActions) -> None:
        if not entry.in_use:
            self._add("tick", self.tr("Use"), lambda: actions.use(entry), self.tr("Enter"))
        if entry.standing is Standing.CHECKING:
            self._add("stop", self.tr("Stop checking"), lambda: actions.cancel([entry]), "F5")
        else:
            self._add("check", self.tr("Check"), lambda: actions.check([entry]), "F5")
        self._add("info", self.tr("Check details…"), lambda: actions.show_check(entry), "F6")

    def _add(self, icon: str, text: str, act: Callable[[], None], keys: str = "", *, role: str = "quiet") -> None:
        made = self.addAction(self._theme.icon(icon, role), f"{text}\t{keys}" if keys else text)
        made.triggered.connect(lambda _checked: act())
