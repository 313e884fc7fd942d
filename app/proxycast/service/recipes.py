"""What people paste to point a client at the proxy: whole, for each client in each shell."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from proxycast.service.shells import Shell, assignments, client_environment, quoted

HIDDEN = "pc_••••••••••••••••"
"""What stands for the client token where it is not shown."""
EXAMPLE_MODEL = "claude-haiku-5-5"
"""A cheap model that a service most likely has."""
_STAND_IN = "pc_stand-in-for-the-client-token"
_GREETING = "Hello!"
_TOKENS = 1024
_VERSION = "2023-06-01"


class Client(StrEnum):
    """A program, or a kind of programs, that talks to the Messages API."""

    CLAUDE_CODE = "claude-code"
    PYTHON = "python"
    TYPESCRIPT = "typescript"
    CURL = "curl"
    OTHER = "other"


class Place(StrEnum):
    """Where a piece of text belongs."""

    SHELL = "shell"
    """The terminal in which the client is started."""
    PROGRAM = "program"
    """The source of a program, which that terminal starts."""
    PROFILE = "profile"
    """The file that a shell reads at every start; `PROFILES` names it."""
    ADDRESS = "address"
    KEY = "key"


class Piece(msgspec.Struct, frozen=True):
    """Text to paste in one go. Its repr does not show it: it may hold the client token."""

    place: Place
    text: str

    @property
    def secret(self) -> bool:
        """Whether it holds the client token."""
        return self.place in {Place.SHELL, Place.KEY}

    def __repr__(self) -> str:
        return f"Piece({self.place.value})"


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What the client is to be pointed at: a base URL, and the model to ask for in an example.

    `environment` is that of the shell as far as it is known, for what its NO_PROXY holds already.
    """

    address: str
    model: str
    environment: Mapping[str, str]


PROFILES = {
    Shell.BASH: "~/.bashrc / ~/.zshrc",
    Shell.FISH: "~/.config/fish/config.fish",
    Shell.POWERSHELL: "$PROFILE",
}
"""The file that each shell reads at every start; cmd has none."""


def recipe(client: Client, shell: Shell, target: Target, token: str) -> tuple[Piece, ...]:
    """The pieces that point this client at the proxy, in the order in which they are needed."""
    variables = assignments(client_environment(target.address, token, target.environment), shell)
    match client:
        case Client.CLAUDE_CODE:
            return (Piece(Place.SHELL, f"{variables}\nclaude"),)
        case Client.PYTHON:
            return Piece(Place.SHELL, variables), Piece(Place.PROGRAM, _python(target.model))
        case Client.TYPESCRIPT:
            return Piece(Place.SHELL, variables), Piece(Place.PROGRAM, _typescript(target.model))
        case Client.CURL:
            return (Piece(Place.SHELL, f"{variables}\n{_request(shell, target.model)}"),)
        case Client.OTHER:
            return Piece(Place.ADDRESS, target.address), Piece(Place.KEY, token), Piece(Place.SHELL, variables)


def hidden(client: Client, shell: Shell, target: Target) -> tuple[Piece, ...]:
    """The same to look at, with `HIDDEN` where the client token stands."""
    pieces = recipe(client, shell, target, _STAND_IN)
    return tuple(Piece(one.place, one.text.replace(_STAND_IN, HIDDEN)) for one in pieces)


def for_every_shell(shell: Shell, program: str, name: str | None) -> Piece | None:
    """The line for the shell's own profile, which holds no token; None for cmd, which has no profile.

    `program` is what starts ProxyCast, and `name` pins one credential.
    """
    pin = "" if name is None else f" --credential {quoted(name, shell)}"
    run = f"{_word(program, shell)} env --shell {shell.value}{pin}"
    match shell:
        case Shell.BASH:
            return Piece(Place.PROFILE, f'eval "$({run})"')
        case Shell.FISH:
            return Piece(Place.PROFILE, f"{run} | source")
        case Shell.POWERSHELL:
            return Piece(Place.PROFILE, f"{run} | Out-String | Invoke-Expression")
        case Shell.CMD:
            return None


def _word(program: str, shell: Shell) -> str:
    """The program as the first word of a command."""
    if program.isidentifier():
        return program
    return f"& {quoted(program, shell)}" if shell is Shell.POWERSHELL else quoted(program, shell)


def _python(model: str) -> str:
    return f"""\
from anthropic import Anthropic

client = Anthropic()
with client.messages.stream(
    model={_literal(model)},
    max_tokens={_TOKENS},
    messages=[{{"role": "user", "content": "{_GREETING}"}}],
) as stream:
    for text in stream.text_stream:
        print(text, end="", flush=True)"""


def _typescript(model: str) -> str:
    return f"""\
import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic();
const stream = client.messages.stream({{
  model: {_literal(model)},
  max_tokens: {_TOKENS},
  messages: [{{ role: "user", content: "{_GREETING}" }}],
}});
stream.on("text", (text) => process.stdout.write(text));
await stream.finalMessage();"""


def _request(shell: Shell, model: str) -> str:
    """A request by curl, which is given the token by a pipe: everybody can read the arguments of a program.

    PowerShell has its own command, because its versions disagree on how quotes reach a program.
    """
    turn = {"role": "user", "content": _GREETING}
    message = {"model": model, "max_tokens": _TOKENS, "stream": shell is not Shell.POWERSHELL, "messages": [turn]}
    body = msgspec.json.encode(message).decode()
    if shell is Shell.POWERSHELL:
        return (
            '$headers = @{ "x-api-key" = $Env:ANTHROPIC_AUTH_TOKEN; "anthropic-version" = "' + _VERSION + '" }\n'
            f"$body = {quoted(body, shell)}\n"
            '$answer = Invoke-RestMethod "$Env:ANTHROPIC_BASE_URL/v1/messages" -Method Post '
            '-Headers $headers -ContentType "application/json" -Body $body\n'
            "$answer.content.text"
        )
    if shell is Shell.CMD:
        more, shown, url = " ^\n  ", "echo x-api-key: %ANTHROPIC_AUTH_TOKEN%|", '"%ANTHROPIC_BASE_URL%/v1/messages"'
    else:
        more, shown, url = " \\\n  ", 'echo "x-api-key: $ANTHROPIC_AUTH_TOKEN" |', '"$ANTHROPIC_BASE_URL/v1/messages"'
    headers = f'-H @- -H "content-type: application/json" -H "anthropic-version: {_VERSION}"'
    return more.join((f"{shown} curl -sN {url}", headers, f"-d {quoted(body, shell)}"))


def _literal(text: str) -> str:
    """A string as Python and TypeScript write it."""
    return msgspec.json.encode(text).decode()
