"""Parts of a JSON text, found and changed in place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxycast.upstream.json_spans import elements, splice, unique_members

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
SPACES = st.sampled_from(["", " ", "\n  ", "\t\r\n"])


def spaced_list(values: list[object], space: str) -> bytes:
    inner = f"{space},{space}".join(json.dumps(value) for value in values)
    return f"{space}[{space}{inner}{space}]{space}".encode()


def spaced_object(values: dict[str, object], space: str) -> bytes:
    inner = f"{space},{space}".join(f"{json.dumps(k)}{space}:{space}{json.dumps(v)}" for k, v in values.items())
    return f"{space}{{{space}{inner}{space}}}{space}".encode()


@settings(max_examples=40)
@given(st.lists(JSON), SPACES, st.data())
def test_elements_are_found_and_spliced(values: list[object], space: str, data: st.DataObject) -> None:
    text = spaced_list(values, space)
    spans = elements(text)
    assert [json.loads(text[span.start : span.end]) for span in spans] == values
    changes = data.draw(st.dictionaries(st.integers(0, 12), st.none() | st.just(b'"new"')))
    expected = ["new" if changes.get(n) else value for n, value in enumerate(values) if changes.get(n, b"") is not None]
    assert json.loads(splice(text, spans, changes)) == expected


@settings(max_examples=40)
@given(st.dictionaries(st.text(), JSON), SPACES, st.data())
def test_members_are_found_and_spliced(values: dict[str, object], space: str, data: st.DataObject) -> None:
    text = spaced_object(values, space)
    found = unique_members(text)
    assert {key: json.loads(text[span.value : span.end]) for key, span in found.items()} == values
    dropped = data.draw(st.sets(st.sampled_from(list(values)))) if values else set()
    left = splice(text, list(found.values()), {n: None for n, key in enumerate(found) if key in dropped})
    assert json.loads(left) == {key: value for key, value in values.items() if key not in dropped}


def test_nothing_else_changes() -> None:
    text = b' { "a" : 1.50 ,\n"b":[ 1,2 ] , "c" : "\\u00e9"}\n'
    spans = list(unique_members(text).values())
    assert splice(text, spans, {}) == text
    assert splice(text, spans, {1: b"{}"}) == b' { "a" : 1.50 ,\n"b":{} , "c" : "\\u00e9"}\n'
    assert splice(text, spans, {0: None}) == b' { "b":[ 1,2 ] , "c" : "\\u00e9"}\n'
    assert splice(text, spans, {1: None, 2: None}) == b' { "a" : 1.50}\n'
    assert splice(text, spans, {0: b"2", 1: None}) == b' { "a" : 2 , "c" : "\\u00e9"}\n'
    assert splice(text, spans, {0: None, 1: None, 2: None}) == b" { }\n"


@pytest.mark.parametrize("text", [b'{"a":1,"a":2}', b'{"a":[1],"a":[2]}', rb'{"a":"","\u0061":""}', b"[]", b"1", b"{"])
def test_what_is_no_object_of_unique_keys_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match="request"):
        unique_members(text)


@pytest.mark.parametrize("text", [b"{}", b'"[]"', b"[1,]", b"[1", b"[" * 5000 + b"]" * 5000])
def test_what_is_no_list_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match="request"):
        elements(text)
