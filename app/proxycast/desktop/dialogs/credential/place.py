"""Where the secret will be kept, and what can be done if that place is locked or lasts for this session only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from PySide6.QtCore import QCoreApplication

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.dialogs.credential.fields import Remark
from proxycast.desktop.dialogs.vault import VaultDialog
from proxycast.desktop.widgets.buttons import Rank, button
from proxycast.desktop.widgets.dialogs import answer
from proxycast.model.errors import ProxyCastError
from proxycast.store.secrets import Place, PlaceKind


class PlaceLine(Remark):
    """One line: where a secret that is entered now would be kept."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._task: asyncio.Task[object] | None = None
        self.unlock = button(QCoreApplication.translate("PlaceLine", "Unlock"), Rank.LINK, self._unlock)
        self.vault = button(QCoreApplication.translate("PlaceLine", "Keep it encrypted…"), Rank.LINK, self._make_vault)
        for action in (self.unlock, self.vault):
            action.setProperty("edge", "right")
        super().__init__(bridge.theme, self.unlock, self.vault)
        self.unlock.hide()
        self.vault.hide()

    async def look(self) -> None:
        """Ask where secrets would go now, and show it."""
        self._show(await self._bridge.service.secrets.place())

    def _show(self, place: Place) -> None:
        self.unlock.setVisible(place.problem is not None)
        self.vault.setVisible(place.problem is None and not place.saved)
        if place.problem is not None:
            self.say(self._bridge.say(place.problem))
        elif not place.saved:
            self.say(self.tr("No system keyring: the key is not saved, and is gone when you quit."))
        elif place.kind is PlaceKind.VAULT:
            self.say(self.tr("Kept in a file encrypted with your passphrase."), "lock", "quiet")
        else:
            self.say(
                self.tr("Kept in {place}, never in a file.").format(place=self._bridge.say(place.label)),
                "lock",
                "quiet",
            )

    def abandon(self) -> None:
        """End what is under way: the dialog closes."""
        if self._task is not None:
            self._task.cancel()

    def _unlock(self) -> None:
        work = self._settle(self._bridge.service.secrets.unlock)
        self._task = self._bridge.start(work, name="unlock the place for secrets")

    def _make_vault(self) -> None:
        async def work() -> None:
            dialog = VaultDialog(self._bridge, self)
            if await answer(dialog):
                passphrase = dialog.passphrase.entered
                await self._settle(lambda: self._bridge.service.secrets.create_vault(passphrase))

        self._task = self._bridge.start(work(), name="make the vault")

    async def _settle(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something about the place, and show what it is then, or what went wrong."""
        self.setEnabled(False)
        try:
            await work()
            await self.look()
        except ProxyCastError as error:
            self.say(self._bridge.say(error))
        self.setEnabled(True)  # not after a cancellation: then this is gone
