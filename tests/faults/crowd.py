"""Opens connections to a port of this machine and leaves them idle: `python -m tests.faults.crowd PORT COUNT`.

Prints how many were opened once all were tried, and ends when its standard input does.
"""

from __future__ import annotations

import contextlib
import resource
import socket
import sys


def main() -> None:
    port, count = int(sys.argv[1]), int(sys.argv[2])
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    opened = []
    for number in range(count):
        with contextlib.suppress(OSError):
            # From several addresses, as one has fewer ports than that.
            opened.append(socket.create_connection(("127.0.0.1", port), 5, (f"127.0.0.{2 + number % 4}", 0)))
    print(len(opened), flush=True)  # noqa: T201 - this is what it is asked for
    sys.stdin.read()


if __name__ == "__main__":
    main()
