import pytest
import yaml

from proxycast.store.yaml_document import Path
from proxycast.store.yaml_edit import Plain, append, drop, put, rename

LIST = """\
# head
providers:   # all of them
- name: a
  key: 1   # one

  # about limits
  limits:
      low: 1
# about b
- {name: b, key: 2}
tail: x
"""


@pytest.mark.parametrize(
    ("text", "path", "value", "result"),
    [
        ("a: 1 # c\n", ("a",), "2x", 'a: "2x" # c\n'),
        ("a: 'it'\n", ("a",), "it's", "a: 'it''s'\n"),
        ('a: "x"\n', ("a",), "y", 'a: "y"\n'),
        ("a: >\n  long\n  text\nb: 1\n", ("a",), "yy", "a: yy\nb: 1\n"),
        ("a:\nb: 1\n", ("a",), True, "a: true\nb: 1\n"),
        ("a: ~   # c\n", ("a",), 5, "a: 5   # c\n"),
        ("a: # c\nb: 1\n", ("a", "low"), 5, "a: # c\n  low: 5\nb: 1\n"),
        ("a: null # c\n", ("a", "low"), 5, "a: # c\n  low: 5\n"),
        ("a: {}\n", ("a", "low", "er"), 5, "a: {low: {er: 5}}\n"),
        ("{a: 1}\n", ("bb",), [{"cc": 1}], "{a: 1, bb: [{cc: 1}]}\n"),
        ("{a: }", ("a",), 5, "{a: 5 }"),
        ("a: {b: 1,\n    # c\n   }\n", ("a", "cc"), 2, "a: {b: 1, cc: 2,\n    # c\n   }\n"),
        ("", ("aa", "bb"), 1, "aa:\n  bb: 1\n"),
        ("# only", ("aa",), 1, "# only\naa: 1\n"),
        ("a: 1\r\n\r\n# later", ("bb",), 1, "a: 1\r\nbb: 1\r\n\r\n# later"),
        ("a: 1", ("bb", "cc"), 1, "a: 1\nbb:\n  cc: 1\n"),
        ("a:\n   b: 1\n   # still a\n\nz: 1\n", ("a", "cc"), 2, "a:\n   b: 1\n   # still a\n   cc: 2\n\nz: 1\n"),
    ],
)
def test_put(text: str, path: Path, value: Plain, result: str) -> None:
    assert put(text, path, value) == result


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        (("providers", 0, "key"), "  key: 1   # one\n"),
        (("providers", 0, "limits"), "  limits:\n      low: 1\n"),
        (("providers", 0, "limits", "low"), "  limits:\n      low: 1\n"),
        (("providers", 0), LIST[LIST.index("- name: a") : LIST.index("# about b")]),
        (("providers", 1), "- {name: b, key: 2}\n"),
        (("providers", 1, "key"), ", key: 2"),
        (("providers", 1, "name"), "name: b, "),
        (("tail",), "tail: x\n"),
    ],
)
def test_drop_takes_this_and_nothing_else(path: Path, gone: str) -> None:
    assert LIST.count(gone) == 1
    assert drop(LIST, path) == LIST.replace(gone, "")


@pytest.mark.parametrize(
    ("text", "path", "result"),
    [
        ("- name: a # c\n  key: 1\n", (0, "name"), "-\n  key: 1\n"),
        ("a: [1, 2,]", ("a", 1), "a: [1, ]"),
        ("a: [1, 2]", ("a", 1), "a: [1]"),
        ("a: [1]", ("a", 0), "a: []"),
        ("a: {b: 1}\nc: 2", ("a", "b"), "c: 2"),
        ("a: [\n  1, # one\n  2 # two\n]\n", ("a", 1), "a: [\n  1 # one\n   # two\n]\n"),
        ("a: [\n  1,\n  2\n]\n", ("a", 0), "a: [\n  2\n]\n"),
        ("a:\n- 1\n", ("a", 0), "a:\n"),
        ("a: 1\r\nb: 2", ("b",), "a: 1\r\n"),
        ("? a\n: 1\nb: 2\n", ("a",), "b: 2\n"),
    ],
)
def test_drop(text: str, path: Path, result: str) -> None:
    assert drop(text, path) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("", "list:\n  - aa: 1\n    bb:\n      cc: 2\n"),
        ("list: # c\nz: 1\n", "list: # c\n  - aa: 1\n    bb:\n      cc: 2\nz: 1\n"),
        ("list: []\n", "list: [{aa: 1, bb: {cc: 2}}]\n"),
        ("list: [\n  {x: 1},\n]\n", "list: [\n  {x: 1}, {aa: 1, bb: {cc: 2}},\n]\n"),
        ("list:\n- x: 1\nz: 1\n", "list:\n- x: 1\n- aa: 1\n  bb:\n    cc: 2\nz: 1\n"),
        ("list:\n    -   x: 1\n", "list:\n    -   x: 1\n    -   aa: 1\n        bb:\n          cc: 2\n"),
        ("list:\n -\n  x: 1", "list:\n -\n  x: 1\n - aa: 1\n   bb:\n     cc: 2\n"),
    ],
)
def test_append_keeps_the_style_of_the_list(text: str, result: str) -> None:
    assert append(text, ("list",), {"aa": 1, "bb": {"cc": 2}}) == result


def test_rename_keeps_the_quotes_and_the_rest_of_the_line() -> None:
    assert rename("'a': {b: 1} # c\n", ("a",), "it's") == "'it''s': {b: 1} # c\n"
    assert rename("a: 1\n", ("a",), "b c") == '"b c": 1\n'


ODD = """no On null ~ 1 1.5 1e3 0o7 1:30 2023-06-01 = << y [a {a} &a *a !a %a @a 'a' "a" C:\\x 10s us-east-1 ${KEY} 公司
    👨\u200d💻 ? | ... ---"""


@pytest.mark.parametrize(
    "text", [*ODD.split(), "", " a ", "- a", "a: b", "a #b", "a, b", "\u2028", "\ufeff", "a\tb", "\x85", "\x7f"]
)
@pytest.mark.parametrize("around", ["a: x\n", "a: 'x'\n", 'a: "x"\n', "{a: x}\n"])
def test_every_text_is_read_as_that_text_by_any_yaml_reader(text: str, around: str) -> None:
    assert yaml.safe_load(put(around, ("a",), text)) == {"a": text}
    assert yaml.safe_load(put(around, (text or "key",), "v"))[text or "key"] == "v"


@pytest.mark.parametrize("path", [("b",), ("a", "b"), ("list", 1), ("list", "x")])
def test_a_path_that_leads_nowhere_is_an_error(path: Path) -> None:
    with pytest.raises(LookupError):
        drop("a: 1\nlist: [1]\n", path)
    with pytest.raises(LookupError):
        rename("a: 1\nlist: [1]\n", path, "c")


def test_a_value_is_not_put_beneath_a_text() -> None:
    with pytest.raises(LookupError):
        put("a: 1\n", ("a", "b"), 2)
