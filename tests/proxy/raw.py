"""Raw requests and answers: what a test sends by the letter, and what came back."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One answer. `headers` have lower-case names, each of them there once."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        """The type of the error that it is."""
        kind: str = self.json()["error"]["type"]
        return kind

    def json(self) -> Any:
        """The body parsed as JSON."""
        return json.loads(self.body)


def replies(data: bytes, *, to_head: bool = False) -> list[Reply]:
    """All answers in `data`, correctly framed and with nothing after the last one. `to_head`: they have no bodies."""
    found = []
    while data:
        head, separator, data = data.partition(b"\r\n\r\n")
        assert separator, "a head that is cut"
        status, *lines = head.decode("latin-1").split("\r\n")
        assert status.startswith("HTTP/1.1 ")
        pairs = [line.split(": ", 1) for line in lines]
        headers = {name.lower(): value for name, value in pairs}
        assert len(headers) == len(lines), "a header that is there twice"
        body, data = (b"", data) if to_head else _body(headers, data)
        found.append(Reply(int(status.split(" ")[1]), headers, body))
    return found


def reply(data: bytes) -> Reply:
    """The only answer in `data`."""
    (only,) = replies(data)
    return only


async def next_reply(reader: asyncio.StreamReader) -> Reply:
    """The next answer with a Content-Length on a connection that stays open."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return reply(head + await asyncio.wait_for(reader.readexactly(length), 5))


def _body(headers: dict[str, str], data: bytes) -> tuple[bytes, bytes]:
    if "transfer-encoding" not in headers:
        length = int(headers["content-length"])
        assert len(data) >= length, "a body that is cut"
        return data[:length], data[length:]
    body = b""
    while True:
        size, _, data = data.partition(b"\r\n")
        chunk, data = data[: int(size, 16)], data[int(size, 16) :]
        assert data.startswith(b"\r\n"), "a chunk that is cut"
        data = data[2:]
        if not chunk:
            return body, data
        body += chunk
