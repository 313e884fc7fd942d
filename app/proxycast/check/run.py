"""Runs the stages of a check one after another, and makes the report."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from proxycast.check.look import Look
from proxycast.check.outcome import Outcome, failed, skipped
from proxycast.check.report import Consent, Finding, Report, Stage, State, Watcher
from proxycast.check.summary import sentence_of
from proxycast.model.errors import ProxyCastError
from proxycast.model.text import Text

_log = logging.getLogger(__name__)


class Step(NamedTuple):
    """One stage and what runs it.

    `run` gives None where the stage means nothing for this credential: then the report does not have it. It may raise
    ProxyCastError, which makes it a failed one. After a failed step that `stops` the others are skipped; a `billed` one
    runs only with the user's consent.
    """

    stage: Stage
    run: Callable[[Look], Awaitable[Outcome | None]]
    stops: bool = True
    billed: bool = False


class Quiet:
    """A watcher that nobody listens to."""

    def began(self, stage: Stage) -> None:
        """See `Watcher`."""

    def found(self, finding: Finding) -> None:
        """See `Watcher`."""


async def run(steps: Sequence[Step], look: Look, *, consent: Consent | None, watcher: Watcher | None) -> Report:
    """Run `steps` in their order. Never raises for what they find; `consent` None leaves billed ones out."""
    watching = watcher or Quiet()
    began = time.perf_counter()
    findings: list[Finding] = []
    barrier: Outcome | None = None
    agreed: bool | None = None
    for step in steps:
        if barrier is None and step.billed and agreed is None:
            agreed = consent is not None and await consent(look.cost())
            if not agreed:
                barrier = _FREE if consent is None else _DECLINED
        if barrier is None:
            watching.began(step.stage)
            finding = await _found(step, look)
        else:
            finding = _finding(step.stage, barrier, 0.0)
        if finding is None:
            continue
        findings.append(finding)
        watching.found(finding)
        if finding.state is State.FAILED and step.stops:
            barrier = _NOT_REACHED
    return Report(
        findings=tuple(findings),
        sentence=sentence_of(findings, look.model),
        model=look.model,
        at=time.time(),
        seconds=time.perf_counter() - began,
        offers=tuple(look.offers),
        policy=look.policy,
        retry_at=look.retry_at,
    )


async def _found(step: Step, look: Look) -> Finding | None:
    began = time.perf_counter()
    try:
        outcome = await step.run(look)
    except ProxyCastError as error:
        outcome = failed(error.code, error.what, error.remedy)
    except asyncio.CancelledError:
        raise
    except Exception:  # a fault of the program must not look like one of the service
        _log.exception("a stage of a check failed")
        outcome = failed("fault", Text("ProxyCast could not finish this step."), Text("Please report it with the log."))
    return None if outcome is None else _finding(step.stage, outcome, time.perf_counter() - began)


def _finding(stage: Stage, outcome: Outcome, seconds: float) -> Finding:
    return Finding(
        stage=stage,
        state=outcome.state,
        key=f"{stage}.{outcome.key}",
        evidence=outcome.evidence,
        remedy=outcome.remedy,
        said=outcome.said,
        seconds=seconds,
    )


_NOT_REACHED = skipped("not_reached", Text("Not tried, because an earlier step failed."))
_FREE = skipped("free", Text("Not tried: this check costs nothing."))
_DECLINED = skipped("declined", Text("Not tried: it would have cost money."))
