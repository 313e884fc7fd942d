"""ProxyCast as its users have it: a process with arguments, an environment, standard streams and an exit status."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

import proxycast

APP = Path(proxycast.__file__).resolve().parents[1]
"""Where the ProxyCast under test lies: its sources, or what `make compiled` made of them."""
TOKEN = "pc_" + "t" * 43
READY = "ProxyCast listening on "


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A command that has ended. `seconds` is how long it took."""

    status: int
    out: str
    err: str
    seconds: float

    def json(self) -> Any:
        """Standard output parsed as JSON."""
        return json.loads(self.out)


class Program:
    """ProxyCast for a user of its own: everything that it reads and writes is under `folder`.

    `environment` is all that its processes see, apart from what `run` and `serve` are given as keywords.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.home = folder / "proxycast"
        self.config = self.home / "config.yaml"
        self.temporary = folder / "tmp"
        self.temporary.mkdir(parents=True, exist_ok=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(APP),
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            **environment,
            "TMPDIR": str(self.temporary),
            "PROXYCAST_HOME": str(self.home),
        }

    async def run(
        self,
        *arguments: str | Path,
        stdin: str = "",
        status: int | None = 0,
        under: Sequence[str] = (),
        within: float = 30.0,
        **environment: str,
    ) -> Ended:
        """Run a command to its end, and see that it ends with this exit status (None: with any).

        `under` is a command line that starts it, such as that of a tracer.
        """
        command = [*under, *_command(arguments)]
        ended = await run(command, {**self.environment, **environment}, self.folder, stdin=stdin, within=within)
        assert status in {None, ended.status}, f"{arguments} ended with {ended.status}: {ended.out}{ended.err}"
        return ended

    @asynccontextmanager
    async def serve(
        self, *arguments: str | Path, status: int = 0, under: Sequence[str] = (), **environment: str
    ) -> AsyncIterator[Serving]:
        """Run `proxycast serve` on a free port until the block ends; then see that it ends with this exit status.

        `under` is a command line that becomes it, such as that of `prlimit`.
        """
        process = await asyncio.create_subprocess_exec(
            *under,
            *_command(("serve", "--port", "0", *arguments)),
            env={**self.environment, **environment},
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        serving = Serving(process)
        try:
            await serving.ready()
            yield serving
            serving.signal(signal.SIGTERM)
            async with asyncio.timeout(15):
                ended = await process.wait()
            assert ended == status, f"serve ended with {ended}: {serving.out.text}{serving.err.text}"
        finally:
            _kill(process)
            await serving.close()


class Serving:
    """A running `proxycast serve`. `out` and `err` are what it has printed so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        self.process = process
        self.out = Output(process.stdout)
        self.err = Output(process.stderr)

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self.process.pid

    @property
    def address(self) -> str:
        """The base URL that it has printed."""
        line = self.out.lines[0]
        return str(json.loads(line)["listening"]) if line.startswith("{") else line.removeprefix(READY)

    @property
    def port(self) -> int:
        """The port of that address."""
        return int(self.address.rpartition(":")[2])

    def memory(self, kind: str = "VmRSS") -> int:
        """Its resident memory in bytes as `/proc` tells it: now (`VmRSS`) or at its highest (`VmHWM`)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(f"{kind}:"))
        return int(line.split()[1]) * 1024

    def descriptors(self) -> int:
        """How many file descriptors it has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def threads(self) -> int:
        """How many threads it has."""
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))

    async def ready(self) -> None:
        """Wait until it says that it listens."""
        try:
            await self.out.until("listening")
        except (EOFError, TimeoutError):
            raise AssertionError(f"serve does not start: {self.out.text}{self.err.text}") from None

    def signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    def client(self, token: str = TOKEN) -> httpx2.AsyncClient:
        """An HTTP client that shows `token` and goes straight to the proxy."""
        headers = {"x-api-key": token, "anthropic-version": "2023-06-01"}
        return httpx2.AsyncClient(base_url=self.address, headers=headers, trust_env=False, timeout=15)

    async def close(self) -> None:
        """Read the rest of what it printed, once it has ended."""
        await self.process.wait()
        await self.out.end()
        await self.err.end()


class Output:
    """The lines of a stream as they come."""

    def __init__(self, stream: asyncio.StreamReader) -> None:
        self.lines: list[str] = []
        self._stream = stream
        self._changed = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._read())

    @property
    def text(self) -> str:
        """All of it so far."""
        return "".join(f"{line}\n" for line in self.lines)

    async def until(self, words: str, within: float = 15.0) -> str:
        """The first line that holds these words, as soon as it is there. Raises TimeoutError, EOFError."""
        async with asyncio.timeout(within):
            while True:
                for line in self.lines:
                    if words in line:
                        return line
                if self._task.done():
                    raise EOFError(f"ended without {words!r}: {self.text}")
                self._changed.clear()
                await self._changed.wait()

    async def end(self) -> None:
        """Wait for the end of the stream."""
        await self._task

    async def _read(self) -> None:
        try:
            while line := await self._stream.readline():
                self.lines.append(line.decode().rstrip("\n"))
                self._changed.set()
        finally:
            self._changed.set()


async def run(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    folder: Path,
    *,
    stdin: str = "",
    within: float = 30.0,
) -> Ended:
    """Run any command to its end. Raises TimeoutError, and then the command is killed."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(within):
            out, err = await process.communicate(stdin.encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    assert process.returncode is not None
    seconds = loop.time() - started
    return Ended(status=process.returncode, out=out.decode(), err=err.decode(), seconds=seconds)


async def eventually(is_so: Callable[[], bool], what: str, *, within: float = 5.0) -> None:
    """Wait for something that another process does and tells nobody about."""
    try:
        async with asyncio.timeout(within):
            while not is_so():  # noqa: ASYNC110 - what is waited for happens in another process
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"not within {within} s: {what}") from None


def _command(arguments: Sequence[str | Path]) -> list[str | Path]:
    return [sys.executable, "-m", "proxycast", *arguments]


def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
