"""Descriptors, connections and TLS, on asyncio's own loop and on the window's."""

from __future__ import annotations

import asyncio
import random
import socket
import ssl
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.certificates import Authority

# Descriptors.


async def test_a_reader_may_replace_itself(pair: tuple[socket.socket, socket.socket]) -> None:
    left, right = pair
    loop = asyncio.get_running_loop()
    seen: list[str] = []
    done = loop.create_future()

    def first() -> None:
        seen.append("first")
        loop.add_reader(left, second)

    def second() -> None:
        seen.append("second")
        assert loop.remove_reader(left)
        done.set_result(None)

    loop.add_reader(left, first)
    right.send(b"x")
    await done
    assert seen == ["first", "second"]
    assert not loop.remove_reader(left)


async def test_a_removed_reader_is_not_called_again(pair: tuple[socket.socket, socket.socket]) -> None:
    left, right = pair
    loop = asyncio.get_running_loop()
    seen: list[bytes] = []

    def read() -> None:
        seen.append(left.recv(1))
        loop.remove_reader(left)

    loop.add_reader(left, read)
    right.send(b"xyz")
    await asyncio.sleep(0.01)
    assert seen == [b"x"]
    loop.add_reader(left.fileno(), read)
    await asyncio.sleep(0.01)
    assert seen == [b"x", b"y"]


async def test_a_reader_removed_by_another_reader_is_not_called(pair: tuple[socket.socket, socket.socket]) -> None:
    loop = asyncio.get_running_loop()
    seen: list[int] = []

    def read(fd: int) -> None:
        seen.append(fd)
        for end in pair:
            loop.remove_reader(end)

    for end in pair:
        end.send(b"x")
        loop.add_reader(end, read, end.fileno())
    await asyncio.sleep(0.01)
    assert len(seen) == 1


async def test_an_error_in_a_reader_goes_to_the_exception_handler(pair: tuple[socket.socket, socket.socket]) -> None:
    left, right = pair
    loop = asyncio.get_running_loop()
    contexts: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: contexts.append(context))

    def read() -> None:
        left.recv(1)
        raise LookupError

    loop.add_reader(left, read)
    for _ in range(2):
        right.send(b"x")
        await asyncio.sleep(0.01)
    loop.remove_reader(left)
    assert [type(context["exception"]) for context in contexts] == [LookupError, LookupError]


async def test_one_descriptor_is_read_and_written(pair: tuple[socket.socket, socket.socket]) -> None:
    left, right = pair
    loop = asyncio.get_running_loop()
    seen: list[str] = []
    done = loop.create_future()

    def write() -> None:
        seen.append("write")
        loop.remove_writer(left)
        right.send(b"x")

    def read() -> None:
        seen.append("read")
        loop.remove_reader(left)
        done.set_result(None)

    loop.add_reader(left, read)
    loop.add_writer(left, write)
    await done
    assert seen == ["write", "read"]


async def test_a_number_that_comes_to_mean_another_socket_is_watched_anew() -> None:
    loop = asyncio.get_running_loop()
    numbers: set[int] = set()
    for _ in range(20):
        left, right = socket.socketpair()
        numbers.add(left.fileno())
        done = loop.create_future()
        loop.add_reader(left, done.set_result, "read")
        right.send(b"x")
        assert await done == "read"
        loop.remove_reader(left)
        left.close()
        right.close()
    assert len(numbers) == 1


async def test_a_writer_is_called_only_while_it_is_wanted(pair: tuple[socket.socket, socket.socket]) -> None:
    loop = asyncio.get_running_loop()
    calls = 0

    def write() -> None:
        nonlocal calls
        calls += 1

    loop.add_writer(pair[0], write)
    await asyncio.sleep(0.005)
    loop.remove_writer(pair[0])
    assert calls > 1
    calls = 0
    await asyncio.sleep(0.01)
    assert calls == 0


async def test_an_idle_connection_costs_nothing() -> None:
    async with echo_server() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"x")
        assert await reader.readexactly(1) == b"x"
        used = time.process_time()
        await asyncio.sleep(0.2)
        assert time.process_time() - used < 0.05
        writer.close()
        await writer.wait_closed()


async def test_sockets_without_transports() -> None:
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as client:
        listener.setblocking(False)
        client.setblocking(False)
        (server, _), _ = await asyncio.gather(
            loop.sock_accept(listener), loop.sock_connect(client, listener.getsockname())
        )
        with server:
            payload = random.Random(1).randbytes(4_000_000)
            _, received = await asyncio.gather(loop.sock_sendall(client, payload), read_exactly(server, len(payload)))
            assert received == payload
            reading = asyncio.ensure_future(loop.sock_recv(client, 10))
            await asyncio.sleep(0)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
            await loop.sock_sendall(server, b"after the cancelled one")
            assert await loop.sock_recv(client, 100) == b"after the cancelled one"


async def read_exactly(sock: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size:
        received += await asyncio.get_running_loop().sock_recv(sock, 65536)
    return bytes(received)


# Connections.


@asynccontextmanager
async def echo_server(**options: Any) -> AsyncIterator[int]:
    """Sends back what it gets until the client is done. Gives the port."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(echo, "127.0.0.1", 0, **options)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, payload: bytes) -> bytes:
    """Send `payload` while reading the answer, with both directions full most of the time."""

    async def send() -> None:
        for start in range(0, len(payload), 100_000):
            writer.write(payload[start : start + 100_000])
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    sending = asyncio.create_task(send())
    received = await reader.readexactly(len(payload))
    await sending
    writer.close()
    await writer.wait_closed()
    return received


async def test_many_connections_echo_much() -> None:
    payload = random.Random(2).randbytes(1_000_000)
    async with echo_server() as port:
        streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(10)]
        answers = await asyncio.gather(*(exchange(*stream, payload) for stream in streams))
    assert all(answer == payload for answer in answers)


async def test_tls_from_the_start(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    payload = random.Random(2).randbytes(1_000_000)
    async with echo_server(ssl=authority.server()) as port:
        streams = await asyncio.open_connection("localhost", port, ssl=authority.client())
        assert await exchange(*streams, payload) == payload


async def test_a_certificate_of_nobody_is_refused(tmp_path: Path) -> None:
    async with echo_server(ssl=Authority(tmp_path).server()) as port:
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.open_connection("localhost", port, ssl=ssl.create_default_context())


class Lines(asyncio.Protocol):
    """Keeps what arrives until somebody asks for it."""

    def __init__(self) -> None:
        self.chunks: asyncio.Queue[bytes] = asyncio.Queue()
        self.ended = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        self.chunks.put_nowait(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set()


async def test_tls_on_a_connection_that_began_without(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    authority = Authority(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        plain, client = await loop.create_connection(Lines, *listener.getsockname())
        accepted, _ = await loop.sock_accept(listener)
    other, server = await loop.connect_accepted_socket(Lines, accepted)
    plain.write(b"STARTTLS")
    assert await server.chunks.get() == b"STARTTLS"
    client_side, server_side = await asyncio.gather(
        loop.start_tls(plain, client, authority.client(), server_hostname="localhost"),
        loop.start_tls(other, server, authority.server(), server_side=True),
    )
    assert client_side is not None
    assert server_side is not None
    client_side.write(b"question")
    assert await server.chunks.get() == b"question"
    server_side.write(b"answer")
    assert await client.chunks.get() == b"answer"
    client_side.close()
    await client.ended.wait()
    await server.ended.wait()


async def test_a_reader_that_pauses_holds_up_the_writer() -> None:
    class Slow(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self.transport = transport
            self.size = 0
            self.ended = asyncio.get_running_loop().create_future()
            transport.pause_reading()
            servers.set_result(self)

        def data_received(self, data: bytes) -> None:
            self.size += len(data)

        def connection_lost(self, _: Exception | None) -> None:
            self.ended.set_result(self.size)

    loop = asyncio.get_running_loop()
    servers: asyncio.Future[Slow] = loop.create_future()
    async with await loop.create_server(Slow, "127.0.0.1", 0) as server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        slow = await servers
        writer.write(bytes(20_000_000))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(writer.drain(), 0.05)
        assert slow.size == 0
        slow.transport.resume_reading()
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert await slow.ended == 20_000_000


async def test_nobody_listening_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_a_peer_that_resets_is_noticed() -> None:
    loop = asyncio.get_running_loop()
    lost: asyncio.Future[Exception | None] = loop.create_future()

    class Client(asyncio.Protocol):
        def connection_lost(self, exc: Exception | None) -> None:
            lost.set_result(exc)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        await loop.create_connection(Client, *listener.getsockname())
        accepted, _ = listener.accept()
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        accepted.close()
        assert isinstance(await lost, ConnectionResetError)


async def test_datagrams() -> None:
    class Echo(asyncio.DatagramProtocol):
        def connection_made(self, transport: Any) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            self.transport.sendto(data, addr)

    class Client(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            got.set_result(data)

    loop = asyncio.get_running_loop()
    got: asyncio.Future[bytes] = loop.create_future()
    server, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
    client, _ = await loop.create_datagram_endpoint(Client, remote_addr=server.get_extra_info("sockname"))
    client.sendto(b"datagram")
    assert await got == b"datagram"
    client.close()
    server.close()


async def test_unix_sockets(tmp_path: Path) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_unix_server(greet, tmp_path / "socket"):
        reader, writer = await asyncio.open_unix_connection(tmp_path / "socket")
        assert await reader.read() == b"hello"
        writer.close()
        await writer.wait_closed()


async def test_a_file_is_sent(tmp_path: Path) -> None:
    content = random.Random(4).randbytes(3_000_000)
    (tmp_path / "file").write_bytes(content)
    async with echo_server() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with (tmp_path / "file").open("rb") as file:
            receiving = asyncio.create_task(reader.readexactly(len(content)))
            await asyncio.get_running_loop().sendfile(writer.transport, file)
        assert await receiving == content
        writer.close()
        await writer.wait_closed()
