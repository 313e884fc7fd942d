"""The names of clients and of the places their lines belong to."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from proxycast.service.recipes import PROFILES, Client, Place
from proxycast.service.shells import Shell


def client_name(client: Client) -> str:
    """What people call it."""
    return {
        Client.CLAUDE_CODE: "Claude Code",
        Client.PYTHON: "Python SDK",
        Client.TYPESCRIPT: "TypeScript SDK",
        Client.CURL: "curl",
        Client.OTHER: QCoreApplication.translate("Clients", "Others"),
    }[client]


def place_name(place: Place, client: Client, shell: Shell) -> str:
    """Where a piece belongs."""
    match place:
        case Place.SHELL if client is Client.OTHER:
            return QCoreApplication.translate("Clients", "Or, for programs started from a terminal")
        case Place.SHELL:
            return QCoreApplication.translate("Clients", "In the terminal")
        case Place.PROGRAM:
            return QCoreApplication.translate("Clients", "In the program you start from there")
        case Place.PROFILE:
            words = QCoreApplication.translate("Clients", "For every new terminal, add this line to {file}")
            return words.format(file=PROFILES[shell])
        case Place.ADDRESS:
            return QCoreApplication.translate("Clients", "Base URL")
        case Place.KEY:
            return QCoreApplication.translate("Clients", "API key")


def client_hint(client: Client) -> str:
    """What there is to know beside the lines."""
    return {
        Client.CLAUDE_CODE: QCoreApplication.translate(
            "Clients", "Paste these lines into your terminal. The last one starts Claude Code."
        ),
        Client.PYTHON: QCoreApplication.translate(
            "Clients", "The SDK reads the address and the token from the environment of the terminal."
        ),
        Client.TYPESCRIPT: QCoreApplication.translate(
            "Clients", "The SDK reads the address and the token from the environment of the terminal."
        ),
        Client.CURL: QCoreApplication.translate("Clients", "One request; the answer streams into the terminal."),
        Client.OTHER: QCoreApplication.translate(
            "Clients",
            "For editors and chat apps that let you set the Anthropic API address. Some want it to end in /v1.",
        ),
    }[client]
