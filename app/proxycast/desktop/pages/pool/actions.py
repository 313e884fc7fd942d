"""What can be done with credentials on the page of the pool."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from proxycast.check.report import Report, State
from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.pages.pool.entries import Entry
from proxycast.desktop.pool_state.checks import Checked
from proxycast.desktop.widgets.dialogs import confirm
from proxycast.model.credential import Credential


class PoolActions(QObject):
    """Every action of cards, menus and keys. Those that take time run by themselves and show their errors.

    Signals:
        made: the names of credentials that are there now and should be seen.
    """

    made = Signal(tuple)

    def __init__(self, bridge: Bridge, page: QWidget) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._page = page
        self._to_tell: set[str] = set()
        bridge.pool.checks.ended.connect(self._checked)

    def use(self, entry: Entry) -> None:
        """Let traffic use it; a disabled one is enabled for it."""
        if not entry.in_use or not entry.credential.enabled:
            self._bridge.start(self._use(entry), name="select a credential")

    def add(self) -> None:
        """Open the dialog for a new credential."""
        self._open_dialog(None)

    def edit(self, entry: Entry) -> None:
        """Open the dialog for this one."""
        if not entry.of_session:
            self._open_dialog(entry.credential)

    def duplicate(self, entry: Entry) -> None:
        """Open the dialog for a new credential like this one."""
        if not entry.of_session:
            self._open_dialog(entry.credential, duplicate=True)

    def set_enabled(self, entries: Sequence[Entry], *, enabled: bool) -> None:
        """Enable or disable these."""
        names = [one.name for one in entries if one.credential.enabled != enabled and not one.of_session]
        if names:
            self._bridge.start(self._set_enabled(names, enabled=enabled), name="enable or disable credentials")

    def check(self, entries: Sequence[Entry]) -> None:
        """Check these. The result of a single one is told in a sentence."""
        if len(entries) == 1:
            self._to_tell.add(entries[0].credential.id)
        self._bridge.pool.checks.check(one.credential for one in entries)

    def show_check(self, entry: Entry) -> None:
        """Show the stages of the last check, or begin one."""
        self._open_check(entry.credential)

    def cancel(self, entries: Sequence[Entry]) -> None:
        """Stop checking these."""
        self._bridge.pool.checks.cancel(one.credential for one in entries)

    def delete(self, entries: Sequence[Entry]) -> None:
        """Delete these, and offer to undo it. The demo's credential goes with the demo."""
        self.cancel(entries)
        if any(one.of_session for one in entries):
            self.end_demo()
        names = [one.name for one in entries if not one.of_session]
        if not names:
            return
        batch = self._bridge.pool.deletions.delete(names)
        text = (
            self.tr("{name} was deleted").format(name=names[0])
            if len(names) == 1
            else self.tr("%n credentials were deleted", "", len(names))
        )
        self._bridge.tell(text, Tone.NEUTRAL, self.tr("Undo"), lambda: self._undo(batch))

    def undo(self) -> None:
        """Undo the last deletion, if that can still be done."""
        self._undo(None)

    def move(self, entry: Entry, position: int) -> None:
        """Put it at this position of the pool."""
        count = len(self._bridge.service.pool.credentials)
        if not entry.of_session and 0 <= position < count:
            self._bridge.start(self._bridge.service.move(entry.name, position), name="move a credential")

    def confirm(self, entry: Entry) -> None:
        """Ask whether the stored key may go where the configuration says now."""
        self._bridge.start(self._confirm(entry), name="confirm a destination")

    def copy_address(self, entry: Entry) -> None:
        """Copy the address that always uses this credential, whichever is selected."""
        self._bridge.clipboard.copy(self._bridge.service.client_address(entry.name))
        self._bridge.tell(self.tr("Address of {name} copied").format(name=entry.name), Tone.OK)

    def begin_demo(self) -> None:
        """Start the demo."""
        self._bridge.pool.demo.begin(self._bridge.language.name)

    def end_demo(self) -> None:
        """End the demo."""
        self._bridge.pool.demo.end()

    def _open_dialog(self, credential: Credential | None, *, duplicate: bool = False) -> None:
        # The dialog is large, and most starts of the program do not need it.
        from proxycast.desktop.dialogs.credential import CredentialDialog  # noqa: PLC0415

        dialog = CredentialDialog(self._bridge, self._page.window(), credential=credential, duplicate=duplicate)
        dialog.saved.connect(self._saved)
        dialog.open()

    def _saved(self, name: str) -> None:
        self.made.emit((name,))

    def _undo(self, batch: tuple[str, ...] | None) -> None:
        names = self._bridge.pool.deletions.undo(batch)
        if names:
            self.made.emit(names)

    def _checked(self, checked: Checked) -> None:
        identity = checked.credential.id
        if identity in self._to_tell:
            self._to_tell.discard(identity)
            if checked.report.state is State.PASSED:
                self._bridge.tell(
                    self._bridge.say(checked.report.sentence), Tone.OK, *self._details(checked.credential)
                )

    def _details(self, credential: Credential) -> tuple[str, Callable[[], None]]:
        return self.tr("Details"), lambda: self._open_check(credential)

    def _open_check(self, credential: Credential) -> None:
        from proxycast.desktop.checking.dialog import CheckDialog  # noqa: PLC0415 - as above

        CheckDialog(self._bridge, credential, self._page.window()).open()

    async def _use(self, entry: Entry) -> None:
        service = self._bridge.service
        if not entry.credential.enabled:
            await service.set_enabled(entry.name, enabled=True)
            self._bridge.tell(self.tr("{name} was disabled and is now enabled").format(name=entry.name))
        await service.select(entry.name)

    async def _set_enabled(self, names: Sequence[str], *, enabled: bool) -> None:
        for name in names:
            await self._bridge.service.set_enabled(name, enabled=enabled)

    async def _confirm(self, entry: Entry) -> None:
        trouble = entry.trouble
        explanation = self._bridge.say(trouble.sentence) if isinstance(trouble, Report) else ""
        question = self.tr("Send the key of {name} to {origin}?").format(
            name=entry.name, origin=entry.credential.origin
        )
        if await confirm(self._page, question, explanation, self.tr("Confirm")):
            confirmed = await self._bridge.service.confirm(entry.name)
            self._bridge.pool.checks.check([confirmed])
