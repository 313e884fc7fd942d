"""Listening: on the port that was asked for or not at all."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.proxy.conftest import IPV6

from proxycast.model.errors import InputError, PortTaken
from proxycast.proxy.ports import listen, owner_of

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the owner of a port is read from /proc")


def test_port_0_picks_a_free_one() -> None:
    with listen("127.0.0.1", 0) as first, listen("127.0.0.1", 0) as second:
        assert first.getsockname()[0] == "127.0.0.1"
        assert first.getsockname()[1] != second.getsockname()[1]


def test_the_socket_listens_and_does_not_block() -> None:
    with listen("127.0.0.1", 0) as sock, socket.create_connection(sock.getsockname()):
        assert sock.getblocking() is False


@LINUX
def test_a_taken_port_is_an_error_that_names_the_owner() -> None:
    with listen("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        with pytest.raises(PortTaken) as caught:
            listen("127.0.0.1", port)
    name = Path("/proc/self/comm").read_text().strip()
    assert str(caught.value).startswith(f"Port {port} is in use by {name} (pid {os.getpid()}).")


@LINUX
def test_the_owner_is_found_in_another_process_too() -> None:
    script = "import socket, sys; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)"
    command = [sys.executable, "-c", f"{script}; sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with pytest.raises(PortTaken, match=rf"\(pid {process.pid}\)"):
            listen("127.0.0.1", int(process.stdout.readline()))
        process.communicate(timeout=10)


def test_an_owner_that_cannot_be_seen_is_another_program(tmp_path: Path) -> None:
    assert owner_of(8999, tmp_path) is None
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        "   0: 0100007F:2327 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1\n"
    )
    (tmp_path / "1").mkdir()
    assert owner_of(8999, tmp_path) is None
    (tmp_path / "1" / "fd").mkdir()
    (tmp_path / "1" / "fd" / "3").symlink_to("socket:[4711]")
    (tmp_path / "1" / "comm").write_text("nginx\n")
    assert owner_of(8999, tmp_path) == "nginx (pid 1)"
    assert owner_of(8998, tmp_path) is None


def test_a_port_is_free_at_once_after_its_connections_were_closed() -> None:
    sock = listen("127.0.0.1", 0)
    address = sock.getsockname()
    with sock, socket.create_connection(address):
        sock.setblocking(True)
        sock.accept()[0].close()
    listen(*address).close()


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(InputError, match="no such address"):
        listen(host, 0)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(InputError, match="is not a port"):
        listen("127.0.0.1", port)


@IPV6
def test_an_ipv6_listener_leaves_ipv4_alone() -> None:
    with listen("::", 0) as six, listen("0.0.0.0", six.getsockname()[1]) as four:
        assert four.getsockname()[1] == six.getsockname()[1]
