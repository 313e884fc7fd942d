"""Who is let in, decided from heads alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxycast.model.secret import Secret
from proxycast.proxy import answers
from proxycast.proxy.answers import Answer
from proxycast.proxy.guard import Guard, Head, host_names

TOKEN = Secret("pc_" + "t" * 43)
OWN = (b"Host", b"127.0.0.1:8999")
LOCAL = Guard(frozenset(host_names("127.0.0.1", 8999)))


def head(*headers: tuple[bytes, bytes]) -> Head:
    return Head(list(headers))


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("127.0.0.1", 8999, {b"127.0.0.1:8999", b"localhost:8999", b"[::1]:8999"}),
        ("::1", 8999, {b"127.0.0.1:8999", b"localhost:8999", b"[::1]:8999"}),
        ("192.168.1.5", 8999, {b"127.0.0.1:8999", b"localhost:8999", b"[::1]:8999", b"192.168.1.5:8999"}),
        ("fd00::1", 80, {b"127.0.0.1:80", b"localhost:80", b"[::1]:80", b"[fd00::1]:80"}),
    ],
)
def test_the_proxy_answers_to_loopback_and_to_its_own_address(host: str, port: int, expected: set[bytes]) -> None:
    bare = {name.rpartition(b":")[0] for name in expected} if port == 80 else set()
    assert set(host_names(host, port)) == expected | bare


@pytest.mark.parametrize("host", [b"127.0.0.1:8999", b"localhost:8999", b"LocalHost:8999", b"[::1]:8999"])
def test_its_own_names_are_let_in(host: bytes) -> None:
    assert LOCAL.refuse_foreign(b"POST", head((b"host", host))) is None


@pytest.mark.parametrize(
    "host",
    [
        b"",
        b"127.0.0.1",
        b"127.0.0.1:80",
        b"127.0.0.1:08999",
        b"127.0.0.1:8999 ",
        b"127.0.0.1:8999,127.0.0.1:8999",
        b"localhost.:8999",
        b"localhost:8999.",
        b"evil.example",
        b"evil.example:8999",
        b"localhost.evil.example:8999",
        b"127.0.0.1.nip.io:8999",
        b"127.0.0.2:8999",
        b"127.1:8999",
        b"2130706433:8999",
        b"0.0.0.0:8999",
        b"0:8999",
        b"::1:8999",
        b"[::]:8999",
        b"[::ffff:127.0.0.1]:8999",
        b"192.168.1.5:8999",
        b"user@127.0.0.1:8999",
        b"\xff:8999",
    ],
)
def test_every_other_host_is_foreign(host: bytes) -> None:
    assert LOCAL.refuse_foreign(b"POST", head((b"Host", host))) is answers.FOREIGN


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (b"127.0.0.1:8999", None),
        (b"192.168.1.5:8999", None),
        (b"[fd00::5]:8999", None),
        (b"192.168.1.5:8998", answers.FOREIGN),
        (b"192.168.1.5", answers.FOREIGN),
        (b"my-machine:8999", answers.FOREIGN),
        (b"evil.example:8999", answers.FOREIGN),
    ],
)
def test_listening_everywhere_lets_addresses_in_but_no_names(host: bytes, expected: Answer | None) -> None:
    everywhere = Guard(frozenset(host_names("0.0.0.0", 8999)), any_address=True)
    assert everywhere.refuse_foreign(b"POST", head((b"Host", host))) is expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], answers.FOREIGN),
        ([OWN], None),
        ([OWN, OWN], answers.FOREIGN),
        ([OWN, (b"host", b"evil.example")], answers.FOREIGN),
        ([OWN, (b"Origin", b"http://127.0.0.1:8999")], answers.FOREIGN),
        ([OWN, (b"Origin", b"null")], answers.FOREIGN),
        ([OWN, (b"origin", b"")], answers.FOREIGN),
        ([OWN, (b"Sec-Fetch-Site", b"cross-site")], answers.FOREIGN),
        ([OWN, (b"Sec-Fetch-Site", b"same-origin")], answers.FOREIGN),
        ([OWN, (b"Sec-Fetch-Site", b"")], answers.FOREIGN),
        ([OWN, (b"Sec-Fetch-Site", b"none")], None),
        ([OWN, (b"Sec-Fetch-Site", b"none"), (b"Sec-Fetch-Site", b"cross-site")], answers.FOREIGN),
        ([OWN, (b"Sec-Fetch-Site", b"cross-site"), (b"Sec-Fetch-Site", b"none")], answers.FOREIGN),
        ([OWN, (b"Sec-Fetch-Mode", b"cors")], None),
        ([OWN, (b"Upgrade", b"websocket")], answers.FOREIGN),
        ([OWN, (b"x_api_key", b"1")], answers.BAD_HEADER),
        ([OWN, (b"transfer-encoding", b"chunked")], None),
        ([OWN, (b"transfer-encoding", b"Chunked ")], None),
        ([OWN, (b"transfer-encoding", b"gzip")], answers.BAD_LENGTH),
        ([OWN, (b"transfer-encoding", b"gzip, chunked")], answers.BAD_LENGTH),
        ([OWN, (b"transfer-encoding", b"gzip"), (b"transfer-encoding", b"chunked")], answers.BAD_LENGTH),
        ([OWN, (b"transfer-encoding", b"chunked"), (b"transfer-encoding", b"chunked")], answers.BAD_LENGTH),
        ([OWN, (b"transfer-encoding", b"")], answers.BAD_LENGTH),
    ],
)
def test_what_only_a_page_or_an_odd_program_sends_is_refused(
    headers: list[tuple[bytes, bytes]], expected: Answer | None
) -> None:
    assert LOCAL.refuse_foreign(b"POST", head(*headers)) is expected


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        *((method, None) for method in (b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE")),
        (b"OPTIONS", answers.FOREIGN),
        *(
            (method, answers.BAD_METHOD)
            for method in (b"CONNECT", b"TRACE", b"PROPFIND", b"DESCRIBE", b"QUERY", b"PRI")
        ),
    ],
)
def test_only_the_methods_of_an_api_are_forwarded(method: bytes, expected: Answer | None) -> None:
    assert LOCAL.refuse_foreign(method, head(OWN)) is expected


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ([], answers.NO_TOKEN),
        ([("x-api-key", "{token}")], None),
        ([("X-API-KEY", "{token}")], None),
        ([("authorization", "Bearer {token}")], None),
        ([("Authorization", "bearer  {token} ")], None),
        ([("authorization", "Bearer {token}"), ("x-api-key", "{token}")], None),
        ([("x-api-key", "sk-ant-forgotten"), ("authorization", "Bearer {token}")], None),
        ([("x-api-key", "{token}"), ("authorization", "Bearer sk-ant-forgotten")], None),
        ([("x-api-key", "wrong")], answers.WRONG_TOKEN),
        ([("x-api-key", "")], answers.WRONG_TOKEN),
        ([("x-api-key", "{token}x")], answers.WRONG_TOKEN),
        ([("x-api-key", "\xe4")], answers.WRONG_TOKEN),
        ([("authorization", "{token}")], answers.WRONG_TOKEN),
        ([("authorization", "Basic {token}")], answers.WRONG_TOKEN),
        ([("authorization", "Bearer")], answers.WRONG_TOKEN),
        ([("authorization", "Bearer {token} {token}")], answers.WRONG_TOKEN),
        ([("x-api-key", "Bearer {token}")], answers.WRONG_TOKEN),
        ([("api-key", "{token}")], answers.NO_TOKEN),
        ([("cookie", "x-api-key={token}")], answers.NO_TOKEN),
    ],
)
def test_the_token_is_taken_where_clients_put_it_and_nowhere_else(
    shown: list[tuple[str, str]], expected: Answer | None
) -> None:
    headers = [(name.encode(), value.replace("{token}", TOKEN.reveal()).encode("latin-1")) for name, value in shown]
    assert LOCAL.refuse_stranger(head(*headers), TOKEN) is expected


@given(st.binary(max_size=60).filter(lambda value: value != TOKEN.reveal().encode()))
def test_no_other_value_is_taken_for_the_token(value: bytes) -> None:
    assert LOCAL.refuse_stranger(head((b"x-api-key", value)), TOKEN) is answers.WRONG_TOKEN


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"),
    [
        (b"POST", b"/v1/messages", [(b"content-type", b"application/json"), (b"content-length", b"2")], None),
        (
            b"POST",
            b"/v1/messages",
            [(b"content-type", b"Application/JSON; charset=utf-8"), (b"content-length", b"2")],
            None,
        ),
        (b"POST", b"/v1/messages", [(b"content-type", b"text/plain"), (b"content-length", b"2")], answers.NOT_JSON),
        (
            b"POST",
            b"/v1/messages",
            [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"2")],
            answers.NOT_JSON,
        ),
        (
            b"POST",
            b"/v1/messages",
            [(b"content-type", b"multipart/form-data; boundary=application/json"), (b"content-length", b"2")],
            answers.NOT_JSON,
        ),
        (
            b"POST",
            b"/v1/messages",
            [(b"content-type", b"application/jsonp"), (b"content-length", b"2")],
            answers.NOT_JSON,
        ),
        (b"POST", b"/v1/messages", [(b"content-length", b"2")], answers.NOT_JSON),
        (b"POST", b"/v1/messages", [(b"transfer-encoding", b"chunked")], answers.NOT_JSON),
        (b"PUT", b"/v1/x", [(b"content-length", b"2")], answers.NOT_JSON),
        (b"PATCH", b"/v1/x", [(b"content-length", b"2")], answers.NOT_JSON),
        (b"POST", b"/v1/messages/batches/a/cancel", [(b"content-length", b"0")], None),
        (b"POST", b"/v1/messages/batches/a/cancel", [], None),
        (b"GET", b"/v1/models", [], None),
        (b"DELETE", b"/v1/files/a", [(b"content-length", b"2")], None),
        (
            b"POST",
            b"/v1/files",
            [(b"content-type", b"multipart/form-data; boundary=a"), (b"content-length", b"2")],
            None,
        ),
        (
            b"POST",
            b"/v1/skills",
            [(b"content-type", b"multipart/form-data; boundary=a"), (b"content-length", b"2")],
            None,
        ),
    ],
)
def test_a_body_is_json_where_json_is_due(
    method: bytes, path: bytes, headers: list[tuple[bytes, bytes]], expected: Answer | None
) -> None:
    assert LOCAL.refuse_content(method, path, head(*headers)) is expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], False),
        ([(b"content-length", b"0")], False),
        ([(b"Content-Length", b"1")], True),
        ([(b"Transfer-Encoding", b"chunked")], True),
    ],
)
def test_a_head_tells_whether_a_body_follows(headers: list[tuple[bytes, bytes]], expected: bool) -> None:
    assert head(*headers).has_body is expected
