"""The entry point: the user's language first, then the commands in it."""

from __future__ import annotations

import gettext
import os
import sys

from proxycast.store.language import DOMAIN, preferred_language
from proxycast.store.paths import resources


def main() -> None:
    """Run the command line of this process and exit."""
    # The commands and click itself look their sentences up through gettext when they are imported, so that comes later.
    os.environ["LANGUAGE"] = preferred_language()
    gettext.bindtextdomain(DOMAIN, resources() / "translations")
    gettext.textdomain(DOMAIN)
    from proxycast.cli.commands import proxycast  # noqa: PLC0415

    sys.exit(proxycast.main(prog_name="proxycast", standalone_mode=True))
