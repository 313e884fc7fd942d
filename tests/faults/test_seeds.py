"""A thousand faults drawn from seeds between the proxy and a service; what a client sees is judged byte by byte."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fakes import messages
from tests.fakes.answers import Answer, Behaviour, Framing
from tests.fakes.certificates import Authority
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.wire import RecordedRequest
from tests.faults.fault_proxy import EARLY, Fault, FaultProxy, Plan
from tests.proxy.conftest import TOKEN, Setup, running_proxy

from proxycast.model.credential import Credential, Timeouts

SEEDS = 1000
AT_ONCE = 100
SECONDS = Timeouts(connect=5, request=6, idle=3)
PATIENCE = 14.0 + 16.0
"""All timeouts one after the other, and what a busy machine may add."""

ERROR_EVENT = b"event: error\ndata: "


@dataclass(frozen=True)
class Case:
    """One seed: the fault, the true answer and how it is framed, and whether TLS is on the way."""

    seed: int
    plan: Plan
    answer: Answer
    tls: bool

    @classmethod
    def of(cls, seed: int) -> Case:
        dice = random.Random(-seed - 1)
        streamed = dice.random() < 0.6
        framing = dice.choice([Framing.CHUNKED, Framing.CLOSE] if streamed else [Framing.CHUNKED, Framing.LENGTH])
        words = dice.randint(1, 60)
        request = {"model": "claude-sonnet-5-5", "max_tokens": 99, "messages": [{"role": "user", "content": f"{seed}"}]}
        whole = messages.message(request, messages.numbered(words))
        if streamed:
            parts = tuple(messages.stream(whole))
            kind = "text/event-stream; charset=utf-8"
        else:
            parts = (json.dumps(whole).encode(),)
            kind = "application/json"
        answer = Answer(headers=(("Content-Type", kind),), parts=parts, framing=framing)
        return cls(seed, Plan.of(seed), answer, tls=dice.random() < 0.1)

    @property
    def streamed(self) -> bool:
        """Whether the true answer is an event stream."""
        return ("Content-Type", "text/event-stream; charset=utf-8") in self.answer.headers


async def test_r01_to_r04_a_client_sees_a_true_prefix_and_then_the_true_end_or_an_explicit_error(
    fake_api: FakeMessagesApi, tmp_path: Path
) -> None:
    cases = [Case.of(seed) for seed in range(SEEDS)]
    fake_api.script = lambda request: _true_answer(cases, request)
    authority = Authority(tmp_path)
    certificate = authority.server()
    room = asyncio.Semaphore(AT_ONCE)
    with nothing_left_open():
        async with running_proxy() as setup:

            async def play(case: Case) -> tuple[Case, str]:
                async with room, FaultProxy(fake_api.port, case.plan, tls=certificate if case.tls else None) as between:
                    scheme = "https" if case.tls else "http"
                    setup.router.add(
                        Credential(
                            id=f"{case.seed:012}",
                            name=f"seed{case.seed}",
                            base_url=f"{scheme}://127.0.0.1:{between.port}",
                            ca_file=str(authority.ca_file),
                            timeouts=SECONDS,
                        )
                    )
                    return case, judged(case, *await ask(setup, case))

            outcomes = await asyncio.gather(*[play(case) for case in cases])
            await setup.observer.next(SEEDS)
            assert setup.dialer.open_connections == 0
        assert asyncio.all_tasks() == {asyncio.current_task()} | _tasks_of(fake_api)
    assert [f"seed {case.seed} ({case.plan.fault.value}): {said}" for case, said in outcomes if said not in FINE] == []
    seen = {fault: Counter(said for case, said in outcomes if case.plan.fault is fault) for fault in Fault}
    for fault in (Fault.NONE, Fault.LATENCY, Fault.SLICES):
        assert set(seen[fault]) == {"complete"}, fault
    for fault in (Fault.STALL, Fault.RESET, Fault.HALF_CLOSE):
        assert seen[fault]["broken off"] > 5, fault
        assert seen[fault]["refused"] > 5, fault
    for fault in (Fault.BLACK_HOLE,):
        assert set(seen[fault]) == {"refused"}, fault
    assert seen[Fault.INTERIM_FLOOD]["complete"] > 5
    assert seen[Fault.INTERIM_FLOOD]["refused"] > 5


FINE = {"complete", "broken off", "refused"}


async def ask(setup: Setup, case: Case) -> tuple[bytes, bool]:
    """All bytes of the answer, and whether the connection ended in the orderly way."""
    body = b'{"model":"claude-sonnet-5-5","max_tokens":99,"messages":[{"role":"user","content":"hi"}]}'
    reader, writer = await asyncio.open_connection("127.0.0.1", setup.proxy.port)
    try:
        head = (
            f"POST /c/seed{case.seed}/v1/messages?seed={case.seed} HTTP/1.1\r\nHost: 127.0.0.1:{setup.proxy.port}\r\n"
        )
        head += f"x-api-key: {TOKEN}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        writer.write(f"{head}connection: close\r\n\r\n".encode() + body)
        received = b""
        began = time.monotonic()
        async with asyncio.timeout(PATIENCE):
            try:
                while data := await reader.read(1 << 16):
                    received += data
            except ConnectionResetError:
                return received, False
        assert time.monotonic() - began < PATIENCE
        return received, True
    finally:
        writer.transport.abort()


def judged(case: Case, received: bytes, orderly: bool) -> str:
    """What the client may conclude: `complete`, `broken off`, `refused`, or what is wrong about it."""
    head, separator, rest = received.partition(b"\r\n\r\n")
    if not separator:
        return "no answer at all"
    status = int(head.split(b" ")[1])
    body, ended = _unframed(head, rest, orderly=orderly)
    if status != 200:
        if status == 413 and body == EARLY.rpartition(b"\r\n\r\n")[2]:
            return "refused" if ended else "the early answer is cut"
        kind = json.loads(body)["error"]["type"] if ended else ""
        return "refused" if (status, kind) in {(502, "api_error"), (504, "timeout_error")} else f"{status} {body!r}"
    if ended:
        true = case.answer.body
        # Of a stream that ends by closing, `message_stop` is all that shows its end.
        stopped = case.answer.framing is Framing.CLOSE and true.startswith(body) and b'"message_stop"}' in body
        return "complete" if body == true or stopped else f"an end that is not the true one: {body[-80:]!r}"
    passed, event, error = body.partition(ERROR_EVENT)
    if case.streamed and not (event and json.loads(error)["type"] == "error" and error.endswith(b"\n\n")):
        return f"a stream cut without a word: {body[-80:]!r}"
    if not case.answer.body.startswith(passed.removesuffix(b"\n\n")) and not case.answer.body.startswith(passed):
        return f"bytes that the service did not send: {passed[-80:]!r}"
    return "broken off"


def _unframed(head: bytes, rest: bytes, *, orderly: bool) -> tuple[bytes, bool]:
    """The body as far as it came, and whether its framing says that it is complete."""
    lines = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:])
    if b"content-length" in lines:
        return rest, len(rest) == int(lines[b"content-length"])
    if lines.get(b"transfer-encoding") != b"chunked":
        return rest, orderly
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        body, end, rest = body + rest[:length], rest[length : length + 2], rest[length + 2 :]
        if length == 0:
            return body, end == b"\r\n" and not rest
    return body, False


def _true_answer(cases: list[Case], request: RecordedRequest) -> Behaviour:
    seed = int(request.target.rpartition("=")[2])
    return Behaviour(answer=cases[seed].answer, close_after=True)


def _tasks_of(fake: FakeMessagesApi) -> set[asyncio.Task[None]]:
    return set(fake._serving.values())


@contextmanager
def nothing_left_open() -> Iterator[None]:
    """Fails if more descriptors are open afterwards than before."""
    before = _open_descriptors()
    yield
    assert _open_descriptors() <= before


def _open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
