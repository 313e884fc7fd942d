from __future__ import annotations

import json
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxycast.upstream.body import Peek, peek, replace_model


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"model":"a","stream":true}', Peek("a", True)),
        (b' {"stream" : false , "model" : "\\u00e9"} ', Peek("é", False)),
        (b'{"messages":[{"model":"nested","stream":true}]}', Peek(None, False)),
        (b'{"model":"a","model":"b"}', Peek("b", False)),
        (rb'{"mod\u0065l":"a"}', Peek("a", False)),
        (b'{"model":null,"stream":1}', Peek(None, False)),
        (b'{"model":["a"],"stream":"true"}', Peek(None, False)),
        (b'{"model":"a"', Peek(None, False)),
        (b'["model"]', Peek(None, False)),
        (b'"model"', Peek(None, False)),
        (b"model=a&stream=true", Peek(None, False)),
        (b"", Peek(None, False)),
        (b'\xff\xfe{"model":"a"}', Peek(None, False)),
        (b'{"model":"a","messages":' + b"[" * 100_000 + b"]" * 100_000 + b"}", Peek(None, False)),
    ],
)
def test_model_and_stream_are_read_from_the_top_level(body: bytes, expected: Peek) -> None:
    assert peek(body) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'{"model":"old"}', b'{"model":"new"}'),
        (b'\n{ "a" : [ 1 , {"model":"old"} ] ,\t"model"\r:  "old" , "b":null}\n',
         b'\n{ "a" : [ 1 , {"model":"old"} ] ,\t"model"\r:  "new" , "b":null}\n'),
        (b'{"model":"old","x":-1.5e+3,"model":"old2"}', b'{"model":"new","x":-1.5e+3,"model":"new"}'),
        (rb'{"mod\u0065l":"old","\u006Dodel":"o\"}ld"}', rb'{"mod\u0065l":"new","\u006Dodel":"new"}'),
        (rb'{"s":"\"model\":\"old\" }{][ \\","model":"old"}', rb'{"s":"\"model\":\"old\" }{][ \\","model":"new"}'),
        (b'{"":true,"Model":"old","model ":"old","model":""}', b'{"":true,"Model":"old","model ":"old","model":"new"}'),
        (b'{"t":[],"t":[],"model":"old"}', b'{"t":[],"t":[],"model":"new"}'),
        ('{"messages":["你好 😀"],"model":"旧"}'.encode(), '{"messages":["你好 😀"],"model":"new"}'.encode()),
    ],
)  # fmt: skip
def test_only_the_value_of_the_top_level_model_changes(before: bytes, after: bytes) -> None:
    assert replace_model(before, "new") == after


def test_the_new_model_is_written_as_json() -> None:
    name = 'a"b\\c/模型'
    assert json.loads(replace_model(b'{"model":"old"}', name)) == {"model": name}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"{}", id="no model"),
        pytest.param(b'{"messages":[{"model":"old"}]}', id="only a nested one"),
        pytest.param(b'{"model":null}', id="null"),
        pytest.param(b'{"model":["old"]}', id="a list"),
        pytest.param(b'{"model":"old","model":1}', id="one of two is a number"),
        pytest.param(b'{"model":"old","tools":[1],"tools":[2]}', id="a list is there twice"),
        pytest.param(b'["model","old"]', id="a list as a whole"),
        pytest.param(b"", id="empty"),
        pytest.param(b'{"model":"old"', id="cut"),
        pytest.param(b'{"model":"old"}}', id="followed by something"),
        pytest.param(b'{"model":"old","a":"' + b'\\"' * 1_000_000, id="a string without an end"),
        pytest.param(b'{"model":"old","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="nested too deeply"),
    ],
)
def test_a_body_without_one_clear_model_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="request"):
        replace_model(body, "new")


_SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.sampled_from(["model", '"model":'])
_KEYS = st.sampled_from(["model", "Model", "messages", "x"]) | st.text()
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=12
)
_SPACES = st.text(" \t\r\n", max_size=3)


@st.composite
def _texts(draw: st.DrawFn, value: object) -> str:
    """The value as JSON in some odd but valid spelling."""
    space = draw(_SPACES)
    if isinstance(value, dict):
        members = [f"{space}{draw(_strings(key))}{space}:{draw(_texts(item))}" for key, item in value.items()]
        return f"{space}{{{','.join(members) or space}}}{space}"
    if isinstance(value, list):
        return f"{space}[{','.join(draw(_texts(item)) for item in value) or space}]{space}"
    if isinstance(value, str):
        return f"{space}{draw(_strings(value))}{space}"
    return f"{space}{json.dumps(value)}{space}"


@st.composite
def _strings(draw: st.DrawFn, value: str) -> str:
    escaped = draw(st.sets(st.sampled_from(string.ascii_letters), max_size=3))
    text = json.dumps(value, ensure_ascii=draw(st.booleans()))
    if "\\" in text:
        return text
    return "".join(rf"\u{ord(character):04x}" if character in escaped else character for character in text)


@settings(deadline=None)
@given(st.data(), st.dictionaries(_KEYS, _VALUES, max_size=5), st.text(min_size=1), st.text(), st.booleans())
def test_nothing_else_changes_however_the_body_is_spelled(
    data: st.DataObject, document: dict[str, object], old: str, new: str, twice: bool
) -> None:
    document["model"] = old
    text = data.draw(_texts(document))
    if twice:
        start = text.index("{") + 1
        text = f'{text[:start]}"model":"first",{text[start:]}'
    before = text.encode()

    after = replace_model(before, new)

    assert json.loads(after) == json.loads(before) | {"model": new}
    value = json.dumps(new, ensure_ascii=False).encode()
    if not twice:
        old_size = len(before) - (len(after) - len(value))
        assert any(
            after[:start] == before[:start] and after[start + len(value) :] == before[start + old_size :]
            for start in range(len(before))
        )
