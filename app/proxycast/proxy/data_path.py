"""What all exchanges of a running proxy share."""

from __future__ import annotations

import msgspec

from proxycast.proxy.answers import Speaker
from proxycast.proxy.deadlines import Deadlines
from proxycast.proxy.dialer import Dialer
from proxycast.proxy.guard import Guard
from proxycast.proxy.routing import Observer, Router
from proxycast.proxy.tasks import Tasks
from proxycast.upstream.request import Ask


class DataPath(msgspec.Struct, frozen=True, eq=False):
    """The parts that an exchange works with."""

    router: Router
    observer: Observer
    dialer: Dialer
    deadlines: Deadlines
    tasks: Tasks
    speaker: Speaker
    guard: Guard
    ask: Ask
    ping_seconds: float
