"""What this session alone does to the pool of the configuration."""

from __future__ import annotations

from proxycast.model.credential import Credential
from proxycast.model.pool import Pool


class Overlay:
    """One credential more, of which no file knows, and others set aside, which the file still has.

    `attached` is that credential; with `attached_chosen` it is selected. `aside` holds the ids of the others.
    """

    def __init__(self) -> None:
        self.attached: Credential | None = None
        self.attached_chosen = False
        self.aside: set[str] = set()

    def over(self, pool: Pool) -> Pool:
        """The pool as this session sees it."""
        self.aside &= {one.id for one in pool.credentials}  # what was removed elsewhere is forgotten
        credentials = tuple(one for one in pool.credentials if one.id not in self.aside)
        chosen = pool.chosen if any(one.name == pool.chosen for one in credentials) else None
        if self.attached is not None:
            credentials = (*credentials, self.attached)
            chosen = self.attached.name if self.attached_chosen else chosen
        return Pool(credentials=credentials, chosen=chosen)
