import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxycast.model.errors import ConfigError
from proxycast.store import yaml_document
from proxycast.store.yaml_document import (
    SIZE_LIMIT,
    Document,
    ListNode,
    MappingNode,
    Node,
    ScalarNode,
    compose,
    find,
)


@pytest.fixture(params=["libyaml", "PyYAML"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers in turn: a machine without libyaml must see the same."""
    if request.param == "PyYAML":
        monkeypatch.setattr(yaml_document, "_FAST", None)


def as_plain(node: Node | None) -> object:
    match node:
        case MappingNode():
            return {entry.key.text: as_plain(entry.value) for entry in node.entries}
        case ListNode():
            return [as_plain(item) for item in node.items]
        case ScalarNode():
            return None if node.is_null else node.text
    return None


def source(document: Document, *path: str | int) -> str:
    node = find(document.root, path)
    assert node is not None
    return document.text[node.start : node.end]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("text", ["no", "2023-06-01", "1:30", "0o17", "1e3", "=", "true", "12"])
def test_scalars_stay_the_text_they_are(text: str) -> None:
    assert as_plain(compose(f"key: {text}\n", "f").root) == {"key": text}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL", " # comment"])
def test_no_value_is_told_apart_from_an_empty_text(text: str) -> None:
    assert as_plain(compose(f"key: {text}\nother: ''\n", "f").root) == {"key": None, "other": ""}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("text", ["", "\n", "# only a comment", "---\n", "---\n...\n"])
def test_a_text_without_content_has_no_values(text: str) -> None:
    assert as_plain(compose(text, "f").root) is None


@pytest.mark.usefixtures("parser")
def test_nodes_know_the_text_they_were_read_from() -> None:
    text = (
        "plain: a value # not it\r\n"
        "quoted: \"one: 'two'\" \r\n"
        "folded: >\r\n  some\r\n  text\r\n\r\n"
        "block:\r\n  inner: 1\r\n\r\n# beside it\r\n"
        "list:\r\n- 😀\r\n- [1, {a: 2}]\r\n"
        "empty:   # nothing\r\n"
    )
    document = compose(text, "f")
    assert source(document, "plain") == "a value"
    assert source(document, "quoted") == "\"one: 'two'\""
    assert source(document, "folded") == ">\r\n  some\r\n  text"
    assert source(document, "block") == "inner: 1"
    assert source(document, "list") == "- 😀\r\n- [1, {a: 2}]"
    assert source(document, "list", 1, 1) == "{a: 2}"
    empty = find(document.root, ("empty",))
    assert empty is not None
    assert text[: empty.start].endswith("empty:")


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("a: 1\n\tb: 2\n", 2, 1, "tab"),
        ("a:\tb\n", 1, 3, "tab"),
        ('a: 1\nb: "x\nc: 2\n', 2, 4, "never closed"),
        ("a: 'x", 1, 4, "never closed"),
        ("a: b: c\n", 1, 5, "second colon"),
        ("a: 1\nb\nc: 2\n", 2, 1, "colon and a space are missing"),
        ("a: @x\n", 1, 4, "cannot begin"),
        ("a: {b: 1\n", 2, 1, "closing bracket"),
        ("a: [1, 2", 1, 9, "closing bracket"),
        ("a:\n  b: 1\n c: 2\n", 3, 2, "indentation"),
        ('a: "C:\\certs"\n', 1, 8, "backslash"),
        ("a: x\x01y\n", 1, 5, "control character"),
        ("a: \udcff\n", 1, 4, "control character"),
        ("a: |x\n", 1, 5, "not valid YAML"),
        ("a: 1\nb: 2\na: 3\n", 3, 1, "second time; the first is in line 1"),
        ("a: &x 1\n", 1, 4, "Anchors"),
        ("a: *x\n", 1, 4, "Anchors"),
        ("&x a: 1\n", 1, 1, "Anchors"),
        ("a: !!str 1\n", 1, 4, "Tags"),
        ("a: ! 1\n", 1, 4, "Tags"),
        ("<<: {a: 1}\n", 1, 1, "Merge keys"),
        ("a: 1\n---\nb: 2\n", 2, 1, "second document"),
        ("? [a]\n: 1\n", 1, 3, "cannot be a key"),
        ("~: 1\n", 1, 1, "key is missing"),
        ("a: " + "[" * 100_000, 1, 19, "nested too deeply"),
        ("- " * 10_000, 1, 33, "nested too deeply"),
    ],
)
def test_what_is_no_configuration_is_refused_at_its_place(text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(ConfigError) as refused:
        compose(text, "config.yaml")
    assert (refused.value.line, refused.value.column) == (line, column)
    assert str(refused.value).startswith(f"config.yaml:{line}:{column}: ")
    assert says in str(refused.value)


def test_a_text_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(ConfigError, match="longer than 1024 KiB"):
        compose("# " + "密" * (SIZE_LIMIT // 3), "f")


@pytest.mark.usefixtures("parser")
def test_an_error_in_a_line_with_a_key_does_not_show_the_key() -> None:
    for text in ('api_key: "sk-canary\n', "api_key: @sk-canary\n", "api_key: x: sk-canary\n", "api_key: {sk-canary\n"):
        with pytest.raises(ConfigError) as refused:
            compose(text, "f")
        assert "canary" not in str(refused.value)


characters = st.sampled_from("ab:- \n\r\t\"'{}[],#é|>?~&*%\\😀\ufeff")
phrases = st.sampled_from(
    ["a: ", "\n- ", "\n  ", "# b\n", "---\n", "|\n", "> \n", 'list:\n  - name: x\n    k: "v" # c\n']
)


@given(st.lists(characters | phrases, max_size=12).map("".join))
def test_both_parsers_see_the_same(text: str) -> None:
    seen = []
    for fast in (yaml_document._FAST, None):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml_document, "_FAST", fast)
            try:
                seen.append(repr(compose(text, "f").root))
            except ConfigError as error:
                seen.append(str(error))
    assert seen[0] == seen[1]
