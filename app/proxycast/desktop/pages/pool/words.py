"""What a card says, in the user's language."""

from __future__ import annotations

import time

from PySide6.QtCore import QDateTime, QLocale, QObject

from proxycast.check.report import Report, State
from proxycast.desktop.durations import duration
from proxycast.desktop.language import Language
from proxycast.desktop.numerals import short
from proxycast.desktop.pages.pool.entries import REFUSED, Entry, Standing
from proxycast.model.credential import Kind
from proxycast.model.errors import ProxyCastError
from proxycast.model.text import in_a_row

_SAID = 120
"""Characters of a service's own message that are shown."""
_LONG = 10_000
"""From here on numbers are shortened, as a card has no room for more digits."""
_MINUTE, _HOUR, _DAY = 60, 3600, 24 * 3600


class PoolWords(QObject):
    """The words of a card, of its parts and of all of it, in the language that is in force when this is made."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language
        self.in_use = self.tr("In use")
        self._kinds = {
            Kind.ANTHROPIC: self.tr("Anthropic"),
            Kind.COMPATIBLE: self.tr("Compatible"),
            Kind.BEDROCK: self.tr("AWS Bedrock"),
        }
        self._standings = {
            Standing.READY: self.tr("Enabled"),
            Standing.ACCEPTED: self.tr("Key accepted"),
            Standing.WORKS: self.tr("Works"),
            Standing.DOUBTFUL: self.tr("Works with warnings"),
            Standing.CHECKING: self.tr("Checking…"),
            Standing.DISABLED: self.tr("Disabled"),
            Standing.NEEDS_KEY: self.tr("Needs key"),
            Standing.DESTINATION_CHANGED: self.tr("Destination changed"),
            Standing.FAILING: self.tr("Failing"),
        }

    def kind(self, entry: Entry) -> str:
        """The word on the badge beside the name."""
        return self.tr("demo · this session") if entry.of_session else self._kinds[entry.credential.kind]

    def standing(self, entry: Entry) -> str:
        """How it stands with the credential."""
        return self._standings[entry.standing]

    def last_check(self, entry: Entry, now: float | None = None, *, brief: bool = False) -> str:
        """When the last check was, and, unless this is to be brief, how long the answer took."""
        if entry.checked is None:
            return self.tr("Not checked yet")
        when = self.ago(entry.checked.at, now)
        if brief:
            return self.tr("Checked {when}").format(when=when)
        latency = duration(entry.checked.report.seconds)
        return self.tr("Checked {when} · {latency}").format(when=when, latency=latency)

    def uses(self, entry: Entry) -> str:
        """How many requests used it, and how many of them failed."""
        counters = entry.counters
        if counters is None:
            return self.tr("Not used yet")
        used = self.tr("{count} use(s)", "", counters.uses).format(count=short(counters.uses, above=_LONG))
        if not counters.errors:
            return used
        failed = self.tr("{count} error(s)", "", counters.errors).format(count=short(counters.errors, above=_LONG))
        return f"{used} · {failed}"

    def last_used(self, entry: Entry, now: float | None = None) -> str:
        """When a request last used it; empty if none did."""
        if entry.counters is None:
            return ""
        return self.tr("Used {when}").format(when=self.ago(entry.counters.last_used, now))

    def trouble(self, entry: Entry) -> str:
        """What is wrong and, where this window can help, what to do; empty if nothing is."""
        found = entry.trouble
        if found is None:
            return ""
        remedy = {
            Standing.NEEDS_KEY: self.tr("Edit the credential to enter the key."),
            Standing.DESTINATION_CHANGED: self.tr("If you changed it, confirm it in this card's menu."),
        }.get(entry.standing)
        if isinstance(found, Report):
            said = next((one.said for one in found.findings if one.state is State.FAILED and one.said), None)
            words = remedy or (f"“{said[:_SAID]}”" if said else "")
            return in_a_row(self._language.say(found.sentence), words)
        if isinstance(found, ProxyCastError):
            return self._language.say(found) if remedy is None else in_a_row(self._language.say(found.what), remedy)
        if found.status in REFUSED:
            return self.tr("The service refused the last request (HTTP {status}).").format(status=found.status)
        return self.tr("The service did not answer the last request.")

    def spoken(self, entry: Entry) -> str:
        """The whole card for a screen reader."""
        parts = [
            entry.name,
            self.in_use if entry.in_use else "",
            self.kind(entry),
            entry.host,
            self.standing(entry),
            self.trouble(entry),
            self.last_check(entry),
            self.uses(entry),
            self.last_used(entry),
        ]
        return ", ".join(part for part in parts if part)

    def ago(self, then: float, now: float | None = None) -> str:
        """How long ago that was (seconds since the epoch); after a week, the date."""
        passed = max(0, round((time.time() if now is None else now) - then))
        if passed < _MINUTE:
            return self.tr("just now")
        if passed < _HOUR:
            return self.tr("%n min ago", "", passed // _MINUTE)
        if passed < _DAY:
            return self.tr("%n h ago", "", passed // _HOUR)
        if passed < 7 * _DAY:
            return self.tr("%n day(s) ago", "", passed // _DAY)
        return QLocale().toString(QDateTime.fromSecsSinceEpoch(round(then)).date(), QLocale.FormatType.ShortFormat)

    def matches(self, entry: Entry, search: str) -> bool:
        """Whether every word that is searched for stands in name, host or kind."""
        text = f"{entry.name} {entry.host} {self.kind(entry)} {entry.credential.kind}".casefold()
        return all(word in text for word in search.casefold().split())
