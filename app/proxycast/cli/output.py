"""What commands print: a result for people or as JSON, an error as one line, tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from gettext import gettext as _
from typing import Any, NoReturn

import click
import msgspec

from proxycast.model.errors import ProxyCastError
from proxycast.model.text import Text

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


@contextmanager
def reported(*, as_json: bool) -> Iterator[None]:
    """End the command as `fail` does for every error that is about the user's world and not about this program."""
    try:
        yield
    except ProxyCastError as error:
        fail(error, as_json=as_json)
    except BrokenPipeError:
        raise  # whoever read the output has gone: nothing is left to say
    except OSError as error:
        fail(_refused(error), as_json=as_json)


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


def _refused(error: OSError) -> ProxyCastError:
    reason = error.strerror or type(error).__name__
    remedy = Text("Look at the free space and at who may write there.")
    if error.filename is None:
        return ProxyCastError(Text("The system refuses: {reason}.", reason=reason), remedy)
    return ProxyCastError(Text("The system refuses {file}: {reason}.", file=error.filename, reason=reason), remedy)


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _cells(text))
    return space + text if right else text + space


def _cells(text: str) -> int:
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def plain(value: Any) -> str:
    """A cell of a table: a dash for nothing."""
    return "–" if value is None or value == "" else str(value)
