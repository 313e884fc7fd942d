"""What people paste: run by the shells themselves, against the proxy."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY
from tests.service.world import World, credential

from proxycast.model.credential import Kind, Literal
from proxycast.model.secret import Secret
from proxycast.service.recipes import HIDDEN, Client, Place, Target, for_every_shell, hidden, recipe
from proxycast.service.service import Service
from proxycast.service.shells import Shell

NAME = "两个 字's"
TOKEN = "pc_" + "t" * 43
RUNNABLE = {Shell.BASH: ("bash", "zsh", "sh"), Shell.FISH: ("fish",)}
SHELLS = [(shell, program) for shell, programs in RUNNABLE.items() for program in programs]
DEAD_PROXY = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY"), "http://127.0.0.1:1")
TARGET = Target(address="http://127.0.0.1:8999", model="claude-haiku-5-5", environment={})


@pytest.fixture
async def service(world: World, fake_api: FakeMessagesApi) -> AsyncIterator[Service]:
    """A proxy before the fake service; its credential has a name that shells trip over."""
    service = await world.service(token=TOKEN)
    secrets = {"api_key": Literal(Secret(KEY))}
    service.attach(credential(NAME, kind=Kind.COMPATIBLE, base_url=fake_api.base_url, secrets=secrets))
    await service.start_proxy(port=0)
    yield service
    await service.stop_proxy()


def target(service: Service, environment: Mapping[str, str] = DEAD_PROXY, *, pinned: bool = False) -> Target:
    address = service.client_address(NAME if pinned else None)
    return Target(address=address, model="claude-haiku-5-5", environment=environment)


async def run(program: str, script: str, folder: Path, **more: str) -> str:
    """What a shell of this name prints for a script that is pasted into it; the shell knows no more than its user."""
    found = shutil.which(program)
    if found is None:
        assert os.environ.get("CI") != "true", f"{program} is missing"
        pytest.skip(f"no {program} here")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", **DEAD_PROXY, **more}
    process = await asyncio.create_subprocess_exec(
        found,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment,
        cwd=folder,
    )
    async with asyncio.timeout(20):
        out, _ = await process.communicate(script.encode() + b"\n")
    return out.decode()


@pytest.mark.parametrize(("shell", "program"), SHELLS)
async def test_the_lines_for_curl_stream_an_answer(
    service: Service, fake_api: FakeMessagesApi, tmp_path: Path, shell: Shell, program: str
) -> None:
    (piece,) = recipe(Client.CURL, shell, target(service, pinned=True), TOKEN)
    out = await run(program, piece.text, tmp_path)
    assert out.startswith("event: message_start\n"), out
    assert out.rstrip().endswith('data: {"type":"message_stop"}')
    assert [one.value("x-api-key") for one in fake_api.requests] == [KEY]


@pytest.mark.parametrize(("shell", "program"), SHELLS)
async def test_the_lines_for_claude_code_give_it_what_it_needs(
    service: Service, tmp_path: Path, shell: Shell, program: str
) -> None:
    """The last line calls `claude`, whose place a script takes that prints what it was given."""
    script = tmp_path / "claude"
    script.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$ANTHROPIC_BASE_URL" "$ANTHROPIC_AUTH_TOKEN" "$NO_PROXY" "$no_proxy"\n'
    )
    script.chmod(0o755)
    (piece,) = recipe(Client.CLAUDE_CODE, shell, target(service, {"no_proxy": "corp.example"}, pinned=True), TOKEN)
    out = await run(program, piece.text, tmp_path, PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert out.splitlines() == [
        f"{service.proxy.address}/c/%E4%B8%A4%E4%B8%AA%20%E5%AD%97%27s",
        TOKEN,
        *["corp.example,127.0.0.1,localhost"] * 2,
    ]


async def test_the_program_for_python_prints_a_streamed_answer(
    service: Service, fake_api: FakeMessagesApi, tmp_path: Path
) -> None:
    lines, program = recipe(Client.PYTHON, Shell.BASH, target(service), TOKEN)
    (tmp_path / "hello.py").write_text(program.text, encoding="utf-8")
    out = await run("bash", f"{lines.text}\n{sys.executable} hello.py", tmp_path)
    assert out == fake_api.service.says.text
    assert fake_api.requests[0].json()["stream"] is True


@pytest.mark.parametrize("client", Client)
@pytest.mark.parametrize("shell", Shell)
def test_what_is_shown_is_what_is_copied_but_for_the_token(client: Client, shell: Shell) -> None:
    whole, shown = recipe(client, shell, TARGET, TOKEN), hidden(client, shell, TARGET)
    assert [one.text.replace(TOKEN, HIDDEN) for one in whole] == [one.text for one in shown]
    assert [TOKEN in one.text for one in whole] == [one.secret for one in whole]
    assert any(one.secret for one in whole)
    assert TOKEN not in repr(whole)


@pytest.mark.parametrize("shell", Shell)
def test_no_argument_of_a_program_holds_the_token(shell: Shell) -> None:
    """Everybody on the machine can read arguments; a variable that a shell puts into them is no better."""
    (piece,) = recipe(Client.CURL, shell, TARGET, TOKEN)
    calls = [part for part in re.split(r"[|\n]", piece.text) if "curl" in part or "Invoke-RestMethod" in part]
    assert calls
    assert not any("TOKEN" in call or TOKEN in call for call in calls)


def test_powershell_and_cmd_get_a_request_of_their_own() -> None:
    (powershell,) = recipe(Client.CURL, Shell.POWERSHELL, TARGET, TOKEN)
    (cmd,) = recipe(Client.CURL, Shell.CMD, TARGET, TOKEN)
    assert "Invoke-RestMethod" in powershell.text
    assert '"stream":false' in powershell.text
    assert '-d "{\\"model\\":\\"claude-haiku-5-5\\",' in cmd.text
    assert "%ANTHROPIC_AUTH_TOKEN%|" in cmd.text, "a blank before the pipe would be part of the header"


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        (Shell.BASH, "eval \"$(proxycast env --shell bash --credential 'a b')\""),
        (Shell.FISH, "proxycast env --shell fish --credential 'a b' | source"),
        (
            Shell.POWERSHELL,
            "proxycast env --shell powershell --credential 'a b' | Out-String | Invoke-Expression",
        ),
        (Shell.CMD, None),
    ],
)
def test_the_line_for_every_terminal_holds_no_token(shell: Shell, line: str | None) -> None:
    piece = for_every_shell(shell, "proxycast", "a b")
    assert (None if piece is None else piece.text) == line
    assert piece is None or (piece.place, piece.secret) == (Place.PROFILE, False)


@pytest.mark.parametrize(("shell", "program"), SHELLS)
async def test_the_line_for_every_terminal_sets_the_variables(tmp_path: Path, shell: Shell, program: str) -> None:
    """With a path to ProxyCast that has to be quoted."""
    stand_in = tmp_path / "my programs" / "proxycast"
    stand_in.parent.mkdir()
    stand_in.write_text(f'#!/bin/sh\nPYTHONPATH=app exec {sys.executable} -m proxycast "$@"\n')
    stand_in.chmod(0o755)
    piece = for_every_shell(shell, str(stand_in), None)
    assert piece is not None
    more = {"PROXYCAST_HOME": str(tmp_path / "home"), "PROXYCAST_TOKEN": TOKEN}
    script = f'cd "{Path.cwd()}"\n{piece.text}\nprintenv ANTHROPIC_AUTH_TOKEN'
    assert await run(program, script, tmp_path, **more) == f"{TOKEN}\n"
