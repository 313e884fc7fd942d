"""Rows for the journal."""

from __future__ import annotations

import time

from proxycast.model.exchange import Exchange


def row(number: int) -> Exchange:
    """An exchange that is told from others by the size of its request."""
    return Exchange(
        started=time.time(),
        credential=None,
        credential_id=None,
        path="/v1/messages",
        model=None,
        status=200,
        error=None,
        first_byte=None,
        duration=0.0,
        request_bytes=number,
        response_bytes=0,
        usage=None,
    )
