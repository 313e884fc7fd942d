"""A service for one command, made from the environment and closed with it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from gettext import gettext as _
from pathlib import Path
from typing import TextIO, TypeVar

from proxycast.cli import terminal
from proxycast.cli.output import reported
from proxycast.model.errors import InputError
from proxycast.model.settings import LogLevel
from proxycast.model.text import Text
from proxycast.service.assembly import assemble, take_environment
from proxycast.service.service import Service
from proxycast.store.logs import set_level, set_up
from proxycast.store.paths import Places
from proxycast.store.vault.vault import Ask

T = TypeVar("T")


LOG_LEVEL = "PROXYCAST_LOG_LEVEL"


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
    undo_logging = set_up(places.log_file, stderr=log_to)
    try:
        level = _log_level()
        if level is not None:
            set_level(level)
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
        if level is None:
            service.subscribe(lambda: set_level(service.settings.log_level))
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


def _log_level() -> LogLevel | None:
    """The level that the environment asks for, which beats the settings. Raises InputError for one that is none."""
    level = os.environ.get(LOG_LEVEL)
    if level is None:
        return None
    try:
        return LogLevel(level.lower())
    except ValueError:
        raise InputError(
            Text("{variable} is {value}, which is no level.", variable=LOG_LEVEL, value=repr(level)),
            Text("Use one of {levels}.", levels=", ".join(one.name for one in LogLevel)),
        ) from None
