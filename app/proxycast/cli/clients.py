"""Commands that point clients at the proxy."""

from __future__ import annotations

import os
import sys
from gettext import gettext as _

import click

from proxycast.cli.output import show
from proxycast.cli.pool import as_json_option
from proxycast.cli.runtime import run
from proxycast.service.service import Service
from proxycast.service.shells import Shell, assignments, client_environment


@click.command(help=_("Print what points a client at the proxy, for your shell to evaluate."))
@click.option("--shell", type=click.Choice([one.value for one in Shell]), help=_("Left out: the one in use."))
@click.option("--credential", "name", metavar="NAME", help=_("Pin one credential instead of the selected one."))
@as_json_option
def env(*, shell: str | None, name: str | None, as_json: bool) -> None:
    """`proxycast env`."""

    async def work(service: Service) -> dict[str, str]:
        await service.load()
        token = await service.token.fetch()
        await service.token.require_shared()
        return client_environment(service.client_address(name), token.reveal(), os.environ.get("NO_PROXY", ""))

    variables = run(work, as_json=as_json)
    show(assignments(variables, Shell(shell) if shell else _shell_in_use()), variables, as_json=as_json)


@click.command(help=_("Show the client token, which tools give as their key, or renew it."))
@click.option("--rotate", is_flag=True, help=_("Make a new one; tools that use the old one are refused from then on."))
@as_json_option
def token(*, rotate: bool, as_json: bool) -> None:
    """`proxycast token`."""

    async def work(service: Service) -> str:
        value = await (service.token.rotate() if rotate else service.token.fetch())
        await service.token.require_shared()
        return value.reveal()

    value = run(work, as_json=as_json)
    show(value, {"token": value}, as_json=as_json)


def _shell_in_use() -> Shell:
    if sys.platform == "win32":
        return Shell.POWERSHELL if "PSModulePath" in os.environ else Shell.CMD
    return Shell.FISH if os.environ.get("SHELL", "").endswith("fish") else Shell.BASH
