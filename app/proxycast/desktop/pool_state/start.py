"""How objects without a widget start coroutines."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol


class Start(Protocol):
    """Runs a coroutine as a task; what it raises as ProxyCastError is shown. `Bridge.start` is one."""

    def __call__(self, work: Coroutine[Any, Any, object], *, name: str) -> asyncio.Task[object]: ...
