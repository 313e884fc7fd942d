"""What all exchanges of a running proxy share."""

from __future__ import annotations

from proxycast.proxy.answers import Speaker
from proxycast.proxy.deadlines import Deadlines
from proxycast.proxy.dialer import Dialer
from proxycast.proxy.guard import Guard
from proxycast.proxy.routing import Observer, Router
from proxycast.proxy.tasks import Tasks
from proxycast.upstream.request import Ask


class DataPath:
    """The parts that an exchange works with. A translated stream that is silent for `ping_seconds` gets a ping."""

    __slots__ = ("ask", "deadlines", "dialer", "guard", "observer", "ping_seconds", "router", "speaker", "tasks")

    def __init__(
        self,
        *,
        router: Router,
        observer: Observer,
        dialer: Dialer,
        deadlines: Deadlines,
        tasks: Tasks,
        speaker: Speaker,
        guard: Guard,
        ask: Ask,
        ping_seconds: float,
    ) -> None:
        self.router = router
        self.observer = observer
        self.dialer = dialer
        self.deadlines = deadlines
        self.tasks = tasks
        self.speaker = speaker
        self.guard = guard
        self.ask = ask
        self.ping_seconds = ping_seconds
