"""TLS towards services: what is trusted, and what is said when it is not."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.answers import Behaviour, Framing, framed
from tests.fakes.certificates import Authority
from tests.fakes.loopback import Connection, LoopbackServer
from tests.fakes.messages_api import FakeMessagesApi
from tests.proxy.conftest import Setup, running_proxy

from proxycast.model.credential import Credential, Timeouts
from proxycast.model.errors import CannotConnect
from proxycast.proxy.trust import TrustStore

MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@asynccontextmanager
async def leading_to(base_url: str, **fields: Any) -> AsyncIterator[Setup]:
    """A proxy with one credential for this base URL."""
    async with running_proxy() as running:
        timeouts = Timeouts(connect=3, request=3)
        running.router.add(Credential(id="0" * 12, name="main", base_url=base_url, timeouts=timeouts, **fields))
        yield running


async def refusal(setup: Setup) -> tuple[int, str]:
    """Status and message of the error that a request gets."""
    async with setup.client() as client:
        answer = await client.post("/v1/messages", json=MESSAGE)
    assert answer.json()["error"]["type"] in {"api_error", "timeout_error"}
    return answer.status_code, answer.json()["error"]["message"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_a_ca_file_makes_its_services_trusted(authority: Authority, host: str) -> None:
    async with (
        FakeMessagesApi(tls=authority.server(), server_name=host) as fake,
        leading_to(fake.base_url, ca_file=str(authority.ca_file)) as setup,
        setup.client() as client,
    ):
        whole = await client.post("/v1/messages", json=MESSAGE)
        streamed = await client.post("/v1/messages", json={**MESSAGE, "stream": True})
        assert (whole.status_code, fake.opened) == (200, 1)
        assert streamed.content.endswith(b'{"type":"message_stop"}\n\n')


async def test_an_authority_that_nobody_named_is_not_trusted(authority: Authority) -> None:
    async with FakeMessagesApi(tls=authority.server()) as fake, leading_to(fake.base_url) as setup:
        status, message = await refusal(setup)
        assert status == 502
        assert message.startswith("The certificate of 127.0.0.1 is not trusted: ")
        assert "ca_file" in message
        assert fake.requests == []


async def test_another_authority_is_not_trusted_either(authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path, "Another authority")
    async with (
        FakeMessagesApi(tls=authority.server()) as fake,
        leading_to(fake.base_url, ca_file=str(other.ca_file)) as setup,
    ):
        assert (await refusal(setup))[0] == 502
        assert fake.requests == []


async def test_an_expired_certificate_is_called_expired(authority: Authority) -> None:
    async with (
        FakeMessagesApi(tls=authority.server(expired=True)) as fake,
        leading_to(fake.base_url, ca_file=str(authority.ca_file)) as setup,
    ):
        status, message = await refusal(setup)
        assert status == 502
        assert "certificate has expired" in message


async def test_a_certificate_for_another_name_is_called_that(authority: Authority) -> None:
    async with (
        FakeMessagesApi(tls=authority.server("other.example"), server_name="localhost") as fake,
        leading_to(fake.base_url, ca_file=str(authority.ca_file)) as setup,
    ):
        status, message = await refusal(setup)
        assert status == 502
        assert "Hostname mismatch" in message
        assert ".." not in message
        assert "localhost" in message


async def test_tls_1_1_is_refused(authority: Authority) -> None:
    old = authority.server()
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    async with FakeMessagesApi(tls=old) as fake, leading_to(fake.base_url, ca_file=str(authority.ca_file)) as setup:
        status, message = await refusal(setup)
        assert status == 502
        assert message.startswith("No secure connection to 127.0.0.1 could be made: ")


class Mute(LoopbackServer):
    """Says `last` when it is spoken to, if it says anything, and hangs up; or, unless it `closes`, never speaks."""

    def __init__(self, tls: ssl.SSLContext | None, *, closes: bool, last: bytes = b"") -> None:
        super().__init__(tls=tls)
        self._closes = closes
        self._last = last

    async def _serve(self, connection: Connection) -> None:
        if not self._closes:
            await connection.gone.wait()
        elif self._last:
            await connection.read_some()
            await connection.send(self._last)


async def test_a_service_that_speaks_no_tls_is_a_502_at_once() -> None:
    last = b"HTTP/1.1 400 Bad Request\r\n\r\n"
    async with Mute(None, closes=True, last=last) as mute, leading_to(f"https://127.0.0.1:{mute.port}") as setup:
        status, message = await refusal(setup)
        assert status == 502
        assert message.startswith("No secure connection to 127.0.0.1 could be made: ")
        assert "made: wrong version number." in message


async def test_a_service_that_hangs_up_after_the_handshake_is_a_502_at_once(authority: Authority) -> None:
    async with (
        Mute(authority.server(), closes=True) as mute,
        leading_to(f"https://127.0.0.1:{mute.port}", ca_file=str(authority.ca_file)) as setup,
    ):
        assert (await refusal(setup))[0] == 502
        assert setup.dialer.open_connections == 0


async def test_a_service_that_hangs_up_inside_the_handshake_is_a_502_at_once() -> None:
    async with Mute(None, closes=True) as mute, leading_to(f"https://127.0.0.1:{mute.port}") as setup:
        status, message = await refusal(setup)
        assert status == 502
        assert message.startswith("No secure connection to 127.0.0.1 could be made: ")


async def test_a_handshake_that_does_not_end_is_a_504_after_the_connect_timeout() -> None:
    async with Mute(None, closes=False) as mute, running_proxy() as setup:
        base_url = f"https://127.0.0.1:{mute.port}"
        setup.router.add(Credential(id="0" * 12, name="main", base_url=base_url, timeouts=Timeouts(connect=0.2)))
        status, message = await refusal(setup)
        assert status == 504
        assert "within 0.2 s" in message


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
async def test_a_ca_file_that_is_none_is_named(
    fake_api: FakeMessagesApi, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    async with leading_to(fake_api.base_url.replace("http:", "https:"), ca_file=str(file)) as setup:
        status, message = await refusal(setup)
        assert status == 502
        assert str(file) in message
    assert fake_api.opened == 0


async def test_no_keys_of_the_session_are_logged_whatever_the_environment_says(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    async with (
        FakeMessagesApi(tls=authority.server()) as fake,
        leading_to(fake.base_url, ca_file=str(authority.ca_file)) as setup,
        setup.client() as client,
    ):
        assert (await client.post("/v1/messages", json=MESSAGE)).status_code == 200
    assert not log.exists()


async def test_a_stream_that_is_cut_without_a_farewell_of_tls_is_a_broken_one(authority: Authority) -> None:
    """A close-delimited body could be cut by anyone on the way."""
    async with (
        FakeMessagesApi(tls=authority.server()) as fake,
        leading_to(fake.base_url, ca_file=str(authority.ca_file)) as setup,
    ):
        fake.enqueue(Behaviour(edit=framed(Framing.CLOSE), cut_after_parts=3, reset=True))
        body = json.dumps({**MESSAGE, "stream": True}).encode()
        head = setup.head(
            "POST /v1/messages HTTP/1.1",
            "Content-Type: application/json",
            "anthropic-version: 2023-06-01",
            f"Content-Length: {len(body)}",
        )
        data = await setup.talk(head + body)
        assert b"event: error" in data
        assert not data.endswith(b"0\r\n\r\n")


async def test_trust_is_loaded_once_however_many_ask(authority: Authority) -> None:
    store = TrustStore()
    several = await asyncio.gather(*(store.context(str(authority.ca_file)) for _ in range(20)))
    assert len(set(map(id, several))) == 1
    assert await store.context(None) is not several[0]
    with pytest.raises(CannotConnect):
        await store.context("/nowhere.pem")
    assert several[0].verify_mode is ssl.CERT_REQUIRED
    assert several[0].check_hostname


async def test_a_connection_does_not_load_the_systems_trust_again() -> None:
    """That takes some 100 ms of the loop's time each."""
    if ssl.get_default_verify_paths().cafile is None:
        pytest.skip("this system has no file of authorities where OpenSSL looks")
    context = await TrustStore().context(None)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")
        times.append(time.perf_counter() - began)
    assert min(times) < 0.01
