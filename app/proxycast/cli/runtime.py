"""A service for one command, made from the environment and closed with it."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from gettext import gettext as _
from pathlib import Path
from typing import TextIO, TypeVar

from proxycast.cli import terminal
from proxycast.cli.output import reported
from proxycast.model.errors import InputError
from proxycast.model.text import Text
from proxycast.service.assembly import assemble, take_environment
from proxycast.service.service import Service
from proxycast.store.logs import set_up
from proxycast.store.paths import Places
from proxycast.store.vault.vault import Ask

T = TypeVar("T")


LOG_LEVEL = "PROXYCAST_LOG_LEVEL"
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@asynccontextmanager
async def open_service(
    *, config: Path | None = None, log_to: TextIO | None = None, ask: Ask = terminal.ask_passphrase
) -> AsyncIterator[Service]:
    """The service over the user's configuration, or over `config`, which is then never written.

    While it is open, the program's log is written, and its warnings to `log_to` as well. `ask` asks for the vault's
    passphrase, if somebody is there. Raises InputError, OSError.
    """
    places = Places.find(os.environ)
    places.make_folders()
    undo_logging = set_up(places.log_file, _log_level(), stderr=log_to)
    try:
        service = assemble(
            places,
            translate=_,
            environment=take_environment(os.environ),
            config=config,
            ask_passphrase=ask if terminal.is_there() else None,
            allow_prompt=True,
        )
        if terminal.is_there():
            service.answer_codes(terminal.ask_code)
        try:
            yield service
        finally:
            await service.close()
    finally:
        undo_logging()


def run(work: Callable[[Service], Awaitable[T]], *, as_json: bool) -> T:
    """Run `work` with a service on a loop of its own; an error ends the command with its sentence."""

    async def with_service() -> T:
        async with open_service() as service:
            return await work(service)

    with reported(as_json=as_json):
        return asyncio.run(with_service())


def _log_level() -> int:
    """The level that the environment asks for. Raises InputError for one that does not exist."""
    level = os.environ.get(LOG_LEVEL, "INFO").upper()
    if level not in _LEVELS:
        raise InputError(
            Text("{variable} is {value}, which is no level.", variable=LOG_LEVEL, value=repr(level)),
            Text("Use one of {levels}.", levels=", ".join(_LEVELS)),
        )
    return logging.getLevelNamesMapping()[level]
