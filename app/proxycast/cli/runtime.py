"""A service for one command, made from the environment and closed with it."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from gettext import gettext as _
from pathlib import Path
from typing import TextIO, TypeVar

import click

from proxycast.cli.output import fail
from proxycast.model.errors import InputError, ProxyCastError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.service.assembly import assemble
from proxycast.service.service import Service
from proxycast.store.logs import set_up
from proxycast.store.paths import Places

T = TypeVar("T")


LOG_LEVEL = "PROXYCAST_LOG_LEVEL"
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@asynccontextmanager
async def open_service(*, config: Path | None = None, log_to: TextIO | None = None) -> AsyncIterator[Service]:
    """The service over the user's configuration, or over `config`, which is then never written.

    While it is open, the program's log is written, and its warnings to `log_to` as well. Raises InputError.
    """
    places = _places()
    undo_logging = set_up(places.log_file, _log_level(), stderr=log_to)
    service = assemble(
        places,
        translate=_,
        environment=os.environ,
        config=config,
        ask_passphrase=ask_passphrase if sys.stdin.isatty() else None,
        allow_prompt=True,
    )
    try:
        yield service
    finally:
        await service.close()
        undo_logging()


def run(work: Callable[[Service], Awaitable[T]], *, as_json: bool) -> T:
    """Run `work` with a service on a loop of its own; an error ends the command with its sentence."""

    async def with_service() -> T:
        async with open_service() as service:
            return await work(service)

    try:
        return asyncio.run(with_service())
    except ProxyCastError as error:
        fail(error, as_json=as_json)


def _places() -> Places:
    """The program's folders, which exist then. Raises InputError if they cannot be made."""
    places = Places.find(os.environ)
    try:
        places.make_folders()
    except OSError as error:
        raise InputError(
            Text("The folder {folder} cannot be made: {reason}.", folder=error.filename, reason=error.strerror),
            Text("Look at the free space and at who may write there."),
        ) from None
    return places


def _log_level() -> int:
    """The level that the environment asks for. Raises InputError for one that does not exist."""
    level = os.environ.get(LOG_LEVEL, "INFO").upper()
    if level not in _LEVELS:
        raise InputError(
            Text("{variable} is {value}, which is no level.", variable=LOG_LEVEL, value=repr(level)),
            Text("Use one of {levels}.", levels=", ".join(_LEVELS)),
        )
    return logging.getLevelNamesMapping()[level]


async def ask_passphrase() -> Secret | None:
    """Ask for the vault's passphrase on the terminal; None if the user gives none."""
    entered = await asyncio.to_thread(_prompt, _("Passphrase of the vault"))
    return Secret(entered) if entered else None


def _prompt(label: str) -> str:
    entered: str = click.prompt(label, hide_input=True, default="", show_default=False, err=True)
    return entered


def read_secret(label: str) -> Secret:
    """A secret from standard input: asked for without echo on a terminal, else one line. Raises InputError."""
    entered = _prompt(label) if sys.stdin.isatty() else sys.stdin.readline()
    value = entered.strip()
    if not value:
        raise InputError(
            Text("No key was given on standard input."),
            Text('Type it at the prompt, or pipe it: `printf %s "$KEY" | proxycast add NAME`.'),
        )
    if not all("!" <= character <= "~" for character in value):
        raise InputError(
            Text("The key holds a space or a character that no key has."),
            Text("Copy it again, without the text around it."),
        )
    return Secret(value)
