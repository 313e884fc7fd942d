"""The lines that point a client at the proxy, as each shell writes them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlsplit

_LOOPBACK = ("127.0.0.1", "localhost")
_QUOTES = re.compile("['‘’‚‛]")
"""What PowerShell takes for a single quote."""
_DOUBLED = r"\g<0>\g<0>"


class Shell(StrEnum):
    """A shell whose way of setting variables is known."""

    BASH = "bash"
    FISH = "fish"
    POWERSHELL = "powershell"
    CMD = "cmd"


SHELL_NAMES = {Shell.BASH: "bash / zsh", Shell.FISH: "fish", Shell.POWERSHELL: "PowerShell", Shell.CMD: "cmd"}
"""What people call them."""


def client_environment(address: str, token: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that make Claude Code and the Anthropic SDKs use the proxy at `address`.

    NO_PROXY keeps them from sending even loopback traffic to a proxy that HTTP_PROXY or ALL_PROXY names. What it holds
    in `environment` stays. A no_proxy beside it is set too, because programs look at that one first.
    """
    return {
        "ANTHROPIC_BASE_URL": address,
        "ANTHROPIC_AUTH_TOKEN": token,
        **_without_proxy(address, environment),
    }


def bedrock_environment(address: str, token: str, region: str | None, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that make Claude Code's Bedrock mode, and the SDKs' clients for it, use the proxy at `address`."""
    return {
        "CLAUDE_CODE_USE_BEDROCK": "1",
        "ANTHROPIC_BEDROCK_BASE_URL": address,
        "AWS_BEARER_TOKEN_BEDROCK": token,
        **({"AWS_REGION": region} if region else {}),
        **_without_proxy(address, environment),
    }


def _without_proxy(address: str, environment: Mapping[str, str]) -> dict[str, str]:
    given = environment.get("NO_PROXY") or environment.get("no_proxy", "")
    own = [urlsplit(address).hostname or "", *_LOOPBACK]
    hosts = dict.fromkeys([host.strip() for host in given.split(",") if host.strip()] + own)
    variables = {"NO_PROXY": ",".join(hosts)}
    if "no_proxy" in environment:
        variables["no_proxy"] = variables["NO_PROXY"]
    return variables


def shell_in_use(environment: Mapping[str, str], *, windows: bool) -> Shell:
    """The shell that most likely reads the lines."""
    modules = environment.get("PSModulePath", "")
    if windows:
        # cmd has this variable too, but only PowerShell adds a folder of the user to it.
        home = environment.get("USERPROFILE", "")
        return Shell.POWERSHELL if home and home.lower() in modules.lower() else Shell.CMD
    if modules:
        return Shell.POWERSHELL
    return Shell.FISH if environment.get("SHELL", "").endswith("/fish") else Shell.BASH


def assignments(variables: Mapping[str, str], shell: Shell) -> str:
    """One line per variable, to be evaluated by `shell`."""
    return "\n".join(_assignment(name, value, shell) for name, value in variables.items())


def quoted(value: str, shell: Shell) -> str:
    """One word that `shell` takes for just this text; for cmd, a line break or a % in it stays what it is there."""
    match shell:
        case Shell.BASH:
            return shlex.quote(value)
        case Shell.FISH:
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{escaped}'"
        case Shell.POWERSHELL:
            return f"'{_QUOTES.sub(_DOUBLED, value)}'"
        case Shell.CMD:
            escaped = value.replace('"', '\\"')
            return f'"{escaped}"'


def _assignment(name: str, value: str, shell: Shell) -> str:
    match shell:
        case Shell.BASH:
            return f"export {name}={quoted(value, shell)}"
        case Shell.FISH:
            return f"set -gx {name} {quoted(value, shell)}"
        case Shell.POWERSHELL:
            return f"$Env:{name} = {quoted(value, shell)}"
        case Shell.CMD:
            return f'set "{name}={value}"'
