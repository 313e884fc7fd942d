"""The dialog "Claude Custom": adds a credential, edits one, or starts a new one from a copy."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QWidget

from proxycast.check.report import Offer
from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.dialogs.credential.entry import Drafted, Entry, entry_of, lacks, make, would_move
from proxycast.desktop.dialogs.credential.form import CredentialForm
from proxycast.desktop.dialogs.credential.suggest import free_name
from proxycast.desktop.dialogs.credential.trial import Trial
from proxycast.desktop.dialogs.credential.words import PLACES, Words
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button, button_with_icon
from proxycast.desktop.widgets.dialogs import confirm
from proxycast.desktop.widgets.frames import beside_bar, column_of, dialog_column, held
from proxycast.desktop.widgets.labels import label
from proxycast.desktop.widgets.messages import Banner
from proxycast.desktop.widgets.scrolling import Scrolling
from proxycast.model.credential import Auth, Credential, Kind
from proxycast.model.errors import NameTaken, ProxyCastError
from proxycast.model.secret import Secret
from proxycast.service.draft import DraftError
from proxycast.store.paths import resources
from proxycast.upstream.anthropic import resolve_auth
from proxycast.upstream.presets import Presets

_SIZE = QSize(680, 760)
_HEADERS = {Auth.X_API_KEY: "x-api-key", Auth.BEARER: "Authorization: Bearer", Auth.BOTH: "x-api-key + Bearer"}


class CredentialDialog(QDialog):
    """Adds a credential; with `credential` edits that one, with `duplicate` starts from a copy without its secrets.

    Open it with `open`. It saves through the service, shows what goes wrong, and is deleted when it is closed.

    Signals:
        saved: the name of the credential that was added or changed.
    """

    saved = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        parent: QWidget | None = None,
        credential: Credential | None = None,
        *,
        duplicate: bool = False,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._old = None if duplicate else credential
        self._drafted: Drafted | None = None
        self._saving = False
        self._words = Words(self)
        self._presets = Presets.read(resources() / "presets.yaml")
        names = {one.name for one in bridge.service.pool.credentials}
        self._taken = frozenset(names - {self._old.name} if self._old else names)
        self.form = CredentialForm(bridge, self._presets, self._taken)
        self.trial = Trial(bridge, self._take)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(self.tr("Edit credential") if self._old else self.tr("Add a credential"))
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.form.show_entry(self._start(credential), self._old)
        self._first = (self.form.entry, self.form.typed)
        self._fit()

    @property
    def changed(self) -> bool:
        """Whether something was entered that closing would lose."""
        return (self.form.entry, self.form.typed) != self._first

    def reject(self) -> None:
        """Close without saving; what was entered is not lost without a question."""
        if self._saving:
            return
        if self.changed:
            self._bridge.start(self._ask_to_discard(), name="ask to discard a credential")
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Close, and keep no secret."""
        self.trial.abandon()
        self.form.blockSignals(True)  # what is emptied now is no input
        self.form.abandon()
        super().done(result)

    def sizeHint(self) -> QSize:  # noqa: N802
        return _SIZE

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self.form.focus_first()
        self.form.start_looking()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        entering = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        search = self.form.services.search
        if event.matches(QKeySequence.StandardKey.Paste):
            self.form.paste()
        elif entering and self.trial.model.hasFocus():
            self._test()
        elif entering and search.hasFocus():
            self.form.services.choose_first()
        elif event.key() == Qt.Key.Key_Escape and search.hasFocus() and search.text():
            search.clear()
        else:
            super().keyPressEvent(event)

    # How it is made.

    def _make_buttons(self) -> None:
        theme = self._bridge.theme
        self.paste = button_with_icon(theme, "paste", self.tr("Paste"), Rank.SECONDARY, self.form.paste)
        self.paste.setToolTip(self.tr("A key, lines of a shell with ANTHROPIC_… or AWS_…, a JSON or YAML"))
        self.test = button_with_icon(theme, "check", self.tr("Check connection"), Rank.SECONDARY, self._test)
        self.cancel = button(self.tr("Cancel"), Rank.SECONDARY, self.reject)
        self.save = button(self.tr("Save") if self._old else self.tr("Add"), Rank.PRIMARY, self._start_saving)
        self.save.setDefault(True)
        self.reason = label("", "caption", wrap=True)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.message: Banner | None = None

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        head.addLayout(column_of(label(self.windowTitle(), "heading"), label("Claude Custom", "quiet"), spacing=2), 1)
        head.addWidget(self.paste, 0, Qt.AlignmentFlag.AlignTop)
        self._inner = column_of(self.form)
        self._inner.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(held(self._inner))
        beside_bar(self.area, lambda bar: self._inner.setContentsMargins(Space.XL, Space.L, Space.XL - bar, Space.XL))
        self._scrolling = Scrolling(self._bridge.theme.motion, self.area)
        self._messages = column_of(spacing=0)
        self._messages.setContentsMargins(Space.XL, 0, Space.XL, 0)
        self._messages.addWidget(self.trial)
        foot = QHBoxLayout()
        foot.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        foot.setSpacing(Space.M)
        foot.addWidget(self.test)
        foot.addWidget(self.reason, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save)
        self.setLayout(dialog_column(head, self.area, self._messages, foot))

    def _connect(self) -> None:
        self.form.edited.connect(self._look)
        self.form.pasted.connect(self._tell_pasted)
        self.form.fold.head.clicked.connect(self._show_unfolded)
        self.trial.turned.connect(self._show_trial)
        self.finished.connect(self.deleteLater)

    def _start(self, credential: Credential | None) -> Entry:
        if credential is None:
            return Entry()
        entry = entry_of(credential)
        return entry if self._old else msgspec.structs.replace(entry, name=free_name(entry.name, self._taken))

    def _fit(self) -> None:
        room = self.screen().availableSize() if self.screen() else _SIZE
        self.setMinimumWidth(600)
        self.resize(_SIZE.boundedTo(QSize(room.width() - 40, room.height() - 60)))

    def _show_unfolded(self) -> None:
        """Bring what was just unfolded into sight."""
        if self.form.fold.is_open:
            self._scrolling.to_top_of(self.form.fold)

    # What is entered.

    def _look(self) -> None:
        """Say what the entry lacks, or that it can be saved and tested."""
        entry, typed = self.form.entry, self.form.typed
        self.trial.forget()
        self._drafted = None
        reason = ""
        lack = lacks(entry, typed, self._old, self._taken)
        if lack is not None:
            reason = self._words.lacking(lack)
            wrong = PLACES.get(lack, "")
            self.form.show_error(wrong if wrong in {"headers", "models"} or lack is lack.NAME_TAKEN else "", reason)
        else:
            try:
                self._drafted = make(entry, typed, self._old)
            except DraftError as error:
                reason = self._words.wrong(error.field)
                self.form.show_error(error.field, self._bridge.say(error))
            else:
                self.form.show_error("", "")
        self._explain(entry)
        self.reason.setText(reason)
        self._show_ready()

    def _explain(self, entry: Entry) -> None:
        self.form.basics.explain_url(entry)
        moved = self._drafted is not None and would_move(self._drafted, self._old)
        self.form.basics.explain_key(entry, self._drafted.credential.origin if moved and self._drafted else "")
        self.form.advanced.explain_automatic(self._automatic(entry))

    def _automatic(self, entry: Entry) -> str:
        """The header that "automatic" means for what is entered, empty if that cannot be told."""
        if self._drafted is None or entry.kind is Kind.BEDROCK:
            return ""
        credential = msgspec.structs.replace(self._drafted.credential, auth=Auth.AUTO)
        known = self._presets.auth_for(credential.base_url) or Auth.AUTO
        return _HEADERS[resolve_auth(credential, self.form.basics.key.secret or Secret(""), known)]

    def _show_ready(self) -> None:
        ready = self._drafted is not None and not self._saving
        self.save.setEnabled(ready)
        self.save.setToolTip(self.reason.text())
        self.save.setAccessibleDescription(self.reason.text())
        self.test.setEnabled(ready or self.trial.running)

    # What can be done.

    def _test(self) -> None:
        self._say_nothing()
        if self.trial.running:
            self.trial.cancel()
        elif self._drafted is not None and would_move(self._drafted, self._old):
            self.trial.refuse(
                self.tr("The stored key is not sent to a different address. Enter the key again, or save first.")
            )
        elif self._drafted is not None:
            values = self._drafted.values
            stored = not values and bool(self._drafted.credential.secrets)
            self.trial.begin(self._drafted.credential, None if stored else values)

    def _take(self, offer: Offer) -> None:
        """Fill in what the check proposes, and check again."""
        self.form.take(offer.field, offer.value)
        self._test()

    def _show_trial(self) -> None:
        self.test.setText(self.tr("Stop checking") if self.trial.running else self.tr("Check connection"))
        self.test.setIcon(self._bridge.theme.icon("stop" if self.trial.running else "check", "text"))
        self._show_ready()

    def _start_saving(self) -> None:
        if self._drafted is not None and not self._saving:
            self._bridge.start(self._save(self._drafted), name="save a credential")

    async def _save(self, drafted: Drafted) -> None:
        self._say_nothing()
        self._set_saving(saving=True)
        service = self._bridge.service
        try:
            if self._old is None:
                credential = await service.add(drafted.credential, drafted.values)
            else:
                credential = await service.change(self._old.name, drafted.credential, drafted.values)
        except ProxyCastError as error:
            self._set_saving(saving=False)
            self._say(self._bridge.say(error), Tone.ERROR)
            if isinstance(error, NameTaken):
                self.form.show_error("name", self._bridge.say(error))
            return
        self._saving = False
        self.saved.emit(credential.name)
        self.accept()

    def _set_saving(self, *, saving: bool) -> None:
        self._saving = saving
        self.form.setEnabled(not saving)
        self.cancel.setEnabled(not saving)
        self.reason.setText(self.tr("Saving…") if saving else "")
        self._show_ready()

    async def _ask_to_discard(self) -> None:
        discard = await confirm(
            self,
            self.tr("Discard what you entered?"),
            self.tr("It has not been saved."),
            self.tr("Discard"),
            Rank.DANGER,
        )
        if discard:
            super().reject()

    def _tell_pasted(self, fields: tuple[str, ...]) -> None:
        if not fields:
            self._say(self.tr("There is no credential in the clipboard that fits here."), Tone.WARNING)
            return
        names = QLocale().createSeparatedList([self._words.field(field) for field in fields])
        self._say(self.tr("Filled in: {fields}").format(fields=names), Tone.OK)

    def _say(self, text: str, tone: Tone) -> None:
        """Show a message over the buttons in place of the one before."""
        self._say_nothing()
        self.message = Banner(self._bridge.theme, text, tone)
        self.message.setProperty("below", "rule")
        self.message.setAccessibleName(text)
        self._messages.addWidget(self.message)

    def _say_nothing(self) -> None:
        if self.message is not None:
            self.message.hide()
            self.message.deleteLater()
            self.message = None
