"""The certificates say what their names promise."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
from tests.fakes.certificates import Authority
from tests.fakes.messages_api import FakeMessagesApi


async def _handshake(server: ssl.SSLContext, client: ssl.SSLContext) -> None:
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    async with FakeMessagesApi(tls=server, server_name="localhost") as fake:
        assert fake.base_url == f"https://localhost:{fake.port}"
        reader, writer = await asyncio.open_connection("127.0.0.1", fake.port, ssl=client, server_hostname="localhost")
        writer.write(b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 401 ")
        writer.transport.abort()


async def test_the_right_certificate_is_trusted(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    await _handshake(authority.server(), authority.client())


@pytest.mark.parametrize(
    ("names", "expired", "complaint"),
    [(("elsewhere.example",), False, "[Hh]ostname mismatch"), ((), True, "expired")],
)
async def test_a_wrong_certificate_is_not(
    tmp_path: Path, names: tuple[str, ...], complaint: str, *, expired: bool
) -> None:
    authority = Authority(tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError, match=complaint):
        await _handshake(authority.server(*names, expired=expired), authority.client())


async def test_an_authority_vouches_only_for_its_own(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other", "Another authority")
    with pytest.raises(ssl.SSLCertVerificationError):
        await _handshake(other.server(), Authority(tmp_path).client())
