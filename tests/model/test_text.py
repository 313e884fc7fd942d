"""Sentences one after the other."""

from __future__ import annotations

import pytest

from proxycast.model.text import in_a_row


@pytest.mark.parametrize(
    ("sentences", "row"),
    [
        (("It is locked.", "Enter its passphrase."), "It is locked. Enter its passphrase."),
        (("保险库已锁定。", "请输入口令。"), "保险库已锁定。请输入口令。"),
        (("你想用 providers？", "请修改。"), "你想用 providers？请修改。"),
        (("余额不足。", "“Too low.”"), "余额不足。“Too low.”"),
        (("", "It is locked.", ""), "It is locked."),
        ((), ""),
    ],
)
def test_chinese_sentences_follow_without_a_space(sentences: tuple[str, ...], row: str) -> None:
    assert in_a_row(*sentences) == row
