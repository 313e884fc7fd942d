"""What the person at the terminal is asked for: keys and passphrases, which are never shown."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from gettext import gettext as _

import click

from proxycast.model.credential import SecretSource
from proxycast.model.errors import InputError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.service.draft import draft_secret
from proxycast.service.service import Service

_LONGEST = 64 * 1024


def is_there() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def read_secrets(wanted: Mapping[str, str]) -> dict[str, SecretSource]:
    """The secrets of these fields, each asked for by its prompt. Raises InputError."""
    return {field: _read_secret(field, prompt) for field, prompt in wanted.items()}


async def ask_passphrase() -> Secret | None:
    """Ask for the vault's passphrase; None if the user gives none.

    It blocks the loop, on which nothing else happens meanwhile: in a thread it could not be interrupted.
    """
    entered = _ask_hidden(_("Passphrase of the vault"))
    return Secret(entered) if entered else None


async def ask_code(name: str) -> str | None:
    """Ask for the code of the MFA device of the credential `name`; None if the user gives none.

    Traffic goes on meanwhile. The code is shown: it is good for half a minute, and once.
    """
    click.echo(_("Code of the MFA device for {name}: ").format(name=name), nl=False, err=True)
    loop = asyncio.get_running_loop()
    if sys.platform == "win32":
        return (await asyncio.to_thread(sys.stdin.readline)).strip() or None
    entered: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        if not entered.done():
            entered.set_result(sys.stdin.readline(_LONGEST))

    loop.add_reader(sys.stdin.fileno(), read)
    try:
        return (await entered).strip() or None
    finally:
        loop.remove_reader(sys.stdin.fileno())


async def offer_vault(service: Service) -> None:
    """Where secrets would be gone with this command, offer to make the encrypted vault. Raises InputError, VaultError.

    Without a terminal, or without a passphrase, nothing happens.
    """
    if not is_there() or (await service.secrets.place()).saved:
        return
    click.echo(
        _("There is no OS keyring here. ProxyCast can keep keys in a file, encrypted with a passphrase."), err=True
    )
    passphrase = _ask_hidden(_("Passphrase for the new vault (empty: none)"))
    if not passphrase:
        return
    if _ask_hidden(_("The same again")) != passphrase:
        raise InputError(Text("The two passphrases differ, so no vault was made."), Text("Try again."))
    await service.secrets.create_vault(Secret(passphrase))


def _read_secret(field: str, prompt: str) -> SecretSource:
    """A key: asked for without echo on a terminal, else the first line of standard input."""
    entered = _ask_hidden(prompt) if is_there() else _first_line()
    if not entered.strip():
        raise InputError(
            Text("No key was given on standard input."),
            Text('Type it at the prompt, or pipe it: `printf %s "$KEY" | proxycast add NAME`.'),
        )
    return draft_secret(field, Secret(entered))


def _ask_hidden(label: str) -> str:
    with _interruptible():
        entered: str = click.prompt(label, hide_input=True, default="", show_default=False, err=True)
    return entered


def _first_line() -> str:
    if sys.stdin is None:
        return ""
    try:
        with _interruptible():
            return sys.stdin.readline(_LONGEST)
    except UnicodeDecodeError:
        raise InputError(Text("Standard input is not text."), Text("Pipe the key alone.")) from None


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl+C end the wait for an answer at once: inside a running loop, asyncio would only take note of it."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
