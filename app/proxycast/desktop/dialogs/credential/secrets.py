"""Fields for secrets, which tell a stored value from one that is being entered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from proxycast.desktop.theme import Theme
from proxycast.desktop.widgets.fields import SecretField
from proxycast.model.credential import Environment, SecretSource


class KeyField(SecretField):
    """A secret of a credential. What is stored is never in it: the field is empty, and its hint says so."""

    def __init__(self, theme: Theme, name: str, on_paste: Callable[[], None] | None = None, hint: str = "") -> None:
        super().__init__(theme, show=self.tr("Show"), hide=self.tr("Hide"), hint=hint)
        self._plain_hint = hint
        self.setAccessibleName(name)
        if on_paste is not None:
            action = self.addAction(theme.icon("paste"), QLineEdit.ActionPosition.TrailingPosition)
            action.setText(self.tr("Paste"))
            action.triggered.connect(on_paste)

    def show_stored(self, source: SecretSource | None) -> None:
        """Say in the hint where the present value is."""
        if source is None:
            self.setPlaceholderText(self._plain_hint)
        elif isinstance(source, Environment):
            text = self.tr("From {variable} · enter a key to replace it")
            self.setPlaceholderText(text.format(variable=source.variable))
        else:
            self.setPlaceholderText(self.tr("A key is stored · enter a new one to replace it"))
