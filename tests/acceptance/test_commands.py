"""Every command: what it does, prints and ends with, for people and for programs."""

from __future__ import annotations

import asyncio
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.configurations import LITERALS, both_forms, pool
from tests.acceptance.conftest import session
from tests.acceptance.program import Program
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY
from tests.keyring.secret_service import SecretService

PLACE = "Secret Service (GNOME Keyring, KWallet or KeePassXC)"
BASE_URL = "http://127.0.0.1:9"
MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}


@pytest.fixture
def listed(program: Program) -> Program:
    """ProxyCast whose file names two credentials, `one` and `two`, that lead nowhere."""
    program.home.mkdir(mode=0o700)
    program.config.write_text(pool(one=BASE_URL, two=BASE_URL))
    return program


@pytest.mark.keyring
async def test_every_command_tells_people_and_programs_what_it_did(
    tmp_path: Path, keyring: SecretService, fake_api: FakeMessagesApi
) -> None:
    people, machine = (Program(tmp_path / name, session(keyring)) for name in ("people", "machine"))
    async with asyncio.TaskGroup() as group:
        group.create_task(tell_people(people, fake_api))
        group.create_task(tell_programs(machine, fake_api))


async def tell_people(program: Program, fake_api: FakeMessagesApi) -> None:
    """Every command once, with the sentence that it prints."""
    foreign = program.folder / "foreign.yaml"
    foreign.write_text(both_forms(fake_api.base_url))
    exported = program.folder / "exported.yaml"

    async def run(*arguments: str | Path, stdin: str = "") -> str:
        ended = await program.run(*arguments, stdin=stdin)
        assert ended.err == ""
        assert not any(literal in ended.out for literal in LITERALS)
        return ended.out

    assert "empty" in await run("list")
    assert await run("add", "work", "--base-url", fake_api.base_url, stdin=KEY) == (
        f"Added work. Its key is in: {PLACE}.\n"
    )
    taken = await program.run("add", "work", stdin=KEY, status=1)
    assert "already" in taken.err
    assert await run("import", foreign) == "Added: anthropic-official, claude-proxy, bedrock-claude.\n"
    assert await run("rename", "claude-proxy", "代理") == "claude-proxy is now called 代理.\n"
    assert await run("use", "代理") == "代理 is selected.\n"
    assert await run("disable", "bedrock-claude") == "bedrock-claude is disabled.\n"
    assert await run("enable", "bedrock-claude") == "bedrock-claude is enabled.\n"
    assert await run("rotate", "work", stdin=f"{KEY}\n") == "work has a new key.\n"
    assert "work may go to" in await run("confirm", "work")
    assert "works" in await run("test", "work")
    assert str(exported) in await run("export", exported)
    assert "anthropic-official" in exported.read_text()
    assert await run("export", "-") == exported.read_text()
    assert re.fullmatch(r"pc_[\w-]{43}\n", await run("token"))
    assert "export ANTHROPIC_BASE_URL=http://127.0.0.1:8999\n" in await run("env", "--shell", "bash")
    assert "/c/work" in await run("env", "--credential", "work")
    assert await run("usage") == "No requests in this time.\n"
    assert await run("remove", "代理") == "Removed 代理. Traffic uses work from now on.\n"
    names = re.findall(r"^\S? +(\S+)", await run("list"), re.MULTILINE)
    assert names == ["Name", "work", "anthropic-official", "bedrock-claude"]


async def tell_programs(program: Program, fake_api: FakeMessagesApi) -> None:
    """Every command once, with the JSON that it prints."""
    foreign = program.folder / "foreign.yaml"
    foreign.write_text(both_forms(fake_api.base_url))
    exported = program.folder / "exported.yaml"

    async def run(*arguments: str | Path, stdin: str = "") -> Any:
        ended = await program.run(*arguments, "--json", stdin=stdin)
        assert ended.err == ""
        assert not any(literal in ended.out for literal in LITERALS)
        return ended.json()

    assert await run("list") == []
    added = await run("add", "work", "--base-url", fake_api.base_url, stdin=KEY)
    assert added["name"] == "work"
    assert added["kind"] == "compatible"
    assert added["secrets"] == {"api_key": "keyring"}
    assert added["stored_in"] == PLACE
    imported = await run("import", foreign)
    assert imported == {"added": ["anthropic-official", "claude-proxy", "bedrock-claude"], "skipped": [], "keyless": []}
    assert (await run("rename", "claude-proxy", "代理"))["name"] == "代理"
    assert (await run("use", "代理"))["selected"] is True
    assert (await run("disable", "bedrock-claude"))["enabled"] is False
    assert (await run("enable", "bedrock-claude"))["enabled"] is True
    assert (await run("rotate", "work", stdin=KEY))["id"] == added["id"]
    assert (await run("confirm", "work"))["id"] == added["id"]
    assert (await run("test", "work"))["works"] is True
    assert await run("export", exported) == {"file": str(exported)}
    token = (await run("token"))["token"]
    assert (await run("env"))["ANTHROPIC_AUTH_TOKEN"] == token
    assert (await run("token", "--rotate"))["token"] != token
    assert await run("usage") == []
    assert (await run("remove", "代理"))["name"] == "代理"
    assert [one["name"] for one in await run("list")] == ["work", "anthropic-official", "bedrock-claude"]


async def test_usage_and_counters_show_what_went_through(program: Program, fake_api: FakeMessagesApi) -> None:
    program.home.mkdir(mode=0o700)
    program.config.write_text(pool(one=fake_api.base_url))
    async with program.serve() as serving, serving.client() as client:
        for _ in range(3):
            assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200
    says = fake_api.service.says
    (row,) = (await program.run("usage", "--json")).json()
    assert (row["group"], row["requests"], row["errors"]) == ("one", 3, 0)
    assert row["input_tokens"] == 3 * says.input_tokens
    assert row["cache_read_input_tokens"] == 3 * says.cache_read_input_tokens
    (listed,) = (await program.run("list", "--json")).json()
    assert (listed["uses"], listed["errors"]) == (3, 0)
    for grouping in ("credential", "model", "day"):
        assert "3" in (await program.run("usage", "--by", grouping, "--since", "1h")).out


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "words"),
    [
        (["use", "nope"], "", "unknown_credential", "nope"),
        (["remove", "nope"], "", "unknown_credential", "nope"),
        (["rotate", "nope"], KEY, "unknown_credential", "nope"),
        (["test", "one"], "", None, "127.0.0.1"),
        (["rename", "one", "two"], "", "name_taken", "two"),
        (["add", "three"], KEY, "keyring_missing", "PROXYCAST_PASSPHRASE"),
        (["add", "three"], "", "invalid_input", "standard input"),
        (["add", "three"], "a key with spaces", "invalid_input", "space"),
        (["add", "three", "--base-url", "ftp://x"], KEY, "invalid_input", "ftp"),
        (["export", "proxycast/config.yaml"], "", "invalid_input", "exists already"),
        (["import", "bad.yaml"], "", "invalid_config", "bad.yaml:2:1:"),
        (["token", "--rotate"], "", "invalid_input", "PROXYCAST_TOKEN"),
        (["env", "--credential", "nope"], "", "unknown_credential", "nope"),
        (["serve", "--config", "bad.yaml"], "", "invalid_config", "bad.yaml:2:1:"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
async def test_a_command_that_fails_says_why_in_one_line(
    listed: Program, arguments: list[str], stdin: str, code: str | None, words: str
) -> None:
    (listed.folder / "bad.yaml").write_text("providers: [\n")
    before = listed.config.read_bytes()
    people, machine = await asyncio.gather(
        listed.run(*arguments, stdin=stdin, status=1), listed.run(*arguments, "--json", stdin=stdin, status=1)
    )
    assert listed.config.read_bytes() == before
    assert (people.out == "") is (arguments[0] != "test")  # which prints what it found
    assert words in people.err
    assert "Traceback" not in people.err
    if code is None:  # the test ran and found something; it did not fail
        assert machine.json()["works"] is False
        return
    assert len(people.err.splitlines()) == 1
    assert machine.err == people.err
    assert machine.json()["error"]["code"] == code
    assert machine.json()["error"]["message"] in people.err


async def test_serve_tells_programs_where_it_listens(listed: Program) -> None:
    async with listed.serve("--json") as serving, serving.client() as client:
        assert (await client.get("/health")).status_code == 200
    assert serving.out.text == f'{{"listening":"{serving.address}"}}\n'


async def test_a_taken_port_is_told_with_its_owner(listed: Program) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = await listed.run("serve", "--port", port, status=1)
    assert port in ended.err.splitlines()[-1]
    assert "pytest" in ended.err or "python" in ended.err
    assert ended.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["add"],
        ["add", "x", "--bedrock"],
        ["add", "x", "--auth", "basic"],
        ["env", "--shell", "tcsh"],
        ["frob"],
        ["import", "missing.yaml"],
        ["list", "--frob"],
        ["serve", "--config", "missing.yaml"],
        ["serve", "--config", "proxycast/config.yaml", "--demo"],
        ["serve", "--port", "65536"],
        ["usage", "--since", "yesterday"],
    ],
    ids=" ".join,
)
async def test_wrong_usage_ends_with_2(listed: Program, arguments: list[str]) -> None:
    ended = await listed.run(*arguments, status=2)
    assert ended.out == ""
    assert ended.err.startswith("Usage: proxycast")


@pytest.mark.parametrize(
    ("arguments", "status"), [(["--help"], 0), (["list"], 0), (["use", "nope"], 1), (["add"], 2)], ids=str
)
async def test_both_languages_are_spoken(listed: Program, arguments: list[str], status: int) -> None:
    chinese, english = await asyncio.gather(
        listed.run(*arguments, status=status, LANG="zh_CN.UTF-8"), listed.run(*arguments, status=status)
    )
    assert "Traceback" not in chinese.err + english.err
    assert re.search(r"[\u4e00-\u9fff]", chinese.out + chinese.err)
    assert not re.search(r"[\u4e00-\u9fff]", english.out + english.err)


async def test_chinese_output_does_not_need_a_chinese_locale(listed: Program) -> None:
    """A terminal without UTF-8 still gets the table."""
    assert "one" in (await listed.run("list", LANG="C", LC_ALL="POSIX", LANGUAGE="zh_CN")).out


async def test_no_command_leaves_the_home_open_to_others(tmp_path: Path) -> None:
    vault = Program(tmp_path, {"PROXYCAST_PASSPHRASE": "correct horse"})
    await vault.run("add", "work", stdin=KEY)
    assert vault.home.stat().st_mode & 0o777 == 0o700
    for path in vault.home.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert KEY not in vault.config.read_text()
