"""The form: its sections put together, read into an entry, filled from one or from pasted text."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.dialogs.credential.advanced import AdvancedSection
from proxycast.desktop.dialogs.credential.aws_profiles import read_profiles
from proxycast.desktop.dialogs.credential.basics import Basics
from proxycast.desktop.dialogs.credential.bedrock import BedrockSection
from proxycast.desktop.dialogs.credential.entry import Entry
from proxycast.desktop.dialogs.credential.fields import Fold
from proxycast.desktop.dialogs.credential.kinds import KindChooser
from proxycast.desktop.dialogs.credential.place import PlaceLine
from proxycast.desktop.dialogs.credential.services import ServiceChooser
from proxycast.desktop.dialogs.credential.suggest import (
    free_name,
    host_of,
    is_block,
    pasted_kind,
    pasted_source,
    short_name,
)
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.frames import column_of, held
from proxycast.model.credential import Auth, Credential, Kind
from proxycast.model.secret import Secret
from proxycast.service.paste import Pasted, understand
from proxycast.upstream.presets import Endpoint, Presets


class CredentialForm(QWidget):
    """All that can be entered about a credential.

    Signals:
        edited: something was entered; `entry` and `typed` say what stands there now.
        pasted: pasted text was filled into these fields, named as in the configuration file; into none if it says
            nothing about a credential that fits.
    """

    edited = Signal()
    pasted = Signal(object)

    def __init__(self, bridge: Bridge, presets: Presets, taken: frozenset[str]) -> None:
        super().__init__()
        self._bridge = bridge
        self._taken = taken
        self._named = False
        self._filling = False
        self._looking: asyncio.Task[object] | None = None
        self._kinds: tuple[Kind, ...] = tuple(Kind)
        self.kinds = KindChooser(bridge.theme)
        self.services = ServiceChooser(bridge.theme, presets, bridge.language.name)
        self.basics = Basics(bridge, self.paste_into_key)
        self.basics.setParent(self)
        self.place = PlaceLine(bridge)
        self.bedrock = BedrockSection(bridge.theme)
        self.advanced = AdvancedSection(bridge.theme)
        self.fold = Fold(bridge.theme, self.tr("Advanced"), self.advanced)
        self.setLayout(
            column_of(
                self.kinds,
                self.services,
                self.basics.name_field,
                self.bedrock,
                held(column_of(self.basics.key_field, self.basics.key_remark, self.place, spacing=6)),
                self.basics.url_field,
                self.fold,
                spacing=Space.L + Space.XS,
            )
        )
        self._connect()

    @property
    def entry(self) -> Entry:
        """The plain fields as they stand there."""
        plain = Entry(
            kind=self.kinds.kind, name=self.basics.name.text().strip(), base_url=self.basics.url.text().strip()
        )
        return self.advanced.read(self.bedrock.read(plain))

    @property
    def typed(self) -> dict[str, Secret]:
        """The secrets that were entered and that such a credential has."""
        typed = self.bedrock.typed | ({"api_key": self.basics.key.secret} if self.basics.key.secret else {})
        return {field: typed[field] for field in self.entry.secret_fields if field in typed}

    def show_entry(self, entry: Entry, stored: Credential | None) -> None:
        """Show an entry; `stored` is the credential whose secrets are stored. It stays of its side of Bedrock."""
        self._filling = True
        self._named = bool(entry.name)
        if stored is not None:
            bedrock = entry.kind is Kind.BEDROCK
            self._kinds = (Kind.BEDROCK,) if bedrock else (Kind.ANTHROPIC, Kind.COMPATIBLE)
            self.kinds.limit_to(*self._kinds)
            self.kinds.setHidden(bedrock)
        self.kinds.choose(entry.kind)
        self.basics.name.setText(entry.name)
        self.basics.url.setText(entry.base_url)
        self.basics.show_stored(stored)
        self.bedrock.show_entry(entry, stored)
        self.advanced.show_entry(entry)
        self.services.show_url(entry.base_url)
        if entry.base_url:
            self.services.settle()
        self._filling = False
        self._show_kind()

    def focus_first(self) -> None:
        """Put the cursor where typing begins."""
        first = self.basics.name if not self.basics.name.text() or self.kinds.kind is Kind.BEDROCK else self.basics.key
        first.setFocus()

    def start_looking(self) -> None:
        """Find out where secrets would be kept, and which AWS profiles there are."""
        self._looking = self._bridge.start(self._look_around(), name="look where secrets go")

    def abandon(self) -> None:
        """End what is under way, and empty the fields of secrets: the dialog closes."""
        if self._looking is not None:
            self._looking.cancel()
        self.place.abandon()
        for key in (self.basics.key, *self.bedrock.keys.values()):
            key.clear()

    async def _look_around(self) -> None:
        await self.place.look()
        self.bedrock.show_profiles(await asyncio.to_thread(read_profiles, os.environ, Path.home()))

    def take(self, field: str, value: str) -> None:
        """Fill in one field that a check proposes: `auth`, `base_url`, `region` or `model`."""
        match field:
            case "auth":
                self.advanced.choose_auth(Auth(value))
            case "base_url":
                self.basics.url.setText(value)
            case "region":
                self.bedrock.region.setText(value)
            case "model":
                self.bedrock.model.setText(value)
        self._tell()

    def paste(self) -> None:
        """Fill in what the clipboard says."""
        pasted = understand(QGuiApplication.clipboard().text())
        if pasted is not None and self._kind_of(pasted) in self._kinds:
            self.fill(pasted)
        else:
            self.pasted.emit(())

    def paste_into_key(self) -> None:
        """Put the clipboard into the key's field, or everywhere if it says more than a key."""
        text = QGuiApplication.clipboard().text()
        if self._pastes_block(text):
            return
        self.basics.key.setText(text.strip())
        self.basics.key.setFocus()

    def fill(self, pasted: Pasted) -> None:
        """Fill in what pasted text says; everything else stays."""
        fields, kind = pasted.fields, self._kind_of(pasted)
        self._filling = True
        if kind is not self.kinds.kind:
            self.kinds.choose(kind)
            self.basics.url.clear()  # a key for one service must not go to the address of another
        if name := fields.get("name"):
            self._named = True
            self.basics.name.setText(free_name(name, self._taken))
        if self.kinds.kind is Kind.BEDROCK:
            self.bedrock.fill(pasted, pasted_source(pasted, self.bedrock.source.value))
        if "base_url" in fields:
            self.basics.url.setText(fields["base_url"])
            self.services.show_url(fields["base_url"])
            self.services.settle()
        if fields.get("auth") in set(Auth) and self._takes("auth"):
            self.advanced.choose_auth(Auth(fields["auth"]))
        if "api_version" in fields:
            self.advanced.version.setText(fields["api_version"])
        if "api_key" in pasted.secrets:
            self.basics.key.setText(pasted.secrets["api_key"].reveal())
        self._filling = False
        self._show_kind()
        self.pasted.emit(tuple(field for field in (*fields, *pasted.secrets) if self._takes(field)))

    def _kind_of(self, pasted: Pasted) -> Kind:
        """The kind that pasted text is about; a new key alone leaves a credential that is edited what it is."""
        now = self.kinds.kind
        kind = pasted_kind(pasted, now)
        edited = len(self._kinds) < len(Kind)
        return now if edited and kind is not Kind.BEDROCK and "base_url" not in pasted.fields else kind

    def _takes(self, field: str) -> bool:
        """Whether pasted text fills this field in: what a known service takes is known, and models are Bedrock's."""
        if field == "auth":
            return self.services.service is None
        return self.kinds.kind is Kind.BEDROCK or field != "model_id"

    def show_error(self, field: str, text: str) -> None:
        """Mark the field, named as in the configuration file, that cannot be used; an empty name marks none."""
        in_name = field == "name"
        self.basics.name_field.explain(text if in_name else "", Tone.ERROR if in_name else Tone.NEUTRAL)
        in_key = field == "api_key"
        self.basics.key_field.explain(text if in_key else "", Tone.ERROR if in_key else Tone.NEUTRAL)
        self.bedrock.show_error(field, text)
        if self.advanced.show_error(field, text) and not self.fold.is_open:
            self.fold.turn()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.matches(QKeySequence.StandardKey.Paste)
        ):
            return self._pastes_block(QGuiApplication.clipboard().text())
        return super().eventFilter(watched, event)

    def _pastes_block(self, text: str) -> bool:
        """Fill the form if the text says more than a bare key."""
        pasted = understand(text)
        fits = pasted is not None and is_block(pasted) and self._kind_of(pasted) in self._kinds
        if fits and pasted is not None:
            self.fill(pasted)
        return fits

    def _connect(self) -> None:
        self.kinds.chosen.connect(self._choose_kind)
        self.services.chosen.connect(self._choose_service)
        self.basics.name.textEdited.connect(self._name_is_mine)
        self.basics.name.textChanged.connect(self._tell)
        self.basics.key.textChanged.connect(self._tell)
        self.basics.url.textChanged.connect(self._follow_url)
        self.bedrock.edited.connect(self._tell)
        self.bedrock.source.chosen.connect(self._show_place)
        self.advanced.edited.connect(self._tell)
        for field in self.findChildren(QLineEdit):
            field.installEventFilter(self)

    def _choose_kind(self, kind: Kind) -> None:
        self._filling = True
        if kind is not Kind.COMPATIBLE:
            self.basics.url.clear()
        elif self.services.endpoint is not None:
            self.basics.url.setText(self.services.endpoint.base_url)
        self._filling = False
        self._show_kind()

    def _choose_service(self, endpoint: Endpoint | None) -> None:
        self._filling = True
        self.basics.url.setText(endpoint.base_url if endpoint else "")
        self._filling = False
        self._show_kind()
        (self.basics.key if endpoint else self.basics.url).setFocus()

    def _show_kind(self) -> None:
        kind = self.kinds.kind
        self.services.setVisible(kind is Kind.COMPATIBLE)
        self.bedrock.setVisible(kind is Kind.BEDROCK)
        self.basics.show_kind(kind, known=self.services.service is not None)
        self._show_place()
        self._suggest_name()
        self._tell()

    def _show_place(self) -> None:
        self.place.setVisible(bool(self.entry.secret_fields))

    def _follow_url(self) -> None:
        if not self._filling:
            if self.kinds.kind is Kind.COMPATIBLE:
                self.services.show_url(self.basics.url.text())
                self._suggest_name()
            self._tell()

    def _name_is_mine(self) -> None:
        self._named = True

    def _suggest_name(self) -> None:
        if not self._named:
            self._filling = True
            self.basics.name.setText(free_name(self._wish(), self._taken) if self._wish() else "")
            self._filling = False

    def _wish(self) -> str:
        kind, service = self.kinds.kind, self.services.service
        if kind is Kind.COMPATIBLE:
            return short_name(service, self._bridge.language.name) if service else host_of(self.basics.url.text())
        return "Anthropic" if kind is Kind.ANTHROPIC else "Bedrock"

    def _tell(self) -> None:
        if not self._filling:
            self.edited.emit()
