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
from proxycast.store.journal_reader import Grouping, UsageRow

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
@as_json_option
def usage(*, since: float, by: Grouping, as_json: bool) -> None:
    """`proxycast usage`."""

    async def work(service: Service) -> list[UsageRow]:
        return await service.history.usage(since=time.time() - since, by=by)

    rows = run(work, as_json=as_json)
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
    show(table(headings, [_cells(row) for row in rows], right=_NUMBERS), rows, as_json=as_json)


def _cells(row: UsageRow) -> list[str]:
    counts = (row.requests, row.errors, row.input_tokens, row.output_tokens)
    cached = (row.cache_creation_input_tokens, row.cache_read_input_tokens)
    first_byte = f"{row.first_byte:.2f} s" if row.first_byte is not None else None
    return [plain(row.group), *[f"{count:,}" for count in counts + cached], plain(first_byte)]
