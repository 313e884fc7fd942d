"""What few need: header of the key, API version, headers, time limits, proxy, certificates, model aliases."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QVBoxLayout, QWidget

from proxycast.desktop.bridge import Tone
from proxycast.desktop.dialogs.credential.entry import Entry
from proxycast.desktop.dialogs.credential.fields import PairTable, side_by_side
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.buttons import button
from proxycast.desktop.widgets.fields import Field, Select, TextField
from proxycast.desktop.widgets.frames import column_of, held, row_of
from proxycast.model.credential import ANTHROPIC_API_VERSION, Auth, Timeouts
from proxycast.model.duration import format_duration, parse_duration
from proxycast.model.errors import InputError

_OWN = "own"
_LIMITS = Timeouts()


class AdvancedSection(QWidget):
    """The advanced fields of an entry.

    Signals:
        edited: the user changed something.
    """

    edited = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.auth = Select(
            (
                (self.tr("Automatic"), Auth.AUTO),
                ("x-api-key", Auth.X_API_KEY),
                ("Authorization: Bearer", Auth.BEARER),
                (self.tr("Both"), Auth.BOTH),
            ),
            Auth.AUTO,
        )
        self.version = TextField(hint=ANTHROPIC_API_VERSION)
        self.limits = {
            name: TextField(hint=format_duration(getattr(_LIMITS, name))) for name in ("connect", "request", "idle")
        }
        self.proxy_choice = Select(
            (
                (self.tr("Same as in the settings"), ""),
                (self.tr("System proxy"), "system"),
                (self.tr("No proxy"), "none"),
                (self.tr("Custom"), _OWN),
            ),
            "",
        )
        self.proxy = TextField(hint="http://127.0.0.1:7890")
        self.proxy.setAccessibleName(self.tr("Proxy address"))
        self.ca_file = TextField(hint=self.tr("The system's certificates"))
        self.browse = button(self.tr("Choose…"), on_click=self._choose_file)
        self.allow_http = QCheckBox(self.tr("Allow http:// to a machine on my own network"))
        remove = self.tr("Remove this row")
        self.headers = PairTable(theme, self.tr("Header"), self.tr("Value"), self.tr("Add a header"), remove)
        self.models = PairTable(
            theme, self.tr("Requested model"), self.tr("Model to send"), self.tr("Add an alias"), remove
        )
        self._fields = self._make_fields()
        self.setLayout(self._laid_out())
        self._connect()

    @property
    def proxy_text(self) -> str:
        """The proxy as the configuration file writes it."""
        chosen = self.proxy_choice.value
        return self.proxy.text().strip() if chosen == _OWN else chosen

    def read(self, entry: Entry) -> Entry:
        """The entry with what stands here."""
        return msgspec.structs.replace(
            entry,
            auth=self.auth.value,
            api_version=self.version.text().strip(),
            headers=self.headers.pairs,
            proxy=self.proxy_text,
            ca_file=self.ca_file.text().strip(),
            allow_http=self.allow_http.isChecked(),
            models=self.models.pairs,
            **{name: field.text().strip() for name, field in self.limits.items()},
        )

    def show_entry(self, entry: Entry) -> None:
        """Show what an entry says."""
        self.choose_auth(entry.auth)
        self.version.setText(entry.api_version)
        for name, field in self.limits.items():
            field.setText(getattr(entry, name))
        own = entry.proxy not in {"", "system", "none"}
        self.proxy_choice.show_value(_OWN if own else entry.proxy)
        self.proxy.setText(entry.proxy if own else "")
        self.proxy.setVisible(own)
        self.ca_file.setText(entry.ca_file)
        self.allow_http.setChecked(entry.allow_http)
        self.headers.show_pairs(entry.headers)
        self.models.show_pairs(entry.models)

    def choose_auth(self, auth: Auth) -> None:
        """Choose how the key is sent."""
        self.auth.show_value(auth)

    def explain_automatic(self, meant: str) -> None:
        """Say which header "automatic" means for what is entered."""
        automatic = self.tr("Automatic: {header}").format(header=meant) if meant else self.tr("Automatic")
        self.auth.setItemText(0, automatic)

    def show_error(self, field: str, text: str) -> bool:
        """Mark this field, named as in the configuration file, and no other; gives whether it is one of these."""
        wrong = {name for name, limit in self.limits.items() if not _is_limit(limit.text())}
        wrong = wrong if field == "timeout" else {field}
        for name, shown in self._fields.items():
            shown.explain(text if name in wrong else "", Tone.ERROR if name in wrong else Tone.NEUTRAL)
        self.headers.mark_wrong(wrong=field == "headers")
        self.models.mark_wrong(wrong=field == "models")
        return not wrong.isdisjoint(self._fields)

    def _make_fields(self) -> dict[str, Field]:
        ca = row_of(self.ca_file, self.browse)
        ca.setStretch(0, 1)
        proxy = row_of(self.proxy_choice, self.proxy, spacing=Space.M)
        proxy.setStretch(1, 1)
        return {
            "auth": Field(self.tr("The key is sent as"), self.auth),
            "api_version": Field(self.tr("API version"), self.version, self.tr("For requests that specify none.")),
            "connect": Field(self.tr("Connect"), self.limits["connect"], self.tr("Until connected")),
            "request": Field(self.tr("First byte"), self.limits["request"], self.tr("Until the first byte")),
            "idle": Field(self.tr("Idle"), self.limits["idle"], self.tr("Longest pause in an answer")),
            "proxy": Field(self.tr("Proxy for this service"), held(proxy), input_=self.proxy),
            "ca_file": Field(self.tr("Trusted certificates"), held(ca), input_=self.ca_file),
            "headers": Field(self.tr("Headers added to every request"), self.headers),
            "models": Field(self.tr("Model aliases"), self.models),
        }

    def _laid_out(self) -> QVBoxLayout:
        fields = self._fields
        return column_of(
            side_by_side(fields["auth"], fields["api_version"]),
            fields["headers"],
            side_by_side(fields["connect"], fields["request"], fields["idle"]),
            fields["proxy"],
            fields["ca_file"],
            self.allow_http,
            fields["models"],
            spacing=Space.L,
        )

    def _connect(self) -> None:
        for field in (self.version, self.proxy, self.ca_file, *self.limits.values()):
            field.textChanged.connect(self.edited)
        for choice in (self.auth, self.proxy_choice):
            choice.activated.connect(self.edited)
        self.proxy_choice.chosen.connect(self._show_proxy)
        self.allow_http.toggled.connect(self.edited)
        self.headers.edited.connect(self.edited)
        self.models.edited.connect(self.edited)

    def _show_proxy(self, chosen: str) -> None:
        self.proxy.setVisible(chosen == _OWN)
        if chosen == _OWN:
            self.proxy.setFocus()

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Trusted certificates"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Certificates (*.pem *.crt *.cer)"), self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.ca_file.setText)
        dialog.open()


def _is_limit(text: str) -> bool:
    try:
        return not text.strip() or parse_duration(text) > 0
    except InputError:
        return False
