"""What the window lets people paste, run with the real clients: bash reads the lines, and they do the rest."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from tests.acceptance.program import TOKEN
from tests.clients.conftest import MODULES, Set

from proxycast.service.recipes import Client, Place, Target, recipe
from proxycast.service.shells import Shell

pytestmark = pytest.mark.clients


async def pasted(set_up: Set, client: Client, last_line: str = "") -> str:
    """What bash prints that is given the lines of a client and one more; a program stands in hello.mjs."""
    target = Target(address=set_up.tap.base_url, model="claude-haiku-5-5", environment={})
    pieces = {one.place: one.text for one in recipe(client, Shell.BASH, target, TOKEN)}
    (set_up.folder / "hello.mjs").write_text(pieces.get(Place.PROGRAM, ""), encoding="utf-8")
    (set_up.folder / "node_modules").symlink_to(MODULES)
    script = f"unset ANTHROPIC_BASE_URL ANTHROPIC_AUTH_TOKEN\n{pieces[Place.SHELL]}\n{last_line}"
    path = f"{set_up.folder}:{os.environ['PATH']}"
    return (await set_up.run(["bash", "-c", script], PATH=path)).out


async def test_the_program_for_typescript_prints_a_streamed_answer(set_up: Set) -> None:
    out = await pasted(set_up, Client.TYPESCRIPT, "node hello.mjs")
    assert out == set_up.fake_api.service.says.text
    assert set_up.fake_api.requests[0].json()["stream"] is True
    set_up.check_what_passed()


async def test_claude_code_starts_from_its_lines_and_answers(set_up: Set) -> None:
    """`claude` is the real one, told what to ask: a terminal would be needed to type it."""
    set_up.fake_api.service.says = replace(set_up.fake_api.service.says, uses_tools=False)
    wrapper = MODULES / "@anthropic-ai" / "claude-code" / "cli-wrapper.cjs"
    script = Path(set_up.folder / "claude")
    script.write_text(f'#!/bin/sh\nexec node "{wrapper}" --output-format json -p "Say something"\n', encoding="utf-8")
    script.chmod(0o755)
    out = await pasted(set_up, Client.CLAUDE_CODE)
    assert json.loads(out)["result"] == set_up.fake_api.service.says.text
    set_up.check_what_passed()
