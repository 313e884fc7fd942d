"""`python -m proxycast` is the `proxycast` command."""

import sys

from proxycast.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
