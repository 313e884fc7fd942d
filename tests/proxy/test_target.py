"""Which request targets are accepted, and what is left of them."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from proxycast.proxy.target import BadTarget, Target, is_probe, parse_target


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"/v1/messages", Target(None, b"/v1/messages", b"")),
        (b"/v1/messages?beta=true", Target(None, b"/v1/messages", b"beta=true")),
        (b"/v1/messages?a=1&b=%20c?d[]=/e", Target(None, b"/v1/messages", b"a=1&b=%20c?d[]=/e")),
        (b"/v1/messages?", Target(None, b"/v1/messages", b"")),
        (b"/v1/messages/batches/msgbatch_01/results", Target(None, b"/v1/messages/batches/msgbatch_01/results", b"")),
        (b"/v1/models/us.anthropic.claude:0", Target(None, b"/v1/models/us.anthropic.claude:0", b"")),
        (b"/v1/v1/messages", Target(None, b"/v1/messages", b"")),
        (b"/c/main/v1/messages", Target("main", b"/v1/messages", b"")),
        (b"/c/main/v1/v1/messages?x", Target("main", b"/v1/messages", b"x")),
        (b"/c/%E4%B8%AD%E6%96%87%20a/v1/models", Target("中文 a", b"/v1/models", b"")),
        (b"/c/v1/v1/models", Target("v1", b"/v1/models", b"")),
        (b"/v1/files/%E4%BD%A0", Target(None, b"/v1/files/%E4%BD%A0", b"")),
        (b"/v1/...", Target(None, b"/v1/...", b"")),
        (b"/model/us.anthropic.claude:0/invoke", Target(None, b"/model/us.anthropic.claude:0/invoke", b"")),
        (b"/c/aws/model/arn:aws:x%2Fus.a/invoke", Target("aws", b"/model/arn:aws:x%2Fus.a/invoke", b"")),
        (b"/inference-profiles?type=A", Target(None, b"/inference-profiles", b"type=A")),
        (b"/inference-profiles/arn%3Aaws%2fa", Target(None, b"/inference-profiles/arn%3Aaws%2fa", b"")),
        (b"/foundation-models", Target(None, b"/foundation-models", b"")),
    ],
)
def test_what_clients_ask_for_is_served(raw: bytes, expected: Target) -> None:
    assert parse_target(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [b"/", b"/v1", b"/c", b"/c/main", b"/c/main/v1", b"/c/main/v2/x", b"/v2/messages", b"/V1/messages", b"/C/a/v1/b"],
)
def test_what_nothing_serves_is_told_apart_from_what_is_refused(raw: bytes) -> None:
    assert parse_target(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"*",
        b"v1/messages",
        b"http://127.0.0.1:8999/v1/messages",
        b"//127.0.0.1:8999/v1/messages",
        b"api.anthropic.com:443",
        b"/v1/messages/",
        b"/v1//messages",
        b"//v1/messages",
        b"/v1/./messages",
        b"/v1/../messages",
        b"/../v1/messages",
        b"/v1/messages/..",
        b"/v1/%2e%2e/messages",
        b"/v1/%2E./messages",
        b"/v1/.%2e/messages",
        b"/v1/a%2fb",
        b"/v1/a%2Fb",
        b"/v1/arn:aws%2Fb",
        b"/model/a%2Fb/invoke",
        b"/model/arn:a%2Fb%2Fc/invoke",
        b"/model/arn:a%2F../invoke",
        b"/model/arn:a%252Fb/invoke",
        b"/model/../invoke",
        b"/v1/a%5cb",
        b"/v1/a\\b",
        b"/v1/a;b",
        b"/v1/a%3bb",
        b"/v1/a%00b",
        b"/v1/a%0d%0ab",
        b"/v1/a%7fb",
        b"/v1/a%252fb",
        b"/v1/a%3fb",
        b"/v1/a%23b",
        b"/v1/a#b",
        b"/v1/a b",
        b"/v1/a\x00b",
        b"/v1/a\nb",
        b"/v1/a%",
        b"/v1/a%2",
        b"/v1/a%zz",
        b"/v1/\xe4\xbd\xa0",
        b"/v1/%c0%ae%c0%ae/messages",
        b"/v1/%c0%af",
        b"/v1/%ff",
        b"/c/%ff/v1/messages",
        b"/c//v1/messages",
        b"/c/../v1/messages",
        b"/c/a%2fb/v1/messages",
        b"/v1/messages?a#b",
        b"/v1/messages?a b",
        b"/v1/messages?a\\b",
        b"/v1/messages?%",
        b"/v1/messages?\xff",
        b"/v1/messages?a\nb",
        b"/v1/messages\n",
    ],
)
def test_what_servers_may_read_differently_is_refused(raw: bytes) -> None:
    with pytest.raises(BadTarget):
        parse_target(raw)


FRAGMENTS = st.sampled_from(
    [
        *rb"/ // v1 c messages . .. %2e %2F %5c %00 %25 %E4%BD%A0 %e4 ; \ ? # % %3 a = & http: @ :80 +".split(),
        b" ",
        b"\0",
        b"\r\n",
    ]
)


@given(st.lists(FRAGMENTS | st.binary(max_size=3), max_size=12).map(lambda parts: b"/v1/" + b"".join(parts)))
def test_no_accepted_path_can_be_read_in_two_ways(raw: bytes) -> None:
    try:
        target = parse_target(raw)
    except BadTarget:
        return
    if target is None:
        return
    path = target.path
    assert path.startswith(b"/v1/")
    assert re.fullmatch(rb"[\x21-\x7e]+", path + target.query)
    assert not re.search(rb"[\\;#?]|//|%2[ef35]|%5c|%3[bf]|%[01]|%7f", path, re.IGNORECASE)
    assert b"#" not in target.query
    readable = unquote(path.decode(), errors="strict")
    assert unquote(readable) == readable, "undoing escapes twice finds nothing more"
    assert not {".", "..", ""} & set(readable[1:].split("/"))
    assert parse_target(path + b"?" + target.query) == target


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="/\\;%?#"), min_size=1))
def test_a_credential_of_any_name_can_be_pinned(name: str) -> None:
    assume(name not in {".", ".."})
    assert parse_target(f"/c/{quote(name)}/v1/messages".encode()) == Target(name, b"/v1/messages", b"")


@pytest.mark.parametrize(
    ("method", "raw", "expected"),
    [
        (b"HEAD", b"/", True),
        (b"HEAD", b"/api/hello", True),
        (b"HEAD", b"/c/main/", True),
        (b"HEAD", b"/c/main", True),
        (b"HEAD", b"/c/main/api/hello?x=1", True),
        (b"GET", b"/health", True),
        (b"HEAD", b"/health", True),
        (b"GET", b"/", False),
        (b"GET", b"/api/hello", False),
        (b"POST", b"/health", False),
        (b"HEAD", b"/v1/messages", False),
        (b"HEAD", b"/api/hello/", False),
        (b"HEAD", b"/health/x", False),
        (b"HEAD", b"/c/a/b/api/hello", False),
        (b"HEAD", b"/c//", False),
    ],
)
def test_only_start_up_probes_are_open_to_anyone(method: bytes, raw: bytes, expected: bool) -> None:
    assert is_probe(method, raw) is expected
