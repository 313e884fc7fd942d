"""The demo: an offline upstream of our own and a credential for it that lasts as long as the session."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from proxycast.model.credential import Credential, Kind, Literal, new_id
from proxycast.model.secret import Secret
from proxycast.service.service import Service
from proxycast.upstream.demo import DemoUpstream


@asynccontextmanager
async def attached_demo(service: Service) -> AsyncIterator[Credential]:
    """Run the offline upstream and let the service's traffic use it."""
    key = Secret(secrets.token_urlsafe(24))
    async with DemoUpstream(key) as demo:
        credential = Credential(
            id=new_id(),
            name="demo",
            kind=Kind.COMPATIBLE,
            base_url=demo.base_url,
            secrets={"api_key": Literal(key)},
        )
        service.attach(credential)
        try:
            yield credential
        finally:
            service.detach()
