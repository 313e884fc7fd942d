"""What a stage of a check found, before it is put into the report."""

from __future__ import annotations

import msgspec

from proxycast.check.report import State
from proxycast.model.text import Text


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a stage found. See `Finding`, whose key is `<stage>.<key>`."""

    state: State
    key: str
    evidence: Text
    remedy: Text | None = None
    said: str | None = None


def passed(key: str, evidence: Text) -> Outcome:
    """All is well."""
    return Outcome(state=State.PASSED, key=key, evidence=evidence)


def skipped(key: str, evidence: Text, remedy: Text | None = None) -> Outcome:
    """It could not be looked at, and that is no fault."""
    return Outcome(state=State.SKIPPED, key=key, evidence=evidence, remedy=remedy)


def warned(key: str, evidence: Text, remedy: Text | None = None, said: str | None = None) -> Outcome:
    """It works, but the user should know."""
    return Outcome(state=State.WARNING, key=key, evidence=evidence, remedy=remedy, said=said)


def failed(key: str, evidence: Text, remedy: Text | None = None, said: str | None = None) -> Outcome:
    """It does not work."""
    return Outcome(state=State.FAILED, key=key, evidence=evidence, remedy=remedy, said=said)
