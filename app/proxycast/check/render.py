"""A report as text: for a terminal, and to paste into a question to somebody who can help."""

from __future__ import annotations

from collections.abc import Iterator

from proxycast.check.report import Cost, Finding, Report, Stage, State
from proxycast.model.text import Text, Translate

MARKS = {State.PASSED: "✓", State.WARNING: "!", State.FAILED: "✗", State.SKIPPED: "–"}
"""One character per state, by shape."""

STAGES = {
    Stage.CONFIGURATION: Text("Configuration"),
    Stage.SECRET: Text("Key"),
    Stage.PROXY: Text("Proxy"),
    Stage.DNS: Text("Host name"),
    Stage.TCP: Text("Connection"),
    Stage.TLS: Text("Certificate"),
    Stage.SOURCE: Text("AWS credentials"),
    Stage.IDENTITY: Text("AWS identity"),
    Stage.CLOCK: Text("Clock"),
    Stage.REGION: Text("Region"),
    Stage.PROFILE: Text("Inference profile"),
    Stage.AUTHENTICATION: Text("Authentication"),
    Stage.AUTH_HEADER: Text("Key header"),
    Stage.MODELS: Text("List of models"),
    Stage.MODEL: Text("Model"),
    Stage.COUNT_TOKENS: Text("Token counting"),
    Stage.MESSAGE: Text("Message"),
    Stage.STREAM: Text("Stream"),
    Stage.USAGE: Text("Usage"),
}
"""What the stages are called."""


def render(report: Report, translate: Translate) -> str:
    """The whole report, without secrets."""
    lines = [report.sentence.render(translate), ""]
    for finding in report.findings:
        lines += lines_of(finding, translate)
    if report.offers:
        lines += ["", *(f"→ {one.sentence.render(translate)}" for one in report.offers)]
    if report.policy is not None:
        lines += ["", Text("A policy that allows it:").render(translate), report.policy]
    took = Text("Took {seconds} s.", seconds=f"{report.seconds:.2f}")
    return "\n".join([*lines, "", took.render(translate)])


def lines_of(finding: Finding, translate: Translate) -> Iterator[str]:
    """One finding: what was found, then what to do, and the service's own words."""
    name = STAGES[finding.stage].render(translate)
    took = f" ({finding.seconds * 1000:.0f} ms)" if finding.seconds else ""
    yield f"{MARKS[finding.state]} {name}: {finding.evidence.render(translate)}{took}"
    if finding.remedy is not None:
        yield f"    {finding.remedy.render(translate)}"
    if finding.said is not None:
        said = Text("The service said: {said}", said=finding.said)
        yield f"    {said.render(translate)}"


def price(cost: Cost) -> Text:
    """What the billed steps will cost, before they run."""
    if cost.dollars is None:
        return Text(
            "Now one real message and a short stream go to {model}; its service may bill them.", model=cost.model
        )
    return Text(
        "Now one real message and a short stream go to {model}, for about ${dollars}.",
        model=cost.model,
        dollars=f"{cost.dollars.normalize():f}",
    )


def as_json(report: Report, translate: Translate) -> dict[str, object]:
    """The report for programs: stable keys, and sentences in the user's language."""
    return {
        "works": report.works,
        "state": str(report.state),
        "model": report.model,
        "sentence": report.sentence.render(translate),
        "seconds": round(report.seconds, 3),
        "at": report.at,
        "retry_at": report.retry_at,
        "findings": [
            {
                "stage": str(one.stage),
                "state": str(one.state),
                "key": one.key,
                "evidence": one.evidence.render(translate),
                "remedy": None if one.remedy is None else one.remedy.render(translate),
                "said": one.said,
                "seconds": round(one.seconds, 4),
            }
            for one in report.findings
        ],
        "offers": [
            {"field": one.field, "value": one.value, "sentence": one.sentence.render(translate)}
            for one in report.offers
        ],
        "policy": report.policy,
    }
