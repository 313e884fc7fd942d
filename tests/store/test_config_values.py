import pytest

from proxycast.model.errors import InputError
from proxycast.model.secret import Secret
from proxycast.store.config_values import (
    read_flag,
    read_header_value,
    read_host,
    read_port,
    read_proxy,
    read_secret,
    unknown,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("system", "system"),
        ("NONE", "none"),
        ("http://127.0.0.1:7890", "http://127.0.0.1:7890"),
        ("SOCKS5://[::1]:1080", "socks5://[::1]:1080"),
        ("socks5h://user:pass@proxy:1080", "socks5h://user:pass@proxy:1080"),
    ],
)
def test_a_proxy_is_a_word_or_a_url_with_a_port(written: str, read: str) -> None:
    assert read_proxy(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "",
        "127.0.0.1:7890",
        "http://",
        "http://h",
        "http://h:0",
        "http://h:x",
        "http://h:1/p",
        "http://h:1?q",
        "http://h :1",
    ],
)
def test_what_is_no_proxy_is_refused_without_showing_it(written: str) -> None:
    with pytest.raises(InputError, match="not a proxy that ProxyCast can use") as refused:
        read_proxy(written)
    assert not written or written not in str(refused.value).replace("http://host:port", "")


@pytest.mark.parametrize("written", ["true", "True", "1"])
def test_truth(written: str) -> None:
    assert read_flag(written) is True
    with pytest.raises(InputError):
        read_flag("yes")


def test_a_port_and_an_address_to_listen_on() -> None:
    assert read_port("0") == 0
    assert read_port("65535") == 65535
    assert read_host("[::1]") == "::1"
    assert read_host("LOCALHOST") == "localhost"
    assert read_host("0.0.0.0") == "0.0.0.0"


def test_pasted_white_space_around_a_key_and_a_header_is_trimmed() -> None:
    assert read_secret(" \tsk-1\r\n") == Secret("sk-1")
    assert read_header_value(" a\tb \n") == "a\tb"


@pytest.mark.parametrize("value", ["a\rb", "a\nb", "a\0b", "a\x7fb", "é", "密"])
def test_a_header_that_would_break_a_request_is_refused_without_showing_it(value: str) -> None:
    with pytest.raises(InputError) as refused:
        read_header_value(value)
    assert value not in str(refused.value)


def test_a_very_long_unknown_word_is_cut() -> None:
    assert len(str(unknown("x" * 5000, ["name"]))) < 200
