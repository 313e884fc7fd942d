"""A machine that is short of something: room on the disk, file descriptors, memory, a network."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.acceptance.configurations import pool
from tests.acceptance.program import TOKEN, Program, Serving, eventually
from tests.fakes.answers import Behaviour, Framing, huge
from tests.fakes.messages import numbered
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import MessagesService
from tests.keyring.conftest import need

MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 999, "messages": [{"role": "user", "content": "hi"}]}
MIB = 1 << 20
GIB = 1 << 30

needs_root = pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root may do this")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """ProxyCast without a keyring, its client token and the vault's passphrase given."""
    return Program(tmp_path, {"PROXYCAST_TOKEN": TOKEN, "PROXYCAST_PASSPHRASE": "a passphrase"})


def listed(program: Program, fake: FakeMessagesApi) -> Path:
    """A configuration file whose one credential leads to the fake."""
    file = program.folder / "pool.yaml"
    file.write_text(pool(one=fake.base_url))
    return file


@asynccontextmanager
async def a_paced_stream(serving: Serving, fake: FakeMessagesApi, words: int, rate: float) -> AsyncIterator[None]:
    """A stream of `words` events, which began before the block and must end whole after it."""
    fake.service = MessagesService(says=numbered(words))
    fake.enqueue(Behaviour(rate=rate))
    async with (
        serving.client() as client,
        client.stream("POST", "/v1/messages", json={**MESSAGE, "stream": True}) as answer,
    ):
        lines = answer.aiter_lines()
        assert await anext(lines) == "event: message_start"
        yield
        rest = [line async for line in lines]
    assert rest[-3] == "event: message_stop"
    assert sum("text_delta" in line for line in rest) == words


# The disk.


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 512 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.call(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)], stderr=subprocess.DEVNULL):
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room that is left on a disk."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return filler
    raise AssertionError("the disk is not small")


@needs_root
async def test_r14_a_full_disk_costs_no_credential_and_says_so(small_disk: Path) -> None:
    program = Program(small_disk, {"PROXYCAST_TOKEN": TOKEN, "PROXYCAST_PASSPHRASE": "a passphrase"})
    await program.run("add", "work", stdin="sk-work-key")
    before = program.config.read_bytes()
    filler = fill(small_disk)
    for command, key in (("add", "more"), ("rotate", "work")):
        ended = await program.run(command, key, stdin="sk-another-key", status=1)
        assert "space" in ended.err.lower()
        assert "sk-another-key" not in ended.err
    assert program.config.read_bytes() == before
    filler.unlink()
    await program.run("add", "more", stdin="sk-another-key")
    names = [one["name"] for one in (await program.run("list", "--json")).json()]
    assert names == ["work", "more"]


@needs_root
async def test_r14_a_full_disk_stops_no_traffic(small_disk: Path, fake_api: FakeMessagesApi) -> None:
    program = Program(small_disk, {"PROXYCAST_TOKEN": TOKEN})
    file = listed(program, fake_api)
    async with program.serve("--config", file) as serving, serving.client() as client:
        assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200
        filler = fill(small_disk)
        for _ in range(300):
            assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200
        filler.unlink()
    usage = (await program.run("usage", "--json")).json()
    assert usage[0]["requests"] == 301


# File descriptors.


async def test_r19_ten_thousand_idle_connections_harm_no_work_in_hand(
    program: Program, fake_api: FakeMessagesApi
) -> None:
    async with program.serve("--config", listed(program, fake_api)) as serving:
        before = serving.memory()
        async with a_paced_stream(serving, fake_api, words=150, rate=50):
            crowd = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.faults.crowd", str(serving.port), "10000",
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                cwd=Path(__file__).parents[2],
            )  # fmt: skip
            assert crowd.stdout is not None
            async with asyncio.timeout(60):
                assert int(await crowd.stdout.readline()) > 9000
            assert serving.descriptors() < 1200
            assert serving.memory() - before < 40 * MIB
        crowd.kill()
        await crowd.wait()
        await eventually(lambda: serving.descriptors() < 60, "the crowd's connections to be closed", within=15)
        async with serving.client() as client:
            assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200


async def test_r20_few_file_descriptors_harm_no_work_in_hand(program: Program, fake_api: FakeMessagesApi) -> None:
    need(("prlimit",))
    file = listed(program, fake_api)
    async with program.serve("--config", file, under=["prlimit", "--nofile=64:64"]) as serving:
        async with a_paced_stream(serving, fake_api, words=100, rate=50):
            visitors = [await asyncio.open_connection("127.0.0.1", serving.port) for _ in range(100)]
            await asyncio.sleep(0.5)  # so that it has tried to take them all
            assert serving.descriptors() <= 64
            busy = _cpu_seconds(serving.pid)
            await asyncio.sleep(1)
            assert _cpu_seconds(serving.pid) - busy < 0.5
            for _, writer in visitors:
                writer.transport.abort()
        async with serving.client() as client:
            assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200


async def test_r20_the_soft_limit_of_descriptors_is_raised_at_the_start(
    program: Program, fake_api: FakeMessagesApi
) -> None:
    need(("prlimit",))
    file = listed(program, fake_api)
    async with program.serve("--config", file, under=["prlimit", "--nofile=64:4096"]) as serving:
        limits = Path(f"/proc/{serving.pid}/limits").read_text()
    assert next(line for line in limits.splitlines() if line.startswith("Max open files")).split()[3:5] == ["4096"] * 2


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# Memory.


async def test_r07_a_gigabyte_for_a_paused_reader_does_not_pile_up(program: Program, fake_api: FakeMessagesApi) -> None:
    async with program.serve("--config", listed(program, fake_api)) as serving, serving.client() as client:
        assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200
        fake_api.enqueue(huge(GIB, part=1 << 18, framing=Framing.CHUNKED))
        before = serving.memory("VmHWM")
        async with client.stream("POST", "/v1/messages", json=MESSAGE) as answer:
            read = 0
            async for piece in answer.aiter_raw():
                if read == 0:
                    await asyncio.sleep(1)  # the pause
                    held_back = fake_api.deliveries[-1].body_bytes
                    assert held_back < 20 * MIB
                read += len(piece)
        assert read == GIB
        assert serving.memory("VmHWM") - before < 20 * MIB


# The network.


@pytest.fixture
def two_hosts() -> Iterator[tuple[str, str]]:
    """Two network namespaces joined by a cable: their names. The first is 10.99.7.1, the second 10.99.7.2."""
    need(("ip",))
    one, two = f"pc{os.getpid()}a", f"pc{os.getpid()}b"
    if subprocess.call(["ip", "netns", "add", one], stderr=subprocess.DEVNULL):
        pytest.skip("no network namespace can be made here")
    _ip("netns", "add", two)
    try:
        _ip("link", "add", one, "netns", one, "type", "veth", "peer", "name", two, "netns", two)
        for name, address in ((one, "10.99.7.1/24"), (two, "10.99.7.2/24")):
            _ip("-n", name, "address", "add", address, "dev", name)
            _ip("-n", name, "link", "set", name, "up")
            _ip("-n", name, "link", "set", "lo", "up")
        yield one, two
    finally:
        _ip("netns", "del", one)
        _ip("netns", "del", two)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@needs_root
async def test_r08_the_first_request_after_the_network_is_back_works(
    two_hosts: tuple[str, str], tmp_path: Path
) -> None:
    near, far = two_hosts
    service = Program(tmp_path / "far", {"PROXYCAST_TOKEN": TOKEN})
    program = Program(tmp_path / "near", {"PROXYCAST_TOKEN": TOKEN})
    async with service.serve("--demo", "--host", "10.99.7.2", under=["ip", "netns", "exec", far]) as upstream:
        file = program.folder / "pool.yaml"
        file.write_text(
            "providers:\n  - name: far\n    type: claude-custom\n    allow_http: true\n"
            f"    base_url: http://10.99.7.2:{upstream.port}\n    api_key: {TOKEN}\n"
            "    timeout: {connect: 1s, request: 2s}\n"
        )
        async with program.serve("--config", file, under=["ip", "netns", "exec", near]) as serving:

            async def ask() -> tuple[int, str]:
                body = json.dumps({**MESSAGE, "model": "proxycast-demo"})
                ended = await asyncio.create_subprocess_exec(
                    "ip", "netns", "exec", near, "curl", "-s", "--noproxy", "*", "-w", "\n%{http_code}",
                    "-H", f"x-api-key: {TOKEN}", "-H", "content-type: application/json", "-d", body,
                    f"{serving.address}/v1/messages", stdout=asyncio.subprocess.PIPE,
                )  # fmt: skip
                out, _ = await asyncio.wait_for(ended.communicate(), 20)
                text, _, status = out.decode().rpartition("\n")
                return int(status), text

            assert (await ask())[0] == 200
            _ip("-n", near, "link", "set", near, "down")
            for _ in range(2):  # on the connection that was kept, then on a new one
                status, text = await ask()
                assert status in {502, 504}
                assert json.loads(text)["error"]["type"] in {"api_error", "timeout_error"}
            _ip("-n", near, "link", "set", near, "up")
            assert (await ask())[0] == 200
