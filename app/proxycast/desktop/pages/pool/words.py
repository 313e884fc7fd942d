"""What a card says, in the user's language."""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from proxycast.check.probe import ProbeResult
from proxycast.desktop.language import Language
from proxycast.desktop.pages.pool.entries import Entry, Standing
from proxycast.model.credential import Kind
from proxycast.model.errors import ProxyCastError

_tr = QCoreApplication.translate

_SAID = 120
"""Characters of a service's own message that are shown."""
_MINUTE, _HOUR, _DAY = 60, 3600, 24 * 3600


def kind(entry: Entry) -> str:
    """The word on the badge beside the name."""
    if entry.of_session:
        return _tr("PoolWords", "demo · this session")
    return {
        Kind.ANTHROPIC: _tr("PoolWords", "Anthropic"),
        Kind.COMPATIBLE: _tr("PoolWords", "Compatible"),
        Kind.BEDROCK: _tr("PoolWords", "AWS Bedrock"),
    }[entry.credential.kind]


def in_use() -> str:
    """The badge of the credential that traffic uses now."""
    return _tr("PoolWords", "In use")


def standing(entry: Entry) -> str:
    """How it stands with the credential."""
    return {
        Standing.READY: _tr("PoolWords", "Enabled"),
        Standing.WORKS: _tr("PoolWords", "Works"),
        Standing.CHECKING: _tr("PoolWords", "Checking …"),
        Standing.DISABLED: _tr("PoolWords", "Disabled"),
        Standing.NEEDS_KEY: _tr("PoolWords", "Needs key"),
        Standing.DESTINATION_CHANGED: _tr("PoolWords", "Destination changed"),
        Standing.FAILING: _tr("PoolWords", "Failing"),
    }[entry.standing]


def last_check(entry: Entry, now: float | None = None) -> str:
    """When the last check was, and how long the answer took."""
    if entry.checked is None:
        return _tr("PoolWords", "Not checked yet")
    when = ago(entry.checked.at, now)
    outcome = entry.checked.outcome
    if not isinstance(outcome, ProbeResult):
        return _tr("PoolWords", "Checked {when}").format(when=when)
    return _tr("PoolWords", "Checked {when} · {latency}").format(when=when, latency=latency(outcome.seconds))


def uses(entry: Entry) -> str:
    """How many requests used it, and how many of them failed."""
    counters = entry.counters
    if counters is None:
        return _tr("PoolWords", "Not used yet")
    used = _tr("PoolWords", "%Ln use(s)", "", counters.uses)
    if not counters.errors:
        return used
    return f"{used} · {_tr('PoolWords', '%Ln error(s)', '', counters.errors)}"


def last_used(entry: Entry, now: float | None = None) -> str:
    """When a request last used it; empty if none did."""
    if entry.counters is None:
        return ""
    return _tr("PoolWords", "Used {when}").format(when=ago(entry.counters.last_used, now))


def trouble(entry: Entry, language: Language) -> str:
    """What is wrong and, where this window can help, what to do; empty if nothing is."""
    found = entry.trouble
    if found is None:
        return ""
    if isinstance(found, ProbeResult):
        said = f" “{found.said[:_SAID]}”" if found.said else ""
        return language.say(found.sentence) + said
    if isinstance(found, ProxyCastError):
        remedy = {
            Standing.NEEDS_KEY: _tr("PoolWords", "Edit the credential to enter the key."),
            Standing.DESTINATION_CHANGED: _tr("PoolWords", "If you changed it, confirm it in the menu of this card."),
        }.get(entry.standing)
        return language.say(found) if remedy is None else f"{language.say(found.what)} {remedy}"
    if found.status in {401, 402, 403}:
        return _tr("PoolWords", "The service refused the last request (HTTP {status}).").format(status=found.status)
    return _tr("PoolWords", "The service did not answer the last request.")


def spoken(entry: Entry, language: Language) -> str:
    """The whole card for a screen reader."""
    parts = [
        entry.name,
        in_use() if entry.in_use else "",
        kind(entry),
        entry.host,
        standing(entry),
        trouble(entry, language),
        last_check(entry),
        uses(entry),
        last_used(entry),
    ]
    return ", ".join(part for part in parts if part)


def latency(seconds: float) -> str:
    """A duration as short as it can be told."""
    locale = QLocale()
    if seconds < 1:
        return _tr("PoolWords", "{number} ms").format(number=locale.toString(round(seconds * 1000)))
    return _tr("PoolWords", "{number} s").format(number=locale.toString(seconds, "f", 1))


def ago(then: float, now: float | None = None) -> str:
    """How long ago that was (seconds since the epoch); after a week, the date."""
    passed = max(0, round((time.time() if now is None else now) - then))
    if passed < _MINUTE:
        return _tr("PoolWords", "just now")
    if passed < _HOUR:
        return _tr("PoolWords", "%n min ago", "", passed // _MINUTE)
    if passed < _DAY:
        return _tr("PoolWords", "%n h ago", "", passed // _HOUR)
    if passed < 7 * _DAY:
        return _tr("PoolWords", "%n day(s) ago", "", passed // _DAY)
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(round(then)).date(), QLocale.FormatType.ShortFormat)


def matches(entry: Entry, search: str) -> bool:
    """Whether every word that is searched for stands in name, host or kind."""
    text = f"{entry.name} {entry.host} {kind(entry)} {entry.credential.kind}".casefold()
    return all(word in text for word in search.casefold().split())
