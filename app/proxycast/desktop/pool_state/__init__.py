"""What the window knows of the pool beyond the configuration, and does with it, as long as it lives."""

from __future__ import annotations

from pathlib import Path

from proxycast.desktop.pool_state.checks import Checks
from proxycast.desktop.pool_state.counts import Counts
from proxycast.desktop.pool_state.deletions import Deletions
from proxycast.desktop.pool_state.demo import Demo
from proxycast.desktop.pool_state.kept_checks import KeptChecks
from proxycast.desktop.pool_state.start import Start
from proxycast.service.service import Service


class PoolState:
    """Checks and their results, how often credentials were used, deletions that can be undone, and the demo."""

    def __init__(self, service: Service, start: Start, data_dir: Path) -> None:
        self.checks = Checks(service, start, KeptChecks(data_dir / "checks.json"))
        self.counts = Counts(service, start)
        self.deletions = Deletions(service, start)
        self.demo = Demo(service, start)

    def close(self) -> None:
        """End what waits, once no task runs any more."""
        self.counts.close()
        self.deletions.close()
        # Here and now: Python may collect them in any thread, and there timers must not be deleted.
        for part in (self.checks, self.counts, self.deletions, self.demo):
            part.deleteLater()
