"""Any changes of the pool and its secrets between and during requests: no exchange mixes two credentials."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule
from tests.fakes.messages_api import FakeMessagesApi
from tests.fuzz.budget import examples
from tests.proxy.raw import replies
from tests.service.world import World

from proxycast.model.credential import Credential, Keyring, Kind, new_id
from proxycast.model.secret import Secret

T = TypeVar("T")
TOKEN = "pc_" + "f" * 43
SERVICES = 3
BODY = json.dumps(
    {"model": "claude-opus-5-5", "max_tokens": 1, "messages": [{"role": "user", "content": "x"}]}
).encode()
STREAM = BODY[:-1] + b', "stream": true}'


class Known(msgspec.Struct):
    """What the test knows of a credential: where it goes, and with which key."""

    service: int
    key: str
    enabled: bool = True
    moved_to: int | None = None
    """Where the configuration file says it goes, if somebody changed that without a word to the program."""


class PoolMachine(RuleBasedStateMachine):
    """Drives a real service with its proxy before fake services, beside a model of what should happen."""

    names: Bundle[str] = Bundle("names")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        self.known: dict[str, Known] = {}
        self.chosen: str | None = None
        self.granted: set[tuple[int, str]] = set()
        self.counter = 0
        self.run(self._begin())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def _begin(self) -> None:
        self.services = [await self.stack.enter_async_context(FakeMessagesApi()) for _ in range(SERVICES)]
        self.world = World(Path(self.folder.name))
        self.service = await self.world.service(token=TOKEN)
        await self.service.start_proxy(port=0)

    def teardown(self) -> None:
        async def end() -> None:
            await self.world.close()
            await self.stack.aclose()

        self.run(end())
        self.runner.close()
        self.folder.cleanup()

    # What people do.

    def _key(self) -> str:
        self.counter += 1
        key = f"sk-key-number-{self.counter:04d}"
        for one in self.services:
            one.service.keys.add(key)
        return key

    @rule(target=names, service=st.integers(0, SERVICES - 1))
    def add(self, service: int) -> str:
        key = self._key()
        name = f"credential {self.counter}"
        credential = Credential(
            id=new_id(),
            name=name,
            kind=Kind.COMPATIBLE,
            base_url=self.services[service].base_url,
            secrets={"api_key": Keyring()},
        )
        self.run(self.service.add(credential, {"api_key": Secret(key)}))
        self.known[name] = Known(service, key)
        self.granted.add((service, key))
        return name

    @rule(name=names)
    def select(self, name: str) -> None:
        if name in self.known:
            self.run(self.service.select(name))
            self.chosen = name

    @rule(name=names)
    def rotate(self, name: str) -> None:
        if name in self.known:
            key = self._key()
            known = self.known[name]
            known.key = key
            known.service = known.service if known.moved_to is None else known.moved_to
            known.moved_to = None
            self.granted.add((known.service, key))
            self.run(self.service.rotate(name, {"api_key": Secret(key)}))

    @rule(name=names)
    def remove(self, name: str) -> None:
        if name in self.known:
            self.run(self.service.remove(name))
            del self.known[name]
            self.chosen = None if self.chosen == name else self.chosen

    @rule(target=names, name=names)
    def rename(self, name: str) -> str:
        if name not in self.known:
            return name
        self.counter += 1
        new = f"renamed {self.counter}"
        self.run(self.service.rename(name, new))
        self.known = {(new if one == name else one): known for one, known in self.known.items()}
        self.chosen = new if self.chosen == name else self.chosen
        return new

    @rule(name=names, enabled=st.booleans())
    def set_enabled(self, name: str, enabled: bool) -> None:
        if name in self.known:
            self.run(self.service.set_enabled(name, enabled=enabled))
            self.known[name].enabled = enabled

    @rule(name=names, service=st.integers(0, SERVICES - 1))
    def change_the_file_behind_its_back(self, name: str, service: int) -> None:
        """Somebody edits the base URL of a credential in the file: its key may not follow."""
        if name not in self.known:
            return
        text = self.world.config.read_text(encoding="utf-8")
        known = self.known[name]
        here = known.service if known.moved_to is None else known.moved_to
        head, mark, tail = text.partition(f"name: {json.dumps(name)}")
        assert mark, text
        old, new = self.services[here].base_url, self.services[service].base_url
        self.world.write(head + mark + tail.replace(old, new, 1))
        self.run(self.service.load())
        known.moved_to = None if service == known.service else service

    @rule(name=names)
    def confirm(self, name: str) -> None:
        if name in self.known:
            known = self.known[name]
            if known.moved_to is not None:
                known.service, known.moved_to = known.moved_to, None
                self.granted.add((known.service, known.key))
            self.run(self.service.confirm(name))

    # Requests.

    def _path(self, name: str | None) -> str:
        return "/v1/messages" if name is None else f"/c/{name.replace(' ', '%20')}/v1/messages"

    async def _ask(self, name: str | None, body: bytes) -> int:
        address = self.service.proxy
        reader, writer = await asyncio.open_connection("127.0.0.1", address.port)
        head = (
            f"POST {self._path(name)} HTTP/1.1\r\nHost: 127.0.0.1:{address.port}\r\nx-api-key: {TOKEN}\r\n"
            f"anthropic-version: 2023-06-01\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
            "connection: close\r\n\r\n"
        )
        writer.write(head.encode() + body)
        async with asyncio.timeout(10):
            answer = await reader.read()
        writer.close()
        (only,) = replies(answer)
        return only.status

    def _expected(self, name: str | None) -> tuple[int, str] | None:
        """Where a request goes now, and with which key; None if it must be refused."""
        if name is None:
            name = self.chosen if self.chosen in self.known else None
            if name is None:
                name = next((one for one, known in self.known.items() if known.enabled), None)
        known = self.known.get(name or "")
        if known is None or not known.enabled or known.moved_to is not None:
            return None
        return known.service, known.key

    def _came(self) -> list[tuple[int, str]]:
        found = []
        for number, one in enumerate(self.services):
            for request in one.requests:
                (shown,) = [*request.values("authorization"), *request.values("x-api-key")]
                found.append((number, shown.removeprefix("Bearer ")))
            one.requests.clear()
        return found

    @rule(name=st.none() | names, streamed=st.booleans())
    def ask(self, name: str | None, streamed: bool) -> None:
        expected = self._expected(name)
        status = self.run(self._ask(name, STREAM if streamed else BODY))
        came = self._came()
        assert came == ([] if expected is None else [expected]), (name, status)
        assert (status == 200) == (expected is not None), status

    @precondition(lambda self: len(self.known) > 1)
    @rule(other=names, wanted=st.sampled_from(["select", "rotate", "remove", "disable"]), count=st.integers(2, 6))
    def change_while_requests_run(self, other: str, wanted: str, count: int) -> None:
        """Each of them goes to where it might have gone before or after the change, with that one's key."""
        if other not in self.known:
            return
        before = {self._expected(None), self._expected(other)}

        async def both() -> list[int]:
            asking = [asyncio.ensure_future(self._ask(None if n % 2 else other, STREAM)) for n in range(count)]
            await asyncio.sleep(0)
            change: Coroutine[Any, Any, object]
            match wanted:
                case "select":
                    change = self.service.select(other)
                case "rotate":
                    change = self.service.rotate(other, {"api_key": Secret(key)})
                case "remove":
                    change = self.service.remove(other)
                case _:
                    change = self.service.set_enabled(other, enabled=False)
            await change
            return await asyncio.gather(*asking)

        key = self._key()
        known = self.known[other]
        match wanted:
            case "select":
                self.chosen = other
            case "rotate":
                known.service = known.service if known.moved_to is None else known.moved_to
                known.key, known.moved_to = key, None
                self.granted.add((known.service, key))
            case "remove":
                del self.known[other]
                self.chosen = None if self.chosen == other else self.chosen
            case _:
                known.enabled = False
        statuses = self.run(both())
        after = {self._expected(None), self._expected(other)}
        came = self._came()
        assert set(came) <= (before | after), (came, before, after)
        assert len(came) == statuses.count(200), statuses

    @invariant()
    def no_key_went_where_it_was_not_meant_for(self) -> None:
        assert set(self._came()) <= self.granted
        for one in self.services:
            assert one.violations == []


PoolMachine.TestCase.settings = examples(20)
TestPool = PoolMachine.TestCase
