"""Base URLs as people paste them, and where a key may never go."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxycast.model.errors import InputError
from proxycast.model.url import forbidden_address, is_loopback, normalise_base_url, origin


@pytest.mark.parametrize(
    "pasted",
    [
        "https://api.example.com",
        "https://api.example.com/",
        "https://API.Example.com:443",
        "api.example.com",
        "  https://api.example.com/v1\n",
        "https://api.example.com/v1/",
        "https://api.example.com/v1/messages",
        "https://api.example.com/v1/messages/count_tokens",
        "https://api.example.com/v1/models",
        "https://api.example.com//",
        "https://api.example.com.",
    ],
)
def test_what_people_paste_for_one_service_is_one_base_url(pasted: str) -> None:
    assert normalise_base_url(pasted) == "https://api.example.com"


@pytest.mark.parametrize(
    ("pasted", "normal"),
    [
        ("https://relay.example.com/api/anthropic/v1/messages", "https://relay.example.com/api/anthropic"),
        ("https://relay.example.com:8443/coding/", "https://relay.example.com:8443/coding"),
        ("http://127.0.0.1:4000", "http://127.0.0.1:4000"),
        ("http://localhost:11434/v1", "http://localhost:11434"),
        ("http://[::1]:80/", "http://[::1]"),
        ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
        ("https://xn--fsq.example", "https://xn--fsq.example"),
    ],
)
def test_paths_and_ports_that_matter_are_kept(pasted: str, normal: str) -> None:
    assert normalise_base_url(pasted) == normal


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "   ",
        "https://",
        "https://user@host.example",
        "https://user:password@host.example",
        "https://host.example?x=1",
        "https://host.example#x",
        "https://host.example/a/../b",
        "https://host.example/%2e%2e",
        "https://host.example/a b",
        "https://host.example/a\\b",
        "https://host.example:0",
        "https://host.example:99999",
        "https://host.example:",
        "https://例子.example",
        "https://host.example/\r\nx: y",
        "https://-bad.example",
        "https://1.2.3",
        "https://0x7f000001",
        "ftp://host.example",
        "file:///etc/passwd",
        "https://169.254.169.254/latest",
        "https://[fe80::1]",
        "https://[::ffff:169.254.169.254]",
        "https://metadata.google.internal",
        "https://100.100.100.200",
        "https://0.0.0.0",
        "http://api.example.com",
        "http://8.8.8.8",
        "http://192.168.1.5:8080",
    ],
)
def test_what_is_no_base_url_or_must_not_get_a_key_is_refused(pasted: str) -> None:
    with pytest.raises(InputError):
        normalise_base_url(pasted)


def test_private_addresses_get_http_only_when_allowed_and_public_ones_never() -> None:
    assert normalise_base_url("http://192.168.1.5:8080", allow_http=True) == "http://192.168.1.5:8080"
    assert normalise_base_url("http://nas.local", allow_http=True) == "http://nas.local"
    with pytest.raises(InputError):
        normalise_base_url("http://8.8.8.8", allow_http=True)


@given(st.text(max_size=60))
def test_any_text_is_refused_or_normalised_once_and_for_all(text: str) -> None:
    try:
        normal = normalise_base_url(text, allow_http=True)
    except InputError:
        return
    assert normalise_base_url(normal, allow_http=True) == normal
    assert normal.startswith(("https://", "http://"))


def test_the_origin_has_no_path() -> None:
    assert origin("https://relay.example.com:8443/api/anthropic") == "https://relay.example.com:8443"


@pytest.mark.parametrize(
    ("host", "expected"), [("localhost", True), ("127.9.9.9", True), ("::1", True), ("a.b", False)]
)
def test_loopback_is_told_by_name(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("169.254.169.254", True),
        ("169.254.0.1", True),
        ("::ffff:169.254.169.254", True),
        ("2002:a9fe:a9fe::", True),
        ("fd00:ec2::254", True),
        ("224.0.0.1", True),
        ("0.0.0.0", True),
        ("127.0.0.1", False),
        ("192.168.0.1", False),
        ("8.8.8.8", False),
    ],
)
def test_metadata_services_are_recognised_in_every_spelling(address: str, expected: bool) -> None:
    assert forbidden_address(ipaddress.ip_address(address)) is expected
