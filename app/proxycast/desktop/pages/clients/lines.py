"""The lines that point a client at the proxy, to look at and to copy."""

from __future__ import annotations

import os
import sys
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.pages.clients.target import program, target_for
from proxycast.desktop.pages.clients.words import client_hint, client_name, place_name
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.code import CodeBlock
from proxycast.desktop.widgets.fields import Select
from proxycast.desktop.widgets.frames import column_of, held, row_of
from proxycast.desktop.widgets.labels import label
from proxycast.desktop.widgets.segments import Segments
from proxycast.model.secret import Secret
from proxycast.model.text import in_a_row
from proxycast.service.recipes import Client, Piece, for_every_shell, hidden, recipe
from proxycast.service.shells import SHELL_NAMES, Shell, shell_in_use


class LinesView(QWidget):
    """A choice of client, shell and credential, and what comes of it. The client token is hidden until it is shown.

    `lasting`: the line for the shell's own profile is there too.

    Signals:
        pinned: the name of the credential that the address always uses, None for whichever is selected.
    """

    pinned = Signal(object)

    def __init__(self, bridge: Bridge, *, lasting: bool = True) -> None:
        super().__init__()
        self._bridge = bridge
        self._program = program() if lasting else None
        self._token: Secret | None = None
        self._pinned: str | None = None
        self.blocks: list[CodeBlock] = []
        self._pieces: tuple[Piece, ...] = ()
        clients = [(client_name(one), one) for one in Client]
        self.client = Segments(self.tr("Client"), clients, Client.CLAUDE_CODE)
        shell = shell_in_use(os.environ, windows=sys.platform == "win32")
        self.shell: Select[Shell] = Select([(name, one) for one, name in SHELL_NAMES.items()], shell)
        self.shell.setAccessibleName(self.tr("Shell"))
        self.pin: Select[str | None] = Select([("", None)], None)
        self.pin.setAccessibleName(self.tr("Credential"))
        self.hint = label("", "quiet", wrap=True)
        self._column = column_of(spacing=Space.S)
        self._lay_out()
        for choice in (self.client, self.shell, self.pin):
            choice.chosen.connect(self.show_state)
        bridge.changed.connect(self.show_state)
        bridge.pool.checks.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Show the lines for what is chosen and what is the case now."""
        self._offer_credentials()
        self.hint.setText(client_hint(self.client.value))
        pieces = self._made()
        if [one.place for one in pieces] != [one.place for one in self._pieces]:
            self._make_blocks(pieces)
        self._pieces = pieces
        for block, piece in zip(self.blocks, pieces, strict=True):
            block.show_text(
                self._title(piece), piece.text, secret=piece.secret, hidden=piece.secret and self._token is None
            )

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        if self._token is not None:
            self._token = None
            self.show_state()

    def _made(self) -> tuple[Piece, ...]:
        """The pieces as they are shown."""
        client, shell, name = self.client.value, self.shell.value, self.pin.value
        target = target_for(self._bridge, name)
        token = self._token
        made = hidden(client, shell, target) if token is None else recipe(client, shell, target, token.reveal())
        service = self._bridge.service
        if client is Client.OTHER or self._program is None or service.token.given or service.settings.port == 0:
            return made
        lasting = for_every_shell(shell, self._program, name)
        return made if lasting is None else (*made, lasting)

    def _title(self, piece: Piece) -> str:
        return place_name(piece.place, self.client.value, self.shell.value)

    def _offer_credentials(self) -> None:
        pool = self._bridge.service.pool
        names = [one.name for one in pool.credentials]
        pinned = self.pin.value if self.pin.value in names else None
        selected = pool.selected
        follow = (
            self.tr("Current credential")
            if selected is None
            else self.tr("Current credential (now {name})").format(name=selected.name)
        )
        always = [(self.tr("Always {name}").format(name=name), name) for name in names]
        self.pin.offer([(follow, None), *always], pinned)
        if pinned != self._pinned:
            self._pinned = pinned
            self.pinned.emit(pinned)

    def _make_blocks(self, pieces: tuple[Piece, ...]) -> None:
        for old in self.blocks:
            old.hide()
            old.deleteLater()
        self.blocks = [CodeBlock(self._bridge.theme) for _ in pieces]
        for position, block in enumerate(self.blocks):
            block.copy_wanted.connect(partial(self._copy, position))
            block.eye_pressed.connect(self._turn)
            self._column.addWidget(block)

    def _copy(self, position: int) -> None:
        piece = self._pieces[position]
        if not piece.secret:
            self._bridge.clipboard.copy(piece.text)
            self._bridge.tell(self.tr("Copied"), Tone.OK)
            return

        client, shell, target = self.client.value, self.shell.value, target_for(self._bridge, self.pin.value)
        done = self.tr("Copied with the client token.")

        async def copy() -> None:
            token = await self._bridge.service.token.fetch()
            whole = recipe(client, shell, target, token.reveal())
            self._bridge.clipboard.copy_secret(Secret(whole[position].text))
            self._bridge.tell(in_a_row(done, self._bridge.clipboard.promise()), Tone.OK)

        self._bridge.start(copy(), name="copy the lines for a client")

    def _turn(self) -> None:
        if self._token is not None:
            self._token = None
            self.show_state()
        else:
            self._bridge.start(self._show_token(), name="show the client token")

    async def _show_token(self) -> None:
        token = await self._bridge.service.token.fetch()
        if isValid(self) and self.isVisible():  # the keyring may take its time, and the user go elsewhere
            self._token = token
            self.show_state()

    def _lay_out(self) -> None:
        credential, shell = label(self.tr("Credential"), "caption"), label(self.tr("Shell"), "caption")
        credential.setBuddy(self.pin)
        shell.setBuddy(self.shell)
        choices = row_of(spacing=Space.L)
        choices.addLayout(column_of(credential, self.pin, spacing=Space.XS), 3)
        choices.addLayout(column_of(shell, self.shell, spacing=Space.XS), 2)
        self.pin.setSizeAdjustPolicy(self.pin.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        whole = column_of(self.client, held(choices), self.hint, spacing=Space.M)
        whole.addLayout(self._column)
        self.setLayout(whole)
