"""The command tree."""

from __future__ import annotations

from gettext import gettext as _

import click

from proxycast import __version__
from proxycast.cli.add import add
from proxycast.cli.check import test
from proxycast.cli.clients import env, token
from proxycast.cli.pool import confirm, disable, enable, list_, remove, rename, rotate, use
from proxycast.cli.serve import serve
from proxycast.cli.transfer import export, import_
from proxycast.cli.usage import usage


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_("Keeps the ways to reach Claude in one pool, and gives all tools one address for them."),
    epilog=_("Without a command, the window opens; with --hidden, only the tray icon is shown."),
)
@click.version_option(__version__, package_name="proxycast", prog_name="ProxyCast")
def proxycast() -> None:
    """The program; without a command its window opens, before this is reached."""


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
