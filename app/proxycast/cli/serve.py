"""`proxycast serve`: the proxy without a window."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click
import msgspec

from proxycast.cli import terminal
from proxycast.cli.output import reported, warn
from proxycast.cli.pool import as_json_option
from proxycast.cli.runtime import open_service
from proxycast.model.errors import KeyringMissing, ProxyCastError, VaultError, VaultLocked
from proxycast.model.secret import Secret
from proxycast.service.client_token import VARIABLE
from proxycast.service.demo import attached_demo
from proxycast.service.service import Service


@click.command(help=_("Run the proxy without a window until it is interrupted."))
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help=_("Use FILE as it stands, never writing it."),
)
@click.option("--host", metavar="H", help=_("The address to listen on instead of the one in the settings."))
@click.option(
    "--port", type=click.IntRange(0, 65535), metavar="N", help=_("The port to listen on; 0 picks a free one.")
)
@click.option("--demo", is_flag=True, help=_("Serve an offline demo that needs no key."))
@as_json_option
def serve(*, config: Path | None, host: str | None, port: int | None, demo: bool, as_json: bool) -> None:
    """`proxycast serve`."""
    if demo and config is not None:
        raise click.UsageError(_("--demo and --config do not go together."))
    work = _serve_demo(host, port, as_json=as_json) if demo else _serve_pool(config, host, port, as_json=as_json)
    with reported(as_json=as_json):
        _run(work)


async def _serve_pool(config: Path | None, host: str | None, port: int | None, *, as_json: bool) -> None:
    starting = True

    async def ask() -> Secret | None:
        """While it starts, somebody is there to answer; later, a prompt would stop all traffic."""
        return await terminal.ask_passphrase() if starting else None

    async with open_service(config=config, log_to=sys.stderr, ask=ask) as service:
        await service.load()
        for name in service.literals:
            warn(_("The key of {name} stands in the file in plain text.").format(name=name))
        await service.start_proxy(host=host, port=port)
        _announce(service, as_json=as_json)
        service.follow()
        await _fetch_token(service)
        if terminal.is_there() and any(one.uses_keyring for one in service.pool.credentials):
            await _open_vault(service)
        starting = False
        if config is None:
            await service.sweep()
        await asyncio.Event().wait()


async def _serve_demo(host: str | None, port: int | None, *, as_json: bool) -> None:
    async with open_service(log_to=sys.stderr) as service, attached_demo(service):
        try:
            await service.start_proxy(host=host, port=port)
            _announce(service, as_json=as_json)
            if not as_json:
                shown = f"${VARIABLE}" if service.token.given else (await _token_of_demo(service)).reveal()
                click.echo(_("This is an offline demo: it needs no key and asks no model. Try it in another terminal:"))
                click.echo(_curl(service.proxy.address, shown))
                sys.stdout.flush()
            await asyncio.Event().wait()
        finally:
            await service.stop_proxy()  # while streams can still end as they should


async def _token_of_demo(service: Service) -> Secret:
    """The client token; one for this session where the keyring does not give it, since the demo shows it anyway."""
    try:
        return await service.token.fetch()
    except ProxyCastError as error:
        warn(error.render(_))
        return service.token.make_for_session()


def _announce(service: Service, *, as_json: bool) -> None:
    address = service.proxy.address
    if service.proxy.exposed:
        warn(_("Other machines can reach this address. Anyone who has the client token can spend your credentials."))
    click.echo(msgspec.json.encode({"listening": address}) if as_json else f"ProxyCast listening on {address}")
    sys.stdout.flush()


async def _fetch_token(service: Service) -> None:
    """Have the client token at hand before the first request; say what is wrong if that fails, and go on serving.

    A token that cannot be saved is of use only to someone who sees it, so it is shown on a terminal, and nowhere else.
    """
    try:
        token = await service.token.fetch()
    except ProxyCastError as error:
        warn(error.render(_))
        return
    try:
        await service.token.require_shared()
    except KeyringMissing:
        if not sys.stderr.isatty():
            raise
        warn(_("No keyring: the client token of this session is {token}").format(token=token.reveal()))


async def _open_vault(service: Service) -> None:
    """Open the vault if that is where secrets are and it takes a passphrase; if it stays locked, say so and go on."""
    if isinstance((await service.secrets.place()).problem, VaultLocked):
        try:
            await service.secrets.unlock()
        except VaultError as error:
            warn(error.render(_))


def _curl(address: str, token: str) -> str:
    message = {
        "model": "proxycast-demo",
        "max_tokens": 256,
        "stream": True,
        "messages": [{"role": "user", "content": "Hello"}],
    }
    headers = [f"x-api-key: {token}", "anthropic-version: 2023-06-01", "content-type: application/json"]
    quoted = " ".join(f'-H "{header}"' for header in headers)
    body = shlex.quote(msgspec.json.encode(message).decode())
    return f"curl -sN --noproxy '*' {address}/v1/messages {quoted} -d {body}"


async def _until_interrupted(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` until the process is asked to end, then let it clean up; asked twice, the process ends at once.

    Raises what `work` raises.
    """
    loop = asyncio.get_running_loop()
    task = loop.create_task(work, name="serve")
    asked = False

    def ask() -> None:
        nonlocal asked
        if asked:
            os._exit(1)
        asked = True
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, ask)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_args: loop.call_soon_threadsafe(ask))
    with suppress(asyncio.CancelledError):
        await task


def _run(work: Coroutine[Any, Any, None]) -> None:
    if sys.platform == "win32":
        asyncio.run(_until_interrupted(work))
        return
    import uvloop  # noqa: PLC0415 - does not exist on Windows

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_interrupted(work))
