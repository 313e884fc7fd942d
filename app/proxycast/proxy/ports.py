"""The port that the proxy listens on."""

from __future__ import annotations

import errno
import socket
import sys
from pathlib import Path

from proxycast.model.errors import InputError, PortTaken
from proxycast.model.text import Text

_LISTENING = "0A"
BACKLOG = 1024
"""Connections that may wait to be taken. A loop listens anew, so it is told too: its own number is 100."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on exactly this address; port 0 picks a free one.

    A port in use is never moved silently: raises PortTaken, which names the owner where the system tells. Raises
    InputError for an address that is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # SO_REUSEADDR would let another program take the port over while we listen.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((host, port))
        sock.listen(BACKLOG)
        sock.setblocking(False)
    except OverflowError:
        sock.close()
        raise InputError(Text("{port} is not a port.", port=port), Text("Ports are 0 to 65535.")) from None
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise _taken(port) from None
        if error.errno == errno.EACCES:
            raise InputError(
                Text("This user may not listen on port {port}.", port=port), Text("Choose another port, from 1024 on.")
            ) from None
        raise InputError(
            Text("The proxy cannot listen on {host}: this machine has no such address.", host=host),
            Text("Use 127.0.0.1."),
        ) from None
    return sock


def _taken(port: int) -> PortTaken:
    owner = owner_of(port)
    what = (
        Text("Port {port} is in use by {owner}.", port=port, owner=owner)
        if owner
        else Text("Port {port} is in use by another program.", port=port)
    )
    return PortTaken(what, Text("Stop that program, or choose another port with --port or in the settings."))


def owner_of(port: int, proc: Path = Path("/proc")) -> str | None:
    """Name and process id of the program that listens on `port`, where `/proc` shows it to this user; else None."""
    inodes = {inode for table in ("net/tcp", "net/tcp6") for inode in _listening_inodes(proc / table, port)}
    if not inodes:
        return None
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process in proc.glob("[0-9]*"):
        try:
            if any(str(link.readlink()) in wanted for link in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (pid {process.name})"
        except OSError:
            continue  # another user's process, or one that just ended
    return None


def _listening_inodes(table: Path, port: int) -> list[str]:
    try:
        rows = [line.split() for line in table.read_text().splitlines()[1:]]
    except OSError:
        return []
    return [row[9] for row in rows if row[3] == _LISTENING and int(row[1].rpartition(":")[2], 16) == port]
