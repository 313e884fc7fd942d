"""Commands that point clients at the proxy."""

from __future__ import annotations

import os
import sys
from gettext import gettext as _

import click

from proxycast.cli import terminal
from proxycast.cli.output import show
from proxycast.cli.pool import as_json_option
from proxycast.cli.runtime import run
from proxycast.model.errors import InputError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.service.service import Service
from proxycast.service.shells import Shell, assignments, client_environment, shell_in_use


@click.command(help=_("Print what points a client at the proxy, for your shell to evaluate."))
@click.option("--shell", type=click.Choice([one.value for one in Shell]), help=_("Left out: the one in use."))
@click.option("--credential", "name", metavar="NAME", help=_("Pin one credential instead of the selected one."))
@as_json_option
def env(*, shell: str | None, name: str | None, as_json: bool) -> None:
    """`proxycast env`."""

    async def work(service: Service) -> dict[str, str]:
        await service.load()
        if service.settings.port == 0:
            raise InputError(
                Text("The proxy takes another port at every start, because the settings name port 0."),
                Text("Name a port in the configuration file, as server.port."),
            )
        address = service.client_address(name)
        token = await _shared_token(service, rotate=False)
        return client_environment(address, token.reveal(), os.environ)

    variables = run(work, as_json=as_json)
    shell_of_user = Shell(shell) if shell else shell_in_use(os.environ, windows=sys.platform == "win32")
    show(assignments(variables, shell_of_user), variables, as_json=as_json)


@click.command(help=_("Show the client token, which tools give as their key, or renew it."))
@click.option("--rotate", is_flag=True, help=_("Make a new one; tools that use the old one are refused from then on."))
@as_json_option
def token(*, rotate: bool, as_json: bool) -> None:
    """`proxycast token`."""

    async def work(service: Service) -> str:
        return (await _shared_token(service, rotate=rotate)).reveal()

    value = run(work, as_json=as_json)
    show(value, {"token": value}, as_json=as_json)


async def _shared_token(service: Service, *, rotate: bool) -> Secret:
    """The client token as other processes know it; for want of a keyring, the encrypted vault is offered for it."""
    if not service.token.given:
        await terminal.offer_vault(service)
        await service.token.require_shared()
    return await (service.token.rotate() if rotate else service.token.fetch())
