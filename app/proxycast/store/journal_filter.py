"""Which rows of the journal somebody wants to see."""

from __future__ import annotations

import msgspec

ROWS = 256
"""Rows of a page, at most."""
_WORDS = 8
"""Words of a search that are looked at; more can hardly be meant."""
_DIGITS = 3
"""Of a status."""
_TEXTS = ("credential", "model", "error", "path")


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Rows pass that match all of it; an empty one lets all pass.

    Every word of `text` has to stand in credential, model, path or error, or begin the status. `credential_id` is that
    of a credential, `failed` lets errors pass only, and `since` is seconds since the epoch.
    """

    text: str = ""
    credential_id: str | None = None
    failed: bool = False
    since: float | None = None

    def condition(self) -> tuple[str, dict[str, object]]:
        """What stands after WHERE, and the values of its names. No part of it uses an index."""
        parts, values = ["TRUE"], dict[str, object]()
        for number, word in enumerate(self.text.split()[:_WORDS]):
            name = f"word{number}"
            escaped = _escaped(word)
            escape = " ESCAPE '\\'" if escaped != word else ""  # it takes a tenth longer
            matches = [f"{column} LIKE :{name}{escape}" for column in _TEXTS]
            values[name] = f"%{escaped}%"
            if word.isascii() and word.isdecimal() and len(word) <= _DIGITS:
                matches.insert(0, f"status BETWEEN :{name}_first AND :{name}_last")
                values[f"{name}_first"] = int(word.ljust(_DIGITS, "0"))
                values[f"{name}_last"] = int(word.ljust(_DIGITS, "9"))
            parts.append(f"({' OR '.join(matches)})")
        if self.credential_id is not None:
            parts.append("credential_id = :credential_id")
            values["credential_id"] = self.credential_id
        if self.failed:
            parts.append("failed")
        if self.since is not None:
            parts.append("+started >= :since")
            values["since"] = self.since
        return " AND ".join(parts), values


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A run of ids from `first` to `last`, and how many rows that pass a filter have one of them."""

    first: int
    last: int
    rows: int


BUCKETS = """
    WITH RECURSIVE numbered (bucket) AS (
        SELECT max(id) >> 8 FROM exchange
        UNION ALL
        SELECT bucket - 1 FROM numbered WHERE bucket > (SELECT min(id) >> 8 FROM exchange)
    ), counted AS MATERIALIZED (
        SELECT bucket, (
            SELECT count(*) FROM exchange WHERE id BETWEEN bucket << 8 AND (bucket << 8) + 255 AND {condition}
        ) AS rows FROM numbered
    )
    SELECT bucket, rows, min((bucket << 8) + 255, (SELECT max(id) FROM exchange)) AS last FROM counted WHERE rows > 0
"""
"""Rows counted by 256 ids: so little comes out of SQLite that a journal of a million rows is paged at once. Bucket by
bucket, for to group all rows takes five times as long; materialized, or every bucket would be counted twice."""


def fold(buckets: list[tuple[int, int, int]]) -> list[Page]:
    """The pages of counted buckets, each `(bucket, rows, last id)`, newest first. Sparse ones make one page."""
    pages: list[Page] = []
    for bucket, rows, last in buckets:
        first = bucket * ROWS
        if pages and pages[-1].rows + rows <= ROWS:
            pages[-1] = Page(first=first, last=pages[-1].last, rows=pages[-1].rows + rows)
        else:
            pages.append(Page(first=first, last=last, rows=rows))
    return pages


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
