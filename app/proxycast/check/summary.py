"""The one sentence on top of a report."""

from __future__ import annotations

from collections.abc import Sequence

from proxycast.check.report import Finding, Stage, State
from proxycast.model.text import Text

_KEY_STAGES = frozenset({Stage.AUTHENTICATION, Stage.IDENTITY})


def sentence_of(findings: Sequence[Finding], model: str | None) -> Text:
    """What a check found, for somebody who reads nothing else."""
    by_stage = {one.stage: one for one in findings}
    accepted = any(by_stage[stage].state is State.PASSED for stage in _KEY_STAGES if stage in by_stage)
    answered = Stage.MESSAGE in by_stage and by_stage[Stage.MESSAGE].state is State.PASSED
    fault = next((one for one in findings if one.state is State.FAILED), None)
    if fault is not None:
        if answered:
            return Text("The key works, but: {what}", what=fault.evidence)
        return Text("The key is accepted, but: {what}", what=fault.evidence) if accepted else fault.evidence
    warning = next((one for one in findings if one.state is State.WARNING), None)
    if answered:
        if warning is not None:
            return Text("The key works, with a reservation: {what}", what=warning.evidence)
        return Text("The key works: {model} answered.", model=model)
    if warning is not None:
        return warning.evidence
    return (
        Text("The key is accepted. No real message was sent.") if accepted else Text("All that was looked at is well.")
    )
