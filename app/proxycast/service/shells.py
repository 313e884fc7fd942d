"""The lines that point a client at the proxy, as each shell writes them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from enum import StrEnum

_LOOPBACK = ("127.0.0.1", "localhost")


class Shell(StrEnum):
    """A shell whose way of setting variables is known."""

    BASH = "bash"
    FISH = "fish"
    POWERSHELL = "powershell"
    CMD = "cmd"


def client_environment(address: str, token: str, no_proxy: str) -> dict[str, str]:
    """The variables that make Claude Code and the Anthropic SDKs use the proxy at `address`.

    NO_PROXY keeps them from sending even loopback traffic to a proxy that HTTP_PROXY or ALL_PROXY names; `no_proxy` is
    what it holds now, which stays.
    """
    kept = [host for host in no_proxy.split(",") if host and host not in _LOOPBACK]
    return {
        "ANTHROPIC_BASE_URL": address,
        "ANTHROPIC_AUTH_TOKEN": token,
        "NO_PROXY": ",".join([*kept, *_LOOPBACK]),
    }


def assignments(variables: Mapping[str, str], shell: Shell) -> str:
    """One line per variable, to be evaluated by `shell`."""
    return "\n".join(_assignment(name, value, shell) for name, value in variables.items())


def _assignment(name: str, value: str, shell: Shell) -> str:
    match shell:
        case Shell.BASH:
            return f"export {name}={shlex.quote(value)}"
        case Shell.FISH:
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"set -gx {name} '{escaped}'"
        case Shell.POWERSHELL:
            doubled = value.replace("'", "''")
            return f"$Env:{name} = '{doubled}'"
        case Shell.CMD:
            return f'set "{name}={value}"'
