"""Stands between a client and the proxy, and records what the client sends."""

from __future__ import annotations

import asyncio
import re
import time

from tests.fakes.loopback import Connection, LoopbackServer, PeerGone
from tests.fakes.wire import RecordedRequest, read_body, read_head

_HOST = re.compile(rb"\r\nhost:[^\r]*", re.IGNORECASE)


class Tap(LoopbackServer):
    """Passes requests on to the proxy at `port` with nothing changed but the Host header, which the proxy checks."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.requests: list[RecordedRequest] = []
        self._far_port = port

    @property
    def base_url(self) -> str:
        """What a client is given."""
        return f"http://{self.host}:{self.port}"

    async def _serve(self, connection: Connection) -> None:
        loop = asyncio.get_running_loop()
        _, far = await loop.create_connection(lambda: Connection(connection.number), self.host, self._far_port)
        answers = loop.create_task(_pass_on(far, connection))
        try:
            while True:
                head = await read_head(connection)
                body, _ = await read_body(connection, head)
                assert head.value("transfer-encoding") is None, "a chunked request would have to be chunked again"
                self.requests.append(
                    RecordedRequest(
                        **vars(head),
                        connection=connection.number,
                        number=len(self.requests) + 1,
                        body=body,
                        at=time.monotonic(),
                    )
                )
                await far.send(_HOST.sub(b"\r\nHost: %s:%d" % (self.host.encode(), self._far_port), head.raw) + body)
        finally:
            far.finish()
            await answers


async def _pass_on(source: Connection, sink: Connection) -> None:
    try:
        while True:
            await sink.send(await source.read_some())
    except PeerGone:
        sink.finish()
