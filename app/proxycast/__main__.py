"""`python -m proxycast` is the `proxycast` command."""

from proxycast.cli.main import main

if __name__ == "__main__":
    main()
