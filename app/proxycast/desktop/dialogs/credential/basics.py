"""The fields that every credential but Bedrock's needs: name, key, base URL."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from proxycast.desktop import fonts
from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.dialogs.credential.entry import Entry
from proxycast.desktop.dialogs.credential.fields import Remark
from proxycast.desktop.dialogs.credential.secrets import KeyField
from proxycast.desktop.dialogs.credential.suggest import Doubt, doubt, meant_kind
from proxycast.desktop.widgets.fields import Field, TextField
from proxycast.model.credential import ANTHROPIC_BASE_URL, Credential, Kind
from proxycast.model.errors import InputError
from proxycast.model.url import normalise_base_url


class Basics(QObject):
    """The three fields, and what they say about what is typed."""

    def __init__(self, bridge: Bridge, on_paste: Callable[[], None]) -> None:
        super().__init__()
        self._bridge = bridge
        self.name = TextField(hint=self.tr("A name you will recognize"))
        self.name.setMaxLength(80)
        self.key = KeyField(bridge.theme, self.tr("API Key"), on_paste)
        self.url = TextField()
        self.url.setFont(fonts.fixed())
        self.name_field = Field(self.tr("Name"), self.name)
        self.key_field = Field(self.tr("API Key"), self.key)
        self.key_remark = Remark(bridge.theme)
        self.url_field = Field(self.tr("Base URL"), self.url)

    def show_kind(self, kind: Kind, *, known: bool) -> None:
        """Fit the fields to a kind; `known` if the service is one of the presets."""
        self.key_field.setVisible(kind is not Kind.BEDROCK)
        if kind is Kind.COMPATIBLE:
            self.url_field.name.setText(self.tr("Base URL"))
            self.url.setPlaceholderText("" if known else "https://llm.example.com")
            return
        self.url_field.name.setText(self.tr("Base URL (optional)"))
        of_aws = self.tr("The region's AWS endpoint")
        self.url.setPlaceholderText(of_aws if kind is Kind.BEDROCK else ANTHROPIC_BASE_URL)

    def explain_url(self, entry: Entry) -> None:
        """Show the form in which the base URL is kept, or what is wrong with it."""
        typed = entry.base_url.strip()
        if not typed:
            self.url_field.explain()
            return
        try:
            url = normalise_base_url(typed, allow_http=entry.allow_http)
        except InputError as error:
            self.url_field.explain(self._bridge.say(error), Tone.ERROR)
            return
        if entry.kind is not meant_kind(entry.kind, url):
            text = self.tr(
                "Saved as {url}. This is not Anthropic's address, so the credential counts as a compatible service."
            )
            self.url_field.explain(text.format(url=url))
        else:
            self.url_field.explain(self.tr("Saved as {url}").format(url=url) if url != typed else "")

    def explain_key(self, entry: Entry, moved_to: str) -> None:
        """Warn about a key that seems to be of somebody else; `moved_to` is the host a stored key would now go to."""
        kind = meant_kind(entry.kind, entry.base_url)
        doubted = doubt(self.key.secret, kind, entry.base_url) if self.key.secret else None
        if doubted is not None:
            self.key_remark.say(self._doubt_in_words(doubted, kind))
        elif moved_to:
            text = self.tr("The base URL has changed: when you save, the stored key may be sent to {host}.")
            self.key_remark.say(text.format(host=moved_to))
        else:
            self.key_remark.say("")

    def show_stored(self, credential: Credential | None) -> None:
        """Say where the present key is."""
        self.key.show_stored(None if credential is None else credential.secrets.get("api_key"))

    def _doubt_in_words(self, doubted: Doubt, kind: Kind) -> str:
        if doubted.vendor == "ProxyCast":
            return self.tr("This looks like ProxyCast's own client token, which no service accepts.")
        if kind is Kind.ANTHROPIC:
            text = self.tr("This looks like a key of {vendor}; Anthropic will not accept it.")
        else:
            text = self.tr("This looks like a key of {vendor}, but it would be sent to another service.")
        return text.format(vendor=doubted.vendor)
