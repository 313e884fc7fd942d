"""How long to look: the quick profile of every test run, and the deep one of `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

DEEP = os.environ.get("PROXYCAST_FUZZ") == "deep"


def examples(quick: int, *, shrink: bool = True) -> settings:
    """So many examples, the same ones each time; in the deep profile twice as many, and others each time.

    The deep profile prints what reproduces a failure. Without `shrink`, a failure is shown as it was found.
    """
    return settings(
        max_examples=2 * quick if DEEP else quick,
        derandomize=not DEEP,
        database=None,
        deadline=None,
        phases=[phase for phase in Phase if shrink or phase is not Phase.shrink],
        print_blob=DEEP,
        suppress_health_check=list(HealthCheck),
    )
