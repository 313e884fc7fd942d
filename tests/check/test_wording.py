"""All sentences of a check in both languages, side by side in `wording.md`, to be read by people.

`python -m tests.check.test_wording` writes the table anew.
"""

from __future__ import annotations

import ast
import re
import string
import sys
from pathlib import Path

from tests.check.checking import CHINESE

import proxycast.check
from proxycast.check import look

TABLE = Path(__file__).with_name("wording.md")
_CODE = Path(look.__file__).parent


def table() -> str:
    """The table as it should be."""
    lines = ["# What a check says", "", "| English | 中文 |", "|---|---|"]
    lines += [f"| {english} | {CHINESE(english)} |" for english in sorted(sentences())]
    return "\n".join([*lines, ""])


def sentences() -> set[str]:
    """All templates of the package."""
    return {
        node.args[0].value
        for file in _CODE.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Text"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def places(template: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_the_table_of_wording_is_up_to_date() -> None:
    assert proxycast.check.__doc__
    assert TABLE.read_text(encoding="utf-8") == table(), "run `python -m tests.check.test_wording` and read the table"


def test_every_sentence_is_said_in_chinese_with_the_same_places() -> None:
    for english in sentences():
        chinese = CHINESE(english)
        assert places(chinese) == places(english), english
        if not re.search(r"[A-Za-z]", re.sub(r"\{.*?\}", "", english)):
            continue
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese) or chinese.startswith("token"), english


def test_sentences_are_whole_and_end_as_such() -> None:
    """A name of a stage or a unit has no full stop, and a sentence has the one of its language."""
    for english in sentences():
        if english.endswith("."):
            assert CHINESE(english).endswith("。"), english
        assert ".." not in english
        assert "。。" not in CHINESE(english)


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
    sys.stdout.write(f"{len(sentences())} sentences\n")
