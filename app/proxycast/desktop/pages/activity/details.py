"""Everything that is known of one exchange, beside the list."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.pages.activity.words import MARKS, ActivityWords, Outcome, outcome_of
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import button_with_icon, icon_button
from proxycast.desktop.widgets.frames import column_of, held, row_of, rule
from proxycast.desktop.widgets.labels import label, numbers
from proxycast.desktop.widgets.marks import Mark
from proxycast.model.exchange import Exchange, Usage
from proxycast.service.meaning import meaning_of
from proxycast.store.journal_reader import Entry

WIDTH = 320
_NO_USAGE = Usage()


class Details(QFrame):
    """Shows an exchange: how it ended, what that means, what to do, and all that the journal has of it.

    Signals:
        closed: the user wants to see it no longer.
        check_wanted: the user wants to check the credential of this id.
    """

    closed = Signal()
    check_wanted = Signal(str)

    def __init__(self, bridge: Bridge, words: ActivityWords) -> None:
        super().__init__()
        self._bridge = bridge
        self._words = words
        self.entry: Entry | None = None
        self.setProperty("kind", "card")
        self.setAccessibleName(self.tr("Details of the request"))
        self.setFixedWidth(WIDTH)
        theme = bridge.theme
        self.mark = Mark(theme, *MARKS[Outcome.ANSWERED], size=22)
        self.headline = label("", "title", wrap=True)
        self.close_it = icon_button(theme, "close", self.tr("Close the details"), self.closed.emit)
        self.what = label("", wrap=True)
        self.remedy = label("", "quiet", wrap=True)
        self.kept = label(
            self.tr("The service's own message is not stored, because it may quote your prompt."), "caption", wrap=True
        )
        self.check = button_with_icon(theme, "check", self.tr("Check the credential"), on_click=self._check)
        self.copy = button_with_icon(theme, "copy", self.tr("Copy"), on_click=self._copy)
        self.copy.setAccessibleName(self.tr("Copy the details"))
        for one in (self.headline, self.what, self.remedy):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(Space.M)
        self._facts.setVerticalSpacing(Space.S)
        self._facts.setColumnStretch(1, 1)
        self._lay_out()

    def show_entry(self, entry: Entry) -> None:
        """Show this exchange."""
        self.entry = entry
        one = entry.exchange
        outcome, meaning = outcome_of(one), meaning_of(one)
        self.mark.show_as(*MARKS[outcome])
        self.headline.setText(self._headline(one))
        self.what.setText("" if meaning is None else self._bridge.say(meaning.what))
        self.remedy.setText("" if meaning is None or meaning.remedy is None else self._bridge.say(meaning.remedy))
        for text in (self.what, self.remedy):
            text.setVisible(bool(text.text()))
        self.kept.setVisible(outcome is Outcome.FAILED and one.status >= 400 and one.first_byte is not None)
        self.check.setVisible(outcome is Outcome.FAILED and self._still_there(one))
        self._show_facts()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:  # whichever of the controls has the focus: they leave it to this
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _headline(self, one: Exchange) -> str:
        outcome = outcome_of(one)
        if outcome is Outcome.CANCELLED:
            return self.tr("Canceled by the client")
        if outcome is Outcome.ANSWERED:
            return self.tr("Answered (HTTP {status})").format(status=one.status)
        if one.status < 400:
            return self.tr("Interrupted: {error}").format(error=one.error)
        return f"HTTP {one.status}" + (f"\n{one.error}" if one.error else "")

    def _facts_of(self, one: Exchange) -> Iterator[tuple[str, str]]:
        words, usage = self._words, one.usage or _NO_USAGE
        yield self.tr("Time"), words.moment(one.started)
        yield self.tr("Credential"), one.credential or words.unknown
        yield self.tr("Path"), one.path
        if one.model is not None:
            yield self.tr("Model"), one.model
        yield self.tr("First byte"), words.seconds(one.first_byte)
        yield self.tr("Duration"), words.seconds(one.duration)
        yield self.tr("Sent"), words.size(one.request_bytes)
        yield self.tr("Received"), words.size(one.response_bytes)
        for name, count in (
            (self.tr("Tokens in"), usage.input_tokens),
            (self.tr("Tokens out"), usage.output_tokens),
            (self.tr("Cache reads"), usage.cache_read_input_tokens),
            (self.tr("Cache writes"), usage.cache_creation_input_tokens),
        ):
            if count is not None:
                yield name, words.number(count)
        if one.removed:
            yield self.tr("Removed"), ", ".join(one.removed)

    def _show_facts(self) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if self.entry is None:
            return
        for row, (name, value) in enumerate(self._facts_of(self.entry.exchange)):
            head, fact = label(name, "caption"), _fact(value)
            head.setBuddy(fact)
            fact.setAccessibleName(f"{name}: {value}")
            self._facts.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(fact, row, 1)

    def _still_there(self, one: Exchange) -> bool:
        return any(known.id == one.credential_id for known in self._bridge.service.pool.credentials)

    def _check(self) -> None:
        if self.entry is not None and (identity := self.entry.exchange.credential_id) is not None:
            self.check_wanted.emit(identity)

    def _copy(self) -> None:
        if self.entry is None:
            return
        sentences = [text.text() for text in (self.headline, self.what, self.remedy) if text.text()]
        facts = [f"{name}: {value}" for name, value in self._facts_of(self.entry.exchange)]
        self._bridge.clipboard.copy("\n".join([*sentences, *facts]))
        self._bridge.tell(self.tr("Details copied"), Tone.OK)

    def _lay_out(self) -> None:
        top = row_of(spacing=Space.S)
        for one, stretch in ((self.mark, 0), (self.headline, 1), (self.close_it, 0)):
            top.addWidget(one, stretch, Qt.AlignmentFlag.AlignTop)
        inner = column_of(self.what, self.remedy, self.kept, spacing=Space.S)
        self.buttons = row_of(self.check, self.copy)
        self.buttons.addStretch(1)
        inner.addSpacing(Space.XS)
        inner.addLayout(self.buttons)
        inner.addWidget(rule())
        inner.addLayout(self._facts)
        inner.addStretch(1)
        inner.setContentsMargins(Space.L, 0, Space.L, Space.L)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setAccessibleName(self.tr("All details of the request"))
        self.area.setWidget(held(inner))
        whole = column_of(spacing=Space.S)
        top.setContentsMargins(Space.L, Space.M, Space.S, 0)
        whole.addLayout(top)
        whole.addWidget(self.area, 1)
        whole.setContentsMargins(1, 1, 1, 1)
        self.setLayout(whole)


def _fact(value: str) -> QWidget:
    made: QLabel = numbers(value)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
