"""A soak: all kinds of traffic, good and bad, for as long as is asked, and a look at what the program holds.

`python -m tests.faults.soak [--seconds N]` runs it on `proxycast serve` and on the window at the same time, prints what
was held at each pause of the traffic, and fails if anything grows.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from statistics import median

from tests.acceptance.configurations import pool
from tests.acceptance.program import APP, TOKEN
from tests.fakes.answers import Behaviour, error
from tests.fakes.messages import numbered
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import MessagesService
from tests.fakes.wire import RecordedRequest

ROOT = Path(__file__).parents[2]
CLIENTS = 6
PAUSES = 12
SPARE_THREADS = 6
"""The loop's executor makes its threads one by one, as they are needed: four and one for each core."""
SPARE_MEMORY = 4 << 20
"""What the allocator and caches may still add from the second third of the time to the last, in bytes."""


@dataclass(frozen=True)
class Held:
    """What the program held at one pause. `memory` is in bytes; `tasks` are those beyond its idle ones."""

    descriptors: int
    threads: int
    memory: int
    tasks: int


@dataclass
class Soaked:
    """One program under the soak, and what was seen of it. `done` counts the exchanges by how they went."""

    name: str
    port: int
    process: asyncio.subprocess.Process
    seen: list[Held] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)

    async def look(self) -> None:
        """Ask what it holds now."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"?\n")
        self.seen.append(Held(**json.loads(await self._line())))

    async def _line(self) -> bytes:
        assert self.process.stdout is not None
        return await asyncio.wait_for(self.process.stdout.readline(), 30)

    def growth(self) -> list[str]:
        """What the last third of the time holds beyond the second one, by medians: a moment is no growth."""
        third = len(self.seen) // 3
        first, last = _typical(self.seen[third:-third]), _typical(self.seen[-third:])
        found = []
        if last.tasks > first.tasks:
            found.append(f"tasks: {[one.tasks for one in self.seen]}")
        if last.threads > first.threads + SPARE_THREADS:
            found.append(f"threads: {[one.threads for one in self.seen]}")
        if last.descriptors > first.descriptors + CLIENTS:  # connections to services that wait for work
            found.append(f"descriptors: {[one.descriptors for one in self.seen]}")
        if last.memory > first.memory + SPARE_MEMORY:
            found.append(f"memory in KiB: {[one.memory >> 10 for one in self.seen]}")
        return [f"{self.name}: {line}" for line in found]


def _typical(seen: Sequence[Held]) -> Held:
    return Held(**{one.name: int(median(getattr(held, one.name) for held in seen)) for one in fields(Held)})


@asynccontextmanager
async def started(kind: str, folder: Path, base_urls: Sequence[str]) -> AsyncIterator[Soaked]:
    """`serve` or `window` with one credential for each of these services, on a port of its own."""
    home = folder / kind
    home.mkdir()
    config = pool(**{f"c{number}": url for number, url in enumerate(base_urls)})
    (home / "config.yaml").write_text(f"server: {{port: 0}}\n{config}")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}},
        "PYTHONPATH": os.pathsep.join(str(one) for one in (APP, ROOT)),
        "PROXYCAST_HOME": str(home),
        "PROXYCAST_TOKEN": TOKEN,
        "QT_QPA_PLATFORM": "offscreen",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.soaked", kind),
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    soaked = Soaked(kind, 0, process)
    try:
        soaked.port = json.loads(await soaked._line())["port"]
        yield soaked
        assert process.stdin is not None
        process.stdin.close()
        status = await asyncio.wait_for(process.wait(), 30)
        assert status == 0, f"{kind} ended with {status}"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def soak(seconds: float, folder: Path) -> list[Soaked]:
    """Soak both for that long, side by side. Gives what was seen of them."""
    async with FakeMessagesApi(MessagesService(says=numbered(40))) as one, FakeMessagesApi() as two:
        for fake in (one, two):
            fake.script = _behaviour
        urls = [one.base_url, two.base_url]
        async with started("serve", folder, urls) as serve, started("window", folder, urls) as window:
            programs = [serve, window]
            for _ in range(PAUSES):
                await asyncio.gather(*[_traffic(program, seconds / PAUSES) for program in programs])
                await asyncio.gather(*[program.look() for program in programs])
                for fake in (one, two):
                    fake.requests.clear()
                    fake.deliveries.clear()
                    fake.disconnects.clear()
            return programs


async def _traffic(program: Soaked, seconds: float) -> None:
    """Clients of all kinds for a while; they are gone when it ends."""
    end = asyncio.get_running_loop().time() + seconds
    await asyncio.gather(*[_client(program, end, random.Random(number)) for number in range(CLIENTS)])
    await asyncio.sleep(0.3)  # what was dropped is noticed


async def _client(program: Soaked, end: float, dice: random.Random) -> None:
    loop = asyncio.get_running_loop()
    while loop.time() < end:
        outcome = await _visit(program.port, dice)
        program.done[outcome] = program.done.get(outcome, 0) + 1
        await asyncio.sleep(dice.uniform(0.005, 0.05))


async def _visit(port: int, dice: random.Random) -> str:
    """One connection with some requests; what became of it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for _ in range(dice.randint(1, 3)):
            act = dice.choices(["whole", "stream", "leave", "stranger", "nonsense"], [5, 5, 2, 1, 1])[0]
            if act == "nonsense":
                writer.write(dice.randbytes(50) + b"\r\n\r\n")
                await asyncio.wait_for(reader.read(), 20)
                return act
            writer.write(_request(port, dice, streamed=act in {"stream", "leave"}, stranger=act == "stranger"))
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
            if act == "leave":
                await reader.read(100)
                return act
            if not await _read_body(reader, head.lower()):
                break
    except (asyncio.IncompleteReadError, ConnectionError):
        return "broken off"
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    return act


def _request(port: int, dice: random.Random, *, streamed: bool, stranger: bool) -> bytes:
    fault = dice.choices(["none", "overloaded", "cut", "reset"], [12, 1, 1, 1])[0]
    message = {"role": "user", "content": "x" * dice.randint(1, 20_000)}
    body = json.dumps({"model": "claude-sonnet-5-5", "max_tokens": 99, "stream": streamed, "messages": [message]})
    head = (
        f"POST /c/c{dice.randint(0, 1)}/v1/messages?fault={fault} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"x-api-key: {'pc_wrong' if stranger else TOKEN}\r\nanthropic-version: 2023-06-01\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body.encode()


async def _read_body(reader: asyncio.StreamReader, head: bytes) -> bool:
    """Read a body to its end; whether the connection goes on."""
    if b"transfer-encoding: chunked" in head:
        while size := int(await asyncio.wait_for(reader.readline(), 20) or b"0", 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    else:
        await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
    return b"connection: close" not in head


def _behaviour(request: RecordedRequest) -> Behaviour | None:
    match request.query.partition("fault=")[2]:
        case "overloaded":
            return Behaviour(answer=error(529, "Overloaded"))
        case "cut":
            return Behaviour(cut_after_bytes=300)
        case "reset":
            return Behaviour(cut_before_head=True, reset=True)
    return None


def main() -> int:
    """The command line."""
    options = argparse.ArgumentParser(description="soak serve and the window")
    options.add_argument("--seconds", type=float, default=3600.0)
    seconds = options.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        programs = asyncio.run(soak(seconds, Path(folder)))
    for program in programs:
        print(f"{program.name}: {program.done}")
        for held in program.seen:
            print(f"    {held.descriptors} fds, {held.threads} threads, {held.tasks} tasks, {held.memory >> 10} KiB")
    growth = [line for program in programs for line in program.growth()]
    print("\n".join(growth) or "nothing grows")
    return bool(growth)


if __name__ == "__main__":
    sys.exit(main())
