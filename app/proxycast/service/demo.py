"""The demo: an offline upstream of our own and a credential for it that lasts as long as the session."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from proxycast.model.credential import Credential, Kind, Literal
from proxycast.model.secret import Secret
from proxycast.service.service import Service
from proxycast.upstream.demo import DemoUpstream

_ID = "demo"
"""The same in every session, so that the journal counts them as one; the ids of all others are hexadecimal."""


@asynccontextmanager
async def attached_demo(service: Service, language: str | None = None) -> AsyncIterator[Credential]:
    """Run the offline upstream and let the service's traffic use it. It answers in `language`, or in all it knows."""
    key = Secret(secrets.token_urlsafe(24))
    async with DemoUpstream(key, language=language) as demo:
        credential = Credential(
            id=_ID,
            name=_free_name(service),
            kind=Kind.COMPATIBLE,
            base_url=demo.base_url,
            secrets={"api_key": Literal(key)},
        )
        service.attach(credential)
        try:
            yield credential
        finally:
            service.detach()


def _free_name(service: Service) -> str:
    taken = {one.name for one in service.pool.credentials}
    names = itertools.chain(["demo"], (f"demo {number}" for number in itertools.count(2)))
    return next(name for name in names if name not in taken)
