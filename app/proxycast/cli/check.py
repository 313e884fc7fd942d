"""`proxycast test`: the staged check in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

import click

from proxycast.check.render import as_json as report_as_json
from proxycast.check.render import lines_of, price
from proxycast.check.report import Cost, Finding, Report, Stage, State
from proxycast.cli.output import show, warn
from proxycast.cli.pool import as_json_option, name_argument
from proxycast.cli.runtime import run
from proxycast.service.service import Service


@click.command(help=_("Test the connection of a credential, step by step, up to one real message."))
@name_argument
@click.option("--model", metavar="ID", help=_("The model to ask."))
@click.option("--free", is_flag=True, help=_("Stop before anything that costs money."))
@as_json_option
def test(name: str, *, model: str | None, free: bool, as_json: bool) -> None:
    """`proxycast test`."""

    async def agree(cost: Cost) -> bool:
        if not as_json:
            click.echo(price(cost).render(_))
        return True

    async def work(service: Service) -> Report:
        await service.load()
        return await service.check(
            service.pool.by_name(name),
            None,
            model=model,
            consent=None if free else agree,
            watcher=None if as_json else _Printer(),
        )

    report = run(work, as_json=as_json)
    show(_closing(report), report_as_json(report, _), as_json=as_json)
    if not report.works:
        warn(" ".join(_fault(report)))
        raise SystemExit(1)


class _Printer:
    """Prints each finding as it is made."""

    def began(self, stage: Stage) -> None:
        """Nothing: a finding follows."""

    def found(self, finding: Finding) -> None:
        """Print it."""
        for line in lines_of(finding, _):
            click.echo(line)


def _fault(report: Report) -> Iterator[str]:
    """What is wrong and what to do, in one line."""
    yield report.sentence.render(_)
    fault = next(one for one in report.findings if one.state is State.FAILED)
    if fault.remedy is not None:
        yield fault.remedy.render(_)


def _closing(report: Report) -> str:
    """What follows the findings."""
    lines = ["", report.sentence.render(_)] if report.works else []
    lines += [f"→ {one.sentence.render(_)}" for one in report.offers]
    if report.policy is not None:
        lines += [_("A policy that allows it:"), report.policy]
    return "\n".join(lines)
