"""What commands print: a result for people or as JSON, an error as one line, tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from gettext import gettext as _
from typing import Any, NoReturn

import click
import msgspec

from proxycast.model.errors import ProxyCastError

Column = Sequence[str]


def show(people: str, machine: object, *, as_json: bool) -> None:
    """Print the result of a command on standard output."""
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(machine), indent=2).decode())
    elif people:
        click.echo(people)


def fail(error: ProxyCastError, *, as_json: bool) -> NoReturn:
    """End the command with exit status 1 and one line on standard error; `as_json` adds JSON on standard output."""
    message = " ".join(error.render(_).split())
    if as_json:
        show("", {"error": {"code": error.code, "message": message}}, as_json=True)
    click.echo(_("proxycast: {message}").format(message=message), err=True)
    raise SystemExit(1)


def warn(sentence: str) -> None:
    """One line on standard error that does not end the command."""
    click.echo(_("proxycast: {message}").format(message=sentence), err=True)


def table(headings: Column, rows: Sequence[Column], *, right: frozenset[int] = frozenset()) -> str:
    """A plain table; columns whose index is in `right` are aligned to the right. Chinese characters take two cells."""
    lines = [list(headings), *[list(row) for row in rows]]
    widths = [max(_cells(line[index]) for line in lines) for index in range(len(headings))]
    return "\n".join(
        "  ".join(_pad(cell, widths[index], right=index in right) for index, cell in enumerate(line)).rstrip()
        for line in lines
    )


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _cells(text))
    return space + text if right else text + space


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def plain(value: Any) -> str:
    """A cell of a table: a dash for nothing."""
    return "–" if value is None or value == "" else str(value)
