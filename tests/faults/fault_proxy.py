"""A seeded fault between the proxy and a service: what goes through is late, cut, stalled, spoilt, or goes nowhere."""

from __future__ import annotations

import asyncio
import random
import ssl
from dataclasses import dataclass
from enum import Enum

from tests.fakes.loopback import Connection, LoopbackServer, PeerGone

INTERIM = b"HTTP/1.1 102 Processing\r\n\r\n"
EARLY = (
    b"HTTP/1.1 413 Content Too Large\r\nContent-Type: text/plain\r\nContent-Length: 9\r\nConnection: close\r\n\r\n"
    b"too large"
)


class Fault(Enum):
    """What happens on the way."""

    NONE = "nothing"
    LATENCY = "every piece of the answer is late"
    SLICES = "the answer comes in pieces of a few bytes"
    STALL = "the answer stops in the middle and the connection stays open"
    RESET = "the connection is reset in the middle of the answer"
    HALF_CLOSE = "the answer ends in the middle as if it were complete (FIN)"
    BLACK_HOLE = "nothing is read and nothing is sent"
    GARBAGE = "what is no HTTP stands where a head or a chunk is due"
    EARLY_ANSWER = "an answer of its own comes before the request is complete"
    INTERIM_FLOOD = "interim answers come before the answer"


@dataclass(frozen=True)
class Plan:
    """A fault and its measure, both drawn from a seed. `position` is the part of the answer after which it strikes."""

    fault: Fault
    position: float
    count: int
    noise: bytes

    @classmethod
    def of(cls, seed: int) -> Plan:
        """The plan of this seed, the same every time."""
        dice = random.Random(seed)
        fault = dice.choice(list(Fault))
        return cls(fault, dice.random(), dice.randint(1, 7), bytes(dice.choices(b'\x00\x01\xff {}"xyz', k=40)))


class FaultProxy(LoopbackServer):
    """Passes connections on to `port` on loopback, each with the fault of `plan` on the way back.

    With `tls` it ends TLS itself, so that faults strike the HTTP inside.
    """

    def __init__(self, port: int, plan: Plan, *, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls=tls)
        self._far_port = port
        self._plan = plan

    async def _serve(self, connection: Connection) -> None:
        if self._plan.fault is Fault.BLACK_HOLE:
            connection.pause_reading()
            await asyncio.Event().wait()
        if self._plan.fault is Fault.EARLY_ANSWER:
            await connection.read_some()
            await connection.send(EARLY)
            return
        _, far = await asyncio.get_running_loop().create_connection(lambda: Connection(0), "127.0.0.1", self._far_port)
        forth = asyncio.create_task(self._forth(connection, far))
        try:
            await self._back(far, connection)
        finally:
            forth.cancel()
            await asyncio.gather(forth, return_exceptions=True)
            far.transport.abort()

    async def _forth(self, near: Connection, far: Connection) -> None:
        while True:
            await far.send(await near.read_some())

    async def _back(self, far: Connection, near: Connection) -> None:
        """Send the answer on as planned. It is short, and read whole, so that its length is known."""
        answer = await _whole_answer(far)
        cut = int(self._plan.position * len(answer))
        match self._plan.fault:
            case Fault.LATENCY:
                for piece in _pieces(answer, max(1, len(answer) // 5)):
                    await asyncio.sleep(self._plan.position / 50)
                    await near.send(piece)
            case Fault.SLICES:
                for piece in _pieces(answer, self._plan.count):
                    await near.send(piece)
            case Fault.STALL:
                await near.send(answer[:cut])
                await near.gone.wait()
            case Fault.RESET:
                await near.send(answer[:cut])
                near.reset()
            case Fault.HALF_CLOSE:
                await near.send(answer[:cut])
            case Fault.GARBAGE:
                await near.send(answer[: _due(answer, cut)] + self._plan.noise)
            case Fault.INTERIM_FLOOD:
                await near.send(INTERIM * (10_000 * self._plan.count // 4) + answer)
            case _:
                await near.send(answer)


async def _whole_answer(far: Connection) -> bytes:
    """Everything that the service sends until it closes, as it does after every answer here."""
    answer = b""
    while True:
        try:
            answer += await far.read_some()
        except PeerGone:
            return answer


def _pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def _due(answer: bytes, cut: int) -> int:
    """The last position up to `cut` where a chunk is due, else the start, where the head is."""
    head, _, body = answer.partition(b"\r\n\r\n")
    position, due = len(head) + 4, 0
    if b"chunked" not in head:
        return due
    while position <= cut and body:
        due = position
        size, _, rest = body.partition(b"\r\n")
        length = len(size) + 2 + int(size, 16) + 2
        position, body = position + length, body[length:]
        if not rest:
            break
    return due
