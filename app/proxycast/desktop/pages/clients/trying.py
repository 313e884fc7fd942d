"""A first message through the proxy, and its answer as it streams in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from functools import partial

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from proxycast.desktop import fonts
from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.pages.clients.target import model_for, target_for
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button_with_icon
from proxycast.desktop.widgets.fields import TextField
from proxycast.desktop.widgets.frames import column_of, row_of
from proxycast.desktop.widgets.labels import label, numbers
from proxycast.desktop.widgets.messages import Banner
from proxycast.model.credential import Credential
from proxycast.model.errors import ProxyCastError
from proxycast.model.exchange import Usage
from proxycast.service.sending import Sending

_ANSWER = QSize(240, 132)
"""Room for some lines; longer answers scroll, and a place with more room gives it."""
_BORDER = 1
"""Of the style sheet, where the focus is shown."""


class TryView(QWidget):
    """Sends one message as a client would, by the proxy's own address.

    The selected credential answers, or the one that `show_for` names. What stands in the way (no proxy, no credential)
    is said in place, with a button that helps.

    Signals:
        add_wanted: the user wants to add a credential.
        check_wanted: the user wants to see the check of `credential`.
        began: a message is on its way.
        answered: a whole answer has come.
    """

    add_wanted = Signal()
    check_wanted = Signal()
    began = Signal()
    answered = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._task: asyncio.Task[object] | None = None
        self._pinned: str | None = None
        self._failure: ProxyCastError | None = None
        self._banner: Banner | None = None
        self._obstacle: tuple[object, ...] = ()
        self.message = TextField(self.tr("Hello! Please introduce yourself."))
        self.message.setAccessibleName(self.tr("Message"))
        self.message.returnPressed.connect(self._turn)
        self.model = TextField()
        self.model.setAccessibleName(self.tr("Model"))
        self.model.setMinimumWidth(170)
        self.send = button_with_icon(bridge.theme, "play", self.tr("Send"), Rank.PRIMARY, self._turn)
        self.answer = _Answer()
        self.answer.setProperty("kind", "code")
        self.answer.setPlaceholderText(self.tr("The answer appears here, word by word."))
        self.answer.setReadOnly(True)
        self.answer.setTabChangesFocus(True)
        self.answer.setFont(fonts.interface())
        self.answer.document().setDocumentMargin(0)
        self.answer.setAccessibleName(self.tr("Answer"))
        self.figures = numbers("", "caption")
        self._stay: list[asyncio.Task[object]] = []
        self._lay_out()
        bridge.changed.connect(self.show_state)
        bridge.pool.checks.changed.connect(self.show_state)
        stay = self._stay
        self.destroyed.connect(lambda: [task.cancel() for task in stay])
        self.show_state()

    @property
    def running(self) -> bool:
        """Whether an answer is awaited or coming."""
        return self._task is not None

    @property
    def credential(self) -> Credential | None:
        """The one that answers."""
        pool = self._bridge.service.pool
        pinned = next((one for one in pool.credentials if one.name == self._pinned), None)
        return pinned or pool.selected

    def show_for(self, name: str | None) -> None:
        """Let the credential of this name answer, by its own address; None: the selected one."""
        self._pinned = name
        self.show_state()

    def show_state(self) -> None:
        """Show whether a message can be sent now, and what keeps it from it."""
        credential = self.credential
        if credential is not None:
            self.model.setPlaceholderText(model_for(self._bridge, credential))
        self._show_obstacle()
        self.send.setEnabled(self.running or self._ready)
        self.send.setText(self.tr("Stop") if self.running else self.tr("Send"))
        self.send.setIcon(self._bridge.theme.icon("stop" if self.running else "play", "on_accent"))

    def begin(self) -> None:
        """Send the message, unless one is on its way or nothing can be sent."""
        if not self.running and self._ready:
            self._failure = None
            self.answer.clear()
            self.figures.setText(self.tr("Sent; waiting for the first word…"))
            self._task = self._bridge.start(self._run(), name="try the proxy")
            self._stay[:] = [self._task]
            self.show_state()
            self.began.emit()

    def stop(self) -> None:
        """Give up the answer."""
        if self._task is not None:
            self._task.cancel()

    @property
    def _ready(self) -> bool:
        credential = self.credential
        return self._bridge.proxy.running and credential is not None and credential.enabled

    def _turn(self) -> None:
        if self.running:
            self.stop()
        else:
            self.begin()

    async def _run(self) -> None:
        try:
            await self._converse()
        except ProxyCastError as failure:
            self._failure = failure
            if isValid(self):
                self.figures.clear()
        except asyncio.CancelledError:
            if isValid(self):
                self.figures.setText(self.tr("Stopped"))
            raise
        finally:
            if isValid(self):
                self._task = None
                self.show_state()

    async def _converse(self) -> None:
        target = target_for(self._bridge, self._pinned)
        token = await self._bridge.service.token.fetch()
        text = self.message.text().strip() or self.tr("Hello! Please introduce yourself.")
        sending = Sending(target.address, token, model=self.model.text().strip() or target.model, text=text)
        async with aclosing(sending.words()) as words:
            async for piece in words:
                self._append(piece)
                if sending.first_word is not None:
                    self.figures.setText(self._first_word(sending.first_word))
        self._show_figures(sending)
        self.answered.emit()

    def _append(self, piece: str) -> None:
        bar = self.answer.verticalScrollBar()
        at_end = bar.value() == bar.maximum()
        cursor = QTextCursor(self.answer.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(piece)
        if at_end:
            bar.setValue(bar.maximum())

    def _show_figures(self, sending: Sending) -> None:
        parts = [sending.model or ""]
        if sending.first_word is not None:
            parts.append(self._first_word(sending.first_word))
        if sending.seconds is not None:
            whole = QLocale().toString(sending.seconds, "f", 1)
            parts.append(self.tr("whole answer after {seconds} s").format(seconds=whole))
        usage = sending.usage or Usage()
        if usage.output_tokens:
            parts.append(self.tr("%Ln tokens", "", usage.output_tokens))
        self.figures.setText(" · ".join(part for part in parts if part))

    def _first_word(self, seconds: float) -> str:
        return self.tr("first word after {seconds} s").format(seconds=QLocale().toString(seconds, "f", 2))

    def _show_obstacle(self) -> None:
        """Put a banner over the answer for what is in the way, unless it is there already."""
        wanted = self._wanted()
        key = (wanted[0], wanted[1]) if wanted is not None else ()
        if key == self._obstacle:
            return
        self._obstacle = key
        if self._banner is not None:
            self._banner.hide()
            self._banner.deleteLater()
            self._banner = None
        if wanted is not None:
            self._banner = Banner(self._bridge.theme, *wanted)
            self._place.addWidget(self._banner)

    def _wanted(self) -> tuple[str, Tone, tuple[tuple[str, Callable[[], object]], ...]] | None:
        bridge = self._bridge
        credential = self.credential
        if not bridge.proxy.running and not bridge.proxy.busy:
            text = self.tr("The proxy is stopped, so no client can reach it.")
            if bridge.proxy.failure is not None:
                text = bridge.say(bridge.proxy.failure)
            return text, Tone.WARNING, ((self.tr("Start the proxy"), self._start_proxy),)
        one = credential or next(iter(bridge.service.pool.credentials), None)
        if one is None:
            text = self.tr("There is no credential to answer yet.")
            actions = ((self.tr("Add a credential"), self.add_wanted.emit), (self.tr("Try the demo"), self._begin_demo))
            return text, Tone.NEUTRAL, actions
        if not one.enabled:
            text = self.tr("{name} is disabled.").format(name=one.name)
            return text, Tone.WARNING, ((self.tr("Enable it"), partial(self._enable, one.name)),)
        if credential is None:
            text = self.tr("No credential is selected.")
            return text, Tone.WARNING, ((self.tr("Use {name}").format(name=one.name), partial(self._select, one.name)),)
        if self._failure is not None:
            return bridge.say(self._failure), Tone.ERROR, ((self.tr("Check the connection"), self.check_wanted.emit),)
        return None

    def _start_proxy(self) -> None:
        self._bridge.start(self._bridge.proxy.turn(on=True), name="start the proxy")

    def _begin_demo(self) -> None:
        self._bridge.pool.demo.begin(self._bridge.language.name)

    def _enable(self, name: str) -> None:
        self._bridge.start(self._bridge.service.set_enabled(name, enabled=True), name="enable a credential")

    def _select(self, name: str) -> None:
        self._bridge.start(self._bridge.service.select(name), name="select a credential")

    def _lay_out(self) -> None:
        words, model = label(self.tr("Message"), "caption"), label(self.tr("Model"), "caption")
        words.setBuddy(self.message)
        model.setBuddy(self.model)
        row = row_of(spacing=Space.M)
        row.addLayout(column_of(words, self.message, spacing=Space.XS), 3)
        row.addLayout(column_of(model, self.model, spacing=Space.XS), 2)
        row.addWidget(self.send, 0, Qt.AlignmentFlag.AlignBottom)
        self._place = column_of(spacing=0)
        ground = QFrame()
        ground.setProperty("kind", "sunken")
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(Space.M - _BORDER, Space.S, Space.S, Space.S)
        inside.setSpacing(Space.XS)
        inside.addWidget(self.answer, 1)
        self.figures.setContentsMargins(_BORDER, 0, 0, 0)
        inside.addWidget(self.figures)
        column = column_of(spacing=Space.M)
        column.addLayout(row)
        column.addLayout(self._place)
        column.addWidget(ground, 1)
        self.setLayout(column)


class _Answer(QPlainTextEdit):
    def sizeHint(self) -> QSize:  # noqa: N802
        return _ANSWER

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(120, 96)
