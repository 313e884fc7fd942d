"""Damaged configurations: an answer in time, one kind of error, and no byte lost that an edit is not about."""

from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.budget import examples
from tests.fuzz.mutations import mutated
from tests.store.config_texts import texts
from tests.store.test_config_edit_properties import block_lines, changed_lines, within

from proxycast.model.credential import Credential, Keyring
from proxycast.model.errors import ConfigError, InputError
from proxycast.model.settings import Settings
from proxycast.store import config_edit
from proxycast.store.config import Reading, parse, read
from proxycast.store.config_file import decode

SAMPLE = """\
# what people have
server: {host: 127.0.0.1, port: 8999}   # the proxy
selected: work

providers:
  # the first
  - name: work
    type: claude-custom
    api_key: "sk-ant-one"   # do not lose this
    base_url: 'https://my-proxy.example.com'
    headers: {X-Custom: "a: #b", "x y": ''}
  - {name: 公司, type: claude-custom, api_key: keyring, id: 0123456789ab}
  # between
  - name: no
    type: claude-custom
    api_key: ${KEY}
    timeout:
      connect: 10s
      # inside
      idle: 5m

claude-custom:
  api_version: "2023-06-01"

bedrock-claude:
  type: claude-custom
  aws_region: us-east-1
  aws_access_key: keyring
  aws_secret_key: keyring
# the end
"""
PIECES = [
    *"\n\r\t #:-?&*!|>'\"{}[],%@`\\~0a\x00\x85\u2028\ufeff😀",
    "\r\n",
    "\n\n",
    "  ",
    " # comment: {",
    "\n# comment\n",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "&a ",
    "*a",
    "!!python/object/apply:os.system ",
    "!!binary ",
    "<<: ",
    "null",
    "yes",
    "? ",
    "- ",
    "- name: work\n",
    "name: work\n",
    "|\n  text\n",
    ">-\n  text\n",
    "|2+\n",
    '"\\x41\\u0041\\',
    "{a: {b: {c: [",
    "selected: ",
    "providers:\n",
    "base_url: http://169.254.169.254\n",
    "enabled: false\n",
    "[" * 40,
]
SECONDS = 6.0
"""Of this process alone. Far more than any of these takes; a quadratic reader takes minutes."""

damaged = mutated(st.just(SAMPLE) | st.just(SAMPLE.replace("\n", "\r\n")) | texts(), PIECES, most=3)


def refused(data: bytes) -> ConfigError | None:
    """Why these bytes are no configuration, told in time; None if they are one."""
    began, refusal = time.process_time(), None
    try:
        parse(decode(data, "f"), "f")
    except ConfigError as error:
        refusal = error
    assert time.process_time() - began < SECONDS
    return refusal


def good(text: str) -> Reading | None:
    try:
        return read(text, "f")
    except ConfigError:
        return None


@examples(600)
@given(damaged.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=200))
def test_bytes_are_a_configuration_or_one_clear_error(data: bytes) -> None:
    error = refused(data)
    if error is not None:
        assert str(error.what)
        assert "sk-ant-one" not in str(error)
        assert 0 <= error.line <= data.count(b"\n") + data.count(b"\r") + 1


@examples(400)
@given(damaged, st.sampled_from(["settings", "add", "remove", "select", "disable"]), st.integers(0, 9))
def test_an_edit_of_an_odd_text_is_refused_or_leaves_all_else_as_it_is(text: str, what: str, number: int) -> None:
    reading = good(text)
    if reading is None:
        return
    pool = reading.configuration.pool
    old = pool.credentials[number % len(pool.credentials)] if pool.credentials else None
    outside: range | None = range(0)
    try:
        match what:
            case "settings":
                result = config_edit.change_settings(text, msgspec.structs.replace(Settings(), port=4321))
                outside = None
                assert parse(result, "f").settings.port == 4321
            case "add":
                result = config_edit.put(
                    text, Credential(id="abcdef012345", name="new one", secrets={"api_key": Keyring()})
                )
                outside = None
                assert parse(result, "f").pool.credentials[:-1] or not pool.credentials
            case _ if old is None:
                return
            case "remove":
                result = config_edit.remove(text, old.name)
                if pool.chosen != old.name:
                    outside = block_lines(text, reading.blocks[pool.credentials.index(old)].path)
                else:
                    outside = None
            case "select":
                result = config_edit.select(text, old.name)
                outside = None
                assert parse(result, "f").pool.chosen == old.name
            case _:
                result = config_edit.put(text, msgspec.structs.replace(old, enabled=not old.enabled), name=old.name)
                outside = block_lines(text, reading.blocks[pool.credentials.index(old)].path)
    except InputError:
        return
    if outside is not None:
        assert within(changed_lines(text, result), outside), result
    if what != "remove":
        assert result.count("#") >= text.count("#")
        assert comments(text) <= comments(result) or "#" in result.replace(text, "")
    names = [one.name for one in pool.credentials]
    after = [one.name for one in parse(result, "f").pool.credentials]
    assert [one for one in after if one in names] == [one for one in names if one in after]


def comments(text: str) -> set[str]:
    """Whole lines that are comments."""
    return {line.strip() for line in text.split("\n") if line.strip().startswith("#")}


BOMBS = {
    "laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"b{n}: &b{n} [*a,*a,*a,*a,*a,*a,*a]\n" for n in range(30)),
    "brackets": "[" * 1_000_000,
    "braces": "{a: " * 250_000,
    "dashes": "- " * 500_000,
    "questions": "? " * 500_000,
    "deep blocks": "".join(" " * n + "a:\n" for n in range(1_400)),
    "keys": "".join(f"k{n}: v\n" for n in range(90_000)),
    "same key": "a: 1\n" * 200_000,
    "comments": "# x\n" * 250_000,
    "colons": "a: " * 330_000,
    "quote": 'a: "' + "x" * 1_000_000,
    "quotes": "a: " + "''" * 500_000,
    "escapes": 'a: "' + "\\u0041" * 160_000 + '"',
    "folded": "a: >\n" + "  x\n" * 240_000,
    "one long line": "providers: [" + "x," * 500_000 + "]",
    "credentials": "providers:\n" + "".join(f"  - {{name: n{n}, type: claude-custom}}\n" for n in range(20_000)),
    "tabs": "a:\t" * 300_000,
    "bytes order marks": "\ufeff" * 300_000,
    "documents": "---\n" * 250_000,
    "tags": "!!x " * 250_000,
    "spaces": " " * 1_000_000 + "a: b",
    "empty lines": "\n" * 1_000_000,
    "carriage returns": "a: b\r" * 200_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_or_read_in_time(name: str) -> None:
    error = refused(BOMBS[name].encode())
    assert error is None or str(error.what)
