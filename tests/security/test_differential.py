"""The same malformed requests to nginx and haproxy: what both refuse must not be forwarded here."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.acceptance.program import eventually
from tests.fakes.messages_api import FakeMessagesApi
from tests.proxy.conftest import Setup
from tests.proxy.test_strangers import GOOD, MALFORMED, POST, SIZE, written
from tests.security.raw_requests import BODY

pytestmark = pytest.mark.skipif(
    shutil.which("nginx") is None or shutil.which("haproxy") is None, reason="needs nginx and haproxy"
)

NGINX = """
daemon off; pid nginx.pid; error_log nginx.log; worker_processes 1;
events {{ worker_connections 128; }}
http {{ access_log off; client_body_temp_path body; proxy_temp_path proxied;
  fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  server {{ listen 127.0.0.1:{port};
    location / {{ proxy_pass http://127.0.0.1:{service}; proxy_http_version 1.1; }} }} }}
"""
HAPROXY = """
global
  maxconn 128
defaults
  mode http
  timeout connect 2s
  timeout client 2s
  timeout server 2s
frontend in
  bind 127.0.0.1:{port}
  default_backend out
backend out
  server one 127.0.0.1:{service}
"""
CHUNKED = "Transfer-Encoding: chunked"
VARIANTS = {
    **{name: text for name, text in MALFORMED.items() if "PRI" not in text and not text.startswith("\x16")},
    "tab before the value": f"{POST}\n{GOOD}\nX-A:\t1\n{SIZE}\n\n{BODY}",
    "vertical tab in chunked": f"{POST}\n{GOOD}\nTransfer-Encoding: \x0bchunked\n\n0\n\n",
    "chunked in capitals": f"{POST}\n{GOOD}\nTransfer-Encoding: CHUNKED\n\n2\n{{}}\n0\n\n",
    "chunked, identity": f"{POST}\n{GOOD}\nTransfer-Encoding: chunked, identity\n\n2\n{{}}\n0\n\n",
    "identity": f"{POST}\n{GOOD}\nTransfer-Encoding: identity\n\n{{}}",
    "chunked twice in two lines": f"{POST}\n{GOOD}\n{CHUNKED}\n{CHUNKED}\n\n2\n{{}}\n0\n\n",
    "an extension with a quote": f'{POST}\n{GOOD}\n{CHUNKED}\n\n2;a="\n{{}}\n0\n\n',
    "a minus before a chunk": f"{POST}\n{GOOD}\n{CHUNKED}\n\n-2\n{{}}\n0\n\n",
    "a plus before a chunk": f"{POST}\n{GOOD}\n{CHUNKED}\n\n+2\n{{}}\n0\n\n",
    "an underscore in a chunk": f"{POST}\n{GOOD}\n{CHUNKED}\n\n0_2\n{{}}\n0\n\n",
    "no chunk size": f"{POST}\n{GOOD}\n{CHUNKED}\n\n\n{{}}\n0\n\n",
    "a folded trailer": f"{POST}\n{GOOD}\n{CHUNKED}\n\n2\n{{}}\n0\nX-A: 1\n 2\n\n",
    "a nul in a trailer": f"{POST}\n{GOOD}\n{CHUNKED}\n\n2\n{{}}\n0\nX-A: \x001\n\n",
    "length with a comma": f"{POST}\n{GOOD}\nContent-Length: 2,\n\n{{}}",
    "length with an exponent": f"{POST}\n{GOOD}\nContent-Length: 2e0\n\n{{}}",
    "length in other digits": f"{POST}\n{GOOD}\nContent-Length: \xb2\n\n{{}}",
    "length with a dot": f"{POST}\n{GOOD}\nContent-Length: 2.0\n\n{{}}",
    "a space before the method": f" {POST}\n{GOOD}\n{SIZE}\n\n{BODY}",
    "two spaces after the method": f"POST  /v1/messages HTTP/1.1\n{GOOD}\n{SIZE}\n\n{BODY}",
    "a tab after the method": f"POST\t/v1/messages HTTP/1.1\n{GOOD}\n{SIZE}\n\n{BODY}",
    "a space after the version": f"POST /v1/messages HTTP/1.1 \n{GOOD}\n{SIZE}\n\n{BODY}",
    "a version of two digits": f"POST /v1/messages HTTP/1.11\n{GOOD}\n{SIZE}\n\n{BODY}",
    "a lower-case version": f"POST /v1/messages http/1.1\n{GOOD}\n{SIZE}\n\n{BODY}",
    "a nul in a name": f"{POST}\n{GOOD}\nX\x00A: 1\n{SIZE}\n\n{BODY}",
    "a header before the request line": f"X-A: 1\n{POST}\n{GOOD}\n{SIZE}\n\n{BODY}",
}


@contextlib.asynccontextmanager
async def started(folder: Path, command: list[str], port: int) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await eventually(lambda: _listens(port), f"{command[0]} listens", within=10)
        yield
    finally:
        process.terminate()
        await process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def lenient_service() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A service that answers whatever it is sent; the port, and what came."""
    came: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError):
            data = await asyncio.wait_for(reader.read(65536), 1)
            if data:
                came.append(data)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], came
    finally:
        server.close()


async def accepts(port: int, request: bytes) -> bool:
    """Whether a server passes this on: it answers with the service's success."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    data = b""
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(0.4):
            while b"\r\n\r\n" not in data:
                piece = await reader.read(65536)
                if not piece:
                    break
                data += piece
    writer.close()
    return data.startswith(b"HTTP/1.1 200 ")


async def test_t11_what_nginx_and_haproxy_refuse_is_not_forwarded(
    setup: Setup, fake_api: FakeMessagesApi, tmp_path: Path
) -> None:
    ports = _free_port(), _free_port()
    async with lenient_service() as (service, came):
        (tmp_path / "nginx.conf").write_text(NGINX.format(port=ports[0], service=service))
        (tmp_path / "haproxy.cfg").write_text(HAPROXY.format(port=ports[1], service=service))
        nginx = ["nginx", "-p", str(tmp_path), "-c", "nginx.conf"]
        haproxy = ["haproxy", "-db", "-f", "haproxy.cfg"]
        async with started(tmp_path, nginx, ports[0]), started(tmp_path, haproxy, ports[1]):
            good = written(setup, f"{POST}\n{GOOD}\n{SIZE}\n\n{BODY}")
            assert [await accepts(port, good) for port in (*ports, setup.proxy.port)] == [True, True, True]
            fake_api.requests.clear()
            came.clear()
            laxer, refused = [], 0
            for name, text in VARIANTS.items():
                request = written(setup, text)
                others = await asyncio.gather(*(accepts(port, request) for port in ports))
                refused += not any(others)
                if await accepts(setup.proxy.port, request) and not any(others):
                    laxer.append(name)
    assert laxer == []
    assert refused > 20
    for request_seen in fake_api.requests:
        assert request_seen.values("transfer-encoding") == []
        assert len(request_seen.values("content-length")) == 1
