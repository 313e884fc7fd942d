"""What the form is made of: fields under their names, tables of pairs, sections that fold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from proxycast.desktop.bridge import Tone
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import Rank, button_with_icon, icon_button
from proxycast.desktop.widgets.fields import TextField
from proxycast.desktop.widgets.frames import column_of, held, row_of
from proxycast.desktop.widgets.labels import label
from proxycast.desktop.widgets.marks import TONE_MARK, Mark


class SuggestedField(TextField):
    """A line of text with suggestions, which an arrow shows and typing narrows down; any other text may be typed."""

    def __init__(self, theme: Theme, show: str, hint: str = "") -> None:
        super().__init__(hint=hint)
        self._model = QStringListModel(self)
        completer = QCompleter(self._model, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
        arrow = self.addAction(theme.icon("chevron-down"), QLineEdit.ActionPosition.TrailingPosition)
        arrow.setText(show)
        arrow.setShortcut(Qt.Key.Key_Down)
        arrow.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        arrow.triggered.connect(self._show_all)

    def suggest(self, values: Sequence[str]) -> None:
        """Offer these from now on."""
        self._model.setStringList(list(values))

    def _show_all(self) -> None:
        self.setFocus()
        self.completer().setCompletionPrefix("")
        self.completer().complete()


class Remark(QWidget):
    """A quiet line with a mark before it, perhaps with something to do about it; hidden while it says nothing."""

    def __init__(self, theme: Theme, *actions: QWidget) -> None:
        super().__init__()
        self._mark = Mark(theme, *TONE_MARK[Tone.NEUTRAL], size=16)
        self.words = label("", "caption", wrap=True)
        row = row_of(self._mark, self.words, *actions)
        row.setStretch(1, 1)
        self.setLayout(row)
        self.hide()

    def say(self, text: str, icon: str = "warning", role: str = "warning") -> None:
        """Say this; nothing hides the line."""
        self._mark.show_as(icon, role)
        self.words.setText(text)
        self.setVisible(bool(text))


class PairTable(QWidget):
    """Rows of two texts, with a button that adds one and one on each row that removes it.

    Signals:
        edited: something was typed, added or removed.
    """

    edited = Signal()

    def __init__(self, theme: Theme, first: str, second: str, add: str, remove: str) -> None:
        super().__init__()
        self._theme = theme
        self._words = (first, second, remove)
        self._rows: list[tuple[TextField, TextField, QWidget]] = []
        self._column = column_of()
        self.add = button_with_icon(theme, "add", add, Rank.LINK, self._add_empty)
        column = column_of(spacing=Space.S)
        column.addLayout(self._column)
        self.add.setProperty("edge", "left")
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.setLayout(column)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What stands in the rows that are not empty."""
        texts = ((left.text().strip(), right.text().strip()) for left, right, _ in self._rows)
        return tuple(pair for pair in texts if any(pair))

    def show_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show these rows and no others."""
        for _, _, row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows.clear()
        for left, right in pairs:
            self._append(left, right)

    def mark_wrong(self, *, wrong: bool) -> None:
        """Mark the rows, or no longer."""
        for left, right, _ in self._rows:
            left.mark_wrong(wrong=wrong)
            right.mark_wrong(wrong=wrong)

    def _add_empty(self) -> None:
        self._append("", "").setFocus()
        self.edited.emit()

    def _append(self, left: str, right: str) -> TextField:
        first, second = TextField(left, self._words[0]), TextField(right, self._words[1])
        for field, name in zip((first, second), self._words, strict=False):
            field.setAccessibleName(name)
            field.textEdited.connect(self.edited)
        line = row_of(first, second)
        row = held(line)
        line.addWidget(icon_button(self._theme, "delete", self._words[2], self._removing(row)))
        line.setStretch(0, 2)
        line.setStretch(1, 3)
        self._rows.append((first, second, row))
        self._column.addWidget(row)
        return first

    def _removing(self, row: QWidget) -> Callable[[], None]:
        def remove() -> None:
            self._rows = [one for one in self._rows if one[2] is not row]
            row.hide()
            row.deleteLater()
            self.edited.emit()

        return remove


class Fold(QWidget):
    """A section that is folded away behind its name."""

    def __init__(self, theme: Theme, name: str, inner: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._inner = inner
        self.head = button_with_icon(theme, "chevron-right", name, Rank.QUIET, self.turn)
        self.head.setProperty("edge", "left")
        column = column_of(spacing=Space.M)
        column.addWidget(self.head, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(inner)
        self.setLayout(column)
        inner.hide()

    @property
    def is_open(self) -> bool:
        """Whether it is unfolded."""
        return not self._inner.isHidden()

    def turn(self) -> None:
        """Unfold it, or fold it away."""
        self._inner.setVisible(self._inner.isHidden())
        self.head.setIcon(self._theme.icon("chevron-down" if self.is_open else "chevron-right"))
        self.head.setAccessibleDescription(self.tr("unfolded") if self.is_open else self.tr("folded away"))


def side_by_side(*widgets: QWidget) -> QWidget:
    """Fields next to each other, each as wide as the others and as high as it needs."""
    row = row_of(spacing=Space.L)
    for widget in widgets:
        row.addWidget(widget, 1, Qt.AlignmentFlag.AlignTop)
    return held(row)
