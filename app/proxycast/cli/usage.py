"""What was used: sums over the journal."""

from __future__ import annotations

import re
import time
from gettext import gettext as _

import click

from proxycast.cli.output import plain, show, table
from proxycast.cli.pool import as_json_option
from proxycast.cli.runtime import run
from proxycast.service.service import Service
from proxycast.store.journal_reader import Grouping, Removal, UsageRow

_SPAN = re.compile(r"([0-9]{1,5})([hdw])")
_SECONDS = {"h": 3600, "d": 86400, "w": 7 * 86400}
_NUMBERS = frozenset(range(1, 8))


class Span(click.ParamType[float]):
    """A span of time such as 24h, 7d or 4w, in seconds."""

    name = "span"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The span in seconds."""
        if isinstance(value, float):
            return value
        match = _SPAN.fullmatch(value.strip())
        if match is None:
            self.fail(_("{value} is not a span of time; write 24h, 7d or 4w.").format(value=value), param, ctx)
        return float(int(match[1]) * _SECONDS[match[2]])


@click.command(help=_("Show requests and tokens, summed from the journal."))
@click.option("--since", type=Span(), default="7d", metavar="SPAN", help=_("How far back: 24h, 7d, 4w."))
@click.option(
    "--by", type=click.Choice(["credential", "model", "day"]), default="credential", help=_("What to sum by.")
)
@click.option(
    "--removed", is_flag=True, help=_("Show what was taken out of requests because the service refuses it, instead.")
)
@as_json_option
def usage(*, since: float, by: Grouping, removed: bool, as_json: bool) -> None:
    """`proxycast usage`."""
    start = time.time() - since

    async def work(service: Service) -> tuple[list[UsageRow], list[Removal]]:
        return await service.history.usage(since=start, by=by), await service.history.removals(since=start)

    rows, removals = run(work, as_json=as_json)
    if removed:
        _show_removals(removals, as_json=as_json)
        return
    headings = [
        {"credential": _("Credential"), "model": _("Model"), "day": _("Day")}[by],
        _("Requests"),
        _("Errors"),
        _("Input"),
        _("Output"),
        _("Cache writes"),
        _("Cache reads"),
        _("First byte"),
    ]
    if not rows and not as_json:
        show(_("No requests in this time."), None, as_json=False)
        return
    lines = [table(headings, [_cells(row) for row in rows], right=_NUMBERS)]
    if removals:
        lines += ["", _("Parts of some requests were taken out; `proxycast usage --removed` lists them.")]
    show("\n".join(lines), rows, as_json=as_json)


def _show_removals(removals: list[Removal], *, as_json: bool) -> None:
    if not removals and not as_json:
        show(_("Nothing was taken out of requests in this time."), None, as_json=False)
        return
    headings = [_("Credential"), _("Taken out"), _("Requests")]
    cells = [[plain(one.credential), one.name, f"{one.requests:,}"] for one in removals]
    show(table(headings, cells, right=frozenset({2})), removals, as_json=as_json)


def _cells(row: UsageRow) -> list[str]:
    counts = (row.requests, row.errors, row.input_tokens, row.output_tokens)
    cached = (row.cache_creation_input_tokens, row.cache_read_input_tokens)
    first_byte = f"{row.first_byte:.2f} s" if row.first_byte is not None else None
    return [plain(row.group), *[f"{count:,}" for count in counts + cached], plain(first_byte)]
