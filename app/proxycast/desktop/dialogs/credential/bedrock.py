"""The fields of an AWS Bedrock credential."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from proxycast.desktop.bridge import Tone
from proxycast.desktop.dialogs.credential.entry import AwsSource, Entry, stored_for
from proxycast.desktop.dialogs.credential.fields import SuggestedField, side_by_side
from proxycast.desktop.dialogs.credential.secrets import KeyField
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.fields import Field, Select, TextField
from proxycast.desktop.widgets.frames import column_of
from proxycast.model.credential import AwsEndpoint, Credential, Kind
from proxycast.model.secret import Secret
from proxycast.service.paste import Pasted

REGIONS = (
    "us-east-1",
    "us-east-2",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
)
"""Suggestions alone: which regions have Claude changes, and any other may be typed."""


class BedrockSection(QWidget):
    """Where the AWS identity comes from, the region and the model.

    Signals:
        edited: the user changed something.
    """

    edited = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.source = Select(
            (
                (self.tr("IAM role or default AWS chain"), AwsSource.CHAIN),
                (self.tr("Profile in my AWS files"), AwsSource.PROFILE),
                (self.tr("Access key"), AwsSource.ACCESS_KEY),
                (self.tr("Bedrock API key"), AwsSource.API_KEY),
            ),
            AwsSource.CHAIN,
        )
        show = self.tr("Show suggestions")
        self.profile = SuggestedField(theme, show, hint="default")
        self.region = SuggestedField(theme, show, hint="us-east-1")
        self.region.suggest(REGIONS)
        self.model = TextField(hint="global.anthropic.claude-sonnet-5-5")
        self.workspace = TextField(hint="wrkspc_…")
        self.endpoint = Select(
            (
                ("Bedrock Runtime", AwsEndpoint.BEDROCK),
                ("Bedrock Mantle", AwsEndpoint.MANTLE),
                ("Claude Platform on AWS", AwsEndpoint.CLAUDE_PLATFORM),
            ),
            AwsEndpoint.BEDROCK,
        )
        self.keys: Mapping[str, KeyField] = {
            "aws_access_key": KeyField(theme, self.tr("Access key ID"), hint="AKIA…"),
            "aws_secret_key": KeyField(theme, self.tr("Secret access key")),
            "aws_session_token": KeyField(theme, self.tr("Session token"), hint=self.tr("Only for temporary keys")),
            "aws_bearer_token": KeyField(theme, self.tr("Bedrock API key")),
        }
        self._fields = self._make_fields()
        self.setLayout(
            column_of(
                side_by_side(Field(self.tr("AWS identity"), self.source), self._fields["aws_region"]),
                self._fields["aws_profile"],
                *(self._fields[field] for field in self.keys),
                side_by_side(self._fields["model_id"], Field(self.tr("AWS service"), self.endpoint)),
                self._fields["aws_workspace_id"],
                spacing=Space.L,
            )
        )
        self._connect()
        self._show_source()

    @property
    def typed(self) -> dict[str, Secret]:
        """The secrets that were entered, by their names in the configuration file."""
        return {field: key.secret for field, key in self.keys.items() if key.secret}

    def read(self, entry: Entry) -> Entry:
        """The entry with what stands here."""
        return msgspec.structs.replace(
            entry,
            source=self.source.value,
            region=self.region.text().strip(),
            profile=self.profile.text().strip(),
            model_id=self.model.text().strip(),
            endpoint=self.endpoint.value,
            workspace_id=self.workspace.text().strip(),
        )

    def show_entry(self, entry: Entry, stored: Credential | None) -> None:
        """Show what an entry says; `stored` is the credential whose secrets are stored."""
        self.source.show_value(entry.source)
        self.endpoint.show_value(entry.endpoint)
        self.region.setText(entry.region)
        self.profile.setText(entry.profile)
        self.model.setText(entry.model_id)
        self.workspace.setText(entry.workspace_id)
        for field, key in self.keys.items():
            key.show_stored(stored_for(stored, field))
        self._show_source()

    def fill(self, pasted: Pasted, source: AwsSource) -> None:
        """Fill in what pasted text says; `source` is where it has the identity from."""
        self.source.show_value(source)
        plain = {
            "aws_region": self.region,
            "aws_profile": self.profile,
            "aws_workspace_id": self.workspace,
            "model_id": self.model,
        }
        for field, widget in plain.items():
            if field in pasted.fields:
                widget.setText(pasted.fields[field])
        if pasted.fields.get("aws_endpoint") in set(AwsEndpoint):
            self.endpoint.show_value(AwsEndpoint(pasted.fields["aws_endpoint"]))
        for field, key in self.keys.items():
            if field in pasted.secrets:
                key.setText(pasted.secrets[field].reveal())
        self._show_source()

    def show_profiles(self, names: tuple[str, ...]) -> None:
        """Offer the profiles that were found."""
        self.profile.suggest(names)
        found = self.tr("Found: {names}").format(names=", ".join(names[:6]))
        nothing = self.tr("No profile was found in your AWS files (~/.aws).")
        self._fields["aws_profile"].explain(found if names else nothing)

    def show_error(self, field: str, text: str) -> bool:
        """Mark this field, named as in the configuration file, and no other; gives whether it is one of these."""
        for name, shown in self._fields.items():
            if name != "aws_profile" or name == field:
                shown.explain(text if name == field else "", Tone.ERROR if name == field else Tone.NEUTRAL)
        return field in self._fields

    def _make_fields(self) -> dict[str, Field]:
        model = self.tr("Leave empty to keep each request's model.")
        return {
            "aws_region": Field(self.tr("Region"), self.region),
            "aws_profile": Field(self.tr("Profile"), self.profile),
            "model_id": Field(self.tr("Model or inference profile"), self.model, model),
            "aws_workspace_id": Field(self.tr("Workspace ID"), self.workspace),
            **{field: Field(key.accessibleName(), key) for field, key in self.keys.items()},
        }

    def _connect(self) -> None:
        for field in (self.profile, self.region, self.model, self.workspace, *self.keys.values()):
            field.textChanged.connect(self.edited)
        self.source.chosen.connect(self._show_source)
        self.endpoint.chosen.connect(self._show_source)
        for choice in (self.source, self.endpoint):
            choice.activated.connect(self.edited)

    def _show_source(self) -> None:
        self._fields["aws_profile"].setVisible(self.source.value is AwsSource.PROFILE)
        self._fields["aws_workspace_id"].setVisible(self.endpoint.value is AwsEndpoint.CLAUDE_PLATFORM)
        needed = Entry(kind=Kind.BEDROCK, source=self.source.value).secret_fields
        for field in self.keys:
            self._fields[field].setVisible(field in needed)
        known = self.tr("Leave empty for the region of the profile.")
        self._fields["aws_region"].show_hint("" if needed else known)
