"""The command line as a process: whatever happens, it ends with an exit status and without a traceback for users."""

from __future__ import annotations

import io
import os
import sys

import click

from proxycast.cli.commands import proxycast
from proxycast.service.process import harden

_INTERRUPTED = 130
"""What shells report for a program that Ctrl+C has ended: 128 and the signal's number."""


def run() -> int:
    """Run the command that this process's arguments name. Gives the exit status."""
    harden(os.environ)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name may be in a script that the locale has not
    try:
        status = proxycast.main(prog_name="proxycast", standalone_mode=False)
    except click.Abort:
        return _INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return status if isinstance(status, int) else 0
