"""Requests as they go to a service that speaks the Messages API."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from proxycast.model.credential import Auth, Credential, Kind
from proxycast.model.errors import InputError, Refusal
from proxycast.model.secret import Secret
from proxycast.upstream.anthropic import AnthropicFormat, resolve_auth
from proxycast.upstream.destination import Destination
from proxycast.upstream.headers import Headers
from proxycast.upstream.request import Outgoing, Request

KEY = "sk-ant-api03-canary"
BODY = b'{"model":"claude-sonnet-5-5","max_tokens":1}'


def upstream(key: str = KEY, **fields: Any) -> AnthropicFormat:
    credential = Credential(id="0" * 12, name="main", **fields)
    return AnthropicFormat(credential, Secret(key), auth=Auth.AUTO, proxy="system")


def request(*headers: tuple[bytes, bytes], method: bytes = b"POST", query: bytes = b"", body: bytes = BODY) -> Request:
    return Request(method, b"/v1/messages", query, list(headers), body)


def parsed(outgoing: Outgoing) -> tuple[bytes, Headers]:
    """Request line and headers, names in lower case."""
    assert outgoing.head.endswith(b"\r\n\r\n")
    line, *fields = outgoing.head[:-4].split(b"\r\n")
    pairs = [field.split(b": ", 1) for field in fields]
    return line, [(name.lower(), value) for name, value in pairs]


def test_a_request_has_one_head_with_what_the_service_needs() -> None:
    line, headers = parsed(upstream().prepare(request((b"Anthropic-Beta", b"a"), query=b"beta=true")))
    assert line == b"POST /v1/messages?beta=true HTTP/1.1"
    assert sorted(headers) == [
        (b"accept-encoding", b"identity"),
        (b"anthropic-beta", b"a"),
        (b"anthropic-version", b"2023-06-01"),
        (b"content-length", str(len(BODY)).encode()),
        (b"host", b"api.anthropic.com"),
        (b"x-api-key", KEY.encode()),
    ]


@pytest.mark.parametrize(
    ("base_url", "host", "target", "destination"),
    [
        ("https://a.example", b"a.example", b"/v1/messages", Destination(tls=True, host="a.example", port=443)),
        (
            "https://a.example:8443/api/x",
            b"a.example:8443",
            b"/api/x/v1/messages",
            Destination(tls=True, host="a.example", port=8443),
        ),
        (
            "http://127.0.0.1:11434",
            b"127.0.0.1:11434",
            b"/v1/messages",
            Destination(tls=False, host="127.0.0.1", port=11434),
        ),
        ("http://localhost", b"localhost", b"/v1/messages", Destination(tls=False, host="localhost", port=80)),
        ("http://[::1]:8080", b"[::1]:8080", b"/v1/messages", Destination(tls=False, host="::1", port=8080)),
    ],
)
def test_the_base_url_says_where_it_goes(base_url: str, host: bytes, target: bytes, destination: Destination) -> None:
    made = upstream(base_url=base_url)
    line, headers = parsed(made.prepare(request()))
    assert made.destination == destination
    assert line == b"POST " + target + b" HTTP/1.1"
    assert dict(headers)[b"host"] == host


@pytest.mark.parametrize(
    ("own", "program", "expected"),
    [
        (None, "system", ("system", False)),
        (None, "http://p:1", ("http://p:1", False)),
        ("none", "http://p:1", ("none", True)),
        ("socks5://q:2", "system", ("socks5://q:2", True)),
    ],
)
def test_a_credentials_proxy_beats_the_programs(own: str | None, program: str, expected: tuple[str, bool]) -> None:
    made = AnthropicFormat(Credential(id="0" * 12, name="main", proxy=own), Secret(KEY), auth=Auth.AUTO, proxy=program)
    assert (made.destination.proxy, made.destination.own_proxy) == expected


@pytest.mark.parametrize(
    ("method", "body", "expected"),
    [
        (b"POST", b"", b"0"),
        (b"PUT", b"", b"0"),
        (b"PATCH", b"", b"0"),
        (b"POST", b"{}", b"2"),
        (b"DELETE", b"{}", b"2"),
        (b"GET", b"", None),
        (b"HEAD", b"", None),
        (b"DELETE", b"", None),
    ],
)
def test_a_body_has_a_length_and_nothing_else_has_one(method: bytes, body: bytes, expected: bytes | None) -> None:
    framing = [(b"Content-Length", b"77"), (b"Transfer-Encoding", b"chunked")]
    _, headers = parsed(upstream().prepare(request(*framing, method=method, body=body)))
    assert dict(headers).get(b"content-length") == expected
    assert b"transfer-encoding" not in dict(headers)


@pytest.mark.parametrize(
    ("kind", "chosen", "key", "known", "expected"),
    [
        (Kind.ANTHROPIC, Auth.AUTO, KEY, Auth.AUTO, Auth.X_API_KEY),
        (Kind.ANTHROPIC, Auth.AUTO, "sk-ant-oat01-x", Auth.AUTO, Auth.BEARER),
        (Kind.ANTHROPIC, Auth.X_API_KEY, "sk-ant-oat01-x", Auth.AUTO, Auth.X_API_KEY),
        (Kind.COMPATIBLE, Auth.AUTO, KEY, Auth.AUTO, Auth.X_API_KEY),
        (Kind.COMPATIBLE, Auth.AUTO, KEY, Auth.BEARER, Auth.BEARER),
        (Kind.COMPATIBLE, Auth.AUTO, KEY, Auth.BOTH, Auth.BOTH),
        (Kind.COMPATIBLE, Auth.X_API_KEY, KEY, Auth.BEARER, Auth.X_API_KEY),
    ],
)
def test_the_users_choice_of_header_beats_what_is_known_of_the_service(
    kind: Kind, chosen: Auth, key: str, known: Auth, expected: Auth
) -> None:
    credential = Credential(id="0" * 12, name="main", kind=kind, auth=chosen)
    assert resolve_auth(credential, Secret(key), known) is expected


@pytest.mark.parametrize(
    "key",
    [
        "",
        "canary b",
        " canary",
        "canary\r\nx-evil: 1",
        "canary\n",
        "canary\x00b",
        "canary\x7f",
        "canaryключ",
        "canary\u200b",
    ],
)
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(Refusal) as caught:
        upstream(key)
    assert "main" in str(caught.value)
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None, "nor does another error that holds it hang on"


def test_a_model_without_an_alias_passes_and_is_reported() -> None:
    outgoing = upstream(models={"claude-haiku-5-5": "x"}).prepare(request())
    assert (outgoing.body, outgoing.model) == (BODY, "claude-sonnet-5-5")


def test_an_alias_changes_body_and_length_alike() -> None:
    outgoing = upstream(models={"claude-sonnet-5-5": "much-longer/model-id"}).prepare(request())
    assert json.loads(outgoing.body)["model"] == outgoing.model == "much-longer/model-id"
    assert dict(parsed(outgoing)[1])[b"content-length"] == str(len(outgoing.body)).encode()


def test_a_body_that_an_alias_cannot_be_put_into_is_the_clients_fault() -> None:
    twice = b'{"messages":[1],"messages":[2],"model":"claude-sonnet-5-5"}'
    with pytest.raises(InputError, match="claude-sonnet-5-5"):
        upstream(models={"claude-sonnet-5-5": "x"}).prepare(request(body=twice))


@pytest.mark.parametrize("body", [b"", b"not json", b"[1]", b'{"model":5}', b"\xff"])
def test_a_body_that_names_no_model_passes(body: bytes) -> None:
    outgoing = upstream(models={"claude-sonnet-5-5": "x"}).prepare(request(body=body))
    assert (outgoing.body, outgoing.model) == (body, None)


def test_nothing_in_a_request_chooses_host_key_or_version_of_the_protocol() -> None:
    tricks = [
        (b"Host", b"evil.example"),
        (b"X-Forwarded-Host", b"evil.example"),
        (b"x-api-key", b"theirs"),
        (b"Authorization", b"Bearer theirs"),
        (b"Connection", b"x-api-key, host, content-length"),
    ]
    line, headers = parsed(upstream().prepare(request(*tricks)))
    assert line.endswith(b" HTTP/1.1")
    names = [name for name, _ in headers]
    assert (names.count(b"host"), names.count(b"x-api-key"), names.count(b"content-length")) == (1, 1, 1)
    assert dict(headers)[b"x-api-key"] == KEY.encode()
    assert b"theirs" not in b"".join(value for _, value in headers)
    assert b"evil" not in b"".join(value for _, value in headers)


def test_neither_a_request_nor_what_becomes_of_it_shows_a_secret() -> None:
    made = upstream()
    incoming = request((b"x-api-key", b"pc_token"))
    outgoing = made.prepare(incoming)
    held = [getattr(made, name) for name in dir(made) if not name.startswith("__")]
    for shown in (repr(made), repr(held), repr(incoming), repr(outgoing), f"{made.destination!r}"):
        assert KEY not in shown
        assert "pc_token" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(made)
