"""Sentences of the dialog that are chosen by a value."""

from __future__ import annotations

from PySide6.QtCore import QObject

from proxycast.desktop.dialogs.credential.entry import Lack


class Words(QObject):
    """What is missing, and the names of fields, in the user's language."""

    def lacking(self, lack: Lack) -> str:
        """What to do about it, for the place beside the Save button."""
        return {
            Lack.NAME: self.tr("Enter a name"),
            Lack.NAME_TAKEN: self.tr("Another credential has this name"),
            Lack.BASE_URL: self.tr("Choose a service or enter the base URL"),
            Lack.API_KEY: self.tr("Enter the API key"),
            Lack.ACCESS_KEYS: self.tr("Enter the access key ID and the secret access key"),
            Lack.BEDROCK_KEY: self.tr("Enter the Bedrock API key"),
            Lack.PROFILE: self.tr("Enter the profile"),
            Lack.REGION: self.tr("Enter the region"),
            Lack.WORKSPACE: self.tr("Enter the workspace ID"),
            Lack.HEADER_NAME: self.tr("A header has no name"),
            Lack.HEADER_TWICE: self.tr("A header appears twice"),
            Lack.MODEL_NAMES: self.tr("A model alias is incomplete"),
            Lack.MODEL_TWICE: self.tr("A model alias appears twice"),
        }[lack]

    def wrong(self, field: str) -> str:
        """Which field cannot be used, for the place beside the Save button."""
        return self.tr("Check: {field}").format(field=self.field(field))

    def field(self, field: str) -> str:
        """The name of a field of the configuration file as the form shows it."""
        return {
            "name": self.tr("Name"),
            "api_key": self.tr("API Key"),
            "base_url": self.tr("Base URL"),
            "auth": self.tr("The key is sent as"),
            "api_version": self.tr("API version"),
            "headers": self.tr("Headers"),
            "timeout": self.tr("Time limits"),
            "proxy": self.tr("Proxy"),
            "ca_file": self.tr("Certificates"),
            "models": self.tr("Model aliases"),
            "model_id": self.tr("Model"),
            "aws_region": self.tr("Region"),
            "aws_profile": self.tr("Profile"),
            "aws_endpoint": self.tr("AWS service"),
            "aws_workspace_id": self.tr("Workspace ID"),
            "aws_access_key": self.tr("Access key ID"),
            "aws_secret_key": self.tr("Secret access key"),
            "aws_session_token": self.tr("Session token"),
            "aws_bearer_token": self.tr("Bedrock API key"),
        }[field]


PLACES = {
    Lack.NAME: "name",
    Lack.NAME_TAKEN: "name",
    Lack.BASE_URL: "base_url",
    Lack.HEADER_NAME: "headers",
    Lack.HEADER_TWICE: "headers",
    Lack.MODEL_NAMES: "models",
    Lack.MODEL_TWICE: "models",
}
"""The field that a lack is about, where what is entered there is wrong and not only missing."""
