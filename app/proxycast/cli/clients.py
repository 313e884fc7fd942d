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
from proxycast.service.shells import Shell, assignments, bedrock_environment, client_environment, shell_in_use


@click.command(help=_("Print what points a client at the proxy, for your shell to evaluate."))
@click.option("--shell", type=click.Choice([one.value for one in Shell]), help=_("Left out: the one in use."))
@click.option("--credential", "name", metavar="NAME", help=_("Pin one credential instead of the selected one."))
@click.option(
    "--bedrock", is_flag=True, help=_("For Claude Code in Bedrock mode, which an AWS Bedrock credential takes.")
)
@as_json_option
def env(*, shell: str | None, name: str | None, bedrock: bool, as_json: bool) -> None:
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
        if not bedrock:
            return client_environment(address, token.reveal(), os.environ)
        return bedrock_environment(address, token.reveal(), _region(service, name), os.environ)

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


def _region(service: Service, name: str | None) -> str | None:
    """The region of the Bedrock credential that the client will use. Raises InputError if it is no such credential."""
    credential = service.pool.require_selected() if name is None else service.pool.by_name(name)
    if credential.aws is None:
        raise InputError(
            Text("{name} is no AWS Bedrock credential.", name=credential.name),
            Text("Name one with --credential, or leave out --bedrock."),
        )
    return credential.aws.region


async def _shared_token(service: Service, *, rotate: bool) -> Secret:
    """The client token as other processes know it; for want of a keyring, the encrypted vault is offered for it."""
    if not service.token.given:
        await terminal.offer_vault(service)
        await service.token.require_shared()
    return await (service.token.rotate() if rotate else service.token.fetch())
