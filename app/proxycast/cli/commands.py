"""The command tree."""

from __future__ import annotations

from gettext import gettext as _

import click

from proxycast import __version__
from proxycast.cli.clients import env, token
from proxycast.cli.pool import add, confirm, disable, enable, list_, remove, rename, rotate, test, use
from proxycast.cli.serve import serve
from proxycast.cli.transfer import export, import_
from proxycast.cli.usage import usage


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_("Keeps the ways to reach Claude in one pool, and gives all tools one address for them."),
    epilog=_("Without a command, the window opens."),
)
@click.version_option(__version__, package_name="proxycast", prog_name="ProxyCast")
@click.pass_context
def proxycast(context: click.Context) -> None:
    """The program; opens the window unless a command is given."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for command in (
    serve,
    add,
    list_,
    use,
    rename,
    enable,
    disable,
    rotate,
    confirm,
    remove,
    test,
    import_,
    export,
    env,
    token,
    usage,
):
    proxycast.add_command(command)
