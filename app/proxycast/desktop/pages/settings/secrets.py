"""Settings of what is secret: the keyring's state and the client token."""

from __future__ import annotations

from operator import itemgetter

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent

from proxycast.desktop import fonts
from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.dialogs.vault import ChangePassphraseDialog, VaultDialog
from proxycast.desktop.pages.settings.group import Group
from proxycast.desktop.widgets.buttons import Rank, button, icon_button
from proxycast.desktop.widgets.dialogs import answer, confirm
from proxycast.desktop.widgets.fields import Select
from proxycast.desktop.widgets.frames import FormRow, held, row_of
from proxycast.desktop.widgets.labels import Badge, ElidedLabel
from proxycast.model.errors import KeyringDismissed, KeyringLocked, KeyringSilent, ProxyCastError, VaultLocked
from proxycast.model.secret import Secret
from proxycast.store.secrets import Place, PlaceKind

_HIDDEN = "••••••••••••••••"


class SecretsGroup(Group):
    """Where secrets are kept, and the token that clients show."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(self.tr("Security"))
        self._bridge = bridge
        self._token: Secret | None = None
        theme = bridge.theme
        self.badge = Badge(self.tr("Looking…"))
        self.unlock = button(self.tr("Unlock"), on_click=self._unlock)
        self.unlock.hide()
        self.vault = button(self.tr("Keep encrypted…"), on_click=self.make_vault)
        self.vault.hide()
        self.change = button(self.tr("Change passphrase…"), on_click=self._change_passphrase)
        self.change.hide()
        actions = row_of(self.badge, self.unlock, self.vault, self.change)
        self.keyring = FormRow(self.tr("Where keys are kept"), held(actions))
        self.token = ElidedLabel(_HIDDEN)
        self.token.setFont(fonts.fixed())
        self.token.setMinimumWidth(150)
        self.token.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.eye = icon_button(theme, "eye", self.tr("Show the client token"), self._turn)
        self.copy = icon_button(theme, "copy", self.tr("Copy the client token"), self._copy)
        self.rotate = button(self.tr("Renew…"), on_click=self._ask_to_rotate)
        self.token_row = FormRow(
            self.tr("Client token"),
            held(row_of(self.token, self.eye, self.copy, self.rotate)),
            self.tr("Your tools use it as the API key for the proxy."),
        )
        self.add(self.keyring, "keyring vault keychain passphrase 密钥环 保险库 口令")
        self.add(self.token_row, "api key 令牌")
        self.add(self._clipboard_row(), "clipboard copy 剪贴板 复制")

    def _clipboard_row(self) -> FormRow:
        choices = [(self.tr("After %n second(s)", "", seconds), seconds) for seconds in (10, 30, 60, 120)]
        chosen = self._bridge.preferences.clipboard_seconds
        if chosen and chosen not in {seconds for _, seconds in choices}:
            choices = sorted([*choices, (self.tr("After %n second(s)", "", chosen), chosen)], key=itemgetter(1))
        self.clearing: Select[int] = Select([*choices, (self.tr("Never"), 0)], chosen)
        self.clearing.chosen.connect(lambda seconds: self._bridge.prefer(clipboard_seconds=seconds))
        hint = self.tr("Clipboard histories are also told to skip copied keys and tokens.")
        return FormRow(self.tr("Clear the clipboard"), self.clearing, hint)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self._bridge.start(self._look(), name="look at the keyring")

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self._hide_token()

    async def _look(self) -> None:
        self._show_place(await self._bridge.service.secrets.place())

    def _show_place(self, place: Place) -> None:
        self.unlock.setVisible(place.problem is not None)
        self.vault.setVisible(not place.saved)
        self.change.setVisible(place.problem is None and place.kind is PlaceKind.VAULT)
        if place.problem is not None:
            self.badge.show_as(self._word_for(place.problem), Tone.WARNING)
            self.keyring.explain(self._bridge.say(place.problem))
        elif not place.saved:
            self.badge.show_as(self.tr("Not saved"), Tone.WARNING)
            self.keyring.explain(self.tr("No system keyring: keys are not saved, and are gone when you quit."))
        elif place.kind is PlaceKind.VAULT:
            self.badge.show_as(self.tr("Encrypted"), Tone.OK)
            self.keyring.explain(self.tr("In a file encrypted with your passphrase."))
        else:
            self.badge.show_as(self.tr("Ready"), Tone.OK)
            self.keyring.explain(self._bridge.say(place.label))

    def _word_for(self, problem: ProxyCastError) -> str:
        if isinstance(problem, (KeyringLocked, KeyringDismissed, VaultLocked)):
            return self.tr("Locked")
        return self.tr("Not answering") if isinstance(problem, KeyringSilent) else self.tr("Not working")

    def _unlock(self) -> None:
        async def work() -> None:
            self.unlock.setEnabled(False)
            try:
                await self._bridge.service.secrets.unlock()
            finally:
                self.unlock.setEnabled(True)
            await self._look()

        self._bridge.start(work(), name="unlock the keyring")

    def make_vault(self) -> None:
        """Ask for a passphrase and keep keys in the encrypted vault from now on, those of this session too."""

        async def work() -> None:
            service = self._bridge.service
            if (await service.secrets.place()).saved:  # a vault that is there, or a keyring that came
                return
            dialog = VaultDialog(self._bridge, self)
            if await answer(dialog):
                await service.secrets.create_vault(dialog.passphrase.entered)
                self._bridge.tell(self.tr("Keys are now kept encrypted"), Tone.OK)
            await self._look()

        self._bridge.start(work(), name="make the vault")

    def _change_passphrase(self) -> None:
        async def work() -> None:
            if await answer(ChangePassphraseDialog(self._bridge, self)):
                self._bridge.tell(self.tr("The vault has a new passphrase"), Tone.OK)

        self._bridge.start(work(), name="change the passphrase")

    def _turn(self) -> None:
        if self._token is not None:
            self._hide_token()
        else:
            self._bridge.start(self._show_token(), name="show the client token")

    async def _show_token(self) -> None:
        self._token = await self._bridge.service.token.fetch()
        self.token.setText(self._token.reveal())
        self.eye.setIcon(self._bridge.theme.icon("eye-off"))
        self.eye.setToolTip(self.tr("Hide the client token"))

    def _hide_token(self) -> None:
        self._token = None
        self.token.setText(_HIDDEN)
        self.eye.setIcon(self._bridge.theme.icon("eye"))
        self.eye.setToolTip(self.tr("Show the client token"))

    def _copy(self) -> None:
        async def work() -> None:
            self._bridge.clipboard.copy_secret(await self._bridge.service.token.fetch())
            promise = self._bridge.clipboard.promise()
            self._bridge.tell(" ".join((self.tr("Client token copied."), promise)).strip())

        self._bridge.start(work(), name="copy the client token")

    def _ask_to_rotate(self) -> None:
        self._bridge.start(self._rotate(), name="renew the client token")

    async def _rotate(self) -> None:
        sure = await confirm(
            self,
            self.tr("Renew the client token?"),
            self.tr("Tools that use the old token are refused until you give them the new one."),
            self.tr("Renew"),
            Rank.DANGER,
        )
        if sure:
            self._hide_token()
            await self._bridge.service.token.rotate()
            self._bridge.tell(self.tr("The client token was renewed"), Tone.OK)
