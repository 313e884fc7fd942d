"""Every fault that a check can meet, played by a server on loopback, is named as what it is."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.check.checking import CHINESE, a_credential, ca_file, checked, worst
from tests.fakes.answers import (
    Answer,
    Behaviour,
    empty,
    error,
    error_event_after,
    first_parts,
    json_answer,
    page,
    redirect,
)
from tests.fakes.certificates import Authority
from tests.fakes.forward_proxies import FakeConnectProxy
from tests.fakes.messages import Script
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY, MessagesService
from tests.fakes.wire import RecordedRequest

from proxycast.check.report import Report, State
from proxycast.model.credential import Auth, Kind, Timeouts

OFFICIAL = {"kind": Kind.ANTHROPIC}
HTTP2_GOAWAY = bytes.fromhex("0000000400000000000000080700000000000000000000000001")


@dataclass(frozen=True)
class Fault:
    """One fault: how the service plays it, what the user entered, and the key of the finding that names it.

    `at` are the paths where `answer` is given instead of the proper one; empty: everywhere.
    """

    found: str
    answer: Answer | Behaviour | None = None
    at: Sequence[str] = ()
    service: MessagesService = field(default_factory=MessagesService)
    key: str = KEY
    model: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    offer: tuple[str, str] | None = None
    streamed_only: bool = False
    remedy: bool = True

    def script(self, request: RecordedRequest) -> Behaviour | Answer | None:
        """What the fake does."""
        if self.streamed_only and b'"stream":true' not in request.body:
            return None
        real = b'"content":"Hi"' in request.body or self.streamed_only
        path = request.path + ("#real" if real and request.path == "/v1/messages" else "")
        return self.answer if not self.at or path in self.at else None


COUNT, MODELS, REAL = "/v1/messages/count_tokens", "/v1/models", "/v1/messages#real"
RESET = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
LIMITED = {"anthropic_ratelimit_requests_remaining": "0", "anthropic_ratelimit_requests_reset": RESET}
SLOW_THEN_ALL = Behaviour(body_delay=0.4)

FAULTS = {
    # The key.
    "a wrong key": Fault("authentication.key", key="some-other-key"),
    "an expired key": Fault("authentication.key_expired", error(401, "API key has expired")),
    "a disabled key": Fault("authentication.key_disabled", error(401, "This API key has been disabled")),
    "a key of another vendor": Fault("authentication.key_of_other", key="gsk_0123456789"),
    "a key of another vendor at Anthropic": Fault("secret.of_other", key="sk-proj-0123456789", fields=OFFICIAL),
    "an AWS key at Anthropic": Fault("secret.of_other", key="AKIAIOSFODNN7EXAMPLE", fields=OFFICIAL),
    "a key with a line break": Fault("secret.refused", key="sk-ant-one\nsk-ant-two"),
    "a key with spaces": Fault("secret.refused", key="sk-ant one"),
    "the wrong account": Fault("authentication.forbidden", error(403, "This key is not allowed in this workspace")),
    "the other header": Fault(
        "authentication.other_header", service=MessagesService(takes="bearer"), offer=("auth", "bearer")
    ),
    "a header that is not taken": Fault(
        "authentication.other_header",
        service=MessagesService(takes="x-api-key"),
        fields={"auth": Auth.BEARER},
        offer=("auth", "x-api-key"),
    ),
    # Money and limits.
    "no credit": Fault("authentication.billing", error(400, "Your credit balance is too low to access the API")),
    "payment required": Fault("authentication.billing", error(402)),
    "no credit, in Chinese": Fault(
        "authentication.billing", json_answer({"code": 1113, "msg": "账户余额不足"}, status=401)
    ),
    "no credit, at the first message": Fault("message.billing", error(400, "credit balance is too low"), at=[REAL]),
    "requests per minute": Fault("authentication.limit", error(429, "slow down", **LIMITED)),
    "tokens per minute": Fault(
        "message.limit",
        error(429, "rate limited", retry_after="12", anthropic_ratelimit_input_tokens_remaining="0"),
        at=[REAL],
    ),
    "a limit without a word": Fault("authentication.limit", error(429)),
    "a limit of a CDN": Fault("authentication.limit", page(429)),
    "the spend cap": Fault("authentication.spend_limit", error(429, "You have reached your monthly spend limit")),
    "overloaded": Fault("authentication.overloaded", error(529)),
    "unavailable": Fault("authentication.overloaded", page(503)),
    # The service.
    "a failure": Fault("authentication.fault", error(500)),
    "a bad gateway": Fault("authentication.fault", page(502)),
    "a gateway that waits in vain": Fault("message.timeout", error(504), at=[REAL]),
    "a country without service": Fault("authentication.place", error(403, "Request not allowed")),
    "a firewall": Fault("authentication.firewall", page(403)),
    "a version that is not known": Fault(
        "authentication.version", fields={"api_version": "2020-01-01"}, service=MessagesService()
    ),
    "a success that is an error": Fault("message.error_in_success", error(200, "upstream failed"), at=[REAL]),
    "an error in another shape": Fault("message.refused", json_answer({"detail": "no"}, status=400), at=[REAL]),
    "an error that is a text": Fault("message.fault", Answer(status=500, parts=(b"oops",)), at=[REAL]),
    # What is not fooled by.
    "a captive portal": Fault("authentication.page", page(200)),
    "a redirect to a login page": Fault("authentication.redirect_login", redirect("https://sso.example/login?to=x")),
    "a redirect elsewhere": Fault("authentication.redirect", redirect("https://new.example/v1/messages", 308)),
    "another API": Fault("authentication.no_api", json_answer({"object": "list", "choices": []})),
    "nothing there": Fault("authentication.no_api", empty(404)),
    "a website": Fault("authentication.no_api", page(404)),
    "a method that is not allowed": Fault("authentication.no_api", page(405)),
    "silence": Fault("authentication.no_answer_in_time", Behaviour(head_delay=30)),
    "a connection that is cut": Fault("authentication.connection_lost", Behaviour(cut_before_head=True)),
    "garbage": Fault("authentication.connection_lost", Behaviour(raw=b"\x00\x01garbage\r\n\r\n")),
    # Models.
    "a model that is not there": Fault(
        "model.model", model="claude-none", fields=OFFICIAL, service=MessagesService(refuses_unknown_models=True)
    ),
    "a retired model": Fault("model.model_retired", model="claude-3-opus-20240229", fields=OFFICIAL),
    "a retired model, elsewhere": Fault(
        "model.model_retired",
        model="claude-3-5-sonnet-20241022",
        service=MessagesService(refuses_unknown_models=True),
    ),
    "a model without access": Fault(
        "model.model_access", error(403, "Your account does not have access to this model"), at=[COUNT]
    ),
    "a model without access, seen late": Fault(
        "message.model_access",
        error(403, "model access denied"),
        at=[REAL],
        service=MessagesService(counts_tokens=False),
    ),
    "no list of models at Anthropic": Fault("models.fault", error(500), at=[MODELS], fields=OFFICIAL),
    # Counting, streaming, usage.
    "counts of zero": Fault("count_tokens.zero", json_answer({"input_tokens": 0}), at=[COUNT]),
    "a count that fails": Fault("count_tokens.fault", error(500), at=[COUNT]),
    "a lump": Fault("stream.lump", SLOW_THEN_ALL, streamed_only=True),
    "a stream that is cut": Fault("stream.no_end", Behaviour(cut_after_parts=4), streamed_only=True),
    "a stream without an end": Fault("stream.no_end", Behaviour(edit=first_parts(4)), streamed_only=True),
    "a stream that fails": Fault("stream.error", Behaviour(edit=error_event_after(3)), streamed_only=True),
    "a stream that is none": Fault(
        "stream.not_streamed",
        json_answer({"type": "message", "role": "assistant", "content": [], "usage": {}}),
        streamed_only=True,
    ),
    "no usage": Fault("usage.missing", service=MessagesService(says=Script(input_tokens=0))),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_a_fault_of_a_service_is_named(fault: Fault) -> None:
    async with FakeMessagesApi(fault.service) as fake:
        if fault.answer is not None:
            fake.script = fault.script
        report = await checked(a_credential(fake.base_url, **fault.fields), fault.key, model=fault.model)
    assert_named(report, fault.found)
    assert [(one.field, one.value) for one in report.offers] == ([fault.offer] if fault.offer else [])
    assert KEY not in str([one.said for one in report.findings])


def assert_named(report: Report, key: str) -> None:
    """The fault is found, first, with something to do; nothing is green, and both languages have the words."""
    bad = worst(report)
    assert bad, "nothing was found"
    assert bad[0] == key
    finding = next(one for one in report.findings if one.key == key)
    assert finding.remedy is not None
    assert report.state is not State.PASSED
    for text in (finding.evidence, finding.remedy, report.sentence):
        english, chinese = str(text), text.render(CHINESE)
        assert english
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), f"not translated: {english}"


async def test_the_limit_and_its_reset_are_read_from_the_headers(fake_api: FakeMessagesApi) -> None:
    fake_api.script = lambda _: error(429, **LIMITED)
    report = await checked(a_credential(fake_api.base_url))
    assert "The limit on requests per minute is reached; it resets in " in str(report.sentence)
    assert report.retry_at is not None
    assert report.retry_at == pytest.approx(datetime.fromisoformat(RESET).timestamp(), abs=1)
    fake_api.script = lambda _: error(429, retry_after="3600")
    report = await checked(a_credential(fake_api.base_url))
    assert str(report.sentence) == "A rate limit is reached; it resets in 60 min."


# The way there.


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def listening(answer: bytes | None, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A port that answers whatever comes with these bytes and hangs up; None: it stays silent."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await reader.read(1)
            if answer is None:
                await asyncio.sleep(30)
            writer.write(answer or b"")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def test_a_proxy_that_is_not_there_is_named() -> None:
    proxy = f"http://127.0.0.1:{free_port()}"
    report = await checked(a_credential("https://service.example", proxy=proxy))
    assert_named(report, "proxy.cannot_connect")


async def test_a_proxy_that_refuses_is_named() -> None:
    async with FakeConnectProxy(refuses=403) as proxy:
        report = await checked(a_credential("https://service.example", proxy=proxy.url))
    assert_named(report, "proxy.cannot_connect")
    assert "code 403" in str(report.sentence)


async def test_a_proxy_that_is_silent_is_named() -> None:
    async with FakeConnectProxy(silent=True) as proxy:
        report = await checked(a_credential("https://service.example", proxy=proxy.url))
    assert_named(report, "proxy.silent")


async def test_a_name_that_does_not_resolve_is_named() -> None:
    assert_named(await checked(a_credential("https://nothing.invalid")), "dns.cannot_connect")


async def test_proxycast_itself_as_service_is_named() -> None:
    async with listening(b"") as port:
        report = await checked(a_credential(f"http://localhost:{port}"), own_ports=frozenset({port}))
    assert_named(report, "dns.cannot_connect")


async def test_a_port_where_nothing_listens_is_named() -> None:
    report = await checked(a_credential(f"http://127.0.0.1:{free_port()}"))
    assert_named(report, "tcp.cannot_connect")
    assert "nothing listens there" in str(report.sentence)


async def test_a_host_that_takes_no_connection_fails_in_the_connect_timeout() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        with contextlib.ExitStack() as waiting:
            for _ in range(3):  # what does not fit into the queue gets no answer
                one = waiting.enter_context(socket.socket())
                one.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    one.connect(address)
            began = time.perf_counter()
            report = await checked(a_credential(f"http://127.0.0.1:{address[1]}", timeouts=Timeouts(connect=0.5)))
            assert 0.4 < time.perf_counter() - began < 2
    assert_named(report, "tcp.silent")


async def test_a_port_that_says_nothing_fails_in_the_connect_timeout() -> None:
    async with listening(None) as port:
        for scheme, key in (("https", "tls.silent"), ("http", "authentication.no_answer_in_time")):
            began = time.perf_counter()
            report = await checked(a_credential(f"{scheme}://127.0.0.1:{port}", timeouts=Timeouts(connect=0.5)))
            assert 0.4 < time.perf_counter() - began < 2
            assert_named(report, key)


async def test_a_port_without_tls_is_named(fake_api: FakeMessagesApi) -> None:
    async with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        assert_named(await checked(a_credential(f"https://127.0.0.1:{port}")), "tls.plain")


async def test_a_connection_that_is_cut_in_the_handshake_is_named() -> None:
    async with listening(b"") as port:
        assert_named(await checked(a_credential(f"https://127.0.0.1:{port}")), "tls.cut")


def http2_only(authority: Authority) -> ssl.SSLContext:
    context = authority.server()
    context.set_alpn_protocols(["h2"])
    return context


CERTIFICATES: dict[str, tuple[str, Callable[[Authority], ssl.SSLContext], bool]] = {
    "expired": ("tls.expired", lambda one: one.server(expired=True), True),
    "not valid yet": ("tls.not_yet_valid", lambda one: one.server(early=True), True),
    "of another name": ("tls.wrong_name", lambda one: one.server("other.example"), True),
    "of an unknown authority": ("tls.unknown_issuer", lambda one: one.server(), False),
    "self-signed": ("tls.self_signed", lambda one: one.self_signed(), False),
}


@pytest.mark.parametrize(("key", "make", "trusted"), CERTIFICATES.values(), ids=CERTIFICATES.keys())
async def test_a_fault_of_tls_is_named(
    key: str, make: Callable[[Authority], ssl.SSLContext], trusted: bool, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    async with FakeMessagesApi(tls=make(authority)) as fake:
        report = await checked(a_credential(fake.base_url, ca_file=ca_file(tmp_path) if trusted else None))
    assert_named(report, key)
    assert fake.requests == []


ALERTS = {"protocol_version": ("70", "tls.old"), "no_application_protocol": ("120", "tls.http2_only")}
"""Fatal alerts of TLS (RFC 8446, section 6; RFC 7301)."""


@pytest.mark.parametrize(("alert", "key"), ALERTS.values(), ids=ALERTS.keys())
async def test_what_a_service_says_against_the_handshake_is_named(alert: str, key: str) -> None:
    async with listening(bytes([21, 3, 3, 0, 2, 2, int(alert)])) as port:
        assert_named(await checked(a_credential(f"https://127.0.0.1:{port}")), key)


async def test_the_ca_of_a_company_is_named(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "Zscaler Root CA")
    async with FakeMessagesApi(tls=authority.server()) as fake:
        report = await checked(a_credential(fake.base_url))
        assert_named(report, "tls.intercepted")
        assert "Zscaler Root CA" in str(report.sentence)
        told = await checked(a_credential(fake.base_url, ca_file=ca_file(tmp_path)))
    assert told.state is State.PASSED
    assert next(one for one in told.findings if one.key == "tls.inspected")


async def test_a_stranger_who_issues_for_a_public_name_is_named(tmp_path: Path) -> None:
    tls = Authority(tmp_path, "Contoso Web Filter").server("api.service.example")
    async with FakeMessagesApi(tls=tls, server_name="api.service.example") as fake:
        routes = {("api.service.example", fake.port): ("127.0.0.1", fake.port)}
        async with FakeConnectProxy(routes=routes) as proxy:
            report = await checked(a_credential(fake.base_url, proxy=proxy.url))
    assert_named(report, "tls.intercepted")


async def test_a_ca_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("no certificate")
    async with FakeMessagesApi(tls=Authority(tmp_path).server()) as fake:
        report = await checked(a_credential(fake.base_url, ca_file=str(tmp_path / "none.pem")))
    assert_named(report, "tls.ca_file")


async def test_a_service_of_http_2_alone_is_named(tmp_path: Path) -> None:
    async with listening(HTTP2_GOAWAY, tls=http2_only(Authority(tmp_path))) as port:
        report = await checked(a_credential(f"https://127.0.0.1:{port}", ca_file=ca_file(tmp_path)))
    assert_named(report, "authentication.http2_only")


@pytest.mark.parametrize(
    ("there", "entered"),
    [("/anthropic", ""), ("/api/anthropic", "/api"), ("", "/v2/chat"), ("/gate/anthropic", "/gate")],
)
async def test_the_right_path_is_proposed(there: str, entered: str) -> None:
    async with FakeMessagesApi(prefix=there) as fake:
        root = fake.base_url.removesuffix(there)
        report = await checked(a_credential(f"{root}{entered}"))
    assert_named(report, "authentication.wrong_path")
    assert [(one.field, one.value) for one in report.offers] == [("base_url", f"{root}{there}")]


async def test_https_is_proposed_where_the_service_wants_it(fake_api: FakeMessagesApi) -> None:
    fake_api.script = lambda _: redirect(f"https://127.0.0.1:{fake_api.port}/v1/messages", 301)
    report = await checked(a_credential(fake_api.base_url))
    assert_named(report, "authentication.redirect_https")


async def test_a_relay_that_takes_any_key_proves_nothing(tmp_path: Path) -> None:
    tls = Authority(tmp_path).server("relay.example")
    async with FakeMessagesApi(tls=tls, server_name="relay.example") as fake:
        fake.service.keys = AnyKey()
        routes = {("relay.example", fake.port): ("127.0.0.1", fake.port)}
        async with FakeConnectProxy(routes=routes) as proxy:
            away = a_credential(fake.base_url, proxy=proxy.url, ca_file=ca_file(tmp_path))
            report = await checked(away, free=True)
            assert_named(report, "authentication.any_key")
    async with FakeMessagesApi(MessagesService(keys=AnyKey())) as fake:
        report = await checked(a_credential(fake.base_url))
    assert report.state is State.PASSED
    assert next(one for one in report.findings if one.key == "authentication.open")


class AnyKey(set[str]):
    """A set that holds every key."""

    def __contains__(self, _: object) -> bool:
        return True
